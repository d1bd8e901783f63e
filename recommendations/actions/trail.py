"""The verbs that follow an adoption: steps and pledges, conveyance, receipt, acknowledgement, answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import clock, log
from portal.models import User
from portal.states import Conflict, Refusal
from recommendations import emails
from recommendations.models import Conveyance, Document, Edition, Pledge, Response, Statement, TrailStep
from recommendations.querysets import office
from recommendations.states import ConveyanceChannel, PledgeState
from stakeholders.models import PublicBody
from stakeholders.querysets import standing_of

Words = Mapping[str, Any]


@transaction.atomic
def record_step(
    statement: Statement,
    *,
    by: User,
    kind: str,
    edition: Edition,
    happened_on: date,
    bundle: Iterable[Document] = (),
    papers: Iterable[Words] = (),
    pledges: Iterable[Words] = (),
    **words: Any,
) -> TrailStep:
    """Write down one step of the trail with its pledges and the documents handed over; `papers` are new ones.

    Raises Refusal for a statement that is not published, and for a day that has not come yet.
    """
    statement = Statement.locked(statement.pk)
    demand_published(statement)
    demand_past(happened_on, statement, "happened_on")
    step = TrailStep.objects.create(
        statement=statement, kind=kind, edition=edition, happened_on=happened_on, by=by, **words
    )
    step.bundle.set([*bundle, *(Document.objects.create(**paper) for paper in papers)])
    Pledge.objects.bulk_create([Pledge(step=step, **pledge) for pledge in pledges])
    log.record("record_step", step, by=by, topic=statement.consultation, detail=kind)
    return step


def demand_published(statement: Statement) -> None:
    """Raise Refusal unless everybody can read the statement: only then is it handed over."""
    if statement.state != "published":
        raise Refusal(_("Publish the statement first."))


def demand_past(day: date, statement: Statement, field: str) -> None:
    """Raise Refusal for a day that has not begun where the consultation was held."""
    if day > clock.today_in(statement.consultation.time_zone):
        raise Refusal(_("This day has not come yet."), field=field)


@transaction.atomic
def settle_pledge(pledge: Pledge, *, by: User, state: str) -> Pledge:
    """Write down what became of a pledge. Raises Refusal for a word that is not in the table."""
    pledge = Pledge.objects.select_for_update().get(pk=pledge.pk)
    if state not in PledgeState.values:
        raise Refusal(_("Choose one."), field="state")
    pledge.state = state
    pledge.save(update_fields=["state"])
    log.record("settle_pledge", pledge, by=by, topic=pledge.step.statement.consultation, detail=state)
    return pledge


@transaction.atomic
def convey_edition(
    edition: Edition,
    *,
    by: User,
    bodies: Iterable[PublicBody],
    sent_on: date,
    channel: str,
    letter: str = "",
    reference: str = "",
) -> list[Conveyance]:
    """Transmit the edition formally to each body; liaisons of the office get a mail.

    Raises Refusal where one of the bodies has it already, or nobody could open it on this portal.
    """
    statement = Statement.locked(edition.statement_id)
    demand_published(statement)
    demand_past(sent_on, statement, "sent_on")
    due = sent_on + timedelta(days=settings.REPLY_EXPECTED_DAYS)
    values = {"sent_on": sent_on, "reply_due": due, "channel": channel, "letter": letter, "reference": reference}
    conveyances = [_convey(edition, body, by, values) for body in bodies]
    emails.conveyance_received(*conveyances, version=sent_on.toordinal())
    for conveyance in conveyances:
        log.record("convey", conveyance, by=by, topic=statement.consultation, detail=channel)
    return conveyances


def _convey(edition: Edition, body: PublicBody, by: User, values: Words) -> Conveyance:
    """Send to one body. One that came back is sent again; a portal that nobody opens is no way."""
    if values["channel"] == ConveyanceChannel.PORTAL and not emails.liaisons_of(body):
        sentence = _("%(body)s has no liaison here. Choose another way, or appoint a liaison first.")
        raise Refusal(sentence % {"body": body.name}, field="channel")
    conveyance = Conveyance.objects.select_for_update().get_or_create(edition=edition, body=body)[0]
    if not conveyance.can("send"):
        sentence = _("%(body)s has this edition already.")
        raise Refusal(sentence % {"body": body.name}, field="bodies")
    conveyance.move("send", by=by, **values)
    return conveyance


@transaction.atomic
def receive_conveyance(
    conveyance: Conveyance, *, by: User, received_on: date, evidence: str, their_reference: str = ""
) -> Conveyance:
    """Write down that the office received it, and how one knows. Raises Refusal for a day before it was sent."""
    conveyance = Conveyance.locked(conveyance.pk)
    statement = conveyance.edition.statement
    demand_past(received_on, statement, "received_on")
    if conveyance.sent_on and received_on < conveyance.sent_on:
        raise Refusal(_("This is before the day on which it was sent."), field="received_on")
    conveyance.move("receive", received_on=received_on, evidence=evidence, their_reference=their_reference)
    log.record("receive", conveyance, by=by, topic=statement.consultation)
    return conveyance


@transaction.atomic
def return_conveyance(conveyance: Conveyance, *, by: User, evidence: str = "") -> Conveyance:
    """Write down that it came back; it can then be sent again. Raises Refusal once it was received."""
    conveyance = Conveyance.locked(conveyance.pk)
    conveyance.move("return", evidence=evidence)
    log.record("return", conveyance, by=by, topic=conveyance.edition.statement.consultation)
    return conveyance


@transaction.atomic
def acknowledge_conveyance(conveyance: Conveyance, *, by: User, their_reference: str = "") -> Conveyance:
    """Confirm, for the office, that the statement arrived; the convenors are told. Raises Refusal the second time."""
    conveyance = Conveyance.locked(conveyance.pk)
    reference = their_reference or conveyance.their_reference
    conveyance.move("acknowledge", acknowledged_at=clock.database_now(), their_reference=reference)
    emails.conveyance_acknowledged(conveyance)
    log.record("acknowledge", conveyance, by=by, topic=conveyance.edition.statement.consultation)
    return conveyance


@dataclass(frozen=True, slots=True)
class Draft:
    """What a liaison typed for one item, and the version it started from; 0 where there was none."""

    item: int
    version: int
    words: Words

    @property
    def blank(self) -> bool:
        """Whether nothing was said."""
        return not any(value for name, value in self.words.items() if name != "language")


@transaction.atomic
def save_answers(conveyance: Conveyance, *, by: User, drafts: Iterable[Draft]) -> int:
    """Keep what was typed on the sheet; nobody but the office sees it. Return how many drafts changed.

    Raises Conflict, whose `current` is the newer drafts by item, where a colleague was faster: then nothing is written.
    """
    conveyance = _open_for_answers(conveyance)
    body = office_of(by, conveyance)
    kept = {response.item_id: response for response in drafts_of(conveyance, body)}
    drafts = [draft for draft in drafts if _differs(draft, kept.get(draft.item))]
    stale = {d.item: kept.get(d.item) for d in drafts if d.version != getattr(kept.get(d.item), "version", 0)}
    if stale:
        raise Conflict(stale)
    for draft in drafts:
        _keep(draft, kept.get(draft.item), conveyance, body, by)
    if drafts:
        log.record("save_answers", conveyance, by=by, topic=conveyance.edition.statement.consultation)
    return len(drafts)


def _open_for_answers(conveyance: Conveyance) -> Conveyance:
    """Return the conveyance, locked with its statement: two sheets of one office may hold the same items."""
    Statement.locked(conveyance.edition.statement_id)
    conveyance = Conveyance.locked(conveyance.pk)
    conveyance.demand("answer")
    return conveyance


def office_of(by: User, conveyance: Conveyance) -> PublicBody:
    """Return the body for which the person answers. Raises Refusal for anybody else's conveyance."""
    body = standing_of(by).body
    if body is None or body not in {conveyance.body_id, conveyance.body.current.pk}:
        raise Refusal(_("Only a liaison of the addressed office answers."))
    return PublicBody.objects.get(pk=body)


def drafts_of(conveyance: Conveyance, body: PublicBody) -> list[Response]:
    """Return the office's answers to this edition that are not published yet, one an item.

    What an office had begun that this one took over from is here as well, unless this one began anew.
    """
    found = Response.objects.filter(office("body", body), published_at=None, item__edition=conveyance.edition_id)
    rows = sorted(found.select_related("item"), key=lambda draft: (draft.body_id == body.pk, draft.pk))
    return sorted({draft.item_id: draft for draft in rows}.values(), key=lambda draft: draft.item_id)


def _differs(draft: Draft, kept: Response | None) -> bool:
    if kept is None:
        return not draft.blank
    return any(getattr(kept, name) != value for name, value in draft.words.items())


def _keep(draft: Draft, kept: Response | None, conveyance: Conveyance, body: PublicBody, by: User) -> None:
    if kept and draft.blank:
        kept.delete()
        return
    response = kept or Response(item_id=draft.item, body=body, version=0)
    for name, value in draft.words.items():
        setattr(response, name, value)
    response.conveyance, response.body, response.by = conveyance, body, by
    response.version += 1
    response.save()


@transaction.atomic
def publish_answers(conveyance: Conveyance, *, by: User, shown: Mapping[int, int]) -> int:
    """Publish the answers that the person was shown; the convenors are told. Return how many.

    `shown` is the version of each draft by id. Raises Refusal where a draft changed since, or nothing is ready.
    """
    conveyance = _open_for_answers(conveyance)
    body = office_of(by, conveyance)
    ready = [response for response in drafts_of(conveyance, body) if response.kind]
    if {response.pk: response.version for response in ready} != dict(shown):
        raise Refusal(_("The answers changed since you looked. Check them again, then publish."))
    if not ready:
        raise Refusal(_("No answer is ready: choose an answer for at least one item first."))
    at = timezone.now()
    Response.objects.filter(pk__in=[response.pk for response in ready]).update(
        published_at=at, updated_at=at, body=body, by=by
    )
    conveyance.move("answer")
    total = conveyance.responses.published().count()
    emails.items_answered(conveyance, version=total, payload={"count": len(ready)})
    log.record("answer", conveyance, by=by, topic=conveyance.edition.statement.consultation, detail=str(len(ready)))
    return len(ready)

"""The trail of one statement, composed from its parts: what happened, and what is missing at its expected place."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import dates
from recommendations.models import Conveyance, Document, Edition, Item, Response, Statement, TrailStep
from recommendations.querysets import SUCCESSIONS
from recommendations.states import SHAPES, ConveyanceState, PledgeState, StepKind
from stakeholders.models import PublicBody

# The order of steps of one day.
RANKS = (
    "consultation",
    "officials",
    "adoption",
    "edition",
    "dialogue",
    "handover",
    "conveyance",
    "receipt",
    "acknowledgement",
    "raised",
    "effect",
    "answer",
    "review",
    "report",
)
PLEDGE_SHAPES = {PledgeState.OPEN: "wait", PledgeState.KEPT: "ok", PledgeState.LAPSED: "no", PledgeState.DENIED: "no"}
DELIVERED = (ConveyanceState.SENT, ConveyanceState.RECEIVED, ConveyanceState.ACKNOWLEDGED, ConveyanceState.ANSWERED)


@dataclass(slots=True)
class Link:
    """A word that leads somewhere."""

    name: str
    url: str = ""


@dataclass(slots=True)
class Event:
    """One step of the trail. Its state is done, next (still in time) or missing."""

    kind: str
    day: date
    name: str
    state: str = "done"
    until: date | None = None
    actor: str = ""
    counterpart: str = ""
    edition: int | None = None
    text: str = ""
    evidence: str = ""
    note: str = ""
    lacks: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    documents: list[Any] = field(default_factory=list)
    pledges: list[Any] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def order(self) -> tuple[date, int]:
        """Return the key by which steps stand: by day, then as things follow each other."""
        return self.day, RANKS.index(self.kind)

    @property
    def when(self) -> str:
        """Return the date as the reader writes it; what is missing has none."""
        return dates.span(self.day, self.until) if self.state == "done" else ""


def local_day(at: datetime, zone: str) -> date:
    """Return the date that a moment has in the zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def trail_of(statement: Statement, editions: Sequence[Edition]) -> list[Event]:
    """Return the whole trail of a statement in order of time. The editions are those that the reader may see."""
    papers = Prefetch("bundle", Document.objects.select_related("edition__statement"))
    steps = list(statement.steps.select_related("edition").prefetch_related("pledges", papers))
    conveyances = list(Conveyance.objects.for_trail(statement))
    responses = list(Response.objects.for_trail(statement))
    addressed = list(addressees(editions))
    zone = statement.consultation.time_zone
    began = list(beginning(statement, editions, steps))
    events = [
        *began,
        *(event_of_step(step) for step in steps),
        *handover_missing(statement, steps),
        *conveyed(conveyances, addressed, responses, zone),
        *not_conveyed(conveyances, addressed, [event.day for event in began if event.kind == "edition"]),
        *answers(responses, statement, zone),
    ]
    return sorted(events, key=lambda event: event.order)


def addressees(editions: Sequence[Edition]) -> Iterable[Any]:
    """Return the pairs of item and addressee of the edition in force."""
    if not editions:
        return []
    latest = max(editions, key=lambda edition: edition.number)
    pairs = Item.objects.filter(edition=latest).pairs().for_page().select_related("item")
    return pairs.order_by("publicbody__kind", "publicbody__slug", "id")


# --- Consultation, adoption, editions ---------------------------------------------------------------------------


def beginning(statement: Statement, editions: Sequence[Edition], steps: Sequence[TrailStep]) -> Iterator[Event]:
    """Yield how the text came to be."""
    consultation, adoption = statement.consultation, statement.adoption
    convened_by = next((edition.convened_by for edition in editions if edition.convened_by), "") or _("the organisers")
    yield Event(
        "consultation",
        consultation.starts_on,
        _("Consultation held"),
        until=consultation.ends_on,
        actor=convened_by,
        text=consultation.declared_participants,
        evidence=consultation.source or _("record on this portal"),
        links=[Link(consultation.title, consultation.get_absolute_url())],
    )
    there = consultation.starts_on, consultation.ends_on
    if not any(step.kind == StepKind.DIALOGUE and there[0] <= step.happened_on <= there[1] for step in steps):
        yield missing("officials", consultation.starts_on, _("Officials who were present"))
    yield Event(
        "adoption",
        adoption.adopted_on,
        _("Statement adopted"),
        actor=_("the plenary"),
        edition=1,
        text=", ".join(filter(None, [adoption.place, adoption.get_manner_display()])),
        evidence=_("list of adopters and reservations"),
        links=[Link(statement.title, statement.get_absolute_url() + "#adoption")],
    )
    for edition in editions:
        yield event_of_edition(edition, consultation.time_zone)


def event_of_edition(edition: Edition, zone: str) -> Event:
    """Return the publication of an edition; its fingerprint is the evidence."""
    day = local_day(edition.published_at, zone) if edition.published_at else edition.adopted_on
    return Event(
        "edition",
        day,
        _("Edition %(number)s published") % {"number": edition.number},
        actor=_("the convenors"),
        edition=edition.number,
        evidence=_("fingerprint %(start)s…") % {"start": edition.fingerprint[:12]},
        links=[Link(_("Read edition %(number)s") % {"number": edition.number}, edition.get_absolute_url())],
    )


def missing(kind: str, day: date, name: str, note: str = "", **values: Any) -> Event:
    """Return a step that is expected after the day and not on record."""
    return Event(kind, day, name, state="missing", note=note or _("Missing: nothing on record"), **values)


# --- Steps --------------------------------------------------------------------------------------------------------


def event_of_step(step: TrailStep) -> Event:
    """Return a recorded step, with what its record lacks."""
    lacks = [] if step.evidence else [_("Evidence")]
    pledges = list(step.pledges.all())
    for pledge in pledges:
        pledge.shape = PLEDGE_SHAPES.get(pledge.state, "")
    documents = list(step.bundle.all())
    if step.kind == StepKind.HANDOVER and not documents:
        lacks.append(_("Documents"))
    return Event(
        step.kind,
        step.happened_on,
        capitalised(step.get_kind_display()),
        actor=step.actor,
        counterpart=step.counterpart,
        edition=step.edition.number if step.edition else None,
        text=step.text,
        evidence=step.evidence,
        lacks=lacks,
        documents=documents,
        pledges=pledges,
    )


def capitalised(text: str) -> str:
    """Return the text with its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def handover_missing(statement: Statement, steps: Sequence[TrailStep]) -> Iterator[Event]:
    """Yield a gap where nothing was handed over."""
    if not any(step.kind == StepKind.HANDOVER for step in steps):
        yield missing("handover", statement.adoption.adopted_on, _("Handover of the statement"))


# --- Conveyance ---------------------------------------------------------------------------------------------------


def offices(body: PublicBody) -> set[int]:
    """Return the body and those that took over from it, by id."""
    found, current = {body.pk}, body
    for _step in range(SUCCESSIONS):
        if current.successor is None:
            break
        current = current.successor
        found.add(current.pk)
    return found


def conveyed(
    conveyances: Sequence[Conveyance], pairs: Sequence[Any], responses: Sequence[Response], zone: str
) -> Iterator[Event]:
    """Yield each conveyance with its receipt, acknowledgement and outstanding answers, there or missing."""
    answered = {(response.body_id, response.item.section_id, response.item.number) for response in responses}
    for conveyance in conveyances:
        yield event_of_conveyance(conveyance)
        if conveyance.state == ConveyanceState.RETURNED:
            continue
        yield receipt(conveyance)
        yield acknowledgement(conveyance, zone)
        mine = [pair for pair in pairs if conveyance.body_id in offices(pair.publicbody)]
        still = [
            pair for pair in mine if not any((body, *pair_key(pair)) in answered for body in offices(pair.publicbody))
        ]
        if still:
            yield outstanding(conveyance, len(mine), len(still))


def pair_key(pair: Any) -> tuple[str | None, int]:
    """Return what makes an item the same in each edition: its section and number."""
    return pair.item.section_id, pair.item.number


def event_of_conveyance(conveyance: Conveyance) -> Event:
    """Return the formal transmission, with what its record lacks."""
    returned = conveyance.state == ConveyanceState.RETURNED
    lacks = [] if conveyance.channel else [_("Channel")]
    lacks += [] if conveyance.letter else [_("Covering letter")]
    reference = _("our reference %(reference)s") % {"reference": conveyance.reference} if conveyance.reference else ""
    if not reference:
        lacks.append(_("Reference"))
    return Event(
        "conveyance",
        conveyance.sent_on or conveyance.edition.adopted_on,
        _("Conveyed to %(body)s") % {"body": conveyance.body.name},
        actor=_("the convenors"),
        counterpart=conveyance.body.name,
        edition=conveyance.edition.number,
        text=capitalised(conveyance.get_channel_display()),
        note=_("It came back.") if returned else "",
        evidence=", ".join(filter(None, [reference, _("covering letter") if conveyance.letter else ""])),
        lacks=lacks,
    )


def expected(conveyance: Conveyance, kind: str, name: str, note: str = "") -> Event:
    """Return a step that is not there: still in time until the reply is due, missing afterwards."""
    event = missing(kind, conveyance.sent_on or conveyance.edition.adopted_on, name, note)
    event.edition, event.actor = conveyance.edition.number, conveyance.body.name
    if not is_late(conveyance):
        event.state, event.note = "next", note or _("Expected; not on record yet")
    return event


def is_late(conveyance: Conveyance) -> bool:
    """Whether the day by which a reply was expected is over; old records may not name one."""
    patience = timedelta(days=settings.REPLY_EXPECTED_DAYS)
    due = conveyance.reply_due or (conveyance.sent_on or conveyance.edition.adopted_on) + patience
    return due < timezone.localdate()


def receipt(conveyance: Conveyance) -> Event:
    """Return how one knows that it arrived."""
    name = _("Receipt by %(body)s") % {"body": conveyance.body.name}
    if conveyance.received_on:
        lacks = [] if conveyance.evidence else [_("Evidence")]
        return of_body("receipt", conveyance, conveyance.received_on, name, evidence=conveyance.evidence, lacks=lacks)
    return expected(conveyance, "receipt", name)


def acknowledgement(conveyance: Conveyance, zone: str) -> Event:
    """Return the office's own word that it has it."""
    name = _("Acknowledged by %(body)s") % {"body": conveyance.body.name}
    if conveyance.acknowledged_at:
        reference = conveyance.their_reference
        evidence = _("their reference %(reference)s") % {"reference": reference} if reference else _("on this portal")
        return of_body(
            "acknowledgement", conveyance, local_day(conveyance.acknowledged_at, zone), name, evidence=evidence
        )
    return expected(conveyance, "acknowledgement", _("Acknowledgement by %(body)s") % {"body": conveyance.body.name})


def of_body(kind: str, conveyance: Conveyance, day: date, name: str, **values: Any) -> Event:
    """Return a step that the addressed body took."""
    return Event(kind, day, name, actor=conveyance.body.name, edition=conveyance.edition.number, **values)


def outstanding(conveyance: Conveyance, total: int, still: int) -> Event:
    """Return the clock of silence: what was not answered, since when. Never called a rejection."""
    name = _("Answer of %(body)s") % {"body": conveyance.body.name}
    since = {"day": dates.day(conveyance.sent_on or conveyance.edition.adopted_on), "still": still, "total": total}
    if still == total:
        note = _("No response since %(day)s") % since
    else:
        sentence = ngettext(
            "%(still)s of %(total)s items without a response since %(day)s",
            "%(still)s of %(total)s items without a response since %(day)s",
            still,
        )
        note = sentence % since
    event = expected(conveyance, "answer", name, note)
    due = conveyance.reply_due
    event.day = max(event.day, due or event.day)
    if event.state == "next" and due:
        event.text = _("Expected by %(day)s") % {"day": dates.day(due)}
    return event


def not_conveyed(conveyances: Sequence[Conveyance], pairs: Sequence[Any], published: Sequence[date]) -> Iterator[Event]:
    """Yield one gap that lists the addressed bodies to which nothing was conveyed."""
    reached = {conveyance.body_id for conveyance in conveyances if conveyance.state in DELIVERED}
    bodies = {pair.publicbody_id: pair.publicbody for pair in pairs}
    left = [body.name for body in bodies.values() if not offices(body) & reached]
    if left:
        note = ngettext("Missing: %(count)s addressed body", "Missing: %(count)s addressed bodies", len(left))
        days = [conveyance.sent_on for conveyance in conveyances if conveyance.sent_on]
        day = max([*days, *published])
        name = _("Conveyance to the others") if reached else _("Conveyance to the addressed bodies")
        yield missing("conveyance", day, name, note % {"count": len(left)}, text="; ".join(left))


# --- Answers ------------------------------------------------------------------------------------------------------


def answers(responses: Sequence[Response], statement: Statement, zone: str) -> Iterator[Event]:
    """Yield one step per day and body, with the items by kind of answer."""

    def key(response: Response) -> tuple[date, int]:
        return local_day(response.published_at, zone), response.body_id

    for (day, _body), group in groupby(sorted(responses, key=key), key=key):
        said = list(group)
        name = ngettext("%(count)s answer of %(body)s", "%(count)s answers of %(body)s", len(said))
        yield Event(
            "answer",
            day,
            name % {"count": len(said), "body": said[0].body.name},
            actor=said[0].body.name,
            edition=max(response.item.edition.number for response in said),
            evidence=_("published on this portal"),
            answers=by_kind(said, statement),
        )


def by_kind(responses: Iterable[Response], statement: Statement) -> list[dict[str, Any]]:
    """Return the kinds of answer that were given, each with its word, shape and items."""
    groups = defaultdict(list)
    for response in responses:
        groups[response.kind].append(response)
    return [
        {
            "label": capitalised(said[0].get_kind_display()),
            "shape": SHAPES.get(kind, ""),
            "items": [Link(response.item.label, item_address(statement.slug, response.item)) for response in said],
        }
        for kind, said in groups.items()
    ]


def item_address(slug: str, item: Item) -> str:
    """Return the permanent address of an item: number and section are never used for another one."""
    return reverse("item_detail", args=[slug, (item.section_id or "asean").lower(), item.number])

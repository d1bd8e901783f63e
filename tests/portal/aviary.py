"""The world of canaries: one row of every kind in every case that matters, each field with a word of its own."""

import json
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone

from consultations.models import Invitation, Organiser
from portal import log, policy
from portal.models import LogEntry, MailBreaker, OneTimeKey, OutgoingMessage
from recommendations.models import (
    Adoption,
    Document,
    Edition,
    Item,
    Pledge,
    Position,
    Recommendation,
    Response,
    Source,
    Statement,
    TrailStep,
)
from stakeholders.models import (
    Appeal,
    Decision,
    ImportRow,
    ListImport,
    Organisation,
    OrganisationLink,
    TermsOfReference,
    Trait,
)
from tests import build
from tests.portal.planting import Aviary, values_for
from tests.portal.world import World, take_position, take_up

POLICY = policy.load()


class Rows(dict):
    """Every row that was planted, by “thing: case”."""

    def of(self, model: Any) -> list[Any]:
        """Return the rows of a model."""
        return [row for row in self.values() if isinstance(row, model)]


def readers_of(name: str) -> dict[str, frozenset[str]]:
    """Return who may read the row's fields. A row that the table does not speak of fails with its name."""
    thing, _colon, case = name.partition(": ")
    try:
        return dict(POLICY.things[thing].readers[case])
    except KeyError:
        raise AssertionError(f"portal/policy.toml does not say who reads “{name}”.") from None


def plant(aviary: Aviary, rows: Rows, name: str, row: Any) -> Any:
    """Fill every text of the row with canaries."""
    type(row).objects.filter(pk=row.pk).update(**values_for(aviary, type(row), name, readers_of(name)))
    row.refresh_from_db()
    rows[name] = row
    return row


def make_aviary(world: World) -> tuple[Aviary, Rows]:
    """Fill the world, and make what it lacks."""
    aviary, rows = Aviary(), Rows()

    def add(name: str, row: Any) -> Any:
        return plant(aviary, rows, name, row)

    _register(world, add)
    _people(world, add)
    _consultations(world, add)
    _text(world, add)
    _trail(world, add, aviary, rows)
    _kit(world, add, aviary, rows)
    Organisation.objects.get(pk=world.own.pk).save()  # the derived table of names
    for invitation in Invitation.objects.all():
        aviary.watch(invitation.token, "the link of an invitation", f"invitation {invitation.pk}")
        aviary.watch(invitation.nonce, "consultations.invitation.nonce", f"invitation {invitation.pk}")
        aviary.watch(invitation.token_hash, "consultations.invitation.token_hash", f"invitation {invitation.pk}")
    return aviary, rows


def _register(world: World, add: Any) -> None:
    Organisation.objects.filter(pk=world.own.pk).update(visibility="withheld")
    Organisation.objects.filter(pk=world.participating.pk).update(visibility="members")
    add("organisation: withheld, the own", world.own)
    add("organisation: members only, the participant's", world.participating)
    add("organisation: public, of others", world.other)
    applied = build.make_organisation(state="applied")
    add("organisation: applied", applied)
    add(
        "tie of an organisation: the own",
        OrganisationLink.objects.create(organisation=world.own, kind="network", other_name="x"),
    )
    decision = Decision.objects.create(organisation=world.own, verdict="refuse", by=world.people["convenor"])
    add("decision on an organisation: the own", decision)
    add("decision on an organisation: appeal", Appeal.objects.create(decision=decision, text="x"))
    add("terms of reference: in force", TermsOfReference.objects.create(number=1, title="x", text="x"))
    Trait.objects.create(organisation=world.own, kind="role", code="advocacy")
    run = ListImport.objects.create(by=world.people["convenor"])
    add("import of a list: of the convenor", run)
    add("import of a list: row", ImportRow.objects.create(run=run, number=1, organisation=world.own))


def _people(world: World, add: Any) -> None:
    for role, user in world.people.items():
        if user:
            add(f"person: {role}", user)
            EmailAddress.objects.filter(user=user).update(email=user.email)
    add("person: asker", world.asks.user)


def _consultations(world: World, add: Any) -> None:
    add("consultation: announced", world.consultation)
    add("consultation: organiser", Organiser.objects.create(consultation=world.consultation, name="x"))
    Organiser.objects.create(consultation=world.consultation, organisation=world.own, kind="convening")
    convenors = [world.people["convenor"], world.people["other convenor"]]
    for case, values in (
        ("discreet", {"discreet": True}),
        ("draft", {"state": "draft"}),
        ("cancelled", {"state": "cancelled"}),
        ("concluded", {"state": "concluded"}),
    ):
        made = build.make_consultation(convenors=convenors[:1], **values)
        add(f"consultation: {case}", made)
        if case != "draft":
            build.make_invitation(made, world.participating, state="accepted")
    add("invitation: the own", world.invitation)
    add("invitation: of the participant", world.consultation.invitations.get(organisation=world.participating))
    add("answer: the own", world.answer)
    elsewhere = build.make_consultation(convenors=convenors[1:])
    add("consultation: of the other convenor", elsewhere)


def _text(world: World, add: Any) -> None:
    convened = {"consultation": world.consultation, "organisation": world.own, "author": world.people["representative"]}
    add("submission: sent in", world.submission)
    add("submission: draft", build.make_submission(**convened, state="draft", submitted_at=None))
    add("submission: withdrawn", build.make_submission(**convened, state="withdrawn"))
    named = build.make_submission(**convened, attribution="named")
    add("submission: named", named)
    take_up(world)
    Source.objects.create(recommendation=world.recommendation, submission=named)
    Invitation.objects.filter(pk=world.invitation.pk).update(state="accepted")
    add("statement: tabled", world.statement)
    Statement.objects.filter(pk=world.statement.pk).update(state="tabled")
    add("recommendation: tabled", world.recommendation)
    Recommendation.objects.filter(pk=world.recommendation.pk).update(state="tabled")
    add("position: tabled", take_position(world))
    draft = build.make_statement(build.make_consultation(convenors=[world.people["convenor"]]))
    add("statement: draft", draft)
    add("recommendation: drafting", build.make_recommendation(draft))


def _edition(world: World, add: Any, aviary: Aviary, rows: Rows, case: str) -> Edition:
    """Make an edition with planted words: once it is there the database refuses to change it."""
    consultation = build.make_consultation(convenors=[world.people["convenor"]], state="concluded")
    build.make_invitation(consultation, world.own, state="accepted")
    statement = add(f"statement: {case}", build.make_statement(consultation))
    words = values_for(aviary, Edition, f"edition: {case}", readers_of(f"edition: {case}"))
    number = build.number()
    edition = Edition.objects.create(
        statement=statement,
        number=1,
        adopted_on=timezone.localdate(),
        prevailing_language="en",
        published_at=timezone.now() if case == "published" else None,
        canonical=json.dumps({"schema": words["canonical"]}),
        fingerprint=f"{words['fingerprint'].lower()}{number:x}",
    )
    rows[f"edition: {case}"] = edition
    recommendation = build.make_recommendation(statement, (world.submission,), state="adopted")
    item_words = values_for(aviary, Item, f"edition: item {case}", readers_of(f"edition: item {case}"))
    item = Item.objects.create(edition=edition, recommendation=recommendation, number=1, **item_words)
    item.addressees.set([world.body])
    rows[f"edition: item {case}"] = item
    adoption = Adoption.objects.create(statement=statement, adopted_on=timezone.localdate(), manner="consensus")
    adoption.adopters.set([world.own, world.participating, world.other])
    add(f"edition: adoption {case}", adoption)
    Position.objects.create(statement=statement, organisation=world.own, stance="reservation", text="x")
    add(f"position: {case}", statement.positions.get())
    Statement.objects.filter(pk=statement.pk).update(
        state="published" if case == "published" else "adopted", current_edition=1
    )
    return edition


def _trail(world: World, add: Any, aviary: Aviary, rows: Rows) -> None:
    _edition(world, add, aviary, rows, "adopted")
    edition = _edition(world, add, aviary, rows, "published")
    today = timezone.localdate()
    step = TrailStep.objects.create(statement=edition.statement, kind="dialogue", happened_on=today, edition=edition)
    add("trail: step", step)
    add("trail: pledge", Pledge.objects.create(step=step, who="x", text="x"))
    document = Document.objects.create(title="x")
    step.bundle.add(document)
    add("trail: document", document)
    sent = {"sent_on": today - timedelta(days=90), "reply_due": today - timedelta(days=30)}
    conveyance = build.make_conveyance(edition, world.body, state="acknowledged", **sent)
    add("conveyance: public", conveyance)
    other = build.make_body("third-ministry")
    add("conveyance: not public", build.make_conveyance(edition, other, public=False))
    add("conveyance: prepared", build.make_conveyance(edition, build.make_body("fourth-ministry"), state="prepared"))
    item = edition.items.get()
    said = {"item": item, "body": world.body, "conveyance": conveyance, "kind": "noted"}
    add("response: draft", Response.objects.create(**said))
    add("response: published", Response.objects.create(**said, published_at=timezone.now()))


def _kit(world: World, add: Any, aviary: Aviary, rows: Rows) -> None:
    log.record("invite", world.consultation, by=world.people["convenor"], topic=world.consultation)
    words = values_for(aviary, LogEntry, "log: entry", readers_of("log: entry"))
    log.record("invite", world.consultation, by=world.people["convenor"], topic=world.consultation, **words)
    rows["log: entry"] = LogEntry.objects.first()
    aviary.planted.add("portal.loghead.digest")
    message = OutgoingMessage.objects.create(
        purpose="consultations.invitation_sent",
        subject_id=world.invitation.pk,
        recipient="x@example.org",
        state="failed",
    )
    add("mail: in the outbox", message)
    add("mail: breaker", MailBreaker.objects.create())
    add("mail: one-time key", OneTimeKey.objects.create(key="x"))

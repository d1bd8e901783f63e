"""The world of canaries: one row of every kind in every case that matters, each field with a word of its own."""

import json
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from consultations.models import (
    Consultation,
    Correction,
    FollowUp,
    Invitation,
    Minutes,
    Need,
    Organiser,
    Paper,
    SeatRequest,
    Wording,
)
from consultations.querysets import SUMMARY_MAIL
from portal import log, policy
from portal.factors import FactorAdapter
from portal.field_classes import CLASSES
from portal.models import BlockedAddress, LogEntry, MailBreaker, OneTimeKey, OutgoingMessage
from recommendations.models import (
    Adoption,
    Amendment,
    Ballot,
    Bracket,
    CirculatedText,
    Comment,
    Corrigendum,
    CoSubmitter,
    Document,
    EarlierWords,
    Edition,
    Endorsement,
    Evidence,
    Item,
    LanguageState,
    LateCode,
    OpenedChoice,
    Outcome,
    Pledge,
    Plenary,
    Position,
    Proposal,
    Proxy,
    Recommendation,
    Response,
    Revision,
    RivalWording,
    RollEntry,
    SealedVoice,
    Source,
    Statement,
    Support,
    TrailStep,
    WorkingTranslation,
)
from stakeholders.importing import notes
from stakeholders.models import (
    Appeal,
    Decision,
    ImportRow,
    LiaisonAppointment,
    ListImport,
    Membership,
    Organisation,
    OrganisationLink,
    Trait,
)
from tests import build
from tests.portal.crawling import CONTACT
from tests.portal.planting import Aviary, values_for
from tests.portal.world import World, take_position, take_up

POLICY = policy.load()


class Rows(dict):
    """Every row that was planted, by “thing: case”."""

    def of(self, model: Any) -> list[Any]:
        """Return the rows of a model."""
        return [row for row in self.values() if isinstance(row, model)]


# Rows whose readers are those of another row of the table.
AS = {
    "organisation: refused": "organisation: applied",
    "circulated version: text": "circulated version: circulated",
    "recommendation: rival": "recommendation: version",
    "submission: ready": "submission: draft",
    "decision on an organisation: of the participant": "decision on an organisation: the own",
    "decision on an organisation: of others": "decision on an organisation: the own",
    "decision on an organisation: refusal": "decision on an organisation: the own",
}
# People whom the table of rights does not name: they may read what a person may who acts for nobody, and this.
MORE_PEOPLE = ("applicant", "invited colleague", "proposed liaison")
MORE: dict[str, dict[str, str]] = {
    "organisation: applied": {"P0": "applicant, contact", "P1": "applicant", "P2": "applicant", "P3": "applicant"},
    "organisation: members only, the participant's": {"P0": "contact"},
    "organisation: refused": {"P0": "contact"},
    # Who speaks for it keeps its profile. Who is invited to act for it reads on the own desk for whom, and from whom.
    "organisation: withheld, the own": {
        "P3": "representative, lead",
        "registration": "representative, lead",
        "name": "invited colleague",
    },
    "organisation: public, of others": {"registration": "other member"},
    "person: lead": {"full_name": "invited colleague"},
    "log: entry": {"P2": "convenor"},  # own acts, in the copy of ones own data
    "decision on an organisation: the own": {},
    "decision on an organisation: refusal": {"P2": "contact"},
    "decision on an organisation: of the participant": {"P2": "participant, contact"},
    "decision on an organisation: of others": {"P2": "other member, contact"},
}
CONVENORS = frozenset({"convenor", "other convenor"})
OFFICE = frozenset({"administrator"})
PERSONAL = {
    "person: applicant": {
        "P3": frozenset({"applicant"}) | OFFICE,
        "email": frozenset({"applicant", CONTACT}) | OFFICE | CONVENORS,
        "full_name": frozenset({"applicant"}) | OFFICE | CONVENORS,
    },
    "person: invited colleague": {
        "P3": frozenset({"invited colleague"}) | OFFICE,
        # Who invited reads what was typed, never what the account says.
        "email": frozenset({"invited colleague"}) | OFFICE,
        "full_name": frozenset({"invited colleague"}) | OFFICE,
    },
    "person: proposed liaison": {
        "P3": frozenset({"proposed liaison", "liaison"}) | OFFICE,
        "full_name": frozenset({"proposed liaison", "liaison"}) | OFFICE,
    },
}


def with_more(name: str, said: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return the readers with the people whom the table does not name."""
    classes, found = CLASSES["stakeholders.organisation"], {}
    for level in {**said, **MORE.get(name, {})}:
        readers = said[level] if level in said else said[classes[level]]
        more = {one.strip() for one in MORE.get(name, {}).get(level, "").split(",") if one.strip()}
        found[level] = readers | more | ({*MORE_PEOPLE, CONTACT} if "stranger" in readers else set())
    return found


def readers_of(name: str) -> dict[str, frozenset[str]]:
    """Return who may read the row's fields. A row that the table does not speak of fails with its name."""
    if name in PERSONAL:
        return PERSONAL[name]
    thing, _colon, case = AS.get(name, name).partition(": ")
    try:
        return with_more(name, dict(POLICY.things[thing].readers[case]))
    except KeyError:
        raise AssertionError(f"portal/policy.toml does not say who reads “{name}”.") from None


def plant(aviary: Aviary, rows: Rows, name: str, row: Any) -> Any:
    """Fill every text of the row with canaries."""
    values = values_for(aviary, type(row), name, readers_of(name))
    if isinstance(row, Invitation) and not row.full_name:
        values.pop("full_name")  # only one of organisation, body and person is convened
    type(row).objects.filter(pk=row.pk).update(**values)
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
    _newcomers(world, add)
    _factors(world, aviary)
    _consultations(world, add)
    _plan(world, add)
    _meeting(world, add)
    _papers(world, add)
    _sending(world, add)
    _text(world, add)
    _handing(world, add, aviary)
    _plenary(world, add)
    _trail(world, add, aviary, rows)
    _editions(world, add)
    _telling(world, add)
    _merging(world, add)
    _commenting(world, add)
    _kit(world, add, aviary, rows)
    Organisation.objects.get(pk=world.own.pk).save()  # the derived table of names
    for invitation in Invitation.objects.all():
        # A letter, or a message to copy, holds the link: whoever hands it over reads it. Of a mail nobody else does.
        hands = frozenset() if invitation.goes_by_mail else frozenset({"convenor"})
        aviary.watch(invitation.token, "the link of an invitation", f"invitation {invitation.pk}", hands)
        aviary.watch(invitation.nonce, "consultations.invitation.nonce", f"invitation {invitation.pk}")
        aviary.watch(invitation.token_hash, "consultations.invitation.token_hash", f"invitation {invitation.pk}")
    return aviary, rows


def _register(world: World, add: Any) -> None:
    Organisation.objects.filter(pk=world.own.pk).update(visibility="withheld")
    Organisation.objects.filter(pk=world.participating.pk).update(visibility="members")
    add("organisation: withheld, the own", world.own)
    add("organisation: members only, the participant's", world.participating)
    add("organisation: public, of others", world.other)
    add("organisation: applied", build.make_organisation(state="applied", slug="applied-people"))
    refused = add("organisation: refused", build.make_organisation(state="refused", slug="refused-people"))
    kept_lists(world, add)
    Trait.objects.create(organisation=world.own, kind="role", code="advocacy")
    for name, organisation, verdict in (
        ("the own", world.own, "eligible"),
        ("of the participant", world.participating, "own-bench"),
        ("of others", world.other, "reinstated"),
        ("refusal", refused, "refused"),
    ):
        made = Decision.objects.create(organisation=organisation, verdict=verdict, by=world.people["convenor"])
        add(f"decision on an organisation: {name}", made)
    add("decision on an organisation: appeal", Appeal.objects.create(decision=made, text="x"))
    add("terms of reference: in force", build.make_terms())


def kept_lists(world: World, add: Any) -> None:
    """Make a tie to somebody outside, and an import that waits for approval."""
    link = OrganisationLink.objects.create(organisation=world.own, kind="network", other_name="x")
    add("tie of an organisation: the own", link)
    run = ListImport.objects.create(by=world.people["convenor"], state="checked", total=1, done=1)
    add("import of a list: of the convenor", run)
    row = ImportRow.objects.create(run=run, number=1, organisation=world.own, verdict="create")
    add("import of a list: row", row)
    _in_the_shape_of_an_import(run, row)


def _in_the_shape_of_an_import(run: ListImport, row: ImportRow) -> None:
    """Put the planted words where the pages of an import look for them."""
    run.refresh_from_db()
    row.refresh_from_db()
    word = run.layout["kanari"]
    sheet = {"name": word, "head": [word], "samples": [[word]], "header": False, "width": 1, "count": 1, "first": 0}
    told = {"encoding": "utf-8", "encodings": ["utf-8"], "kind": "csv", "hidden": 0, "formulas": 0, "merged": 0}
    ListImport.objects.filter(pk=run.pk).update(
        layout={"sheets": [{**sheet, **told}], **told},
        mapping={"0": run.mapping["kanari"]},
        counts={"create": 1},
        options={},
    )
    ImportRow.objects.filter(pk=row.pk).update(
        values={"label": row.values["kanari"]}, notes=[notes.stored("ambiguous", names=row.notes[0])]
    )


def _newcomers(world: World, add: Any) -> None:
    """Bring in the people whose part is not given yet."""
    for role in MORE_PEOPLE:
        world.people[role] = user = build.make_user(full_name=role)
        add(f"person: {role}", user)
        EmailAddress.objects.filter(user=user).update(email=user.email)
    # The applied organisation's contact address is the applicant's own, and was proved.
    applicant, applied = (
        world.people["applicant"],
        Organisation.objects.filter(slug__startswith="kanari", state="applied"),
    )
    applied.update(applicant=applicant, contact_email=applicant.email, applied_at=timezone.now())
    Membership.objects.create(
        organisation=world.own, user=world.people["invited colleague"], state="invited", by=world.people["lead"]
    )
    LiaisonAppointment.objects.create(
        body=world.body, user=world.people["proposed liaison"], by=world.people["liaison"], state="proposed"
    )
    LiaisonAppointment.objects.create(
        body=world.body, user=world.people["stranger"], by=world.people["administrator"], state="proposed"
    )


def _factors(world: World, aviary: Aviary) -> None:
    """Give each person a session of now with a browser of their own, and the lead every kind of second factor."""
    for role, user in world.people.items():
        if user:
            client = build.sign_in_lately(Client(), user)
            world.cookies[role] = {name: morsel.value for name, morsel in client.cookies.items()}
            word = aviary.word("usersessions.usersession.user_agent", f"session: {role}", frozenset({role}))
            session = {"user": user, "session_key": client.session.session_key, "ip": "192.0.2.1"}
            UserSession.objects.update_or_create(**session, defaults={"user_agent": word})
    adapter, own = FactorAdapter(), frozenset({"lead"})
    for kind, name in (("totp", "secret"), ("recovery_codes", "seed")):
        value = f"{name}ofthelead{build.number():08d}"
        aviary.watch(value, f"mfa.authenticator.{name}", "second factor: of the lead", own)
        data = {name: adapter.encrypt(value), "used_mask": 0}
        aviary.watch(data[name], f"mfa.authenticator.{name}", "second factor: locked")
        Authenticator.objects.create(user=world.people["lead"], type=kind, data=data)


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
    add("invitation: to a person", build.make_invitation_of_person(world.consultation))
    add("invitation: of the participant", world.consultation.invitations.get(organisation=world.participating))
    add("answer: the own", world.answer)
    _answers(world, add)
    elsewhere = build.make_consultation(convenors=convenors[1:])
    add("consultation: of the other convenor", elsewhere)


def _plan(world: World, add: Any) -> None:
    """The programme and the meeting that the consultation works towards."""
    meeting = add("official meeting: ahead", build.make_meeting())
    Consultation.objects.filter(pk=world.consultation.pk).update(target=meeting)
    session = add("session of the programme: of an announced one", build.make_session(world.consultation))
    add("session of the programme: point", build.make_agenda_item(session))
    discreet = Consultation.objects.filter(discreet=True).first()
    add("session of the programme: of a discreet one", build.make_session(discreet))


def _meeting(world: World, add: Any) -> None:
    """Somebody of the own organisation came, in the name and not; the minutes are open for corrections."""
    for case, listing in (("not named", "organisation"), ("named", "name")):
        add(f"seat: {case}", build.make_seat(world.invitation, state="present", listing=listing))
    session = add("output of a session: session", build.make_session(world.consultation))
    add("output of a session: point", build.make_agenda_item(session))
    minutes = Minutes.objects.create(
        consultation=world.consultation, state="circulated", corrections_until=timezone.localdate()
    )
    correction = Correction(minutes=minutes, organisation=world.own, text="x", by=world.people["lead"])
    correction.save()
    add("minutes: correction", correction)


def _answers(world: World, add: Any) -> None:
    """Name delegates of two organisations, what one needs, and somebody who asks for a seat."""
    theirs = world.consultation.invitations.get(organisation=world.participating)
    add("delegate: the own", build.make_seat(world.invitation))
    add("delegate: of the participant", build.make_seat(theirs))
    add("need: the own", Need.objects.create(invitation=world.invitation, kind="diet"))
    asked = SeatRequest.objects.create(consultation=world.consultation, invitation=theirs, full_name="x")
    add("request for a seat: open", asked)


def _papers(world: World, add: Any) -> None:
    for name, public in (("for participants", False), ("for everybody", True)):
        values = {"consultation": world.consultation, "kind": "pdf", "file": f"papers/{name}", "public": public}
        add(f"paper: {name}", Paper.objects.create(**values, by=world.people["convenor"]))


def _sending(world: World, add: Any) -> None:
    """Write own words: whoever gets the mail reads them."""
    words = {"language": world.invitation.language, "subject": "x", "body": "x"}
    add("consultation: wording", Wording.objects.create(consultation=world.consultation, kind="invitation", **words))


def _text(world: World, add: Any) -> None:
    convened = {"consultation": world.consultation, "organisation": world.own, "author": world.people["representative"]}
    add("submission: sent in", world.submission)
    ready = build.make_submission(**convened, state="ready", submitted_at=None)
    add("submission: ready", ready)
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


def _plenary(world: World, add: Any) -> None:
    """What was decided on the tabled item, by secret ballot and openly; a proxy of the own organisation; the roll."""
    statement, item = world.statement, world.recommendation
    add("recommendation: outcome", Outcome.objects.create(statement=statement, recommendation=item, verdict="reopened"))
    Plenary.objects.create(statement=statement, floor=item)
    Proxy.objects.create(statement=statement, giver=world.own, holder=world.participating)
    RollEntry.objects.create(statement=statement, organisation=world.own)
    ballot = Ballot.objects.create(statement=statement, state="counted", cast=1)
    SealedVoice.objects.create(ballot=ballot, organisation=world.own)
    OpenedChoice.objects.create(ballot=ballot, stance="blocks")


def _endorse(world: World, edition: Edition) -> None:
    """Let two sign on to the published edition, one of them no longer."""
    Plenary.objects.create(statement=edition.statement, sign_on_until=timezone.localdate())
    for organisation, withdrawn in ((world.own, None), (world.participating, timezone.now())):
        Endorsement.objects.create(edition=edition, organisation=organisation, withdrawn_at=withdrawn)


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


def _handing(world: World, add: Any, aviary: Aviary) -> None:
    """What goes with submissions. The own organisation, which is withheld, asks another to join a draft of its own."""
    made = {"consultation": world.consultation, "organisation": world.own, "author": world.people["representative"]}
    draft = add("submission: joint draft", build.make_submission(**made, state="draft", submitted_at=None))
    sent = add("submission: joint", build.make_submission(**made))
    CoSubmitter.objects.create(submission=draft, organisation=world.participating, asked_version=1)
    agreed = {"state": "agreed", "agreed_version": 1, "asked_version": 1, "attribution": "described"}
    CoSubmitter.objects.create(submission=sent, organisation=world.participating, **agreed)
    file = {"file": "evidence/none", "kind": "pdf", "by": world.people["lead"]}
    plain = build.make_submission(**made, state="draft", submitted_at=None, text="Nothing but a draft")
    add("evidence: of a draft", Evidence.objects.create(submission=plain, **file))
    add("evidence: of what was sent in", Evidence.objects.create(submission=world.submission, **file))
    earlier = EarlierWords.objects.create(submission=world.submission, text="x", by=world.people["lead"])
    add("words that were sent in: earlier", earlier)
    until, code_hash = timezone.now() + timedelta(days=1), "c0de" * 16
    words = {"organisation": world.own, "until": until, "by": world.people["convenor"], "code_hash": code_hash}
    add("late code: given", LateCode.objects.create(consultation=world.consultation, **words))
    aviary.watch(code_hash, "recommendations.latecode.code_hash", "late code: given")


def _trail(world: World, add: Any, aviary: Aviary, rows: Rows) -> None:
    _edition(world, add, aviary, rows, "adopted")
    edition = _edition(world, add, aviary, rows, "published")
    _endorse(world, edition)
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


def _editions(world: World, add: Any) -> None:
    """A corrigendum that is prepared and one that was issued; an item that is proposed to the other convenor."""
    published = Statement.objects.get(pk=TrailStep.objects.first().statement_id)
    edition = published.editions.get()
    corrects = {"statement": published, "corrects": edition, "by": world.people["convenor"]}
    add("corrigendum: draft", Corrigendum.objects.create(**corrects))
    add("corrigendum: issued", Corrigendum.objects.create(**corrects, state="issued", made=edition))
    region = build.make_consultation(level="regional", country=None, convenors=[world.people["other convenor"]])
    proposal = Proposal(item=edition.items.get(), consultation=region, by=world.people["convenor"])
    proposal.save()
    add("item proposed upward: waiting", proposal)


def _telling(world: World, add: Any) -> None:
    step = FollowUp.objects.create(consultation=world.consultation, due_on=timezone.localdate(), text="x")
    add("consultation: next step", step)
    words = Wording.objects.create(consultation=world.consultation, kind="summary", language="en", body="x")
    add("consultation: words of the summary", words)
    told = {"purpose": SUMMARY_MAIL, "subject_id": world.consultation.pk, "version": 1, "state": "failed"}
    OutgoingMessage.objects.create(recipient="nobody@example.org", **told)


def _merging(world: World, add: Any) -> None:
    """What the desk works with, and what the own organisation was told of the point that it objects to."""
    one = world.recommendation
    add("recommendation: version", Revision.objects.create(recommendation=one, number=1, at=timezone.now()))
    bracket = Bracket.objects.create(recommendation=one, language="en")
    wording = RivalWording.objects.create(bracket=bracket, text="x")
    add("recommendation: rival", wording)
    translation = WorkingTranslation.objects.create(submission=world.submission, language="id", text="x")
    add("submission: working translation", translation)
    told = build.make_fate(world.submission, state="objected", answered_at=timezone.now())
    add("fate: objected", told)
    build.make_like_group(*world.consultation.submissions.filter(state="submitted")[:2])


def _commenting(world: World, add: Any) -> None:
    """A version that is open, the own organisation's comment and amendment, another's support, a translation."""
    version = build.make_circulated(world.statement)
    add("circulated version: circulated", version)
    text = version.texts.first()
    add("circulated version: text", text)
    CirculatedText.objects.filter(pk=text.pk).update(texts={"en": " ".join(_planted(text))})
    said = {"text": text, "language": "en", "organisation": world.own}
    add("comment: answered", Comment.objects.create(**said, state="answered", words="x", answer="x"))
    changed = {"proposal": "x", "reason": "x", "answer": "x", "written": "x"}
    amendment = Amendment.objects.create(**said, state="adapted", **changed)
    add("amendment: adapted", amendment)
    Support.objects.create(amendment=amendment, organisation=world.participating)
    state = LanguageState.objects.create(recommendation=world.recommendation, language="id", source="x")
    add("recommendation: language", state)


def _planted(text: CirculatedText) -> list[str]:
    return [str(word) for word in CirculatedText.objects.get(pk=text.pk).texts.values()]


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
    add("mail: blocked address", BlockedAddress.objects.create(key="0" * 64, reason="bounced"))
    add("mail: one-time key", OneTimeKey.objects.create(key="x"))

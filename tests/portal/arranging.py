"""How the world is put into each case of the policy table. A thing of the table without an arrangement fails."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone

from portal import log
from portal.factors import FactorAdapter
from recommendations.models import Conveyance, Outcome, Position, Response, Submission, TrailStep
from stakeholders.models import (
    Appeal,
    Decision,
    LiaisonAppointment,
    ListImport,
    Membership,
    Organisation,
)
from tests import build
from tests.portal.passkeys import make_passkey
from tests.portal.world import FIVE, FOUR, LEFT_CODE, World, take_position, take_up

Arrange = Callable[[World, str, str], None]
ARRANGE: dict[str, Arrange] = {}


def arranges(thing: str) -> Callable[[Arrange], Arrange]:
    """Register the function that puts the world into a case of the thing: it gets the state and what was chosen."""

    def register(function: Arrange) -> Arrange:
        ARRANGE[thing] = function
        return function

    return register


def put(row: Any, **values: Any) -> None:
    """Write the values without asking anybody, and forget what was read of the row."""
    type(row).objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()


@arranges("the task force")
def task_force(_world: World, _state: str, _chosen: str) -> None:
    """It is always there, with terms of reference that one can accept."""
    build.make_terms()


@arranges("account")
def account(world: World, state: str, chosen: str) -> None:
    """Each person signed in lately or not; or nobody has a second step any more."""
    if "signed in just now" in {state, chosen}:
        for role, user in world.people.items():
            session = world.browser(role).session
            if user:
                session["account_authentication_methods"] = [{"method": "code", "at": time.time()}]
                session["account_authentication_methods_user"] = str(user.pk)
                session.save()
    if state == "no second step":
        Authenticator.objects.all().delete()
    world.foreign_session = world.people["stranger"].usersession_set.create(
        ip="192.0.2.1", user_agent="Another browser", session_key="another"
    )


@arranges("second step")
def second_step(world: World, state: str, _chosen: str) -> None:
    """Everybody has an app, a passkey, and one recovery code that is left."""
    account(world, state, "")
    for role, user in world.people.items():
        if user:
            build.make_factor(user)
            key = make_passkey(user)
            codes = {"migrated_codes": [FactorAdapter().encrypt(LEFT_CODE)]}
            user.authenticator_set.filter(type="recovery_codes").delete()
            user.authenticator_set.create(type="recovery_codes", data=codes)
            if role == "lead":
                world.passkey = key


@arranges("organisation")
def organisation(world: World, state: str, chosen: str) -> None:
    put(world.own, state=state, visibility=chosen, merged_into=world.uninvited if state == "merged" else None)
    build.make_edition(world.statement)
    world.statement.adoption.adopters.add(world.own)
    build.make_organiser(world.consultation, organisation=world.own, name="")


@arranges("name beside a text")
def name_beside(world: World, state: str, chosen: str) -> None:
    """A point that an item was made of, as its sender chose to be shown; or a reservation."""
    attribution, _comma, visibility = chosen.partition(", ")
    put(world.own, visibility=visibility or chosen)
    edition = build.make_edition(world.statement)
    if state == "reservation":
        take_position(world)
    else:
        put(world.submission, attribution=attribution, state="in_treatment", treatment="used")
        take_up(world)
        edition.items.filter(section=None, number=1).update(recommendation=world.recommendation)


@arranges("published figures")
def figures(world: World, state: str, _chosen: str) -> None:
    """Five organisations of one group and four of another are there, come and adopt; or the four alone."""
    groups = [(FOUR, "ID", 4)] if state == "four everywhere" else [(FOUR, "ID", 4), (FIVE, "TH", 5)]
    edition = build.make_edition(world.statement)
    for slug, country, count in groups:
        group = build.make_group(slug, name_en=slug.capitalize().replace("-", " "))
        made = [build.make_organisation(groups=[group], country=build.make_country(country)) for _one in range(count)]
        for one in made:
            build.make_invitation(world.consultation, one, state="accepted", seats_accepted=1)
        edition.statement.adoption.adopters.set(made)
    put(world.consultation, state="concluded")


@arranges("decision on an organisation")
def decision(world: World, state: str, chosen: str) -> None:
    """The own organisation, decided on by somebody else before; or one that a convenor has a part in."""
    into = world.uninvited if state == "merged" else None
    put(world.own, state=state, visibility="withheld" if chosen == "withheld" else "public", merged_into=into)
    if chosen == "of the convenor":
        Membership.objects.create(
            organisation=world.own, user=world.people["convenor"], state="active", since=build.LONG_AGO
        )
    if chosen == "an appeal":
        Appeal.objects.create(decision=_refused(world.own, world.people["convenor"]), text="We do speak for them.")


def _refused(organisation: Organisation, by: Any) -> Decision:
    return Decision.objects.create(organisation=organisation, verdict="refused", by=by, reasons="Not yet")


@arranges("organisation application")
def application(world: World, state: str, chosen: str) -> None:
    """Sent by the one who acts for nobody, or by somebody else. Withheld: the name is to be seen by nobody else."""
    applicant = world.people["stranger"] if chosen == "the stranger's" else build.make_user()
    world.applied = build.make_organisation(
        name="Kelompok Baru",
        slug="applying-people",
        state=state,
        visibility="withheld",
        contact_email=applicant.email,
        applicant=applicant,
        applied_at=timezone.now(),
    )
    if state == "refused":
        _refused(world.applied, world.people["other convenor"])


@arranges("people of an organisation")
def people_of(world: World, state: str, _chosen: str) -> None:
    """The lead is there, or has left: then a convenor may say who leads."""
    if state == "nobody leads":
        world.own.memberships.filter(user=world.people["lead"]).update(state="left", until=timezone.localdate())


@arranges("person of an organisation")
def person(world: World, state: str, chosen: str) -> None:
    """Somebody else, the drafter, or a convenor who asks for a seat."""
    row = world.asks
    if chosen == "the drafter's":
        row = world.own.memberships.get(user=world.people["drafter"])
    if chosen == "the convenor's":
        row = Membership(organisation=world.own, user=world.people["convenor"])
        row.save()
    put(row, state=state, by=world.people["lead"])
    put(row.user, full_name="Whose Mandate")
    world.mandate = row


@arranges("public body")
def public_body(world: World, state: str, _chosen: str) -> None:
    world.heir = build.make_body("heir", name_en="The office that takes over")
    if state == "replaced":
        put(world.body, successor=world.heir, until=timezone.localdate() - timedelta(days=1))


@arranges("term of office")
def term(world: World, state: str, chosen: str) -> None:
    """Of a convenor who does nothing else here, of the administrator, of the convenor of the table."""
    whose = {"the administrator's": "administrator", "the convenor's": "convenor"}.get(chosen)
    who = world.people[whose] if whose else build.make_convenor(full_name="Convenor For A Term")
    world.term = who.convenorships.get()
    if state == "over":
        put(world.term, until=timezone.localdate() - timedelta(days=1))
    build.make_administrator(full_name="Second Administrator")


@arranges("liaison appointment")
def appointment(world: World, state: str, chosen: str) -> None:
    """Of the stranger, who was named by an administrator or asked for by a liaison; or of the liaison."""
    who = world.people["liaison" if chosen == "the liaison's" else "stranger"]
    by = world.people["liaison" if chosen == "asked for by a colleague" else "administrator"]
    found = LiaisonAppointment.objects.filter(user=who).first()
    world.appointment = found or LiaisonAppointment(user=who, body=world.body, since=timezone.localdate())
    world.appointment.state, world.appointment.by = state, by
    world.appointment.save()


@arranges("log")
def line(world: World, state: str, chosen: str) -> None:
    """The world was made without actions: one line is written, by somebody of this role."""
    by = world.people[chosen.removeprefix("by the ")]
    put(world.consultation, discreet=state == "of a discreet consultation")
    verb, subject, topic = {
        "of the consultation": ("announce", world.consultation, world.consultation),
        "of a discreet consultation": ("announce", world.consultation, world.consultation),
        "of a submission": ("submit", world.submission, world.consultation),
        "of a draft": ("ask_sign_off", world.submission, world.consultation),
        "of an answer of the office": ("answer", conveyance, world.consultation),
        "of a draft of the office": ("save_answers", conveyance, world.consultation),
        "of an organisation": ("change", world.own, world.own),
    }[state]
    if subject is conveyance:
        subject = conveyance(world, "acknowledged", "public")
    world.entry = log.record(verb, subject, by=by, topic=topic, detail="Detail of the line")


@arranges("consultation")
def consultation(world: World, state: str, chosen: str) -> None:
    put(world.consultation, state=state, discreet=chosen == "discreet")
    if state == "draft":
        put(world.invitation, state="drafted")
        world.consultation.invitations.update(state="drafted")
        Submission.objects.filter(pk=world.submission.pk).update(consultation=build.make_consultation())


@arranges("invitation")
def invitation(world: World, state: str, _chosen: str) -> None:
    put(world.invitation, state=state)


@arranges("answer")
def answer(world: World, _state: str, _chosen: str) -> None:
    put(world.invitation, state="accepted")


@arranges("submission")
def submission(world: World, state: str, chosen: str) -> None:
    """With sign-off only the lead sends in."""
    put(world.own, sign_off=chosen == "with sign-off")
    sent = None if state in {"draft", "ready"} else timezone.now()
    put(world.submission, state=state, submitted_at=sent)
    if state == "in_treatment":
        put(world.submission, treatment="used")
        take_up(world)


@arranges("recommendation")
def recommendation(world: World, state: str, _chosen: str) -> None:
    stands = {"drafting": "draft", "deferred": "draft", "joined": "draft"}
    stands |= dict.fromkeys(("tabled", "agreed", "amended", "bracketed", "withdrawn", "not_adopted"), "tabled")
    put(world.invitation, state="accepted")
    take_up(world)
    put(world.recommendation, state=state)
    if state in {"withdrawn", "not_adopted"}:
        Outcome.objects.create(statement=world.statement, recommendation=world.recommendation, verdict="withdrawn")
    if state == "deferred":
        build.make_recommendation(world.statement, text_en="Another text", addressees=[world.body])
    _state_of_text(world, stands.get(state, "adopted"))


@arranges("statement")
def statement(world: World, state: str, chosen: str) -> None:
    put(world.invitation, state="accepted")
    tabled = {"draft": "drafting", "tabled": "tabled", "not_adopted": "not_adopted"}
    put(world.recommendation, state=tabled.get(state, "adopted"))
    _state_of_text(world, state)
    if chosen:
        stance = "blocks" if chosen == "one cannot agree" else "consensus"
        Position.objects.create(statement=world.statement, organisation=world.participating, stance="consensus")
        Position.objects.create(statement=world.statement, organisation=world.own, stance=stance)
    if state == "published":
        step = TrailStep.objects.create(
            statement=world.statement, kind="dialogue", happened_on=timezone.localdate(), actor="We"
        )
        step.pledges.create(who="They", text="A pledge")


def _state_of_text(world: World, state: str) -> None:
    if state in {"adopted", "published"}:
        build.make_edition(world.statement, published=state == "published")
    else:
        put(world.statement, state=state)


@arranges("position")
def position(world: World, state: str, _chosen: str) -> None:
    put(world.invitation, state="accepted")
    take_position(world)
    put(world.recommendation, state="tabled" if state == "tabled" else "adopted")
    _state_of_text(world, state)


@arranges("edition")
def edition(world: World, state: str, _chosen: str) -> None:
    build.make_edition(world.statement, published=state == "published")


@arranges("conveyance")
def conveyance(world: World, state: str, chosen: str) -> Conveyance:
    done = build.make_edition(world.statement)
    sent = None if state == "prepared" else timezone.localdate()
    made = build.make_conveyance(
        done, world.body, state=state, sent_on=sent, public=chosen == "public", letter="Words of the letter"
    )
    world.conveyance = made
    world.item = done.items.get(section=None, number=1)
    return made


@arranges("response")
def response(world: World, state: str, _chosen: str) -> None:
    made = conveyance(world, "acknowledged", "public")
    world.response = Response.objects.create(
        item=world.item,
        body=world.body,
        conveyance=made,
        kind="noted",
        text="Words of the response",
        published_at=timezone.now() if state == "published" else None,
    )


@arranges("import of a list")
def import_of_a_list(world: World, state: str, _chosen: str) -> None:
    """Of the convenor, as far as it is: other convenors have no part in it."""
    sheet = {
        "name": "",
        "head": ["Name"],
        "samples": [["Words of the list"]],
        "header": True,
        "width": 1,
        "count": 2,
        "first": 1,
    }
    layout = {"kind": "csv", "encoding": "utf-8", "encodings": ["utf-8"], "sheets": [sheet]}
    world.run = ListImport.objects.create(
        by=world.people["convenor"],
        state=state,
        file_name="words-of-the-list.csv",
        layout={**layout, "hidden": 0, "formulas": 0, "merged": 0},
        counts={"create": 1},
        total=1,
    )


SUBJECTS: dict[str, Callable[[World], Any]] = {
    "the task force": lambda _world: None,
    "account": lambda _world: None,
    "second step": lambda _world: None,
    "organisation": lambda world: world.own,
    "decision on an organisation": lambda world: world.own,
    "organisation application": lambda world: world.applied,
    "people of an organisation": lambda world: world.own,
    "person of an organisation": lambda world: world.mandate,
    "public body": lambda world: world.body,
    "term of office": lambda world: world.term,
    "liaison appointment": lambda world: world.appointment,
    "log": lambda _world: None,
    "name beside a text": lambda _world: None,
    "published figures": lambda _world: None,
    "consultation": lambda world: world.consultation,
    "invitation": lambda world: world.invitation,
    "answer": lambda world: world.invitation,
    "submission": lambda world: world.submission,
    "recommendation": lambda world: world.statement,
    "statement": lambda world: world.statement,
    "position": lambda world: world.statement,
    "edition": lambda world: world.statement.editions.get(),
    "conveyance": lambda world: world.conveyance,
    "response": lambda world: world.response,
    "import of a list": lambda world: world.run,
    "workspace": lambda _world: None,
    "fate": lambda world: world.fate,
}

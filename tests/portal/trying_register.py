"""As `trying`: the verbs of accounts, of the register, of terms of office and of imports."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from recommendations.actions import what_moves
from stakeholders.models import Membership
from tests import build
from tests.portal.trying import ORGANISATION, Attempt, Sight, about, at, page_of, seen
from tests.portal.world import LEFT_CODE, World
from tests.stakeholders.applying import answers

Tried = tuple[str, dict[str, Any]]
PERSON = {"full_name": "Newcomer", "address": "newcomer@example.org", "language": "en"}


def person() -> dict[str, Any]:
    """Return who is named for a term that begins today."""
    return {**PERSON, "since": timezone.localdate(), "until": later()}


def later() -> Any:
    """Return a day to come."""
    return timezone.localdate() + timedelta(days=90)


def of_own(name: str, *args: Any, **data: Any) -> Attempt:
    """Try a route of the own organisation."""
    return lambda world: (at(name, world.own.slug, *args), data)


def decided(verdict: str, **grounds: Any) -> Attempt:
    """Take a decision on the own organisation."""
    data = {"reasons": "As written", "evidence": "Seen at the office", **grounds}

    def attempt(world: World) -> Tried:
        last = world.own.decisions.first()
        address = at("organisation_decide", world.own.slug) + f"?verdict={verdict}"
        return address, {**data, "retest_on": later(), "seen": last.pk if last else 0}

    return attempt


def renamed(world: World) -> Tried:
    return at("organisation_edit", world.own.slug, "names"), {"name_en": "New Name", "version": world.own.version}


def merged(world: World) -> Tried:
    return at("organisation_merge", world.own.slug) + f"?with={world.uninvited.slug}", {}


def recorded(world: World) -> Tried:
    words = {"name_en": "A group without papers", "level": "national", "visibility": "withheld", "language": "en"}
    return at("organisation_record"), {
        **words,
        "trusted_contact": "Somebody who knows them",
        "groups": [world.own.groups.get().pk],
        "country": "ID",
    }


def offered(world: World) -> Tried:
    data = {**person(), "role": "drafter", "mandate": "appointed"}
    return at("mandate_offer", world.own.slug), data


def heir(name: str) -> Attempt:
    """Make the representative the lead."""

    def attempt(world: World) -> Tried:
        to = Membership.objects.get(organisation=world.own, user=world.people["representative"])
        return at(name, world.own.slug), {"to": to.pk, "leave": "no"}

    return attempt


def uploaded(_world: World) -> Tried:
    return at("import_upload"), {"file": SimpleUploadedFile("list.csv", b"Name,Country\nA union,ID\nA network,TH\n")}


def body(name: str, **extra: Any) -> Attempt:
    """Write down a public body, or change it."""

    def attempt(world: World) -> Tried:
        data = {"name_en": "A new office", "kind": "national", "country": "ID", **extra}
        arguments = [world.body.slug] if name == "public_body_edit" else []
        return at(name, *arguments), {**data, "version": world.body.version}

    return attempt


def succeeded(world: World) -> Tried:
    data = {"new": world.heir.pk, "on": timezone.localdate(), "liaisons": "end", "confirmed": "1"}
    return at("public_body_succeed", world.body.slug), {**data, "shown": what_moves(world.body).key}


def closed_term(world: World) -> Tried:
    return at("term_end", world.term.pk), {"until": timezone.localdate()}


def typed(world: World, *last: Tried) -> list[Tried]:
    """Return the pages of an application as they are filled in one after the other, and what comes last."""
    pages = answers(contact={"contact_email": f"applies{build.number()}@example.org"})
    return [*((at("application_part", part), fields) for part, fields in pages.items()), *last]


def applied(name: str, **data: Any) -> Attempt:
    """Try a route of an application."""
    return lambda world: (at(name, world.applied.slug), data)


ATTEMPTS: dict[str, Attempt] = {
    "account.choose for whom one acts": lambda world: (at("organisation_choose"), {"organisation": world.own.pk}),
    "second step.remove the app": lambda _world: (at("mfa_deactivate_totp"), {}),
    "second step.take new recovery codes": lambda _world: (at("mfa_generate_recovery_codes"), {}),
    "second step.rename a passkey": lambda world: (
        at("mfa_edit_webauthn", world.passkey.pk),
        {"name": "Telephone at home"},
    ),
    "second step.remove a passkey": about("passkey", "mfa_remove_webauthn"),
    "the task force.send an application": lambda world: typed(
        world, (at("application_check"), {"terms": 1, "accept": "on"})
    ),
    "the task force.drop an application": lambda world: typed(world, (at("application_drop"), {})),
    "account.take the file along": lambda _world: (at("account_data_file"), {}),
    "account.delete": lambda _world: (at("account_delete"), {}),
    "account.end a session of somebody else": lambda world: (at("session_end", world.foreign_session.pk), {}),
    "account.take somebody's second step away": lambda world: (
        at("factor_reset"),
        {"email": world.people["other liaison"].email, "sure": "on"},
    ),
    "the task force.write an organisation down": recorded,
    "the task force.take the contacts along": lambda _world: (at("organisation_export_contacts"), {}),
    "the task force.upload a list": uploaded,
    "organisation.change": renamed,
    "decision on an organisation.verify": decided("eligible", limb="contributes"),
    "decision on an organisation.seat on its own bench": decided("own-bench", conflict="employer"),
    "decision on an organisation.refuse": decided("refused"),
    "decision on an organisation.suspend": decided("suspended"),
    "decision on an organisation.reinstate": decided("reinstated"),
    "decision on an organisation.dissolve": decided("dissolved"),
    "decision on an organisation.merge": merged,
    "organisation application.appeal": applied("application_appeal", text="We do speak for them."),
    "organisation application.take the lead": applied("application_lead"),
    "people of an organisation.invite": offered,
    "people of an organisation.hand over the lead": heir("lead_hand_over"),
    "people of an organisation.name a lead": heir("lead_name"),
    "people of an organisation.leave": of_own("organisation_leave"),
    "people of an organisation.switch sign-off on": of_own("sign_off_set", sign_off="on"),
    "person of an organisation.confirm": about("mandate", "membership_confirm"),
    "person of an organisation.decline": about("mandate", "membership_decline"),
    "person of an organisation.accept an invitation": about("mandate", "mandate_accept"),
    "person of an organisation.decline an invitation": about("mandate", "mandate_decline"),
    "person of an organisation.withdraw": about("mandate", "mandate_withdraw"),
    "person of an organisation.change": about("mandate", "mandate_change", role="representative", mandate="chosen"),
    "person of an organisation.end": about("mandate", "mandate_end"),
    "public body.write down": body("public_body_create"),
    "public body.change": body("public_body_edit"),
    "public body.let another take over": succeeded,
    "public body.appoint a liaison": lambda world: (at("liaison_appoint", world.body.slug), person()),
    "term of office.name for a term": lambda _world: (at("term_create"), {**person(), "role": "convenor"}),
    "term of office.end": closed_term,
    "liaison appointment.ask for a colleague": lambda _world: (at("colleague_propose"), PERSON),
    "liaison appointment.approve": about("appointment", "appointment_approve", answer="approve"),
    "liaison appointment.decline for the office": about("appointment", "appointment_approve", answer="decline"),
    "liaison appointment.activate": about("appointment", "appointment_answer", answer="accept", seats=0),
    "liaison appointment.decline": about("appointment", "appointment_answer", answer="decline"),
    "liaison appointment.extend": lambda world: (
        at("appointment_extend", world.appointment.pk),
        {"until": later()},
    ),
    "liaison appointment.end": about("appointment", "appointment_end"),
    "import of a list.map": about("run", "import_columns", visibility="members", column_0="name:en"),
    "import of a list.approve": about("run", "import_approve"),
    "import of a list.drop": about("run", "import_drop"),
    "submission.ask": about("submission", "submission_ask"),
    "submission.return": about("submission", "submission_return", reason="Shorter, please"),
}

SIGHTS: dict[str, Sight] = {
    "account.see": seen(
        lambda _world: 'id="main"',
        page_of("account_data"),
        page_of("mfa_index"),
        page_of("mfa_list_webauthn"),
        page_of("second_factor"),
    ),
    "account.add a second step": seen(lambda _world: 'name="code"', page_of("mfa_activate_totp")),
    "account.add a passkey": seen(lambda _world: 'name="passwordless"', page_of("mfa_add_webauthn")),
    "second step.see the recovery codes": seen(lambda _world: LEFT_CODE, page_of("mfa_view_recovery_codes")),
    "second step.take the recovery codes along": seen(lambda _world: LEFT_CODE, page_of("mfa_download_recovery_codes")),
    "second step.show again who one is": seen(lambda _world: 'name="code"', page_of("mfa_reauthenticate")),
    "second step.show it with a passkey": seen(
        lambda _world: 'name="credential"', page_of("mfa_reauthenticate_webauthn")
    ),
    "organisation.take the list along": seen(
        lambda world: world.own.name, lambda _world: at("organisation_export", "csv")
    ),
    "the task force.fill in an application": seen(
        lambda _world: 'name="name_en"', lambda _world: at("application_part", "names")
    ),
    "the task force.see the register's desk": seen(lambda _world: 'id="main"', page_of("register_desk")),
    "the task force.see the administration": seen(lambda _world: 'id="main"', page_of("administration")),
    "the task force.see the imports": seen(lambda _world: 'id="main"', page_of("import_list")),
    "decision on an organisation.see": seen(lambda _world: 'id="main"', page_of("organisation_decide", "own.slug")),
    "organisation application.see": seen(
        lambda world: world.applied.name,
        page_of("application_status", "applied.slug"),
        page_of("application_receipt", "applied.slug"),
        page_of("organisation_detail", "applied.slug"),
    ),
    "people of an organisation.see": seen(
        lambda world: world.people["representative"].full_name, page_of("organisation_people", "own.slug"), ORGANISATION
    ),
    "public body.see": seen(
        lambda world: world.body.name, page_of("public_body_detail", "body.slug"), page_of("public_body_list")
    ),
    "term of office.see": seen(lambda world: world.term.user.full_name, page_of("administration")),
    "liaison appointment.see": seen(
        lambda world: f"/appointments/{world.appointment.pk}/",
        page_of("administration"),
        page_of("desk"),
        page_of("public_body_detail", "body.slug"),
    ),
    "import of a list.see": seen(
        lambda _world: "words-of-the-list.csv", page_of("import_detail", "run.pk"), page_of("import_list")
    ),
    "consultation.see the venue": seen(
        lambda world: world.consultation.venue,
        page_of("consultation_detail", "consultation.slug"),
        page_of("invitation_answer", "invitation.pk"),
        page_of("consultation_desk", "consultation.slug"),
        lambda world: at("consultation_edit", world.consultation.slug, "where"),
    ),
}

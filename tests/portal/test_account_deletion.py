"""Leaving: what goes, what stays, who cannot be spared, and that no table knows the person afterwards."""

import threading

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from consultations.models import Seat
from portal import log
from portal.emails import SignInCode, send_once
from portal.field_classes import CLASSES
from portal.mail import Recipient
from portal.models import LogEntry, OutgoingMessage, User
from portal.states import Refusal
from portal.views.account_deletion import take_leave
from stakeholders.models import Convenorship, LiaisonAppointment, Membership
from stakeholders.querysets import standing_of
from tests import build
from tests.conftest import PEOPLE, as_person

pytestmark = pytest.mark.django_db
PAGE = "/en/account/delete/"
NAME, ADDRESS, OTHER = "Canary Wulandari", "canary@example.org", "canary.second@example.org"


def fresh(user: User) -> User:
    """Return the person as the next request would load them."""
    return User.objects.get(pk=user.pk)


def written_down() -> list[str]:
    """Return every place of every table where the name or an address stands: safety-critical fields and the rest."""
    found = []
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if not field.is_relation]
        for row in model._base_manager.values(*(field.name for field in fields)):  # noqa: SLF001 - every row there is
            found += [
                f"{model._meta.label_lower}.{name}"
                for name, value in row.items()
                if any(one.lower() in str(value).lower() for one in (NAME, ADDRESS, OTHER))
            ]
    return sorted(found)


def canary() -> User:
    """Return somebody who left traces wherever one can."""
    organisation = build.make_organisation(
        contact_name=NAME, contact_email=ADDRESS, contact_phone="0812", trusted_contact=NAME.upper()
    )
    person = build.make_member(organisation, email=ADDRESS, full_name=NAME, language="id", time_zone="Asia/Makassar")
    build.make_member(organisation)
    EmailAddress.objects.create(user=person, email=OTHER, verified=False)
    build.make_factor(person)
    consultation = build.make_consultation()
    build.make_submission(consultation, organisation, person, text="Return the passports.")
    invitation = build.make_invitation(consultation, organisation, address=ADDRESS)
    invitation.answers.create(
        verb="yes", seats=2, channel="portal", by=person, delegates=f"{NAME}, Budi", needs=f"{NAME} eats no meat"
    )
    build.make_seat(invitation, full_name=NAME, office=NAME)
    build.make_seat(invitation, full_name=NAME, email=ADDRESS)
    build.make_seat(invitation, full_name="Another name", user=person)
    consultation.seat_requests.create(full_name=NAME, email=OTHER, reason=NAME, organisation_name=NAME)
    build.make_invitation_of_person(consultation, NAME, address=ADDRESS, office=NAME)
    send_once(SignInCode, Recipient.of(person), {"code": "123456"})
    send_once(SignInCode, Recipient(OTHER), {"code": "123456", "address": OTHER})
    OutgoingMessage.objects.create(
        purpose="portal.account_notice", recipient=ADDRESS, recipient_key="x", user=person, state="sent"
    )
    log.record("join", organisation, by=person)
    half_way = Client()
    half_way.post("/en/account/login/code/", {"email": OTHER})
    as_person(person).get("/en/desk/")
    return person


def test_every_safety_critical_field_of_text_is_walked():
    walked = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if not field.is_relation
    }
    critical = {f"{label}.{name}" for label, levels in CLASSES.items() for name, one in levels.items() if one == "P3"}
    related = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation
    }
    assert critical - walked - related == set()


def test_no_table_knows_the_person_afterwards():
    person = canary()
    assert len(written_down()) > 10
    take_leave(person)
    assert written_down() == []


def test_what_stays_and_what_goes():
    person = canary()
    organisation = person.memberships.get().organisation
    take_leave(person)
    person = fresh(person)
    assert (person.email, person.full_name, person.language, person.time_zone) == (
        f"deleted-{person.pk}@invalid.example",
        "",
        "en",
        "Asia/Jakarta",
    )
    assert (person.is_active, person.deleted_at is not None, str(person)) == (False, True, "a former member")
    assert (EmailAddress.objects.filter(user=person).count(), Authenticator.objects.count()) == (0, 0)
    assert [one.state for one in Membership.objects.filter(user=person)] == ["left"]
    assert [one.text for one in person.submissions.all()] == ["Return the passports."]
    seats = Seat.objects.values_list("state", "full_name", "email", "office", "user", "organisation")
    assert set(seats) == {("excused", "", "", "", None, organisation.pk)}
    answer = organisation.invitations.get().answers.get()
    assert (answer.by_id, answer.delegates, answer.needs) == (person.pk, "—, Budi", "")
    assert set(OutgoingMessage.objects.values_list("state", "recipient", "user")) == {
        ("superseded", "", None),
        ("sent", "", None),
    }
    assert [(one.verb, one.actor_id) for one in LogEntry.objects.order_by("number")] == [
        ("join", person.pk),
        ("forget_person", person.pk),
    ]
    assert log.first_break() is None


def test_page_says_in_numbers_and_the_form_does_it():
    person = canary()
    elsewhere = as_person(person)
    browser = build.sign_in_lately(Client(), person)
    page = browser.get(PAGE)
    assert [row["value"] for row in page.context["goes"]] == [2, 1, 1]
    assert [row["value"] for row in page.context["stays"]] == [1, 1, 1]
    answer = browser.post(PAGE, {"one_time_key": "k" * 22})
    assert (answer.status_code, answer["Clear-Site-Data"]) == (200, '"cache", "storage"')
    assert "Your account is deleted" in answer.content.decode()
    assert fresh(person).deleted_at is not None
    assert [one.get("/en/desk/").status_code for one in (browser, elsewhere)] == [302, 302]
    assert browser.post(PAGE, {"one_time_key": "k" * 22}).status_code == 302
    assert Session.objects.filter(session_key=elsewhere.cookies["sessionid"].value).count() == 0


def test_nobody_signs_in_with_the_old_address():
    person = canary()
    take_leave(person)
    visitor = Client()
    visitor.post("/en/account/login/code/", {"email": ADDRESS})
    assert OutgoingMessage.objects.latest("pk").purpose == "portal.unknown_account"


@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_leave(cast, who):
    person = cast.people()[who]
    browser = build.sign_in_lately(Client(), person) if person else Client()
    answer = browser.post(PAGE)
    assert answer.status_code == (200 if person else 302)
    if person:
        assert fresh(person).deleted_at is not None
        assert standing_of(fresh(person)).trusted is False


def test_leaving_asks_who_is_there(cast):
    assert as_person(cast.stranger).post(PAGE).templates[0].name == "account/sign_in_again.html"
    assert as_person(cast.convenor).post(PAGE).url.startswith("/en/account/two-step/confirm/")
    assert User.objects.filter(deleted_at__isnull=False).count() == 0


def refusal(person: User) -> str:
    """Return why the person cannot leave, on the page and from the action alike; nothing where they can."""
    shown = build.sign_in_lately(Client(), person).get(PAGE).context["hindrances"]
    refused = []
    try:
        take_leave(person)
    except Refusal as reason:
        refused.append(str(reason.reason))
    assert (shown, fresh(person).deleted_at is None) == (refused, bool(refused))
    return "".join(refused)


def test_last_lead_of_an_organisation_with_open_matters_hands_over_first(cast):
    invitation = build.make_invitation(build.make_consultation(), cast.organisation)
    assert refusal(cast.representative) == (
        "You are the last lead representative of Serikat Pekerja Rumah Tangga, and something is open there. "
        "Make a colleague lead representative first, or withdraw what is open."
    )
    Membership.objects.filter(user=cast.colleague).update(role="lead")
    assert refusal(cast.representative) == ""
    assert invitation.organisation.memberships.filter(state="active").count() == 1


def test_lead_without_open_matters_may_leave(cast):
    build.make_invitation(build.make_consultation(state="concluded"), cast.organisation)
    assert refusal(cast.representative) == ""


def test_open_point_holds_the_last_lead(cast):
    consultation = build.make_consultation()
    build.make_submission(consultation, cast.organisation, cast.colleague, state="draft")
    assert refusal(cast.representative).startswith("You are the last lead representative")


@pytest.mark.parametrize(("state", "held"), [("announced", True), ("in_session", True), ("concluded", False)])
def test_one_of_two_convenors_stays(cast, state, held):
    consultation = build.make_consultation(convenors=[cast.convenor, cast.second_convenor], state=state, title_en="Day")
    sentence = "“Day” would be left with fewer than two convenors. Add another convenor to it first."
    assert refusal(cast.convenor) == (sentence if held else "")
    assert consultation.convenors.count() == 2


def test_one_of_three_convenors_may_leave(cast):
    third = build.make_convenor()
    consultation = build.make_consultation(convenors=[cast.convenor, cast.second_convenor, third])
    assert refusal(cast.convenor) == ""
    assert set(consultation.convenors.all()) == {cast.second_convenor, third}


def test_last_administrator_stays():
    first = build.make_administrator()
    assert refusal(first) == "You are the last administrator. Appoint another one first."
    second = build.make_administrator()
    assert refusal(first) == ""
    assert refusal(second) == "You are the last administrator. Appoint another one first."


def test_liaison_leaves_and_the_office_is_free(cast):
    assert refusal(cast.liaison) == ""
    assert [one.state for one in LiaisonAppointment.objects.filter(user=cast.liaison)] == ["ended"]


def test_term_of_a_convenor_ends(cast):
    take_leave(cast.convenor)
    assert Convenorship.objects.get(user=cast.convenor).until is not None
    assert not standing_of(fresh(cast.convenor)).convenor


def at_once(*people: User) -> list[str]:
    """Let people leave at the same moment; return the refusals."""
    refused, gate = [], threading.Barrier(len(people))

    def leave(person: User) -> None:
        gate.wait()
        try:
            take_leave(person)
        except Refusal as refusal:
            refused.append(str(refusal.reason))
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.mark.django_db(transaction=True)
def test_leaving_twice_at_once_leaves_once():
    person = build.make_user()
    assert at_once(person, person) == ["This account is deleted already."]
    assert LogEntry.objects.filter(verb="forget_person").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_of_three_convenors_cannot_both_leave_at_once():
    people = [build.make_convenor() for _one in range(3)]
    consultation = build.make_consultation(convenors=people)
    assert len(at_once(*people[:2])) == 1
    assert consultation.convenors.filter(is_active=True).count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_last_two_administrators_cannot_both_leave_at_once():
    assert at_once(build.make_administrator(), build.make_administrator()) == [
        "You are the last administrator. Appoint another one first."
    ]

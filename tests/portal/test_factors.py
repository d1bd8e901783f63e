"""The second step of signing in: who needs it, codes that work once, recovery codes, what may not be removed."""

import re
import threading
import time
from datetime import date

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.db import connection
from django.test import Client

from portal import delivery
from portal.demo.factors import SECRET, code_now
from portal.factors import FactorAdapter
from portal.models import LogEntry, OutgoingMessage, User
from portal.states import Refusal
from stakeholders.actions import reset_factors
from stakeholders.models import Convenorship
from stakeholders.querysets import NOBODY, standing_of
from tests import build
from tests.conftest import PEOPLE, as_person

pytestmark = pytest.mark.django_db
ASK, CONFIRM, ENTER = "/en/account/login/code/", "/en/account/login/code/confirm/", "/en/account/two-step/enter/"
INDEX, NEEDED, APP = "/en/account/two-step/", "/en/account/two-step/needed/", "/en/account/two-step/app/"
CODES, RESET = "/en/account/two-step/codes/", "/en/account/two-step/reset/"
WRONG = "This code is not right, or it was used already. Wait for the next one and type that."


def first_step(browser: Client, address: str) -> str:
    """Sign in as far as the code by mail; return where that leads."""
    browser.post(ASK, {"email": address})
    delivery.deliver_batch()
    code = re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1]
    return browser.post(CONFIRM, {"code": code}).url


def code_at(secret: str, moment: float) -> str:
    """Return what an app with the secret shows at a moment."""
    return format_hotp_value(hotp_value(secret, int(moment) // 30))


def signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def one_factor(user: User) -> User:
    """Take the person's second step away, as if it had never been set up."""
    user.authenticator_set.all().delete()
    return user


def test_convenor_signs_in_with_two_codes(visitor):
    build.make_convenor(email="ratna@example.org")
    assert first_step(visitor, "ratna@example.org") == ENTER
    assert not signed_in(visitor)
    assert visitor.get("/en/desk/").status_code == 302
    assert visitor.get(ENTER).status_code == 200
    answer = visitor.post(ENTER, {"code": code_now()})
    assert (answer.status_code, answer.url, signed_in(visitor)) == (302, "/en/desk/", True)


def test_member_signs_in_with_one_code(visitor):
    build.make_user(email="dewi@example.org")
    assert first_step(visitor, "dewi@example.org") == "/en/desk/"


@pytest.mark.parametrize("typed", ["{} {} {} {} {} {}", "{}{}{}-{}{}{}"])
def test_code_of_the_app_may_be_typed_with_gaps(visitor, typed):
    build.make_convenor(email="ratna@example.org")
    first_step(visitor, "ratna@example.org")
    assert visitor.post(ENTER, {"code": typed.format(*code_now())}).url == "/en/desk/"


@pytest.mark.parametrize("typed", ["000000", "", "1234567", "abcdef"])
def test_wrong_code_of_the_app_is_refused(visitor, typed):
    build.make_convenor(email="ratna@example.org")
    first_step(visitor, "ratna@example.org")
    answer = visitor.post(ENTER, {"code": typed})
    assert (answer.status_code, signed_in(visitor)) == (200, False)
    assert answer.context["form"].errors["code"] == (
        [WRONG] if any(char.isdigit() for char in typed) else ["This field is required."]
    )


@pytest.mark.parametrize("later", [0, 31, 59])
def test_code_of_the_app_works_once_for_as_long_as_it_could_be_taken(later):
    build.make_convenor(email="ratna@example.org")
    start = (int(time.time()) // 30 + 2) * 30
    code = code_at(SECRET, start)
    with time_machine.travel(start + 1, tick=False) as clock:
        first = Client()
        first_step(first, "ratna@example.org")
        assert first.post(ENTER, {"code": code}).url == "/en/desk/"
        clock.move_to(start + later)
        second = Client()
        first_step(second, "ratna@example.org")
        assert second.post(ENTER, {"code": code}).context["form"].errors["code"] == [WRONG]
    assert not signed_in(second)


@pytest.mark.django_db(transaction=True)
def test_code_of_the_app_signs_in_one_of_two_browsers_at_once():
    build.make_convenor(email="ratna@example.org")
    browsers, gate, code = [Client(), Client()], threading.Barrier(2), code_now()
    for browser in browsers:
        first_step(browser, "ratna@example.org")

    def enter(browser: Client) -> None:
        gate.wait()
        browser.post(ENTER, {"code": code})
        connection.close()

    threads = [threading.Thread(target=enter, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(signed_in, browsers)) == [False, True]


@pytest.mark.parametrize(("off", "taken"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_clock_of_the_telephone_may_be_half_a_minute_off(visitor, off, taken):
    build.make_convenor(email="ratna@example.org")
    start = (int(time.time()) // 30 + 2) * 30 + 5
    with time_machine.travel(start, tick=False):
        first_step(visitor, "ratna@example.org")
        visitor.post(ENTER, {"code": code_at(SECRET, start + off)})
    assert signed_in(visitor) is taken


def test_recovery_code_takes_the_place_of_the_app_once():
    user = build.make_convenor(email="ratna@example.org")
    codes = RecoveryCodes.activate(user)
    codes.mark_as_viewed()
    code = codes.get_unused_codes()[0]
    first, second = Client(), Client()
    first_step(first, "ratna@example.org")
    assert first.post(ENTER, {"code": code}).url == "/en/desk/"
    with time_machine.travel(time.time() + 200):
        first_step(second, "ratna@example.org")
        assert second.post(ENTER, {"code": code}).context["form"].errors["code"] == [WRONG]
    assert (signed_in(first), signed_in(second)) == (True, False)


def test_five_wrong_codes_end_the_tries(visitor):
    build.make_convenor(email="ratna@example.org")
    first_step(visitor, "ratna@example.org")
    for _try in range(5):
        visitor.post(ENTER, {"code": "000000"})
    answer = visitor.post(ENTER, {"code": code_now()})
    assert answer.context["form"].errors["code"] == ["Too many tries. Wait a minute, then ask for a new code."]
    assert not signed_in(visitor)


def test_secrets_are_locked_in_the_database(settings):
    stored = build.make_factor(build.make_user()).data["secret"]
    assert SECRET not in stored
    assert FactorAdapter().decrypt(stored) == SECRET
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key that is long enough for us"
    assert FactorAdapter().decrypt(stored) == SECRET
    settings.SECRET_KEY_FALLBACKS = []
    assert FactorAdapter().decrypt(stored) not in {SECRET, ""}


TRUSTED = ("convenor", "second_convenor", "liaison", "other_liaison")


@pytest.mark.parametrize("who", PEOPLE)
def test_desks_ask_trusted_people_for_a_second_step(cast, who):
    person = cast.people()[who]
    if who in TRUSTED:
        assert as_person(person).get("/en/desk/").status_code == 200
        one_factor(person)
    answer = as_person(person).get("/en/desk/")
    where = NEEDED if who in TRUSTED else "/en/account/login/?next=%2Fen%2Fdesk%2F" if who == "anonymous" else ""
    assert (answer.status_code, getattr(answer, "url", "")) == (302 if where else 200, where)


@pytest.mark.parametrize("path", ["/en/consultations/new/", "/en/admin/", RESET, "/en/liaison/"])
def test_nothing_of_the_desks_opens_without_the_second_step(path):
    person = one_factor(build.make_convenor(is_staff=True, is_superuser=True))
    Convenorship.objects.create(user=person, since=build.LONG_AGO, role="administrator")
    answers = [as_person(person).get(path), as_person(person).post(path)]
    # What does not exist does not exist.
    assert {(answer.status_code, getattr(answer, "url", "")) for answer in answers} <= {(302, NEEDED), (404, "")}


@pytest.mark.parametrize(
    "path", [INDEX, NEEDED, "/en/account/email/", "/en/account/sessions/", "/en/account/profile/", "/en/account/data/"]
)
def test_pages_of_the_account_stay_open(path):
    assert as_person(one_factor(build.make_convenor())).get(path).status_code == 200


@pytest.mark.parametrize("path", ["/en/", "/en/help/", "/en/organisations/", "/en/account/logout/"])
def test_public_pages_stay_open(path):
    assert as_person(one_factor(build.make_convenor())).get(path).status_code == 200


def test_public_pages_show_what_everybody_sees_until_the_second_step_is_there():
    hidden = build.make_organisation(name="Perkumpulan Rahasia", visibility="withheld")
    person = build.make_convenor()
    path = f"/en/organisations/{hidden.slug}/"
    assert as_person(person).get(path).status_code == 200
    one_factor(person)
    assert as_person(person).get(path).status_code == 404
    assert b"Perkumpulan Rahasia" not in as_person(person).get("/en/organisations/").content


def test_rights_by_mandate_stay_for_mail_and_actions():
    person = User.objects.get(pk=one_factor(build.make_convenor()).pk)
    assert standing_of(person).convenor
    person.in_person = True
    assert standing_of(person) == NOBODY


def test_who_becomes_trusted_is_asked_on_the_next_request():
    person = build.make_user()
    browser = as_person(person)
    assert browser.get("/en/desk/").status_code == 200
    Convenorship.objects.create(user=person, since=date(2020, 1, 1))
    assert browser.get("/en/desk/").url == NEEDED


def test_the_second_step_costs_no_query(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert standing_of(User(pk=cast.convenor.pk)).second_factor
    browser = as_person(cast.convenor)
    browser.get("/en/account/data/")
    with django_assert_num_queries(2):
        browser.get("/en/account/data/")


def test_setting_up_the_app_hands_out_recovery_codes_that_must_be_seen():
    person = one_factor(build.make_convenor())
    browser = build.sign_in_lately(Client(), person)
    page = browser.get(APP)
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert browser.post(APP, {"code": "000000"}).context["form"].errors["code"] == [WRONG]
    answer = browser.post(APP, {"code": code_at(secret, time.time())})
    assert answer.url == CODES
    assert browser.get("/en/desk/").url == NEEDED
    assert "Show my recovery codes" in browser.get(NEEDED).content.decode()
    assert len(browser.get(CODES).context["unused_codes"]) == 10
    assert browser.get("/en/desk/").status_code == 200
    assert browser.get(f"{CODES}file/").content.decode().split()[1:] == browser.get(CODES).context["unused_codes"]


def test_first_factor_is_set_up_by_somebody_who_signed_in_just_now():
    browser = as_person(build.make_user())
    page = browser.get(APP)
    assert page.templates[0].name == "account/sign_in_again.html"
    assert Authenticator.objects.count() == 0


def test_changing_the_second_step_asks_for_a_code():
    person = build.make_convenor()
    browser = as_person(person)
    answer = browser.get(f"{CODES}new/")
    assert answer.url == f"/en/account/two-step/confirm/?next={CODES.replace('/', '%2F')}new%2F"
    again = browser.post(answer.url, {"code": code_now()})
    assert (again.status_code, again.url) == (302, f"{CODES}new/")
    assert browser.post(f"{CODES}new/").url == CODES


@pytest.mark.parametrize("left", [3, 4])
def test_few_recovery_codes_are_said(left):
    person = build.make_convenor()
    codes = RecoveryCodes.activate(person)
    codes.mark_as_viewed()
    for code in codes.get_unused_codes()[left:]:
        codes.validate_code(code)
    page = as_person(person).get(INDEX).content.decode()
    assert ("Few recovery codes are left" in page) is (left == 3)
    assert f"{left} codes are left" in page


def test_last_second_step_stays_while_it_is_needed():
    person = build.make_convenor()
    browser = build.sign_in_lately(Client(), person)
    answer = browser.post(f"{APP}remove/")
    assert answer.context["form"].non_field_errors() == [
        "Your part in the task force asks for a second step. Set up another one first, then remove this one."
    ]
    assert Authenticator.objects.filter(user=person).count() == 1
    Convenorship.objects.all().delete()
    assert browser.post(f"{APP}remove/").url == INDEX
    assert Authenticator.objects.filter(user=person).count() == 0


def test_last_passkey_stays_while_it_is_needed():
    person = one_factor(build.make_convenor())
    key = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Telephone", "credential": {}})
    browser = build.sign_in_lately(Client(), person)
    for method in (browser.get, browser.post):
        assert method(f"/en/account/two-step/passkeys/{key.pk}/remove/").url == "/en/account/two-step/passkeys/"
    build.make_factor(person)
    assert browser.post(f"/en/account/two-step/passkeys/{key.pk}/remove/").status_code == 302
    assert [factor.type for factor in Authenticator.objects.filter(user=person)] == ["totp"]


def test_passkey_of_somebody_else_does_not_exist(cast):
    key = Authenticator.objects.create(user=cast.stranger, type="webauthn", data={"name": "Mine", "credential": {}})
    browser = build.sign_in_lately(Client(), cast.convenor)
    for page in ("remove", "name"):
        assert browser.post(f"/en/account/two-step/passkeys/{key.pk}/{page}/", {"name": "x"}).status_code == 404


def test_changing_the_address_asks_for_a_code():
    person = build.make_convenor()
    answer = as_person(person).post("/en/account/email/", {"action_add": "1", "email": "new@example.org"})
    assert answer.url.startswith("/en/account/two-step/confirm/")


@pytest.mark.parametrize("path", [INDEX, NEEDED, "/en/account/data/", "/en/account/delete/", "/en/account/sessions/"])
def test_pages_of_the_account_can_be_left_quickly(path):
    page = build.sign_in_lately(Client(), one_factor(build.make_convenor())).get(path)
    assert (page.status_code, page.content.decode().count("data-leave")) == (200, 1)


# --- Reset by an administrator ----------------------------------------------------------------------------------


def ask_for_reset(browser: Client, address: str, *, sure: bool = True):
    """Send the form in."""
    return browser.post(RESET, {"email": address, **({"sure": "on"} if sure else {})})


def test_administrator_resets_and_the_person_is_told(cast):
    administrator = build.make_administrator()
    there = as_person(cast.convenor)
    assert there.get("/en/desk/").status_code == 200
    answer = ask_for_reset(build.sign_in_lately(Client(), administrator), " Convenor@example.org")
    assert (answer.status_code, answer.url) == (302, RESET)
    assert Authenticator.objects.filter(user=cast.convenor).count() == 0
    assert there.get("/en/desk/").url.startswith("/en/account/login/")
    delivery.deliver_batch()
    assert [(one.to, one.subject) for one in mail.outbox] == [
        (["convenor@example.org"], "Your second sign-in step changed")
    ]
    entry = LogEntry.objects.latest("number")
    assert (entry.verb, entry.actor_id, entry.subject_id) == ("reset_factors", administrator.pk, cast.convenor.pk)


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_else_resets(cast, who):
    person = cast.people()[who]
    browser = build.sign_in_lately(Client(), person) if person else Client()
    answer = ask_for_reset(browser, "liaison@example.org")
    assert answer.status_code == (302 if who == "anonymous" else 403)
    assert Authenticator.objects.filter(user=cast.liaison).count() == 1


@pytest.mark.parametrize(
    ("address", "sure", "field", "sentence"),
    [
        ("nobody@example.org", True, "email", "Nobody signs in with this address."),
        ("admin@example.org", True, "email", "Another administrator has to do this for you."),
        (
            "stranger@example.org",
            True,
            "email",
            "This person has no second step: the code by mail is enough to sign in.",
        ),
        (
            "liaison@example.org",
            False,
            "sure",
            "Speak with the person first. A mail can be written by anybody.",
        ),
    ],
)
def test_reset_that_cannot_be(cast, address, sure, field, sentence):
    browser = build.sign_in_lately(Client(), build.make_administrator(email="admin@example.org"))
    answer = ask_for_reset(browser, address, sure=sure)
    assert answer.context["form"].errors[field] == [sentence]
    assert answer.context["form"]["email"].value() == address


def test_reset_asks_who_is_there():
    answer = as_person(build.make_administrator()).get(RESET)
    assert answer.url.startswith("/en/account/two-step/confirm/")


@pytest.mark.django_db(transaction=True)
def test_two_resets_at_once_tell_once():
    person, by = build.make_convenor(), build.make_administrator()
    refused, gate = [], threading.Barrier(2)

    def reset() -> None:
        gate.wait()
        try:
            reset_factors(person, by=by)
        except Refusal as refusal:
            refused.append(str(refusal.reason))
        finally:
            connection.close()

    threads = [threading.Thread(target=reset) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["This person has no second step: the code by mail is enough to sign in."]
    assert OutgoingMessage.objects.filter(purpose="portal.factor_notice").count() == 1


EVENTS = (
    "totp_activated", "totp_deactivated", "webauthn_added", "webauthn_removed", "recovery_codes_generated",
    "factors_reset",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "id"])
def test_notices_say_what_was_changed(language):
    user = build.make_user()
    for number, event in enumerate(EVENTS):
        OutgoingMessage.objects.create(
            purpose="portal.factor_notice",
            subject_id=user.pk,
            version=number,
            recipient=user.email,
            recipient_key="x",
            language=language,
            payload={"event": event},
        )
    delivery.deliver_batch()
    assert len({one.body for one in mail.outbox}) == len(EVENTS)
    assert all(len(one.subject) <= 50 for one in mail.outbox)
    assert all(f"/{language}/account/two-step/" in one.body for one in mail.outbox)


def test_setting_up_the_app_is_told_by_mail(django_capture_on_commit_callbacks):
    person = build.make_user(email="dewi@example.org")
    browser = build.sign_in_lately(Client(), person)
    secret = browser.get(APP).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(APP, {"code": code_at(secret, time.time())})
    delivery.deliver_batch()
    assert [one.to for one in mail.outbox] == [["dewi@example.org"]]
    assert "An app for the second step was set up" in mail.outbox[0].body

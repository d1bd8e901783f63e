"""Sign-in and sign-up with codes, from the form to the desk, with the mails as they arrive."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal import delivery
from portal.models import OutgoingMessage, User
from tests import build

pytestmark = pytest.mark.django_db
ASK = "/en/account/login/code/"
CONFIRM = "/en/account/login/code/confirm/"
SIGN_UP = "/en/account/signup/"
PROVE = "/en/account/confirm-email/"
ZERO_WIDTH_SPACE = "\u200b"


def received() -> list[mail.EmailMessage]:
    """Deliver what is due and return all mails so far."""
    delivery.deliver_batch()
    return mail.outbox


def code_in(message: mail.EmailMessage) -> str:
    """Return the six digits of a mail."""
    return re.search(r"^(\d{6})$", message.body, re.MULTILINE)[1]


def ask_for_code(visitor: Client, address: str, path: str = ASK) -> str:
    """Ask for a code and return it."""
    visitor.post(path, {"email": address})
    return code_in(received()[-1])


def test_login_page_leads_to_the_form_and_keeps_where_to_go(visitor):
    answer = visitor.get("/en/account/login/?next=/en/desk/")
    assert (answer.status_code, answer.url) == (302, f"{ASK}?next=/en/desk/")


def test_sign_in_leads_to_the_desk(visitor):
    user = build.make_user(email="dewi@example.org")
    code = ask_for_code(visitor, "dewi@example.org")
    answer = visitor.post(CONFIRM, {"code": code})
    assert (answer.status_code, answer.url) == (302, "/en/desk/")
    assert visitor.session["_auth_user_id"] == str(user.pk)
    assert visitor.get("/en/desk/").status_code == 200


def test_sign_in_returns_to_where_one_wanted_to_go(visitor):
    build.make_user(email="dewi@example.org")
    code = ask_for_code(visitor, "dewi@example.org", f"{ASK}?next=/en/account/profile/")
    assert visitor.post(f"{CONFIRM}?next=/en/account/profile/", {"code": code}).url == "/en/account/profile/"


def test_sign_in_never_leads_to_another_site(visitor):
    build.make_user(email="dewi@example.org")
    code = ask_for_code(visitor, "dewi@example.org", f"{ASK}?next=https://evil.example/")
    assert visitor.post(f"{CONFIRM}?next=https://evil.example/", {"code": code}).url == "/en/desk/"


@pytest.mark.parametrize(
    "typed",
    [f"dewi@example.org{ZERO_WIDTH_SPACE}", " DEWI@example.org ", "mailto:dewi@example.org", "\ufeffdewi@example.org"],
)
def test_address_is_cleaned(visitor, typed):
    build.make_user(email="dewi@example.org")
    visitor.post(ASK, {"email": typed})
    assert [message.to for message in received()] == [["dewi@example.org"]]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "This field is required."),
        ("dewi", "Write one e-mail address, for example name@example.org."),
        ("dеwi@example.org", "Write the address in plain Latin letters, without accents or look-alike letters."),
        ("a@example.org, b@example.org", "Write one e-mail address, for example name@example.org."),
    ],
)
def test_address_that_is_none_gets_a_sentence_and_keeps_what_was_typed(visitor, typed, sentence):
    answer = visitor.post(ASK, {"email": typed})
    assert answer.context["form"].errors["email"] == [sentence]
    assert answer.context["form"]["email"].value() == typed
    assert received() == []


@pytest.mark.parametrize("typed", ["{} {} {} {} {} {}", "{}{}{}-{}{}{}", " {}{}{}{}{}{}\u200b"])
def test_code_may_be_typed_with_gaps(visitor, typed):
    build.make_user(email="dewi@example.org")
    code = ask_for_code(visitor, "dewi@example.org")
    assert visitor.post(CONFIRM, {"code": typed.format(*code)}).url == "/en/desk/"


def test_code_may_be_typed_in_thai_digits(visitor):
    build.make_user(email="dewi@example.org")
    code = ask_for_code(visitor, "dewi@example.org")
    assert visitor.post(CONFIRM, {"code": code.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))}).url == "/en/desk/"


def wrong(code: str) -> str:
    """Return another code."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_wrong_code_gets_a_sentence(visitor):
    build.make_user(email="dewi@example.org")
    code = ask_for_code(visitor, "dewi@example.org")
    answer = visitor.post(CONFIRM, {"code": wrong(code)})
    assert answer.context["form"].errors["code"] == [
        "This is not the code we sent last. Check the six digits. You have three tries."
    ]
    assert visitor.post(CONFIRM, {"code": code}).url == "/en/desk/"


def test_third_wrong_code_ends_it(visitor):
    build.make_user(email="dewi@example.org")
    code = ask_for_code(visitor, "dewi@example.org")
    answers = [visitor.post(CONFIRM, {"code": wrong(code)}) for _try in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 302]
    assert answers[-1].url == ASK
    assert b"Too many tries. Wait a minute, then ask for a new code." in visitor.get(ASK).content
    visitor.post(CONFIRM, {"code": code})
    assert "_auth_user_id" not in visitor.session


def test_code_is_good_for_ten_minutes(visitor, monkeypatch):
    build.make_user(email="dewi@example.org")
    code = ask_for_code(visitor, "dewi@example.org")
    session = visitor.session
    login = session["account_login"]
    login["state"]["stages"]["login_by_code"]["data"]["at"] -= 601
    session["account_login"] = login
    session.save()
    assert visitor.post(CONFIRM, {"code": code}).url == ASK
    assert "_auth_user_id" not in visitor.session


def test_code_works_in_the_same_browser_only(visitor):
    build.make_user(email="dewi@example.org")
    code = ask_for_code(visitor, "dewi@example.org")
    other = Client()
    assert other.post(CONFIRM, {"code": code}).url == ASK
    assert "_auth_user_id" not in other.session


def test_code_works_once(visitor):
    build.make_user(email="dewi@example.org")
    code = ask_for_code(visitor, "dewi@example.org")
    visitor.post(CONFIRM, {"code": code})
    visitor.post("/en/account/logout/")
    visitor.post(CONFIRM, {"code": code})
    assert "_auth_user_id" not in visitor.session


def test_unknown_address_looks_the_same_as_a_known_one(visitor):
    build.make_user(email="dewi@example.org")
    known, unknown = Client(), Client()
    answers = [
        known.post(ASK, {"email": "dewi@example.org"}),
        unknown.post(ASK, {"email": "nobody@example.org"}),
    ]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, CONFIRM), (302, CONFIRM)]
    pages = [known.get(CONFIRM).content.decode(), unknown.get(CONFIRM).content.decode()]
    hide = re.compile(r'value="[^"]{20,}"')
    assert hide.sub("", pages[0]) == hide.sub("", pages[1].replace("nobody@", "dewi@"))
    refused = [known.post(CONFIRM, {"code": "000000"}), unknown.post(CONFIRM, {"code": "000000"})]
    assert refused[0].context["form"].errors == refused[1].context["form"].errors
    assert sorted((message.to[0], message.subject.split(":")[0]) for message in received()) == [
        ("dewi@example.org", "Your sign-in code"),
        ("nobody@example.org", "You have no account with this address yet"),
    ]


def test_person_who_is_switched_off_cannot_sign_in(visitor):
    build.make_user(email="dewi@example.org", is_active=False)
    visitor.post(ASK, {"email": "dewi@example.org"})
    assert [message.subject for message in received()] == ["You have no account with this address yet"]


def test_sign_up_asks_for_a_name_proves_the_address_and_leads_to_the_desk(visitor):
    form = {"full_name": "Dewi", "email": f"Dewi@example.org{ZERO_WIDTH_SPACE}"}
    assert visitor.post(SIGN_UP, form).url == PROVE
    code = code_in(received()[-1])
    answer = visitor.post(PROVE, {"code": code})
    assert (answer.status_code, answer.url) == (302, "/en/desk/")
    user = User.objects.get()
    assert (user.full_name, user.email, user.language, user.has_usable_password()) == (
        "Dewi",
        "dewi@example.org",
        "en",
        False,
    )
    assert list(user.emailaddress_set.values_list("email", "verified", "primary")) == [("dewi@example.org", True, True)]


def test_sign_up_in_indonesian_keeps_the_language(visitor):
    visitor.post("/id/account/signup/", {"full_name": "Dewi", "email": "dewi@example.org"})
    assert User.objects.get().language == "id"
    assert OutgoingMessage.objects.get().language == "id"


@pytest.mark.parametrize("name", ["\u200b\u200b", "\u3164", "   "])
def test_sign_up_refuses_an_invisible_name(visitor, name):
    answer = visitor.post(SIGN_UP, {"full_name": name, "email": "dewi@example.org"})
    assert len(answer.context["form"].errors["full_name"]) == 1
    assert answer.context["form"]["email"].value() == "dewi@example.org"
    assert User.objects.count() == 0


def test_sign_up_with_a_known_address_looks_the_same_and_tells_the_owner(visitor):
    build.make_user(email="dewi@example.org")
    answer = visitor.post(SIGN_UP, {"full_name": "Eve", "email": "dewi@example.org"})
    assert (answer.status_code, answer.url) == (302, PROVE)
    assert visitor.get(PROVE).status_code == 200
    assert [message.subject for message in received()] == ["You have an account already"]
    assert User.objects.count() == 1


def test_sign_up_that_was_never_proved_can_be_finished_by_signing_in(visitor):
    visitor.post(SIGN_UP, {"full_name": "Dewi", "email": "dewi@example.org"})
    later = Client()
    code = ask_for_code(later, "dewi@example.org")
    assert later.post(CONFIRM, {"code": code}).url == "/en/desk/"
    assert list(User.objects.get().emailaddress_set.values_list("verified", flat=True)) == [True]


def test_fourth_code_within_a_minute_is_refused(visitor):
    build.make_user(email="dewi@example.org")
    answers = [Client().post(ASK, {"email": "dewi@example.org"}) for _try in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 200]
    assert answers[-1].context["form"].errors["email"] == ["Too many tries. Wait a minute, then ask for a new code."]


def test_sign_out_is_a_post_and_clears_what_the_browser_stored(visitor):
    build.login(visitor, build.make_user())
    assert visitor.get("/en/account/logout/").status_code == 200
    assert "_auth_user_id" in visitor.session
    answer = visitor.post("/en/account/logout/")
    assert (answer.status_code, answer.url, answer["Clear-Site-Data"]) == (302, "/en/", '"cache", "storage"')
    assert "_auth_user_id" not in visitor.session


def test_sessions_are_listed_and_others_can_be_ended(visitor):
    user = build.make_user(email="dewi@example.org")
    other = Client()
    for browser in (visitor, other):
        code = ask_for_code(browser, "dewi@example.org")
        browser.post(CONFIRM, {"code": code})
    assert len(visitor.get("/en/account/sessions/").context["sessions"]) == 2
    visitor.post("/en/account/sessions/")
    assert (visitor.get("/en/desk/").status_code, other.get("/en/desk/").status_code) == (200, 302)
    assert user.is_active


@pytest.mark.parametrize("path", ["password/change/", "password/set/", "password/reset/", "reauthenticate/"])
def test_there_are_no_passwords(visitor, path):
    assert visitor.get(f"/en/account/{path}").status_code == 404


def test_another_address_is_proved_before_it_is_used(visitor):
    user = build.make_user(email="dewi@example.org")
    build.login(visitor, user)
    visitor.post("/en/account/email/", {"action_add": "1", "email": f"new@example.org{ZERO_WIDTH_SPACE}"})
    code = code_in(received()[-1])
    assert received()[-1].to == ["new@example.org"]
    visitor.post(PROVE, {"code": code})
    assert set(user.emailaddress_set.values_list("email", "verified")) == {
        ("dewi@example.org", True),
        ("new@example.org", True),
    }


def test_change_of_the_main_address_is_told_to_the_old_one(visitor):
    user = build.make_user(email="dewi@example.org")
    user.emailaddress_set.create(email="new@example.org", verified=True, primary=False)
    build.login(visitor, user)
    visitor.post("/en/account/email/", {"action_primary": "", "email": "new@example.org"})
    assert [(message.to, message.subject) for message in received()] == [
        (["dewi@example.org"], "The main address of your account changed")
    ]
    assert User.objects.get().email == "new@example.org"


def test_code_is_forgotten_once_sent(visitor):
    build.make_user(email="dewi@example.org")
    ask_for_code(visitor, "dewi@example.org")
    message = OutgoingMessage.objects.get()
    assert (message.state, message.payload) == ("sent", {})


def test_code_that_is_too_old_is_not_sent(visitor):
    build.make_user(email="dewi@example.org")
    visitor.post(ASK, {"email": "dewi@example.org"})
    OutgoingMessage.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    assert received() == []
    assert OutgoingMessage.objects.get().state == "superseded"


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize(
    "purpose", ["sign_in_code", "address_code", "unknown_account", "account_exists", "account_notice"]
)
def test_account_mails_are_short_and_say_why(visitor, purpose, language):
    user = build.make_user(email="dewi@example.org", full_name="Dewi <b>")
    OutgoingMessage.objects.create(
        purpose=f"portal.{purpose}",
        subject_id=user.pk,
        recipient=user.email,
        recipient_key="x",
        language=language,
        payload={"code": "123456", "event": "email_changed"},
    )
    message = received()[0]
    page = message.alternatives[0].content
    assert len(message.subject) <= 50
    assert len(page.encode()) < 20_000
    assert f'<html lang="{language}" dir="ltr">' in page
    assert "<img" not in page
    assert "Dewi <b>" not in page
    if language == "en":
        assert message.body.rstrip().splitlines()[-1].startswith("Why you get this:")

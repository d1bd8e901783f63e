"""The demonstration's mailbox: what was sent can be read, nothing runs, and it is absent elsewhere."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.core.mail import EmailMultiAlternatives

from portal import mailbox
from portal.demo.factors import code_now
from tests import build

EVIL = '<html><head></head><body><script>alert(1)</script><img src="https://evil.example/x"></body></html>'


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    """Give each test an empty mailbox."""
    settings.VAR_DIR = tmp_path
    settings.MAILBOX_SHOWN = True


def receive(subject="Hello", calendar=""):
    """Put one mail into the mailbox and return its name."""
    message = EmailMultiAlternatives(
        subject,
        "Plain words.\nhttps://mufakat.example/en/desk/",
        to=["dewi@example.org"],
        headers={"Content-Language": "id"},
    )
    message.attach_alternative(EVIL, "text/html")
    if calendar:
        message.attach("invitation.ics", calendar, "text/calendar")
    mailbox.Backend().send_messages([message])
    return mailbox.names()[0]


@pytest.mark.django_db
def test_empty_mailbox_says_what_to_do(visitor):
    answer = visitor.get("/en/mailbox/")
    assert answer.context["mails"] == []
    assert b"No mail has been sent yet" in answer.content


@pytest.mark.django_db
def test_newest_mail_comes_first_in_pages_of_fifty(visitor):
    for number in range(51):
        receive(f"Mail {number}")
    first = visitor.get("/en/mailbox/").context["mails"]
    assert [mail.subject for mail in first] == [f"Mail {number}" for number in range(50, 0, -1)]
    assert [mail.subject for mail in visitor.get("/en/mailbox/?page=2").context["mails"]] == ["Mail 0"]


@pytest.mark.django_db
def test_mail_is_shown_with_its_headers_and_words(visitor):
    page = visitor.get(f"/en/mailbox/{receive()}/").content.decode()
    assert '<h1 class="long">Hello</h1>' in page
    assert "dewi@example.org" in page
    assert '<a href="https://mufakat.example/en/desk/" rel="nofollow">' in page
    assert "evil.example" not in page


@pytest.mark.django_db
def test_formatted_part_is_served_so_that_nothing_runs_and_nothing_is_fetched(visitor):
    answer = visitor.get(f"/en/mailbox/{receive()}/html/")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "frame-ancestors": "'self'",
        "sandbox": "allow-top-navigation-by-user-activation",
    }
    assert '<head><base target="_top">' in answer.content.decode()


@pytest.mark.django_db
def test_page_allows_its_own_frame_and_no_other(visitor):
    policy = visitor.get(f"/en/mailbox/{receive()}/")["Content-Security-Policy"]
    assert [part for part in policy.split("; ") if part.startswith("frame-src")] == ["frame-src 'self'"]


@pytest.mark.django_db
def test_mail_and_calendar_can_be_taken_as_files(visitor):
    name = receive(calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    mail = visitor.get(f"/en/mailbox/{name}/mail.eml")
    assert (mail["Content-Type"], mail["Content-Disposition"]) == ("message/rfc822", 'attachment; filename="mail.eml"')
    calendar = visitor.get(f"/en/mailbox/{name}/invitation.ics")
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8"
    assert calendar.content.startswith(b"BEGIN:VCALENDAR")


@pytest.mark.django_db
def test_mail_without_calendar_has_no_calendar_file(visitor):
    assert visitor.get(f"/en/mailbox/{receive()}/invitation.ics").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["..", "nothing.eml", "%2e%2e%2fdb.sqlite3", "..%2fdb.sqlite3"])
def test_only_mails_are_read(visitor, name):
    (mailbox.folder().parent / "db.sqlite3").write_text("secret")
    assert visitor.get(f"/en/mailbox/{name}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("rest", ["", "{name}/", "{name}/html/", "{name}/mail.eml", "{name}/invitation.ics"])
def test_mailbox_is_absent_outside_the_demonstration(visitor, settings, rest):
    path = f"/en/mailbox/{rest.format(name=receive(calendar='BEGIN:VCALENDAR'))}"
    assert visitor.get(path).status_code == 200
    settings.MAILBOX_SHOWN = False
    assert visitor.get(path).status_code == 404


@pytest.mark.django_db
def test_mailbox_shows_the_codes_of_the_public_secret_only(visitor):
    build.make_convenor(email="ratna@example.org")
    other = build.make_user(email="own@example.org")
    Authenticator.objects.create(user=other, type="totp", data={"secret": encrypt("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")})
    page = visitor.get("/en/mailbox/")
    assert [(one.address, one.code) for one in page.context["apps"]] == [("ratna@example.org", code_now())]
    assert code_now() in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("demo", "shown", "status"), [(False, True, 200), (True, False, 404), (False, False, 404)])
def test_codes_are_shown_in_the_demonstration_only(visitor, settings, demo, shown, status):
    build.make_convenor()
    settings.DEMO, settings.MAILBOX_SHOWN = demo, shown
    page = visitor.get("/en/mailbox/")
    assert page.status_code == status
    assert not (page.context or {}).get("apps")

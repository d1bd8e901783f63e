"""Mail that comes in: what is recognised, what is left alone, and that nothing of it is believed."""

import subprocess
import sys
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from consultations import emails
from portal import blocking, bounces, mail, receiving
from portal.bounces import Fate
from portal.models import BlockedAddress, OutgoingMessage
from portal.states import Refusal
from tests import build
from tests.portal.test_blocking import KEY, rows
from tests.processes import site

State = OutgoingMessage.State
Reason = BlockedAddress.Reason


def sent(**values: Any) -> OutgoingMessage:
    """Return a mail that the server took."""
    emails.invitation_sent(build.make_invitation(build.make_consultation(), address="dewi@example.org"))
    OutgoingMessage.objects.update(**{"state": State.SENT, **values})
    return OutgoingMessage.objects.get()


REPORT = """\
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
{top}Content-Type: multipart/report; report-type=delivery-status; boundary="B/mx"

This is a MIME-encapsulated message.

--B/mx
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B/mx
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Thu, 26 Nov 2026 12:00:00 +0000 (UTC)

Final-Recipient: rfc822; dewi@example.org
Action: {action}
Status: {status}
{diagnosis}
{original}--B/mx--
"""
ORIGINAL = """--B/mx
Content-Type: {kind}

From: consultations@mufakat.example
Message-ID: {name}
Subject: Invitation

"""


def report(name: str, action: str = "failed", status: str = "5.1.1", diagnosis: str = "", how: str = "whole") -> bytes:
    """Return a report of delivery as mail servers write it."""
    kinds = {"whole": "message/rfc822", "headers": "text/rfc822-headers"}
    parts = {
        "top": f"In-Reply-To: {name}\n" if how == "reply" else "",
        "original": ORIGINAL.format(kind=kinds[how], name=name) if how in kinds else "",
        "diagnosis": f"Diagnostic-Code: smtp; {diagnosis}\n" if diagnosis else "",
    }
    return REPORT.format(action=action, status=status, **parts).encode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("action", "status", "diagnosis", "state", "blocked"),
    [
        ("failed", "5.1.1", "", State.BOUNCED, True),
        ("failed", "5.0.0", "550 5.1.1 no such user", State.BOUNCED, True),
        ("failed", "5.0.0", "550 unknown", State.BOUNCED, True),
        ("failed", "5.4.4", "", State.BOUNCED, True),
        ("failed", "5.2.2", "552 mailbox full", State.BOUNCED, False),
        ("failed", "5.7.1", "550 5.7.1 looks like junk", State.BOUNCED, False),
        ("failed", "5.4.6", "", State.BOUNCED, False),
        ("failed", "4.4.7", "expired", State.BOUNCED, False),
        ("delayed", "4.4.1", "", State.SENT, False),
        ("delivered", "2.0.0", "", State.DELIVERED, False),
        ("relayed", "2.0.0", "", State.DELIVERED, False),
        ("whatever", "x", "", State.SENT, False),
    ],
)
def test_reports(action: str, status: str, diagnosis: str, state: str, blocked: bool) -> None:
    message = sent()
    receiving.receive(report(message.message_id, action, status, diagnosis))
    message.refresh_from_db()
    assert message.state == state
    assert rows() == ([(Reason.BOUNCED, False)] if blocked else [])
    if state == State.BOUNCED:
        assert message.reason.startswith("the mail came back")


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["whole", "headers", "reply"])
def test_the_mail_is_found_in_each_form_of_report(how: str) -> None:
    message = sent()
    assert receiving.receive(report(message.message_id, how=how)) == "hard, noted"
    assert receiving.receive(report(message.message_id, how=how)) == "hard, nothing new"
    assert OutgoingMessage.objects.get().state == State.BOUNCED


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.WITHHELD, State.SUPERSEDED, State.FAILED])
def test_a_mail_that_did_not_leave_cannot_come_back(state: str) -> None:
    message = sent(state=state)
    receiving.receive(report(message.message_id))
    assert (OutgoingMessage.objects.get().state, rows()) == (state, [])


@pytest.mark.django_db
def test_made_up_reports_change_nothing() -> None:
    message = sent()
    domain, seal = settings.MAIL_DOMAIN, message.message_id.split(".", 1)[1]
    other = f"<{message.pk + 1}.{seal}"
    for name in (f"<{message.pk}.{'0' * 32}@{domain}>", other, "<x@y>", "", f"<{'9' * 40}.{'0' * 32}@{domain}>"):
        assert receiving.receive(report(name)) == "a report about no mail of ours"
    assert (OutgoingMessage.objects.get().state, rows()) == (State.SENT, [])


@pytest.mark.django_db
def test_a_mail_keeps_its_name_and_no_two_share_one() -> None:
    message = sent()
    assert message.message_id == OutgoingMessage.objects.get().message_id
    assert "dewi" not in message.message_id
    other = OutgoingMessage(pk=message.pk, purpose=message.purpose, recipient_key="other")
    assert other.message_id != message.message_id


@pytest.mark.django_db
def test_a_complaint() -> None:
    message = sent()
    whole = MIMEMultipart("report", **{"report-type": "feedback-report"})
    told = MIMENonMultipart("message", "feedback-report")
    told.set_payload("Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n")
    original = EmailMessage()
    original["Message-ID"] = message.message_id
    for part in (MIMEText("This is an abuse report"), told, MIMEMessage(original)):
        whole.attach(part)
    assert receiving.receive(whole.as_bytes()) == "complained, noted"
    assert rows() == [(Reason.COMPLAINED, False)]
    assert OutgoingMessage.objects.get().reason == "its reader reported our mail as unwanted"


@pytest.mark.django_db
def test_a_wish_to_stop_notices() -> None:
    letter = EmailMessage()
    letter["From"] = "somebody.else@example.org"
    letter["Subject"] = f"unsubscribe {blocking.token_for(KEY)}"
    assert receiving.receive(letter.as_bytes()) == "unsubscribed"
    assert rows() == [(Reason.UNSUBSCRIBED, True)]
    letter.replace_header("Subject", "unsubscribe " + "x" * 60)
    assert receiving.receive(letter.as_bytes()) == "a wish to unsubscribe that is not ours"
    assert len(rows()) == 1


def calendar_reply(sender: str = "dewi@example.org", attendee: str = "dewi@example.org", **more: str) -> bytes:
    """Return an answer as a calendar sends it."""
    letter = EmailMessage()
    letter["From"], letter["Subject"] = sender, "Accepted: Invitation"
    letter["Auto-Submitted"] = "auto-generated"
    for name, value in more.items():
        letter[name.replace("_", "-")] = value
    letter.set_content("Dewi has accepted.")
    lines = (
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", "METHOD:REPLY", "BEGIN:VEVENT"),
        *("UID:1-2@mufakat.example", "SEQUENCE:3", "DTSTAMP:20261126T120000Z"),
        *(f"ATTENDEE;CN=Dewi;PARTSTAT=ACCEPTED:mailto:{attendee}", "END:VEVENT", "END:VCALENDAR", ""),
    )
    letter.add_alternative("\r\n".join(lines), subtype="calendar", params={"method": "REPLY"})
    return letter.as_bytes()


@pytest.fixture
def replies(monkeypatch: Any) -> list[tuple]:
    """What the app of the calendar entries is told."""
    found: list[tuple] = []
    monkeypatch.setattr(receiving, "CALENDAR_REPLIES", [lambda *told: found.append(told)])
    return found


@pytest.mark.parametrize("sender", ["dewi@example.org", "Dewi <Dewi@Example.org>"])
def test_an_answer_of_a_calendar(replies: list[tuple], sender: str) -> None:
    assert receiving.receive(calendar_reply(sender)) == "an answer of a calendar"
    assert replies == [("1-2@mufakat.example", "dewi@example.org", "ACCEPTED", 3)]


@pytest.mark.parametrize(
    "raw",
    [
        calendar_reply(sender="evil@example.org"),
        calendar_reply(attendee="other@example.org"),
        calendar_reply(Authentication_Results="mx.example.net; spf=pass; dmarc=fail header.from=example.org"),
        calendar_reply().replace(b"METHOD:REPLY", b"METHOD:REQUEST"),
        calendar_reply().replace(b"UID:1-2@mufakat.example", b"X-UID:1"),
        calendar_reply().replace(b"SEQUENCE:3", b"SEQUENCE:three"),
        calendar_reply().replace(b"BEGIN:VEVENT", b"BEGIN:VTODO").replace(b"END:VEVENT", b"END:VTODO"),
        calendar_reply().replace(b"PRODID:", b"X-LONG:" + b"x" * 70_000 + b"\nPRODID:"),
    ],
    ids=["another sender", "for somebody else", "forged", "no reply", "no uid", "no number", "no event", "too long"],
)
def test_an_answer_that_does_not_count(replies: list[tuple], raw: bytes) -> None:
    receiving.receive(raw)
    assert replies == []


def test_an_answer_that_is_refused_is_not_an_error(monkeypatch: Any) -> None:
    def refuse(*_told: Any) -> None:
        raise Refusal("no")

    monkeypatch.setattr(receiving, "CALENDAR_REPLIES", [refuse])
    assert receiving.receive(calendar_reply()) == "an answer of a calendar, refused"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Auto-Submitted: auto-replied", "an automatic answer"),
        ("Auto-Submitted: no", "a letter for people"),
        ("Precedence: bulk", "an automatic answer"),
        ("X-Autoreply: yes", "an automatic answer"),
        ("Return-Path: <>", "an automatic answer"),
        ("Subject: Re: Invitation", "a letter for people"),
        ("Subject: please unsubscribe me", "a letter for people"),
    ],
)
def test_other_letters_are_left_alone(head: str, kind: str) -> None:
    assert receiving.receive(f"From: a@b.c\r\n{head}\r\n\r\nHello\r\n".encode()) == kind


def test_what_is_too_large_is_not_read() -> None:
    assert receiving.receive(b"From: a@b.c\r\n\r\n" + b"x" * receiving.MOST_BYTES) == "too large"


DEEP = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (level, level) for level in range(3000))
STRANGE = [
    b"",
    b"\x00" * 500,
    DEEP,
    b"Content-Type: message/delivery-status\n\nAction: failed\nStatus: \xff\xfe\n",
    b"Content-Type: multipart/report; report-type*=%%%; boundary=\n\nx",
    b"Content-Type: message/rfc822\n\n" * 300,
    b"Subject: =?utf-8?b?////?= unsubscribe \xff\nContent-Type: text/calendar; charset=nonsense\n\nBEGIN:VCALENDAR",
    b"Content-Type: text/calendar\nContent-Transfer-Encoding: base64\n\n!!!!",
    b"From: <<<>>>@@\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR",
]


@pytest.mark.parametrize("raw", STRANGE, ids=range(len(STRANGE)))
def test_malformed_mail_survives(raw: bytes) -> None:
    assert receiving.read(raw).names == [] or receiving.read(raw).kind == "report"


@given(st.integers(0, 3000), st.binary(max_size=40), st.integers(0, 60))
@example(0, b"\x00", 0)
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_report_does_no_harm(at: int, noise: bytes, cut: int) -> None:
    whole = report("<1.00000000000000000000000000000000@mufakat.example>") + calendar_reply()
    assert isinstance(receiving.read(whole[:at] + noise + whole[at + cut :]).kind, str)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("event", "reason", "state", "blocked"),
    [
        ("delivered", None, State.DELIVERED, []),
        ("bounced", "bounced", State.BOUNCED, [(Reason.BOUNCED, False)]),
        ("bounced", "timed_out", State.BOUNCED, []),
        ("rejected", "invalid", State.BOUNCED, [(Reason.BOUNCED, False)]),
        ("rejected", "spam", State.BOUNCED, []),
        ("complained", None, State.SENT, [(Reason.COMPLAINED, False)]),
        ("unsubscribed", None, State.SENT, [(Reason.UNSUBSCRIBED, True)]),
        ("deferred", None, State.SENT, []),
        ("opened", None, State.SENT, []),
    ],
)
def test_a_providers_report(event: str, reason: str | None, state: str, blocked: list) -> None:
    providers = pytest.importorskip("portal.providers")
    message = sent()
    facts = SimpleNamespace(event_type=event, reject_reason=reason, metadata={"message": message.message_id})
    providers.take_report(sender=None, event=facts, esp_name="Postmark")
    assert (OutgoingMessage.objects.get().state, rows()) == (state, blocked)
    facts.metadata = {"message": "<1.x@y>"}
    providers.take_report(event=facts)
    facts.metadata = None
    providers.take_report(event=facts)


POSTMARK = """
import json
from django.test import Client
from consultations import emails
from django.core.mail import get_connection
from portal import mail
from portal.models import OutgoingMessage, BlockedAddress
from tests import build
from django.db import transaction
emails.invitation_sent(build.make_invitation(build.make_consultation()))
OutgoingMessage.objects.update(state="sent")
message = OutgoingMessage.objects.get()
letter = emails.invitation_sent.letter(emails.invitation_sent.load([message])[message.subject_id], message)
assert mail.compose(message, letter).metadata == {"message": message.message_id}
said = {"RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "ID": 4, "MessageID": "x", "ServerID": 1,
        "Email": message.recipient, "BouncedAt": "2026-11-26T12:00:00Z", "Metadata": {"message": message.message_id}}
def tell(**how):
    return Client(SERVER_NAME="127.0.0.1").post("/anymail/postmark/tracking/", json.dumps(said),
                                               content_type="application/json", **how).status_code
print(tell(), tell(headers={"Authorization": "Basic aG9vazpzZWNyZXQ="}),
      Client(SERVER_NAME="127.0.0.1").post("/anymail/mailgun/tracking/").status_code,
      OutgoingMessage.objects.get().state, BlockedAddress.objects.get().reason)
"""


@pytest.mark.slow
def test_a_provider_reports_by_its_own_webhook_and_with_its_secret_only(tmp_path: Any) -> None:
    pytest.importorskip("anymail", reason="django-anymail is not installed (requirements-dev.txt)")
    changes = {
        "EMAIL_URL": "",
        "MAIL_PROVIDER": "postmark",
        "ANYMAIL_POSTMARK_SERVER_TOKEN": "x",
        "ANYMAIL_WEBHOOK_SECRET": "hook:secret",
    }
    with site(tmp_path, **changes) as running:
        assert running.shell(POSTMARK).splitlines()[-1] == "400 200 404 bounced bounced"


@pytest.mark.slow
def test_the_command_reads_what_a_mail_server_pipes_and_says_nothing(tmp_path: Any) -> None:
    with site(tmp_path) as running:
        name = running.shell(
            "from consultations import emails\nfrom portal.models import OutgoingMessage\nfrom tests import build\n"
            "emails.invitation_sent(build.make_invitation(build.make_consultation()))\n"
            "OutgoingMessage.objects.update(state='sent')\nprint(OutgoingMessage.objects.get().message_id)"
        ).splitlines()[-1]
        command = [sys.executable, "manage.py", "receive_mail"]
        how = {"cwd": settings.BASE_DIR, "capture_output": True}
        done = subprocess.run(command, input=report(name), env=running.environment, check=False, **how)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        look = "from portal.models import OutgoingMessage; print(OutgoingMessage.objects.get().state)"
        assert running.shell(look) == "bounced"
        broken = {**running.environment, "DATABASE_URL": "postgres://x@127.0.0.1:1/x"}
        done = subprocess.run(command, input=report(name), env=broken, check=False, **how)
        assert (done.returncode, done.stdout) == (75, b"")


def test_a_report_says_one_thing_of_one_mail() -> None:
    assert bounces.fate_of("Failed ", "5.1.1 (bad address)") == (Fate.HARD, "5.1.1")
    assert bounces.fate_of("", "") == (Fate.NOTHING, "")
    assert mail.Email.notice is False

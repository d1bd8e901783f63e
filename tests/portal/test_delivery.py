"""From row to mail server, in one process: every answer of a mail server has exactly one outcome."""

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import get_connection
from django.db import connections
from django.utils import timezone

from consultations import emails
from consultations.models import Consultation, Invitation
from portal import breaker, delivery, mail
from portal.emails import AccountNotice, send_once
from portal.models import BlockedAddress, MailBreaker, OutgoingMessage
from portal.tasks import deliver, forget_addresses
from tests import build
from tests.smtp import OK, Sink

pytestmark = pytest.mark.django_db(transaction=True)
STATE = OutgoingMessage.State


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A mail server that takes everything, until a test tells it otherwise."""
    with Sink() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def consultation(transactional_db: None) -> Consultation:
    """A consultation to invite to."""
    return build.make_consultation()


def queue(consultation: Consultation, count: int = 1) -> list[Invitation]:
    """Queue the invitation mail of that many organisations; nobody is woken."""
    invitations = [build.make_invitation(consultation) for _each in range(count)]
    emails.invitation_sent(*invitations)
    return invitations


def states() -> list[str]:
    """Return the state of every message in the order of the outbox."""
    return list(OutgoingMessage.objects.order_by("id").values_list("state", flat=True))


def test_one_mail_a_recipient_over_one_connection(sink: Sink, consultation: Consultation) -> None:
    invitations = queue(consultation, 7)
    assert delivery.deliver_batch() == 7
    assert sink.per_reader() == {invitation.address: 1 for invitation in invitations}
    assert sink.connections == 1
    assert states() == [STATE.SENT] * 7
    assert OutgoingMessage.objects.filter(lease=None, sent_at__isnull=False, attempts=1).count() == 7


def test_the_same_event_is_queued_once(sink: Sink, consultation: Consultation) -> None:
    invitation = queue(consultation)[0]
    emails.invitation_sent(invitation)
    deliver()
    deliver()
    assert len(sink.received) == 1


def test_five_workers_at_once_send_each_mail_once(sink: Sink, consultation: Consultation, settings: Any) -> None:
    settings.MAIL_BATCH = 5
    queue(consultation, 30)

    def work() -> None:
        deliver()
        connections.close_all()

    threads = [threading.Thread(target=work) for _each in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sink.received) == 30
    assert set(sink.per_reader().values()) == {1}
    assert states() == [STATE.SENT] * 30


@pytest.mark.parametrize(
    ("misbehave", "state", "word"),
    [
        (lambda sink: setattr(sink, "on_recipient", lambda _to: "450 later"), STATE.DEFERRED, "refused (450)"),
        (lambda sink: setattr(sink, "on_recipient", lambda _to: "550 unknown"), STATE.FAILED, "refused (550)"),
        (lambda sink: setattr(sink, "on_data", lambda _mail: "451 later"), STATE.DEFERRED, "refused (451)"),
        (lambda sink: setattr(sink, "on_data", lambda _mail: "554 spam"), STATE.FAILED, "refused (554)"),
        (lambda sink: setattr(sink, "on_recipient", lambda _to: "reset"), STATE.DEFERRED, "the line broke"),
        (lambda sink: setattr(sink, "on_data", lambda _mail: "reset"), STATE.DEFERRED, "the line broke"),
        (lambda sink: setattr(sink, "on_data", lambda _mail: "reset after"), STATE.DEFERRED, "the line broke"),
    ],
    ids=["recipient 4xx", "recipient 5xx", "data 4xx", "data 5xx", "reset at recipient", "reset before", "reset after"],
)
def test_outcome(
    sink: Sink, consultation: Consultation, misbehave: Callable[[Sink], None], state: str, word: str
) -> None:
    queue(consultation)
    misbehave(sink)
    delivery.deliver_batch()
    message = OutgoingMessage.objects.get()
    assert message.state == state
    assert word in message.last_error
    assert message.lease is None
    if state == STATE.DEFERRED:
        assert timedelta(seconds=40) < message.next_try_at - timezone.now() < timedelta(hours=7)


def test_a_mail_that_arrived_before_the_line_broke_folds_into_one(sink: Sink, consultation: Consultation) -> None:
    queue(consultation)
    answers = iter(["reset after", OK])
    sink.on_data = lambda _mail: next(answers)
    delivery.deliver_batch()
    OutgoingMessage.objects.update(next_try_at=timezone.now())
    delivery.deliver_batch()
    assert len(sink.received) == 2
    assert len(sink.message_ids()) == 1
    assert states() == [STATE.SENT]


def test_one_bad_address_stops_nobody_else(sink: Sink, consultation: Consultation) -> None:
    bad = queue(consultation, 9)[4].address
    sink.on_recipient = lambda address: "550 unknown" if address == bad else OK
    delivery.deliver_batch()
    assert sorted(states()) == sorted([STATE.SENT] * 8 + [STATE.FAILED])
    assert bad not in sink.per_reader()


def test_no_server_at_all_defers_and_five_failures_open_the_breaker(consultation: Consultation, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    queue(consultation, 2)
    for _each in range(5):
        delivery.deliver_batch()
        OutgoingMessage.objects.update(next_try_at=timezone.now())
    assert states() == [STATE.DEFERRED, STATE.QUEUED]
    assert breaker.is_open()
    assert delivery.deliver_batch() == 0
    MailBreaker.objects.update(open_until=timezone.now() - timedelta(seconds=1))
    with Sink() as server:
        settings.EMAIL_PORT = server.port
        deliver()
        assert len(server.received) == 2
    assert MailBreaker.objects.get().failures == 0


def test_a_server_that_is_silent_from_the_start_is_waited_for_no_longer_than_set(
    consultation: Consultation, settings: Any
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_TIMEOUT = "django.core.mail.backends.smtp.EmailBackend", 0.5
    queue(consultation)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        delivery.deliver_batch()
    message = OutgoingMessage.objects.get()
    assert (message.state, message.reason) == (
        STATE.DEFERRED,
        "the mail server did not answer (SMTPServerDisconnected)",
    )


@pytest.mark.parametrize(
    ("said", "blocked"),
    [("550 5.1.1 no such user", 1), ("550 5.2.1 switched off", 1), ("550 unknown", 0), ("550 5.7.1 junk", 0)],
)
def test_an_address_that_does_not_exist_is_blocked_and_one_that_we_may_not_write_to_is_not(
    sink: Sink, consultation: Consultation, said: str, blocked: int
) -> None:
    queue(consultation)
    sink.on_recipient = lambda _to: said
    delivery.deliver_batch()
    assert states() == [STATE.FAILED]
    assert BlockedAddress.objects.count() == blocked


def test_given_up_after_72_hours(sink: Sink, consultation: Consultation) -> None:
    queue(consultation)
    OutgoingMessage.objects.update(created_at=timezone.now() - timedelta(hours=73), attempts=18)
    sink.on_recipient = lambda _to: "450 later"
    delivery.deliver_batch()
    assert states() == [STATE.FAILED]


def test_a_mail_that_waited_long_for_its_turn_is_not_given_up_at_once(sink: Sink, consultation: Consultation) -> None:
    queue(consultation)
    OutgoingMessage.objects.update(created_at=timezone.now() - timedelta(days=5))
    sink.on_recipient = lambda _to: "450 later"
    delivery.deliver_batch()
    assert states() == [STATE.DEFERRED]


@pytest.mark.parametrize("state", ["revoked", "accepted", "declined"])
def test_an_answered_or_revoked_invitation_is_not_sent(sink: Sink, consultation: Consultation, state: str) -> None:
    queue(consultation)
    Invitation.objects.update(state=state)
    delivery.deliver_batch()
    assert sink.received == []
    assert states() == [STATE.SUPERSEDED]


def test_a_row_left_by_a_dead_worker_is_sent_again_after_its_lease_and_a_pause(
    sink: Sink, consultation: Consultation
) -> None:
    queue(consultation)
    claimed = delivery.claim(10)
    assert delivery.advance(None, claimed[0])
    assert delivery.deliver_batch() == 0
    OutgoingMessage.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert delivery.deliver_batch() == 1
    assert (states(), len(sink.received)) == ([STATE.DEFERRED], 0)
    OutgoingMessage.objects.update(next_try_at=timezone.now())
    assert delivery.deliver_batch() == 1
    assert (states(), len(sink.received)) == ([STATE.SENT], 1)


@pytest.mark.parametrize("answer", ["reset", "reset after"])
def test_a_formal_letter_in_doubt_waits_for_a_human(
    sink: Sink, consultation: Consultation, monkeypatch: Any, answer: str
) -> None:
    monkeypatch.setattr(type(emails.invitation_sent), "cautious", True)
    queue(consultation)
    sink.on_data = lambda _mail: answer
    delivery.deliver_batch()
    assert states() == [STATE.WITHHELD]


def test_a_formal_letter_left_by_a_dead_worker_waits_for_a_human(
    sink: Sink, consultation: Consultation, monkeypatch: Any
) -> None:
    monkeypatch.setattr(type(emails.invitation_sent), "cautious", True)
    queue(consultation, 2)
    claimed = delivery.claim(10)
    assert delivery.advance(None, claimed[0])
    OutgoingMessage.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    deliver()
    assert states() == [STATE.WITHHELD, STATE.SENT]
    assert len(sink.received) == 1


def test_a_worker_that_lost_its_lease_does_not_send(sink: Sink, consultation: Consultation) -> None:
    queue(consultation, 2)
    first = delivery.claim(10)
    OutgoingMessage.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    deliver()
    assert not delivery.advance(None, first[0])
    assert len(sink.received) == 2


def test_a_broker_that_is_down_costs_nothing(sink: Sink, consultation: Consultation, monkeypatch: Any) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(mail.current_app, "send_task", refuse)
    queue(consultation)
    assert states() == [STATE.QUEUED]
    deliver()
    assert len(sink.received) == 1


def test_queries_a_mail(sink: Sink, consultation: Consultation, django_assert_num_queries: Any) -> None:
    queue(consultation, 20)
    get_connection().open()
    # The breaker; begin, due, lease, commit, claimed; who is blocked; the subjects with what they prefetch; one write a
    # mail; the last one's outcome; the count of failures. Not one more for each mail.
    with django_assert_num_queries(1 + 5 + 1 + 7 + 20 + 1 + 1):
        delivery.deliver_batch()
    assert len(sink.received) == 20


def test_addresses_are_forgotten_after_thirty_days(sink: Sink, consultation: Consultation) -> None:
    queue(consultation, 2)
    deliver()
    old = OutgoingMessage.objects.order_by("id")[0]
    OutgoingMessage.objects.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(days=31))
    assert forget_addresses() == 1
    assert forget_addresses() == 0
    assert OutgoingMessage.objects.filter(recipient="").count() == 1
    emails.invitation_sent(*Invitation.objects.for_mail())
    assert OutgoingMessage.objects.count() == 2


def test_a_secret_is_forgotten_once_sent_also_in_the_middle_of_a_batch(sink: Sink, transactional_db: None) -> None:
    for _each in range(3):
        reader = mail.Recipient.of(build.make_user())
        send_once(AccountNotice, reader, {"code": "123456", "event": "email_changed"})
    assert delivery.deliver_batch() == 3
    assert list(OutgoingMessage.objects.values_list("state", "payload")) == [(STATE.SENT, {})] * 3

"""How much mail may leave in a minute and a day, by all workers together, and who is never kept waiting."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from consultations import emails
from portal import delivery, mail, rates
from portal.emails import SignInCode, send_once
from portal.models import OutgoingMessage
from portal.tasks import deliver
from tests import build

State = OutgoingMessage.State


@pytest.fixture
def box(settings: Any) -> None:
    """A mail server in memory."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def rung(monkeypatch: Any) -> list[float]:
    """Return after how many seconds the next delivery was put on the clock."""
    found: list[float] = []

    def ring(_name: str, *, countdown: float = 0, **_how: Any) -> None:
        found.append(countdown)

    monkeypatch.setattr(rates.current_app, "send_task", ring)
    return found


def queue(count: int) -> None:
    """Queue that many invitations' mails."""
    consultation = build.make_consultation()
    emails.invitation_sent(*(build.make_invitation(consultation) for _each in range(count)))


def an_hour_later(minutes: float) -> None:
    """Move what was sent into the past."""
    for message in OutgoingMessage.objects.exclude(sent_at=None):
        OutgoingMessage.objects.filter(pk=message.pk).update(sent_at=message.sent_at - timedelta(minutes=minutes))


@pytest.mark.django_db
def test_so_many_a_minute(box: None, settings: Any, mailoutbox: list, rung: list) -> None:
    settings.MAIL_PER_MINUTE = 4
    queue(10)
    rung.clear()
    deliver()
    assert len(mailoutbox) == 4
    assert len(rung) == 1
    assert 55 <= rung[0] <= 60
    deliver()
    assert (len(mailoutbox), len(rung)) == (4, 1)
    an_hour_later(1.01)
    cache.clear()
    deliver()
    assert len(mailoutbox) == 8
    an_hour_later(1.01)
    deliver()
    assert len(mailoutbox) == 10


@pytest.mark.django_db
def test_so_many_a_day_and_nothing_is_put_on_the_clock(box: None, settings: Any, mailoutbox: list, rung: list) -> None:
    settings.MAIL_PER_DAY = 3
    queue(5)
    rung.clear()
    deliver()
    assert (len(mailoutbox), rung) == (3, [])
    an_hour_later(24 * 60 - 1)
    deliver()
    assert len(mailoutbox) == 3
    an_hour_later(2)
    deliver()
    assert len(mailoutbox) == 5


@pytest.mark.django_db
def test_the_narrower_limit_holds(box: None, settings: Any, mailoutbox: list, rung: list) -> None:
    settings.MAIL_PER_MINUTE, settings.MAIL_PER_DAY = 5, 7
    queue(10)
    deliver()
    an_hour_later(2)
    deliver()
    an_hour_later(2)
    deliver()
    assert len(mailoutbox) == 7


@pytest.mark.django_db(transaction=True)
def test_five_workers_at_once_keep_the_limit_together(box: None, settings: Any, rung: list) -> None:
    settings.MAIL_PER_MINUTE, settings.MAIL_BATCH = 20, 3
    queue(60)

    def work() -> None:
        deliver()
        connections.close_all()

    threads = [threading.Thread(target=work) for _each in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert OutgoingMessage.objects.tally() == {State.SENT: 20, State.QUEUED: 40}


@pytest.mark.django_db
def test_nobody_waits_in_a_loop(box: None, settings: Any, rung: list) -> None:
    settings.MAIL_PER_MINUTE = 1
    queue(3)
    deliver()
    used, began = time.process_time(), time.monotonic()
    deliver()
    assert time.process_time() - used < 0.5
    assert time.monotonic() - began < 5


@pytest.mark.django_db
def test_a_code_is_kept_waiting_neither_by_a_limit_nor_by_a_mailing(
    box: None, settings: Any, mailoutbox: list, rung: list
) -> None:
    settings.MAIL_PER_MINUTE, settings.MAIL_PER_DAY, settings.MAIL_BATCH = 2, 2, 2
    queue(6)
    deliver()
    send_once(SignInCode, mail.Recipient("dewi@example.org"), {"code": "123456"})
    deliver()
    assert [one.to for one in mailoutbox[2:]] == [["dewi@example.org"]]


@pytest.mark.django_db
def test_without_limits_a_code_goes_first(box: None, settings: Any, mailoutbox: list) -> None:
    queue(6)
    send_once(SignInCode, mail.Recipient("dewi@example.org"), {"code": "123456"})
    delivery.deliver_batch(1)
    assert [one.to for one in mailoutbox] == [["dewi@example.org"]]


@pytest.mark.django_db
def test_a_broker_that_is_down_leaves_it_to_the_sweep(box: None, settings: Any, monkeypatch: Any) -> None:
    def fail(*_words: Any, **_how: Any) -> None:
        raise OSError

    settings.MAIL_PER_MINUTE = 1
    queue(2)
    monkeypatch.setattr(rates.current_app, "send_task", fail)
    assert deliver() == 1
    assert not rates.call_again()


@pytest.mark.parametrize(
    ("count", "a_day", "days"), [(10_000, 0, 1), (10, 100, 1), (80, 100, 1), (81, 100, 2), (0, 5, 1)]
)
def test_a_large_mailing_goes_over_days_and_leaves_room(settings: Any, count: int, a_day: int, days: int) -> None:
    settings.MAIL_PER_DAY = a_day
    start = timezone.now()
    hours = mail.pace(count, start)
    assert mail.days_needed(count) == days
    assert len(hours) == count
    assert sorted(hours) == hours
    if count:
        assert {(hour - start).days for hour in hours} == set(range(days))


def test_ten_thousand_at_two_thousand_a_day(settings: Any) -> None:
    settings.MAIL_PER_DAY = 2000
    assert mail.days_needed(10_000) == 7
    assert max(mail.pace(10_000).count(hour) for hour in set(mail.pace(10_000, timezone.now()))) <= 1600

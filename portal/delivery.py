"""From row to mail server: claim a batch, look again whether each mail matters, hand it over, say what came of it.

A worker that is killed leaves at most one message whose fate is unknown; it is sent again under the same Message-ID.
One statement both settles the message before and marks the next one as being sent, so that a mail costs one write.
"""

import logging
import random
import smtplib
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection as database
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal import mail
from portal.models import MailBreaker, OutgoingMessage

logger = logging.getLogger(__name__)
State = OutgoingMessage.State

RETRY_FIRST = timedelta(minutes=1)
RETRY_LAST = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(hours=72)
BREAKER_FAILURES = 5
BREAKER_PAUSE = timedelta(minutes=5)


@dataclass(slots=True)
class Outcome:
    """What came of one message: its new state, when to try again, and a word on why."""

    state: str
    next_try_at: datetime | None = None
    error: str = ""
    server_failed: bool = False


def deliver_batch(limit: int | None = None) -> int:
    """Send what is due, at most `limit` messages, over one connection. Return how many were claimed."""
    if breaker_open():
        return 0
    claimed = claim(limit or settings.MAIL_BATCH)
    if claimed:
        _send(claimed)
    return len(claimed)


def claim(limit: int) -> list[OutgoingMessage]:
    """Take due rows under a lease. Two workers never hold the same row."""
    now, lease = timezone.now(), uuid.uuid4()
    with transaction.atomic():
        due = OutgoingMessage.objects.due(now).order_by("next_try_at", "id")
        if database.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        ids = list(due.values_list("id", flat=True)[:limit])
        OutgoingMessage.objects.filter(id__in=ids).update(lease=lease, leased_until=now + _lease())
    return list(OutgoingMessage.objects.filter(lease=lease).order_by("id"))


def _lease() -> timedelta:
    return timedelta(seconds=settings.MAIL_LEASE_SECONDS)


def _send(claimed: list[OutgoingMessage]) -> None:
    subjects = _subjects(claimed)
    channel, drafts = get_connection(), mail.Drafts()
    before: tuple[OutgoingMessage, Outcome] | None = None
    try:
        for message in claimed:
            if message.state == State.SENDING:
                settle(message, _left_by_a_dead_worker(message))
                continue
            if not advance(before, message):
                before = None
                continue
            outcome = _hand_over(message, subjects[message.purpose].get(message.subject_id), channel, drafts)
            before = (message, outcome)
            if outcome.server_failed:
                _release(claimed)
                break
    finally:
        if before:
            settle(*before)
        _close(channel)
    _count_failures(before)


def _subjects(messages: Iterable[OutgoingMessage]) -> dict[str, Any]:
    groups = defaultdict(list)
    for message in messages:
        groups[message.purpose].append(message)
    return {purpose: mail.REGISTRY[purpose].load(group) for purpose, group in groups.items()}


def advance(before: tuple[OutgoingMessage, Outcome] | None, message: OutgoingMessage) -> bool:
    """Settle the message before and mark this one as being sent. False when this one's lease was lost."""
    if before and (before[1].state != State.SENT or mail.REGISTRY[before[0].purpose].secret):
        settle(*before)
        before = None
    until, now = timezone.now() + _lease(), timezone.now()
    mine = OutgoingMessage.objects.filter(id=message.id, lease=message.lease)
    if before is None:
        return bool(
            mine.update(
                state=State.SENDING,
                leased_until=until,
                attempts=F("attempts") + 1,
                updated_at=now,
            )
        )
    table = database.ops.quote_name(OutgoingMessage._meta.db_table)
    adapt = database.ops.adapt_datetimefield_value
    lease = message.lease.hex if database.vendor == "sqlite" else message.lease
    with database.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET state = CASE WHEN id = %s THEN 'sent' ELSE 'sending' END, "  # noqa: S608 - our own name
            "sent_at = CASE WHEN id = %s THEN %s ELSE sent_at END, "
            "lease = CASE WHEN id = %s THEN NULL ELSE lease END, "
            "attempts = CASE WHEN id = %s THEN attempts ELSE attempts + 1 END, leased_until = %s, updated_at = %s "
            "WHERE id IN (%s, %s) AND lease = %s",
            [
                *(before[0].id, before[0].id, adapt(now), before[0].id, before[0].id),
                *(adapt(until), adapt(now), before[0].id, message.id, lease),
            ],
        )
        return cursor.rowcount == 2  # noqa: PLR2004 - the one before and this one


def settle(message: OutgoingMessage, outcome: Outcome) -> None:
    """Write down what came of a message and give it free."""
    now = timezone.now()
    values: dict[str, Any] = {
        "state": outcome.state,
        "last_error": outcome.error,
        "lease": None,
        "leased_until": None,
    }
    if outcome.state == State.SENT:
        values["sent_at"] = now
    if outcome.next_try_at:
        values["next_try_at"] = outcome.next_try_at
    if outcome.state != State.DEFERRED and mail.REGISTRY[message.purpose].secret:
        values["payload"] = {}
    OutgoingMessage.objects.filter(id=message.id, lease=message.lease).update(updated_at=now, **values)


def _release(claimed: list[OutgoingMessage]) -> None:
    ids = [message.id for message in claimed]
    OutgoingMessage.objects.filter(id__in=ids, lease=claimed[0].lease, state__in=[State.QUEUED, State.DEFERRED]).update(
        lease=None, leased_until=None
    )


def _hand_over(message: OutgoingMessage, subject: Any, channel: Any, drafts: mail.Drafts) -> Outcome:
    email = mail.REGISTRY[message.purpose]
    try:
        letter = email.letter(subject, message) if subject is not None else None
        composed = mail.compose(message, letter, drafts) if letter else None
    except Exception as error:
        logger.exception("A mail could not be made: %s", message)
        return _later(message, f"could not be made: {type(error).__name__}")
    if composed is None:
        return Outcome(State.SUPERSEDED)
    try:
        channel.open()
    except (OSError, smtplib.SMTPException) as error:
        return _later(message, f"the mail server did not answer: {type(error).__name__}", server=True)
    return _transmit(message, composed, channel)


def _transmit(message: OutgoingMessage, composed: EmailMultiAlternatives, channel: Any) -> Outcome:
    """Hand the mail over; each answer of a mail server has one outcome."""
    try:
        channel.send_messages([composed])
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        return _refused(message, code, "the recipient was refused")
    except smtplib.SMTPDataError as refused:
        return _refused(message, refused.smtp_code, "the message was refused")
    except smtplib.SMTPResponseException as refused:
        return _later(message, f"the mail server refused us ({refused.smtp_code})", server=True)
    except (OSError, smtplib.SMTPException) as error:
        _close(channel)
        return _in_doubt(message, error)
    return Outcome(State.SENT)


def _in_doubt(message: OutgoingMessage, error: Exception) -> Outcome:
    """Nobody knows whether it arrived: an invitation is sent again, a formal letter waits for a human."""
    if mail.REGISTRY[message.purpose].cautious:
        return _for_a_human()
    return _later(message, f"the line broke: {type(error).__name__}", server=True)


def _left_by_a_dead_worker(message: OutgoingMessage) -> Outcome:
    """Nobody knows whether it arrived. Not sent again at once: while workers keep dying, it could go out many times."""
    if mail.REGISTRY[message.purpose].cautious:
        return _for_a_human()
    pause = RETRY_FIRST * random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, guards nothing
    return Outcome(State.DEFERRED, timezone.now() + pause, "the worker that was sending it is gone")


def _for_a_human() -> Outcome:
    return Outcome(State.WITHHELD, error="the line broke while it was handed over", server_failed=True)


def _refused(message: OutgoingMessage, code: int, why: str) -> Outcome:
    if code >= 500:  # noqa: PLR2004 - SMTP: 5xx is for ever, 4xx is for now
        return Outcome(State.FAILED, error=f"{why} ({code})")
    return _later(message, f"{why} for now ({code})")


def _later(message: OutgoingMessage, why: str, *, server: bool = False) -> Outcome:
    now = timezone.now()
    if now - message.created_at > GIVE_UP_AFTER:
        return Outcome(State.FAILED, error=f"given up after 72 hours: {why}", server_failed=server)
    pause = min(RETRY_FIRST * 2 ** min(message.attempts, 10), RETRY_LAST)
    jitter = random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, guards nothing
    return Outcome(State.DEFERRED, now + pause * jitter, why, server_failed=server)


def _close(channel: Any) -> None:
    try:
        channel.close()
    except (OSError, smtplib.SMTPException):
        channel.connection = None


def breaker_open() -> bool:
    """Whether the mail server failed so often in a row that nothing is tried for a while."""
    return MailBreaker.objects.filter(pk=1, open_until__gt=timezone.now()).exists()


def _count_failures(last: tuple[OutgoingMessage, Outcome] | None) -> None:
    if last is None:
        return
    if not last[1].server_failed:
        MailBreaker.objects.filter(pk=1, failures__gt=0).update(failures=0, open_until=None, reason="")
        return
    breaker = MailBreaker.objects.get_or_create(pk=1)[0]
    breaker.failures += 1
    breaker.reason = last[1].error
    if breaker.failures >= BREAKER_FAILURES:
        breaker.open_until = timezone.now() + BREAKER_PAUSE
        logger.error(
            "The mail server failed %s times in a row: %s",
            breaker.failures,
            breaker.reason,
        )
    breaker.save()

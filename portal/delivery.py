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
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection as database
from django.db import transaction
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import blocking, bounces, breaker, mail, rates
from portal.models import BlockedAddress, OutgoingMessage

logger = logging.getLogger(__name__)
State = OutgoingMessage.State

RETRY_LAST = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(hours=72)
LEAST_TRIES = 18  # so many fit into 72 hours; a mail that waited for its hour, or for its turn, gets them as well
# What a convenor reads beside a mail; see `OutgoingMessage.reason`.
COULD_NOT_BE_MADE = gettext_noop("the mail could not be made")
NO_ANSWER = gettext_noop("the mail server did not answer")
RECIPIENT_REFUSED = gettext_noop("the recipient was refused")
MESSAGE_REFUSED = gettext_noop("the message was refused")
WE_WERE_REFUSED = gettext_noop("the mail server refused us")
LINE_BROKE = gettext_noop("the line broke")
IN_DOUBT = gettext_noop("the line broke while it was handed over, so nobody knows whether it arrived")
WORKER_GONE = gettext_noop("the worker that was sending it is gone")
GIVEN_UP = gettext_noop("given up after 72 hours")


@dataclass(slots=True)
class Outcome:
    """What came of one message: its new state, when to try again, and a word on why."""

    state: str
    next_try_at: datetime | None = None
    error: str = ""
    server_failed: bool = False


@dataclass(slots=True)
class Batch:
    """What the mails of one batch share: a connection, the addresses that are blocked, words rendered once."""

    channel: Any
    blocked: dict[str, BlockedAddress]
    drafts: mail.Drafts = field(default_factory=dict)


def deliver_batch(limit: int | None = None) -> int:
    """Send what is due, at most `limit` messages, over one connection. Return how many were claimed."""
    if breaker.is_open():
        return 0
    claimed = claim(limit or settings.MAIL_BATCH)
    if claimed:
        _send(claimed)
    return len(claimed)


def claim(limit: int) -> list[OutgoingMessage]:
    """Take due rows under a lease, what somebody waits for first. Two workers never hold the same row."""
    now, lease = timezone.now(), uuid.uuid4()
    with transaction.atomic():
        ids = _due(now, limit)
        OutgoingMessage.objects.filter(id__in=ids).update(lease=lease, leased_until=now + _lease())
    return list(OutgoingMessage.objects.filter(lease=lease).order_by("id"))


def _due(now: datetime, limit: int) -> list[int]:
    """Return the rows to take. A code is never kept waiting behind a mailing, nor by what the server allows."""
    due, urgent = OutgoingMessage.objects.due(now), Q(purpose__in=mail.Email.urgent())
    # Mails of one language together: their shared words are rendered once a batch.
    due = due.order_by(Case(When(urgent, then=0), default=1), "next_try_at", "language", "id")
    if database.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    due = due.values_list("id", flat=True)
    if not rates.limited():
        return list(due[:limit])
    first = list(due.filter(urgent)[:limit])
    return [*first, *due.exclude(urgent)[: min(limit, max(0, rates.room(now) - len(first)))]]


def _lease() -> timedelta:
    return timedelta(seconds=settings.MAIL_LEASE_SECONDS)


def _send(claimed: list[OutgoingMessage]) -> None:
    subjects = _subjects(claimed)
    batch = Batch(get_connection(), blocking.held(message.recipient_key for message in claimed))
    before: tuple[OutgoingMessage, Outcome] | None = None
    try:
        for message in claimed:
            if message.state == State.SENDING:
                settle(message, _left_by_a_dead_worker(message))
                continue
            if not advance(before, message):
                before = None
                continue
            outcome = _hand_over(message, subjects[message.purpose].get(message.subject_id), batch)
            before = (message, outcome)
            if outcome.server_failed:
                _release(claimed)
                break
    finally:
        if before:
            settle(*before)
        _close(batch.channel)
    if before:
        breaker.count(before[1])


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


def _hand_over(message: OutgoingMessage, subject: Any, batch: Batch) -> Outcome:
    email = mail.REGISTRY[message.purpose]
    try:
        letter = email.letter(subject, message) if subject is not None else None
        composed = mail.compose(message, letter, batch.drafts) if letter else None
    except Exception as error:
        logger.exception("A mail could not be made: %s", message)
        return _later(message, f"{COULD_NOT_BE_MADE} ({type(error).__name__})")
    if composed is None:
        return Outcome(State.SUPERSEDED)
    row = batch.blocked.get(message.recipient_key)
    if held := blocking.why_held(row, notice=email.notice, asked_for=email.secret):
        return Outcome(State.WITHHELD, error=held)
    try:
        batch.channel.open()
    except (OSError, smtplib.SMTPException) as error:
        return _later(message, f"{NO_ANSWER} ({type(error).__name__})", server=True)
    return _transmit(message, composed, batch.channel)


def _transmit(message: OutgoingMessage, composed: EmailMultiAlternatives, channel: Any) -> Outcome:
    """Hand the mail over; each answer of a mail server has one outcome."""
    try:
        channel.send_messages([composed])
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        bounces.refused(message, code, said)
        return _refused(message, code, RECIPIENT_REFUSED)
    except smtplib.SMTPDataError as refused:
        return _refused(message, refused.smtp_code, MESSAGE_REFUSED)
    except smtplib.SMTPResponseException as refused:
        return _later(message, f"{WE_WERE_REFUSED} ({refused.smtp_code})", server=True)
    except (OSError, smtplib.SMTPException) as error:
        _close(channel)
        return _in_doubt(message, error)
    return Outcome(State.SENT)


def _in_doubt(message: OutgoingMessage, error: Exception) -> Outcome:
    """Nobody knows whether it arrived: an invitation is sent again, a formal letter waits for a human."""
    if mail.REGISTRY[message.purpose].cautious:
        return _for_a_human()
    return _later(message, f"{LINE_BROKE} ({type(error).__name__})", server=True)


def _left_by_a_dead_worker(message: OutgoingMessage) -> Outcome:
    """Nobody knows whether it arrived. Not sent again at once: while workers keep dying, it could go out many times."""
    if mail.REGISTRY[message.purpose].cautious:
        return _for_a_human()
    pause = timedelta(seconds=settings.MAIL_RETRY_SECONDS) * random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, guards nothing
    return Outcome(State.DEFERRED, timezone.now() + pause, WORKER_GONE)


def _for_a_human() -> Outcome:
    return Outcome(State.WITHHELD, error=IN_DOUBT, server_failed=True)


def _refused(message: OutgoingMessage, code: int, why: str) -> Outcome:
    if code >= 500:  # noqa: PLR2004 - SMTP: 5xx is for ever, 4xx is for now
        return Outcome(State.FAILED, error=f"{why} ({code})")
    return _later(message, f"{why} ({code})")


def _later(message: OutgoingMessage, why: str, *, server: bool = False) -> Outcome:
    now = timezone.now()
    if now - message.created_at > GIVE_UP_AFTER and message.attempts >= LEAST_TRIES:
        return Outcome(State.FAILED, error=f"{GIVEN_UP} ({why})", server_failed=server)
    pause = min(timedelta(seconds=settings.MAIL_RETRY_SECONDS) * 2 ** min(message.attempts, 10), RETRY_LAST)
    jitter = random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, guards nothing
    return Outcome(State.DEFERRED, now + pause * jitter, why, server_failed=server)


def _close(channel: Any) -> None:
    try:
        channel.close()
    except (OSError, smtplib.SMTPException):
        channel.connection = None

"""The breaker: when the mail server failed five times in a row, nothing is tried for five minutes.

Mail cannot tell that mail does not go: the desk and `/readyz` do. When it goes again, whoever registered here is told.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.models import MailBreaker

logger = logging.getLogger(__name__)

FAILURES = 5
PAUSE = timedelta(minutes=5)
# Called with the breaker, inside the transaction that closes it, once for each time that mail stood still.
WHEN_CLOSED: list[Callable[[MailBreaker], Any]] = []


def is_open() -> bool:
    """Whether the mail server failed so often in a row that nothing is tried for a while."""
    return MailBreaker.objects.filter(pk=1, open_until__gt=timezone.now()).exists()


def standing_still() -> MailBreaker | None:
    """Return the breaker while mail stands still: from the fifth failure to the first mail that leaves again."""
    return MailBreaker.objects.filter(pk=1, failures__gte=FAILURES).first()


def count(outcome: Any) -> None:
    """Count one more failure of the server, or begin to count anew. The fifth in a row opens the breaker."""
    if outcome.server_failed:
        _fail(outcome.error)
    elif MailBreaker.objects.filter(pk=1, failures__gt=0).exists():
        _close()


def _fail(reason: str) -> None:
    now = timezone.now()
    MailBreaker.objects.get_or_create(pk=1)
    MailBreaker.objects.filter(pk=1).update(failures=F("failures") + 1, reason=reason)
    # Two workers that fail at the same moment count as two: the pause begins with the later one.
    if MailBreaker.objects.filter(pk=1, failures__gte=FAILURES).update(open_until=now + PAUSE):
        logger.error("The mail server failed %s times in a row or more: %s", FAILURES, reason)


@transaction.atomic
def _close() -> None:
    breaker = MailBreaker.objects.select_for_update().get(pk=1)
    stood_still = breaker.failures >= FAILURES
    breaker.failures, breaker.open_until, breaker.reason = 0, None, ""
    breaker.save()
    if stood_still:
        for tell in WHEN_CLOSED:
            tell(breaker)


def next_try(breaker: MailBreaker) -> datetime:
    """Return when mail is tried again."""
    return max(breaker.open_until or timezone.now(), timezone.now())

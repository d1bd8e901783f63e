"""How many mails may leave: what the server allows in a minute and a day, counted in the database for all workers.

A mail counts from the moment a worker takes it, and for a minute (a day) after it was sent. So no stretch of a minute
ever sees more than allowed, however many workers there are. Nobody waits in a loop: when the allowance is used up, one
task is put on the clock for the moment at which a part of it is free again, and the sweep comes round anyway.
"""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from portal.models import MailBreaker, OutgoingMessage
from portal.querysets import MessageQuerySet

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
_TURN = "portal.mail.turn"


def limited() -> bool:
    """Whether there is any limit."""
    return bool(settings.MAIL_PER_MINUTE or settings.MAIL_PER_DAY)


def room(now: datetime) -> int:
    """Return how many mails may be taken now. Call it inside the transaction that takes them: it locks others out."""
    MailBreaker.objects.get_or_create(pk=1)
    MailBreaker.objects.select_for_update().get(pk=1)
    taken = OutgoingMessage.objects.waiting().filter(lease__isnull=False, leased_until__gt=now).count()
    return max(0, min(allowed - taken - _sent(now - span).count() for allowed, span in _limits()))


def _limits() -> Iterator[tuple[int, timedelta]]:
    for allowed, span in ((settings.MAIL_PER_MINUTE, MINUTE), (settings.MAIL_PER_DAY, DAY)):
        if allowed:
            yield allowed, span


def _sent(since: datetime) -> MessageQuerySet:
    return OutgoingMessage.objects.filter(sent_at__gt=since)


def call_again() -> bool:
    """Put the next delivery on the clock, once for all workers. Return whether somebody did so just now.

    Only within the minute: what the day holds back is found by the sweep.
    """
    seconds = _until_room(timezone.now())
    if seconds is None or not cache.add(_TURN, 1, timeout=seconds):
        return False
    try:
        current_app.send_task("portal.deliver", countdown=seconds, ignore_result=True)
    except Exception:  # noqa: BLE001 - whatever the broker raises, the sweep comes round
        return False
    return True


def _until_room(now: datetime) -> int | None:
    """Return in how many seconds a quarter of the minute's allowance is free again; None without such a limit."""
    if not settings.MAIL_PER_MINUTE:
        return None
    times = list(_sent(now - MINUTE).order_by("sent_at").values_list("sent_at", flat=True))
    if not times:
        return None
    first = times[min(len(times), max(1, settings.MAIL_PER_MINUTE // 4)) - 1]
    return max(1, math.ceil((first + MINUTE - now).total_seconds()))

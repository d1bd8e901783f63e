"""The kit's tasks: deliver the outbox when woken, sweep it by the clock, forget what need not be kept."""

import time
from datetime import timedelta

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal import delivery, mail, rates
from portal.models import OneTimeKey, OutgoingMessage

LONGEST_RUN = 20  # seconds; a worker that is asked to stop waits for its task
ADDRESS_KEPT = timedelta(days=30)
KEY_KEPT = timedelta(days=2)


@shared_task(name="portal.deliver")
def deliver() -> int:
    """Send due messages until none is left, then return how many; after twenty seconds hand on to a new task."""
    started, total = time.monotonic(), 0
    while count := delivery.deliver_batch():
        total += count
        if time.monotonic() - started > LONGEST_RUN:
            mail.wake()
            break
    if not count and rates.limited() and OutgoingMessage.objects.due(timezone.now()).exists():
        rates.call_again()
    return total


@shared_task(name="portal.sweep_outbox")
def sweep_outbox() -> int:
    """Find what nobody woke for. Runs every half minute; safe to run twice and safe to miss."""
    return deliver()


@shared_task(name="portal.forget_addresses")
def forget_addresses() -> int:
    """Delete the addresses of messages that were settled thirty days ago, old one-time keys and old sessions."""
    OneTimeKey.objects.filter(used_at__lt=timezone.now() - KEY_KEPT).delete()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    settled = OutgoingMessage.objects.exclude(state__in=["queued", "sending", "deferred"]).exclude(recipient="")
    return settled.filter(updated_at__lt=timezone.now() - ADDRESS_KEPT).update(recipient="", payload={})

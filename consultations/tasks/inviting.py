"""Clock jobs of invitations: one action per row that is due and not yet done."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from consultations import actions
from consultations.models import Invitation
from portal.states import Refusal

logger = logging.getLogger(__name__)
# The last zone of the region is half a day ahead of the first: the action itself knows each consultation's own.
EARLIEST = timedelta(hours=14)
BATCH = 500


@shared_task(name="consultations.mark_undeliverable")
def mark_undeliverable() -> int:
    """Mark sent invitations whose mail failed or came back; return how many."""
    return each(Invitation.objects.came_back().order_by("pk")[:BATCH], actions.return_invitation)


@shared_task(name="consultations.lapse_invitations")
def lapse_invitations() -> int:
    """Close invitations without a firm answer after the consultation's last day; return how many."""
    day = (timezone.now() + EARLIEST).date()
    return each(
        Invitation.objects.overtaken(day).order_by("consultation__ends_on", "pk")[:BATCH], actions.lapse_invitation
    )


def each(rows: Iterable[Any], act: Callable[[Any], Any]) -> int:
    """Do it to each; what cannot be done now does not stop the rest."""
    done = 0
    for row in rows:
        try:
            act(row)
        except Refusal:
            continue
        except Exception:
            logger.exception("A clock job failed for %s", row)
            continue
        done += 1
    return done

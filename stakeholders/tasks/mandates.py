"""Clock jobs: find what is due and not yet done, one action per row. Safe to run twice, safe to miss a night."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from portal.states import Refusal
from stakeholders import actions
from stakeholders.models import Membership

logger = logging.getLogger(__name__)
BATCH = 500


@shared_task(name="stakeholders.lapse_mandates")
def lapse_mandates() -> int:
    """Close invitations that nobody answered in time, then remove accounts nobody ever used; return how many closed."""
    before = timezone.now() - timedelta(days=settings.MANDATE_OFFER_DAYS)
    closed = _each(Membership.objects.offered_before(before)[:BATCH], actions.lapse_mandate)
    _each(Membership.objects.unused_accounts(before).order_by("pk")[:BATCH], actions.forget_account)
    return closed


def _each(rows: Iterable[Any], act: Callable[[Any], Any]) -> int:
    """Do it to each; what cannot be done now does not stop the rest."""
    done = 0
    for row in rows:
        try:
            act(row)
        except Refusal:
            continue
        except Exception:
            logger.exception("A clock job failed for %s %s", row._meta.label_lower, row.pk)
            continue
        done += 1
    return done

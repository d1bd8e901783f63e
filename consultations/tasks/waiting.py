"""Clock jobs of the waiting list: offers that ran out go on, and what is free is offered."""

import logging

from celery import shared_task
from django.utils import timezone

from consultations import actions
from consultations.models import Consultation, Invitation
from consultations.tasks.inviting import BATCH, each
from portal.states import Refusal

logger = logging.getLogger(__name__)


@shared_task(name="consultations.offer_seats")
def offer_seats() -> int:
    """Pass over the offers that nobody took in time, then offer what is free; return how many of both."""
    overdue = Invitation.objects.offers_overdue(timezone.now()).order_by("offered_until", "pk")[:BATCH]
    return each(overdue, actions.pass_over_offer) + sum(
        map(_offer, Consultation.objects.with_waiting_list().order_by("starts_on", "pk")[:BATCH])
    )


def _offer(consultation: Consultation) -> int:
    """Offer what is free in one consultation; what cannot be done there does not stop the others."""
    try:
        return actions.offer_free_seats(consultation)
    except Refusal:
        return 0
    except Exception:
        logger.exception("Seats could not be offered for consultation %s", consultation.pk)
        return 0

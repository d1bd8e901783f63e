"""Clock jobs: liaisons' terms that are over, files of evidence that nothing speaks of, keys of ballots that are over.

Safe to run twice, safe to miss a night.
"""

import logging

from celery import shared_task
from django.utils import timezone

from consultations.tasks.papers import sweep_folder
from portal.states import Refusal
from recommendations import actions
from recommendations.actions.evidence import FOLDER
from recommendations.models import Evidence
from stakeholders.models import LiaisonAppointment

logger = logging.getLogger(__name__)
BATCH = 500


@shared_task(name="recommendations.destroy_left_keys")
def destroy_left_keys() -> int:
    """Destroy the keys of secret ballots that are over, where a process died before it did; return how many."""
    return actions.destroy_left_keys()


@shared_task(name="recommendations.close_terms")
def close_terms() -> int:
    """Close the terms of liaisons that ran out, and tell where nobody is left; return how many."""
    done = 0
    for appointment in LiaisonAppointment.objects.ran_out(timezone.localdate()).order_by("pk")[:BATCH]:
        try:
            actions.close_term(appointment)
        except Refusal:
            continue
        except Exception:
            logger.exception("A clock job failed for %s", appointment)
            continue
        done += 1
    return done


@shared_task(name="recommendations.sweep_evidence")
def sweep_evidence() -> int:
    """Delete files of evidence without a row, left by a process that was killed while it wrote; return how many."""
    return sweep_folder(FOLDER, set(Evidence.objects.values_list("file", flat=True)))

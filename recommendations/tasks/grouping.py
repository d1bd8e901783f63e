"""Clock job: searches for what is alike that wait for a worker, and those that new submissions left behind."""

import logging
import time

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from recommendations import actions
from recommendations.actions.grouping import claim
from recommendations.models import Grouping

logger = logging.getLogger(__name__)
LONGEST_RUN = 30  # seconds after which no further search is begun
BATCH = 100


@shared_task(name="recommendations.group_submissions")
def group_submissions() -> int:
    """Do each search that waits; return how many were done. Safe to run twice, safe to miss."""
    for grouping in Grouping.objects.behind().select_related("consultation")[:BATCH]:
        actions.ask_grouping(grouping.consultation, by=None)
    started, done = time.monotonic(), 0
    for grouping in Grouping.objects.due(timezone.now()).order_by("asked_at"):
        if time.monotonic() - started > LONGEST_RUN:
            break
        if claim(grouping):
            done += _search(grouping)
    return done


def _search(grouping: Grouping) -> int:
    """Do one search. What can be tried again keeps its claim until that runs out; the rest ends the search."""
    try:
        actions.find_groups(grouping)
    except OperationalError:
        logger.warning("The database was busy; %s is tried again.", grouping)
        return 0
    except Exception:
        logger.exception("%s failed", grouping)
        actions.fail_grouping(grouping)
    return 1

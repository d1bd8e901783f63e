"""The bell of the clock's jobs: an action rings it after commit, so that work begins at once.

The job itself finds what is due in the database and runs by the clock as well: a broker that is down costs only delay.
"""

import logging
from functools import partial

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


def ring(job: str) -> None:
    """Start a job of the clock by its name, once what was written is committed."""
    transaction.on_commit(partial(_start, job), robust=True)


def _start(job: str) -> None:
    try:
        current_app.send_task(job, ignore_result=True)
    except Exception:  # noqa: BLE001 - whatever the broker raises, the change is committed and the clock comes round
        logger.warning("The broker did not answer; the clock will start %s.", job)

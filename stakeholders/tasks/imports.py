"""Clock jobs: imports that wait for a worker, and those that nobody finished. Safe to run twice, safe to miss."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.utils import timezone

from portal.states import Refusal
from stakeholders import actions
from stakeholders.actions.importing import claim
from stakeholders.importing.workbooks import Unreadable
from stakeholders.models import ListImport
from stakeholders.states import ImportState

logger = logging.getLogger(__name__)
LONGEST_RUN = 30  # seconds after which no further import is begun
FOLDER = "imports"
ORPHAN_AGE = timedelta(hours=1)
STEPS: dict[str, Callable[[ListImport], ListImport]] = {
    ImportState.UPLOADED: actions.read_import,
    ImportState.MAPPED: actions.check_import,
    ImportState.APPROVED: actions.finish_import,
}


@shared_task(name="stakeholders.work_imports")
def work_imports() -> int:
    """Do the next step of each import that waits; return how many steps were done."""
    started, done = time.monotonic(), 0
    for run in ListImport.objects.due(timezone.now()).order_by("updated_at"):
        if time.monotonic() - started > LONGEST_RUN:
            break
        if claim(run):
            done += _step(run)
    return done


def _step(run: ListImport) -> int:
    """Do one step. What can be tried again keeps its claim until that runs out; the rest ends the import."""
    try:
        STEPS[run.state](run)
    except Unreadable as problem:
        actions.refuse_import(run, code=problem.code)
    except Refusal:
        return 0
    except OperationalError:
        logger.warning("The database was busy; %s is tried again.", run)
        return 0
    except Exception:
        logger.exception("Work on %s failed", run)
        actions.refuse_import(run, code="unexpected")
    return 1


@shared_task(name="stakeholders.forget_imports")
def forget_imports() -> int:
    """Drop imports that nobody finished in a day, and files that a crash left behind; return how many imports."""
    done = 0
    late = timezone.now() - timedelta(hours=settings.IMPORT_KEPT_HOURS)
    for run in ListImport.objects.forgotten(late):
        try:
            if run.state == ImportState.APPROVED:
                actions.refuse_import(run, code="late")
            else:
                actions.drop_import(run, by=None)
        except Refusal:
            continue
        done += 1
    _delete_orphans()
    return done


def _delete_orphans() -> None:
    if not default_storage.exists(FOLDER):
        return
    known = set(ListImport.objects.exclude(file="").values_list("file", flat=True))
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if path not in known and timezone.now() - default_storage.get_modified_time(path) > ORPHAN_AGE:
            default_storage.delete(path)

"""Clock job of papers: files that no paper speaks of, left by a process that was killed while it wrote."""

from datetime import timedelta

from celery import shared_task
from django.core.files.storage import default_storage
from django.utils import timezone

from consultations.actions.papers import FOLDER
from consultations.models import Paper

ORPHAN_AGE = timedelta(hours=2)


@shared_task(name="consultations.sweep_papers")
def sweep_papers() -> int:
    """Delete files of papers without a row; return how many."""
    return sweep_folder(FOLDER, set(Paper.objects.values_list("file", flat=True)))


def sweep_folder(folder: str, known: set[str]) -> int:
    """Delete files of which no row speaks, and that are older than any upload takes; return how many."""
    if not default_storage.exists(folder):
        return 0
    done = 0
    for name in default_storage.listdir(folder)[1]:
        path = f"{folder}/{name}"
        if path not in known and timezone.now() - default_storage.get_modified_time(path) > ORPHAN_AGE:
            default_storage.delete(path)
            done += 1
    return done

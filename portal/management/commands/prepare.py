"""Bring everything beside the code up to date: catalogues, tables, static files, and the demonstration when asked."""

import hashlib
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from stakeholders.models import Organisation, OrganisationName


class Command(BaseCommand):
    """One process for all of it, so that a start stays fast. Safe to repeat."""

    help = "Compiles catalogues, migrates, collects changed static files; with DEMO=1 fills in the demonstration."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do each step quietly; only the demonstration has something to tell."""
        call_command("compile_catalogs", verbosity=0)
        self.check()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        OrganisationName.objects.renew(Organisation.objects.filter(names__isnull=True))
        collect_changed_statics()
        if os.environ.get("DEMO"):
            call_command("seed_demo", stdout=self.stdout)


def collect_changed_statics() -> None:
    """Collect static files unless exactly these were collected before."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    fingerprint = statics_fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(fingerprint, encoding="ascii")


def statics_fingerprint() -> str:
    """Digest name, size and time of every static file there is."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            told = Path(storage.path(name)).stat()
            digest.update(f"{name} {told.st_size} {told.st_mtime_ns}\n".encode())
    return digest.hexdigest()

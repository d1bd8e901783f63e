"""Compile the translations with Babel, so that nobody needs gettext to run the portal."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Writes a `.mo` beside every `.po` that is newer."""

    help = "Compiles the catalogues under locale/ that have changed."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, verbosity: int = 1, **_options: Any) -> None:
        """Compile what is out of date and say so."""
        for source in out_of_date(Path(settings.BASE_DIR) / "locale"):
            compile_catalog(source)
            if verbosity:
                self.stdout.write(f"Compiled {source}")


def out_of_date(folder: Path) -> Iterator[Path]:
    """Yield each catalogue whose compiled form is missing or older."""
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            yield source


def compile_catalog(source: Path) -> None:
    """Write one compiled catalogue in one step: a process reading it meanwhile sees the old or the new one."""
    try:
        with source.open("rb") as stream:
            catalog = read_po(stream, abort_invalid=True)
    except PoFileError as error:
        raise CommandError(f"{source}: {error}") from None
    if catalog.locale is None:
        catalog.locale = "en"  # Babel does not know Tetum and would drop its plural rule, which has been read by now
    unfinished = source.with_suffix(f".{os.getpid()}.tmp")
    with unfinished.open("wb") as stream:
        write_mo(stream, catalog)
    unfinished.replace(source.with_suffix(".mo"))

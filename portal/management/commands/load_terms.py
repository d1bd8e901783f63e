"""Put the task force's own terms of reference into force, from a file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.demo.terms import columns
from portal.states import Refusal
from stakeholders.actions import issue_terms


class Command(BaseCommand):
    """Safe to repeat. A version that is there with another text is refused: organisations accepted it as it stands."""

    help = "Loads terms of reference from a file like portal/demo/terms.json: number, since, title and text."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load every version of the file, or none."""
        try:
            found = [columns(facts) for facts in json.loads(options["file"].read_text(encoding="utf-8"))["terms"]]
            newest = max(version["number"] for version in found)
            with transaction.atomic():
                for version in found:
                    issue_terms(**version)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{options['file']}: {error!r}") from None
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Loaded up to version {newest}.")

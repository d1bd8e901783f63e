"""Write docs/access.md from the policy table."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal import policy

PAGE = Path(settings.BASE_DIR) / "docs" / "access.md"


class Command(BaseCommand):
    """Writes the page that people read. A test compares it with the table."""

    help = "Write docs/access.md from portal/policy.toml."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write the page."""
        PAGE.write_text(policy.document(policy.load()))
        self.stdout.write(f"{PAGE} is written.")

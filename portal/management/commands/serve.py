"""Run broker, web and worker together, for trying and developing."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal import runner


class Command(BaseCommand):
    """The supervisor of `portal/runner.py`, found among the other commands."""

    help = "Runs the whole portal on this machine: HOST, PORT, REDIS_URL and MUFAKAT_VAR say where."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run until a signal."""
        sys.exit(runner.main())

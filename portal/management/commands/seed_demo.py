"""Load the demonstration world, and tell who can sign in."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.demo.people import sign_ins
from portal.demo.world import load_world


class Command(BaseCommand):
    """Safe to repeat: only what is missing is added, and nothing that a user changed is touched."""

    help = "Loads the demonstration world where it is missing and prints one sign-in per role."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --print-sign-ins."""
        parser.add_argument("--print-sign-ins", action="store_true", help="load nothing, print the addresses only")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, say how much and how fast, then print the addresses."""
        if not options["print_sign_ins"]:
            started = time.monotonic()
            added = load_world()
            if added:
                self.stdout.write(f"Demonstration: {added} consultations in {time.monotonic() - started:.1f} s.")
        self.stdout.write("Sign in with one of these addresses; the code comes to the demonstration's mailbox.")
        self.stdout.write("Convenors, administrators and liaisons type a second code, which the mailbox shows as well.")
        self.stdout.write("Browsers give passkeys to names only: to try one, open localhost instead of 127.0.0.1.")
        rows = sign_ins()
        width = max(len(address) for address, _for in rows)
        for address, what_for in rows:
            self.stdout.write(f"  {address:<{width}}  {what_for}")

"""Read one mail from the standard input, as a mail server hands it to a program."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError

from portal import receiving


class Command(BaseCommand):
    """For the address in MAIL_INBOX: `mail: "|/srv/mufakat/.venv/bin/python /srv/mufakat/manage.py receive_mail"`."""

    help = "Reads one mail from the standard input: a report that a mail came back, an answer of a calendar."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, verbosity: int = 1, **_options: Any) -> None:
        """Take it. Without a database the mail server is asked to come back later."""
        raw = sys.stdin.buffer.read(receiving.MOST_BYTES + 1)
        try:
            said = receiving.receive(raw)
        except (OperationalError, InterfaceError):
            self.stderr.write("The database does not answer.")
            sys.exit(os.EX_TEMPFAIL)
        # A mail server takes what a program says for a complaint, and sends it to whoever wrote the mail.
        if verbosity > 1:
            self.stdout.write(said)

"""The demonstration's mailbox: mail is written to a folder instead of a server, and can be read on a page."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

SHOWN = 200


class Backend(BaseEmailBackend):
    """Writes each mail to its own file; the name sorts by time."""

    def open(self) -> bool:
        """Make the folder; there is no line to open."""
        folder().mkdir(parents=True, exist_ok=True)
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the mails; return how many."""
        self.open()
        for message in email_messages:
            name = f"{time.time_ns()}-{secrets.token_hex(4)}.eml"
            (folder() / name).write_bytes(message.message().as_bytes())
        return len(email_messages)


@dataclass(frozen=True, slots=True)
class Received:
    """One mail as a reader's program would show it."""

    name: str
    parsed: Parsed

    @property
    def subject(self) -> str:
        """Return the decoded subject line."""
        return str(self.parsed["Subject"] or "")

    @property
    def to(self) -> str:
        """Return the receiving address."""
        return str(self.parsed["To"] or "")

    @property
    def language(self) -> str:
        """Return the language it is written in."""
        return str(self.parsed["Content-Language"] or "")

    @property
    def sent_at(self) -> datetime:
        """Return when it was sent: its name begins with that moment."""
        return datetime.fromtimestamp(int(self.name.split("-")[0]) / 1e9, tz=UTC)

    @property
    def text(self) -> str:
        """Return the plain part."""
        part = self.parsed.get_body(("plain",))
        return part.get_content() if part else ""

    @property
    def html(self) -> str:
        """Return the HTML part, empty where there is none."""
        part = self.parsed.get_body(("html",))
        return part.get_content() if part else ""

    @property
    def calendar(self) -> str:
        """Return the calendar file, empty where there is none."""
        parts = [part for part in self.parsed.walk() if part.get_content_type() == "text/calendar"]
        return parts[-1].get_content() if parts else ""


def folder() -> Path:
    """Return the folder that holds the mails."""
    return Path(settings.VAR_DIR) / "mailbox"


def names() -> list[str]:
    """Return the newest mails' file names, newest first."""
    found = sorted((path.name for path in folder().glob("*.eml")), reverse=True)
    return found[:SHOWN]


def read(name: str) -> Received | None:
    """Return one mail, or None where the name is not one of ours."""
    path = folder() / name
    if path.parent != folder() or path.suffix != ".eml" or not path.is_file():
        return None
    return Received(name, message_from_bytes(path.read_bytes(), policy=policy.default))  # type: ignore[arg-type]

"""A mail server for tests: it takes mail over SMTP on a free port, and can be told to misbehave by script."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services import free_port

OK = "250 taken"
SILENCE = 60  # seconds; longer than any program waits


@dataclass
class Sink:
    """Takes mail. `on_recipient` and `on_data` return the server's answer.

    “reset” cuts the line, “silence” says nothing more.
    """

    on_recipient: Callable[[str], str] = lambda _address: OK
    on_data: Callable[[EmailMessage], str] = lambda _mail: OK
    delay: float = 0.0
    received: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    port: int = field(default_factory=free_port)

    def __enter__(self) -> Self:
        """Start to listen."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop listening."""
        self._controller.stop()

    @property
    def url(self) -> str:
        """Return what EMAIL_URL must be to reach this server."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count the connection."""
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Answer for one recipient by the script."""
        answer = self.on_recipient(address)
        if answer == "reset":
            _cut(server)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take one mail, unless the script says otherwise. “reset after” takes it and then cuts the line."""
        await asyncio.sleep(self.delay)
        mail = message_from_bytes(envelope.content or b"", policy=policy.default)
        answer = self.on_data(mail)
        if answer == "silence":
            await asyncio.sleep(SILENCE)
        if answer in {OK, "reset after"}:
            self.received.append(mail)
        if answer.startswith("reset"):
            _cut(server)
            return "421 gone"
        return answer

    def per_reader(self) -> Counter[str]:
        """Return how many mails each address got."""
        return Counter(str(mail["To"]) for mail in self.received)

    def message_ids(self) -> set[str]:
        """Return the Message-IDs that arrived."""
        return {str(mail["Message-ID"]) for mail in self.received}


def _cut(server: Any) -> None:
    """Cut the line without a word."""
    server.transport.abort()

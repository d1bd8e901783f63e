"""What became of a mail after the server took it: it arrived, it came back, its reader did not want it.

Reports come from outside and are not believed as such. They must name a mail by its sealed Message-ID, which only those
know who handled that mail (`OutgoingMessage.message_id`), and they change that mail and its address, nothing else.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_noop

from portal import blocking
from portal.models import OutgoingMessage

State = OutgoingMessage.State
CAME_BACK = gettext_noop("the mail came back")
UNWANTED = gettext_noop("its reader reported our mail as unwanted")
_NAME = re.compile(r"<\s*(\d{1,18})\.[0-9a-f]{32}@[^\s<>]{1,255}>")
_CODE = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_NO_SUCH_ADDRESS = re.compile(r"5\.1\.([1236]|10)\b|5\.2\.1\b")
# A full mailbox, a message that is too long, a server in trouble, a loop, a policy: none of them says that the address
# does not exist.
_NOT_THE_ADDRESS = re.compile(r"4\.|5\.2\.[23]$|5\.3\.|5\.4\.(?!4$)|5\.[567]\.")


class Fate(StrEnum):
    """What a report says."""

    DELIVERED = "delivered"
    HARD = "hard"  # it came back, and the address does not work
    SOFT = "soft"  # it came back for another reason
    COMPLAINED = "complained"
    STOPPED = "stopped"  # its reader wants no more notices
    NOTHING = "nothing"  # it is still on its way


def find(names: Iterable[str]) -> OutgoingMessage | None:
    """Return the mail that one of the Message-IDs names. A made-up one names none."""
    for text in names:
        for match in _NAME.finditer(text):
            message = OutgoingMessage.objects.filter(pk=int(match[1])).first()
            if message and constant_time_compare(message.message_id.lower(), match[0].replace(" ", "").lower()):
                return message
    return None


def fate_of(action: str, status: str, diagnosis: str = "") -> tuple[Fate, str]:
    """Return what a delivery report says (RFC 3464), with the code that says why."""
    action = action.strip().lower()
    if action in {"delivered", "relayed", "expanded"}:
        return Fate.DELIVERED, ""
    if action != "failed":
        return Fate.NOTHING, ""
    codes = [match[0] for match in _CODE.finditer(f"{status} {diagnosis}")]
    code = next((one for one in codes if not one.endswith(".0.0")), codes[0] if codes else "")
    return Fate.SOFT if _NOT_THE_ADDRESS.match(code) else Fate.HARD, code


def refused(message: OutgoingMessage, code: int, said: bytes | str) -> None:
    """Block an address of which the server itself said that it does not exist (RFC 3463).

    A bare 550 says too little: a server that takes us for a sender of junk says it of every address.
    """
    words = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    if code >= 500 and _NO_SUCH_ADDRESS.match(words.strip()):  # noqa: PLR2004 - SMTP: 5xx is for ever
        blocking.block(message.recipient_key, blocking.Reason.BOUNCED)


@transaction.atomic
def note(message: OutgoingMessage, fate: Fate, code: str = "") -> bool:
    """Write down what became of a mail. Return whether that was news: a report that comes twice changes nothing."""
    message = OutgoingMessage.objects.select_for_update().get(pk=message.pk)
    if fate == Fate.STOPPED:
        blocking.stop_notices(message.recipient_key)
        return True
    if fate == Fate.COMPLAINED:
        blocking.block(message.recipient_key, blocking.Reason.COMPLAINED)
        return _settle(message, message.state, UNWANTED)
    if fate == Fate.DELIVERED:
        return message.state == State.SENT and _settle(message, State.DELIVERED, "")
    if fate == Fate.NOTHING or message.state not in {State.SENT, State.DELIVERED, State.DEFERRED}:
        return False
    if fate == Fate.HARD:
        blocking.block(message.recipient_key, blocking.Reason.BOUNCED)
    return _settle(message, State.BOUNCED, f"{CAME_BACK} ({code})" if code else CAME_BACK)


def _settle(message: OutgoingMessage, state: str, why: str) -> bool:
    message.state, message.last_error = state, why
    message.save(update_fields=["state", "last_error", "updated_at"])
    return True

"""The one door for mail that comes in: programs' answers to our mails. People's answers go to the convenors' mailbox.

Recognised are reports of delivery (RFC 3464) and of complaints (RFC 5965), answers of calendars (iTIP REPLY), and the
mail with which a reader stops notices. All else is left alone. Nothing that is read here is believed: a report must
name a sealed Message-ID, a wish to stop a signed word, and a calendar's answer must come from whom it speaks for.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import parseaddr
from itertools import islice
from typing import Any

from icalendar import Calendar

from portal import blocking, bounces
from portal.bounces import Fate
from portal.states import Refusal

logger = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024  # of a mail; a report rarely has a hundredth of it
MOST_CALENDAR_BYTES = 64 * 1024
MOST_PARTS = 40
_STOP = re.compile(r"\bunsubscribe ([A-Za-z0-9_.-]{20,200})\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CalendarReply:
    """What a calendar answered for its owner."""

    uid: str
    address: str
    partstat: str
    sequence: int


# Called with uid, address, partstat and sequence. The app whose entries these are registers here; the kit knows none.
CALENDAR_REPLIES: list[Callable[[str, str, str, int], Any]] = []


@dataclass(slots=True)
class Read:
    """What a mail turned out to be."""

    kind: str
    names: list[str] = field(default_factory=list)
    fate: Fate = Fate.NOTHING
    code: str = ""
    reply: CalendarReply | None = None
    token: str = ""


def receive(raw: bytes) -> str:
    """Take one mail and do what it asks for. Return a word that says what it was; it holds nobody's address."""
    found = read(raw)
    if found.kind == "report":
        return _report(found)
    if found.reply:
        return _calendar(found.reply)
    if found.token:
        key = blocking.key_of(found.token)
        if key:
            blocking.stop_notices(key)
        return "unsubscribed" if key else "a wish to unsubscribe that is not ours"
    return found.kind


def read(raw: bytes) -> Read:
    """Return what the mail is, without doing anything. Whatever it holds, it does no harm."""
    if len(raw) > MOST_BYTES:
        return Read("too large")
    try:
        mail = message_from_bytes(raw, policy=policy.compat32)
        return _recognised(mail, list(islice(mail.walk(), MOST_PARTS)))
    except Exception as error:  # noqa: BLE001 - a stranger wrote it, and the parsers of mail raise whatever they like
        logger.warning("A mail that came in could not be read: %s", type(error).__name__)
        return Read("not readable")


def _recognised(mail: Message, parts: list[Message]) -> Read:
    kinds = {part.get_content_type() for part in parts}
    if "message/delivery-status" in kinds:
        fate, code = _fate(parts)
        return Read("report", _names(mail, parts), fate, code)
    if "message/feedback-report" in kinds:
        return Read("report", _names(mail, parts), Fate.COMPLAINED)
    for part in parts:
        if part.get_content_type() == "text/calendar" and (reply := _reply(mail, part)):
            return Read("an answer of a calendar", reply=reply)
    if wish := _STOP.search(" ".join(str(make_header(decode_header(mail["Subject"] or ""))).split())):
        return Read("a wish to unsubscribe", token=wish[1])
    return Read("an automatic answer" if _is_automatic(mail) else "a letter for people")


def _fate(parts: list[Message]) -> tuple[Fate, str]:
    """Return what the report says of the one reader that each of our mails has: the worst, where it names several."""
    fates = [
        bounces.fate_of(str(block["Action"]), str(block["Status"]), str(block["Diagnostic-Code"]))
        for part in parts
        if part.get_content_type() == "message/delivery-status" and isinstance(part.get_payload(), list)
        for block in part.get_payload()
        if block["Action"]
    ]
    order = [Fate.HARD, Fate.SOFT, Fate.DELIVERED, Fate.NOTHING]
    return min(fates, key=lambda fate: order.index(fate[0]), default=(Fate.NOTHING, ""))


def _names(mail: Message, parts: list[Message]) -> list[str]:
    """Return every Message-ID by which the report may name the mail that it is about."""
    return [*_original(parts), *(str(mail[name]) for name in ("In-Reply-To", "References") if mail[name])]


def _original(parts: list[Message]) -> Iterator[str]:
    for part in parts:
        kind, inside = part.get_content_type(), part.get_payload()
        if kind == "text/rfc822-headers":
            written = part.get_payload(decode=True) or b""
            yield str(HeaderParser().parsestr(written.decode("utf-8", "replace"))["Message-ID"])
        elif kind.startswith("message/") and isinstance(inside, list):
            for one in inside[:MOST_PARTS]:
                yield from (str(one[name]) for name in ("Message-ID", "Original-Message-ID") if one[name])


def _reply(mail: Message, part: Message) -> CalendarReply | None:
    """Return the answer in a calendar part. It counts only where the mail comes from whom it speaks for."""
    written = part.get_payload(decode=True) or b""
    if not isinstance(written, bytes) or len(written) > MOST_CALENDAR_BYTES:
        return None
    calendar = Calendar.from_ical(written.decode("utf-8", "replace"))
    if str(calendar.get("METHOD", "")).upper() != "REPLY":
        return None
    event = calendar.walk("VEVENT")[0]
    attendee = event["ATTENDEE"]
    attendee = attendee[0] if isinstance(attendee, list) else attendee
    address = re.sub(r"^mailto:", "", str(attendee).strip(), flags=re.IGNORECASE).strip().lower()
    if address != parseaddr(str(mail["From"]))[1].strip().lower() or _is_forged(mail):
        return None
    partstat = str(attendee.params.get("PARTSTAT", "")).upper()
    return CalendarReply(str(event["UID"]), address, partstat, int(event.get("SEQUENCE", 0)))


def _is_forged(mail: Message) -> bool:
    """Whether a mail server on the way found that the sender's domain did not send it."""
    return any("dmarc=fail" in str(one).lower() for one in mail.get_all("Authentication-Results", []))


def _is_automatic(mail: Message) -> bool:
    said = str(mail["Auto-Submitted"] or "no").strip().lower()
    bulk = str(mail["Precedence"] or "").strip().lower() in {"auto_reply", "bulk", "junk", "list"}
    return said != "no" or bulk or bool(mail["X-Autoreply"]) or str(mail["Return-Path"] or "").strip() == "<>"


def _report(found: Read) -> str:
    message = bounces.find(found.names)
    if message is None:
        return "a report about no mail of ours"
    return f"{found.fate}, noted" if bounces.note(message, found.fate, found.code) else f"{found.fate}, nothing new"


def _calendar(reply: CalendarReply) -> str:
    try:
        for handler in CALENDAR_REPLIES:
            handler(reply.uid, reply.address, reply.partstat, reply.sequence)
    except Refusal:
        return "an answer of a calendar, refused"
    return "an answer of a calendar"

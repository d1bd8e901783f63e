"""Calendar files: private entries of one invitation, without the link, the way into a call, and anybody else's name.

One entry per session where there are sessions, else one for the whole. In a mail it is a request (or a cancellation) to
its reader alone; taken from a page it is only published.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress
from icalendar.parser import Contentline

from consultations.models import Consultation, Invitation, Session
from consultations.states import Mode

PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"
UID_BLANK = "-uid-"  # ends the UID where the number of one invitation goes
READER_BLANK = "-reader-"  # stands where the one reader goes
BLANKS = re.compile(f"^(?:UID:(.*){UID_BLANK}|ATTENDEE:{READER_BLANK})", re.MULTILINE)
WIDTH = 74  # of a line, as the library folds
PRODUCT = "-//Mufakat//Consultations//EN"
# What a reader said, in the words of calendars.
PARTSTATS = {"accepted": "ACCEPTED", "tentative": "TENTATIVE", "declined": "DECLINED"}
NO_WORD = "NEEDS-ACTION"


@dataclass(frozen=True, slots=True)
class Gone:
    """A session that is taken out: its entry is cancelled in the next file. Small enough to travel with a message."""

    uid: str
    starts_at: str
    ends_at: str
    time_zone: str

    @classmethod
    def of(cls, session: Session) -> Self:
        """Return what is left of a session."""
        return cls(str(session.uid), session.starts_at.isoformat(), session.ends_at.isoformat(), session.time_zone)


def begins(consultation: Consultation) -> datetime | None:
    """Return when the first day begins, in the consultation's zone; None where no hour is set."""
    if consultation.begins_at is None:
        return None
    return datetime.combine(consultation.starts_on, consultation.begins_at, ZoneInfo(consultation.time_zone))


def first_day_ends(consultation: Consultation) -> datetime | None:
    """Return when the first day ends, in the consultation's zone; None where no hour is set."""
    if consultation.ends_at is None:
        return None
    return datetime.combine(consultation.starts_on, consultation.ends_at, ZoneInfo(consultation.time_zone))


def organiser_address() -> str:
    """Return the address to which calendars send replies: where a program reads them, else where mails come from."""
    return parseaddr(settings.MAIL_INBOX or settings.DEFAULT_FROM_EMAIL)[1]


def invitation_file(invitation: Invitation, method: str = PUBLISH, gone: Iterable[Gone] = ()) -> str:
    """Return the calendar file of an invitation, in the language that is active.

    The same invitation always has the same UIDs, so that a later file replaces entries instead of adding some. Files
    of one consultation differ in the UIDs and the reader alone: the rest is made once per consultation object, language
    and method. `gone` names sessions that were taken out since the last file.
    """
    consultation, gone = invitation.consultation, tuple(gone)
    drafts = vars(consultation).setdefault("calendar_drafts", {})
    key = (get_language(), method, gone, consultation.sequence, consultation.updated_at)
    if key not in drafts:
        drafts[key] = _draft(consultation, method, gone)
    parts = list(drafts[key])
    own = f"-{invitation.pk}@{settings.MAIL_DOMAIN}"
    # Every other part is a blank: the beginning of a UID, or where the one reader goes, who alone may know of the file.
    parts[1::2] = [_fold(f"UID:{part}{own}") if part else _reader(invitation) for part in parts[1::2]]
    return "".join(parts)


def _fold(line: str) -> str:
    """Return the line as it stands in a file: folded where it is long."""
    if not line.isascii():
        return Contentline(line).to_ical().decode()
    return "\r\n ".join(line[start : start + WIDTH] for start in range(0, len(line), WIDTH))


def _reader(invitation: Invitation) -> str:
    said = PARTSTATS.get(invitation.state, NO_WORD)
    return _fold(f"ATTENDEE;PARTSTAT={said};ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:{invitation.address}")


def _draft(consultation: Consultation, method: str, gone: Sequence[Gone]) -> list[str]:
    """Return the file in parts: words, then in turn a blank for what is one invitation's own, and words again."""
    sessions = list(consultation.sessions.all())
    cancelled = method == CANCEL or consultation.state == "cancelled"
    events = [_of_session(consultation, session) for session in sessions] or [_of_whole(consultation)]
    for event in events:
        _finish(event, consultation, method, cancelled=cancelled)
    there = {str(session.uid) for session in sessions} or {str(consultation.uid)}
    left = [_of_gone(consultation, one) for one in gone if one.uid not in there]
    events += [_finish(event, consultation, method, cancelled=True) for event in left]
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones(*_years(consultation, sessions))
    return BLANKS.split(calendar.to_ical().decode())


def _years(consultation: Consultation, sessions: Sequence[Session]) -> tuple[date, date]:
    """Return from when until when the rules of a zone are told: whole years, for a span of one day tells none."""
    days = [consultation.starts_on, consultation.ends_on, *[session.starts_at.date() for session in sessions]]
    return date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1)


def _event(stem: str, summary: str, place: str) -> Event:
    event = Event()
    event.add("uid", f"{stem}{UID_BLANK}")
    event.add("summary", summary)
    if place:
        event.add("location", place)
    return event


def _finish(event: Event, consultation: Consultation, method: str, *, cancelled: bool) -> Event:
    """Add what every entry says, and in a mail who asks whom."""
    event.add("dtstamp", consultation.updated_at.astimezone(UTC))
    event.add("last-modified", consultation.updated_at.astimezone(UTC))
    event.add("sequence", consultation.sequence)
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{organiser_address()}"))
    if method != PUBLISH:
        event.add("attendee", vCalAddress(READER_BLANK))
    if not cancelled:
        event.add_component(_alarm(consultation))
    return event


def _of_whole(consultation: Consultation) -> Event:
    place = _place(consultation.mode, consultation.city)
    event = _event(str(consultation.uid), consultation.public_title, place)
    _add_days(event, consultation)
    return event


def _of_session(consultation: Consultation, session: Session) -> Event:
    """A discreet consultation's sessions have no title of their own either."""
    title = consultation.public_title
    if not consultation.discreet:
        title = f"{title}: {session.title}"
    event = _event(str(session.uid), title, _place(session.mode, session.city or consultation.city))
    zone = ZoneInfo(session.time_zone)
    event.add("dtstart", session.starts_at.astimezone(zone))
    event.add("dtend", session.ends_at.astimezone(zone))
    return event


def _of_gone(consultation: Consultation, gone: Gone) -> Event:
    event, zone = _event(gone.uid, consultation.public_title, ""), ZoneInfo(gone.time_zone)
    event.add("dtstart", datetime.fromisoformat(gone.starts_at).astimezone(zone))
    event.add("dtend", datetime.fromisoformat(gone.ends_at).astimezone(zone))
    return event


def _place(mode: str, city: str) -> str:
    """The city; never the venue or the link of the call: whole offices read each other's calendars."""
    return str(Mode(mode).label) if mode == Mode.ONLINE else city


def _add_days(event: Event, consultation: Consultation) -> None:
    """Whole days where no hours are set; else the hours of each day, repeated to the last day."""
    if consultation.begins_at is None or consultation.ends_at is None:
        event.add("dtstart", consultation.starts_on)
        event.add("dtend", consultation.ends_on + timedelta(days=1))
        return
    event.add("dtstart", begins(consultation))
    event.add("dtend", first_day_ends(consultation))
    days = (consultation.ends_on - consultation.starts_on).days + 1
    if days > 1:
        event.add("rrule", {"freq": "daily", "count": days})


def _alarm(consultation: Consultation) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(days=-1))
    alarm.add("description", consultation.public_title or _("A consultation"))
    return alarm

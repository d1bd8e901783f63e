"""Calendar files: private entries of one invitation, without the link, the way into a call, and anybody else's name.

A mail asks (or cancels) by one entry for the whole: mail programs read the first entry of such a part and no other, and
the one answer is about the whole, too. Where there are several sessions, a second file has an entry for each. That one
is only published, as is what is taken from a page.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from typing import Any, Self
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


def entry(invitation: Invitation, method: str = REQUEST) -> str:
    """Return the one entry that a mail asks or cancels by, in the language that is active."""
    return _file(invitation, method, whole=True)


def programme_file(invitation: Invitation, gone: Iterable[Gone] = ()) -> str:
    """Return an entry for each session; nothing where the entry of the whole says it all.

    `gone` names sessions that were taken out since the last file: their entries are cancelled.
    """
    gone = tuple(gone)
    return _file(invitation, gone=gone) if gone or has_programme(invitation.consultation) else ""


def invitation_file(invitation: Invitation) -> str:
    """Return the file that a page gives: an entry for each of several sessions, else one for the whole."""
    return programme_file(invitation) or entry(invitation, PUBLISH)


def has_programme(consultation: Consultation) -> bool:
    """Whether there are sessions that are worth entries of their own: more than one, or one on one of several days."""
    sessions = consultation.sessions.all()
    return bool(sessions) and _only(consultation, sessions) is None


def _only(consultation: Consultation, sessions: Any) -> Session | None:
    """Return the session that is all there is: of a single day, the only one."""
    return sessions[0] if len(sessions) == 1 and consultation.starts_on == consultation.ends_on else None


def _file(invitation: Invitation, method: str = PUBLISH, gone: Sequence[Gone] = (), *, whole: bool = False) -> str:
    """Return a file with what is this invitation's own filled in.

    The same invitation always has the same UIDs, so that a later file replaces entries instead of adding some. Files
    of one consultation differ in the UIDs and the reader alone: the rest is made once per consultation object, language
    and method.
    """
    consultation = invitation.consultation
    drafts = vars(consultation).setdefault("calendar_drafts", {})
    key = (get_language(), method, gone, whole, consultation.sequence, consultation.updated_at)
    if key not in drafts:
        drafts[key] = _draft(consultation, method, gone, whole=whole)
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


def _draft(consultation: Consultation, method: str, gone: Sequence[Gone], *, whole: bool) -> list[str]:
    """Return the file in parts: words, then in turn a blank for what is one invitation's own, and words again."""
    sessions = list(consultation.sessions.all())
    cancelled = method == CANCEL or consultation.state == "cancelled"
    if whole:
        events = [_of_whole(consultation, sessions)]
    else:
        events = [_of_session(consultation, session) for session in sessions]
    events = [_finish(event, consultation, method, cancelled=cancelled) for event in events]
    there = {str(one.uid) for one in (consultation, *sessions)}
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
    event.setdefault("transp", "OPAQUE")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{organiser_address()}"))
    if method != PUBLISH:
        event.add("attendee", vCalAddress(READER_BLANK))
    if not cancelled:
        event.add_component(_alarm(consultation))
    return event


def _of_whole(consultation: Consultation, sessions: Sequence[Session]) -> Event:
    """The entry of the whole; where there are several sessions, its text is the programme."""
    only = _only(consultation, sessions)
    place = _place(only.mode, only.city or consultation.city) if only else _place(consultation.mode, consultation.city)
    event = _event(str(consultation.uid), consultation.public_title, place)
    _add_days(event, consultation, sessions)
    if sessions and only is None:
        lines = [_line(consultation, session) for session in sessions]
        event.add("description", "\n".join([_("Programme:"), *lines]))
    return event


def _line(consultation: Consultation, session: Session) -> str:
    parts = [session.when, "" if consultation.discreet else session.title, _place(session.mode, session.city)]
    return "- " + ", ".join(part for part in parts if part)


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


def _add_days(event: Event, consultation: Consultation, sessions: Sequence[Session]) -> None:
    """From the first session to the last where all are on one day; else the hours of each day, repeated to the last.

    Whole days where no hours are set, and where there are days between the sessions: those in between stay free.
    """
    zone, length = ZoneInfo(consultation.time_zone), (consultation.ends_on - consultation.starts_on).days + 1
    days = {session.starts_at.astimezone(zone).date() for session in sessions}
    if days and length == 1:
        zone = ZoneInfo(sessions[0].time_zone)
        event.add("dtstart", min(session.starts_at for session in sessions).astimezone(zone))
        event.add("dtend", max(session.ends_at for session in sessions).astimezone(zone))
        return
    gaps = len(days) > 1 and len(days) < length
    if gaps or consultation.begins_at is None or consultation.ends_at is None:
        event.add("dtstart", consultation.starts_on)
        event.add("dtend", consultation.ends_on + timedelta(days=1))
        if gaps:
            event.add("transp", "TRANSPARENT")
        return
    event.add("dtstart", begins(consultation))
    event.add("dtend", first_day_ends(consultation))
    if length > 1:
        event.add("rrule", {"freq": "daily", "count": length})


def _alarm(consultation: Consultation) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(days=-1))
    alarm.add("description", consultation.public_title or _("A consultation"))
    return alarm

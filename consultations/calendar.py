"""Calendar files: private entries of one invitation, without the link, the way into a call, and anybody else's name.

One entry per session where there are sessions, else one for the whole. In a mail it is a request (or a cancellation) to
its reader alone; taken from a page it is only published.
"""

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
READER_BLANK = "mailto:-reader-"  # stands where the address of one reader goes
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
    """Return the address that mails come from: replies of calendars go to it."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


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
    draft, stems = drafts[key]
    for stem in stems:
        own = _line(f"UID:{stem}-{invitation.pk}@{settings.MAIL_DOMAIN}")
        draft = draft.replace(_line(f"UID:{stem}{UID_BLANK}"), own, 1)
    return draft if method == PUBLISH else _addressed(draft, invitation)


def _line(text: str) -> str:
    """Return the line as it stands in a file: folded where it is long."""
    return Contentline(text).to_ical().decode()


def _addressed(draft: str, invitation: Invitation) -> str:
    """Put in the one reader, who alone may know of this file, and what the reader said so far."""
    said = PARTSTATS.get(invitation.state, NO_WORD)
    blank, own = _attendee(READER_BLANK), _attendee(f"mailto:{invitation.address}", said)
    lines = [_line(str(Event().content_line("ATTENDEE", one))) for one in (blank, own)]
    return draft.replace(*lines)


def _attendee(address: str, said: str = NO_WORD) -> vCalAddress:
    attendee = vCalAddress(address)
    attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": said, "RSVP": "TRUE"})
    return attendee


def _draft(consultation: Consultation, method: str, gone: Sequence[Gone]) -> tuple[str, list[str]]:
    """Return the file without what is one invitation's own, and the beginnings of its UIDs."""
    sessions = list(consultation.sessions.all())
    cancelled = method == CANCEL or consultation.state == "cancelled"
    events = [_of_session(consultation, session) for session in sessions] or [_of_whole(consultation)]
    for event in events:
        _finish(event, consultation, method, cancelled=cancelled)
    stems = [str(session.uid) for session in sessions] or [str(consultation.uid)]
    for one in gone:
        if one.uid not in stems:
            events.append(_finish(_of_gone(consultation, one), consultation, method, cancelled=True))
            stems.append(one.uid)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones(*_years(consultation, sessions))
    return calendar.to_ical().decode(), stems


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
        event.add("attendee", _attendee(READER_BLANK))
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

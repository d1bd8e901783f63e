"""Calendar files: one private entry per invitation, without the link and without anybody's name."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event
from icalendar.parser import Contentline

from consultations.models import Consultation, Invitation

UID_BLANK = "-uid-"  # stands where the UID of one invitation goes
PRODUCT = "-//Mufakat//Consultations//EN"


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


def invitation_file(invitation: Invitation) -> str:
    """Return the calendar file of an invitation, in the language that is active.

    The same invitation always has the same UID, so that a later file replaces the entry instead of adding one.
    Files of one consultation differ in the UID alone: the rest is made once per consultation object and language.
    """
    consultation = invitation.consultation
    drafts = vars(consultation).setdefault("calendar_drafts", {})
    state = (get_language(), consultation.sequence, consultation.updated_at)
    if state not in drafts:
        drafts[state] = _draft(consultation)
    uid = Contentline(f"UID:{consultation.uid}-{invitation.pk}@{settings.MAIL_DOMAIN}").to_ical().decode()
    return drafts[state].replace(f"UID:{UID_BLANK}", uid, 1)


def _draft(consultation: Consultation) -> str:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(consultation))
    if not _whole_days(consultation):
        calendar.add_missing_timezones(first_date=consultation.starts_on, last_date=consultation.ends_on)
    return calendar.to_ical().decode()


def _event(consultation: Consultation) -> Event:
    event = Event()
    event.add("uid", UID_BLANK)
    event.add("dtstamp", consultation.updated_at)
    event.add("last-modified", consultation.updated_at)
    event.add("sequence", consultation.sequence)
    event.add("summary", consultation.public_title)
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    event.add("status", "CANCELLED" if consultation.state == "cancelled" else "CONFIRMED")
    if consultation.city:
        event.add("location", consultation.city)
    _add_times(event, consultation)
    event.add_component(_alarm(consultation))
    return event


def _whole_days(consultation: Consultation) -> bool:
    return consultation.begins_at is None or consultation.ends_at is None


def _add_times(event: Event, consultation: Consultation) -> None:
    """Whole days where no hours are set; else the hours of each day, repeated to the last day."""
    if _whole_days(consultation):
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

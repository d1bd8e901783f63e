"""The public calendar: consultations, their sessions and deadlines, as a feed that calendars ask for again and again.

Nothing in it is about anybody: no venue, no link of a call, no name of an organiser. Entries keep their UIDs, so that a
change replaces and a cancellation strikes out.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from consultations.calendar import begins, first_day_ends
from consultations.models import Consultation, Session

PRODUCT = "-//Mufakat//Public calendar//EN"
ASK_AGAIN = timedelta(hours=6)
KEPT_BEHIND = timedelta(days=400)  # what is longer ago stands on its page, not in everybody's calendar
MOST = 500


def in_calendar(country: str = "") -> QuerySet:
    """Return what everybody may know of and is not long over, of one country or of all."""
    found = Consultation.objects.announced().filter(ends_on__gte=timezone.localdate() - KEPT_BEHIND)
    if country:
        found = found.filter(country=country)
    return found.select_related("country").prefetch_related("sessions__country").order_by("starts_on", "pk")[:MOST]


def calendar_file(name: str, consultations: Iterable[Consultation]) -> bytes:
    """Return the feed in the language that is active."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for consultation in consultations:
        for event in _events(consultation):
            calendar.add_component(event)
    return calendar.to_ical()


def _events(consultation: Consultation) -> Iterator[Event]:
    yield _whole(consultation)
    for session in consultation.sessions.all():
        yield _session(consultation, session)
    if consultation.answer_by:
        words = _("Invitations are answered by: %(title)s")
        yield _deadline(consultation, "answers", words, consultation.answer_by, consultation.answer_by)
    if consultation.input_closes:
        yield _deadline(
            consultation,
            "points",
            _("Points can be sent in until: %(title)s"),
            consultation.input_closes - timedelta(minutes=30),
            consultation.input_closes,
        )


def _event(consultation: Consultation, uid: str, summary: str) -> Event:
    """Return an entry with what all have. Both numbers only grow, and so does their sum."""
    event = Event()
    event.add("uid", f"{uid}@{settings.MAIL_DOMAIN}")
    event.add("dtstamp", consultation.updated_at.astimezone(UTC))
    event.add("last-modified", consultation.updated_at.astimezone(UTC))
    event.add("sequence", consultation.sequence + consultation.version)
    event.add("summary", summary)
    event.add("class", "PUBLIC")
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if consultation.state == "cancelled" else "CONFIRMED")
    event.add("url", f"{settings.SITE_URL}{consultation.get_absolute_url()}")
    return event


def _whole(consultation: Consultation) -> Event:
    event = _event(consultation, f"consultation-{consultation.pk}", consultation.title)
    _place(event, consultation.city, consultation.country)
    event.add("description", _words(consultation))
    starts, ends = begins(consultation), first_day_ends(consultation)
    if consultation.starts_on == consultation.ends_on and starts and ends and starts < ends:
        _times(event, starts, ends)
    else:
        _times(event, consultation.starts_on, consultation.ends_on)
    return event


def _words(consultation: Consultation) -> str:
    """Return why it was cancelled or moved, what it is about, and what is done with what people send in."""
    reason = consultation.cancelled_because if consultation.state == "cancelled" else consultation.moved_because
    return "\n\n".join(filter(None, (reason, consultation.purpose, consultation.promise)))


def _session(consultation: Consultation, session: Session) -> Event:
    event = _event(consultation, f"session-{session.pk}", f"{session.title} · {consultation.title}")
    _place(event, session.city, session.country)
    _times(event, session.starts_at, session.ends_at)
    return event


def _deadline(consultation: Consultation, kind: str, words: str, starts: Any, ends: Any) -> Event:
    event = _event(consultation, f"consultation-{consultation.pk}-{kind}", words % {"title": consultation.title})
    _times(event, starts, ends)
    return event


def _place(event: Event, city: str, country: Any) -> None:
    if place := ", ".join(str(part) for part in (city, country) if part):
        event.add("location", place)


def _times(event: Event, starts: date | datetime, ends: date | datetime) -> None:
    """Whole days float with the reader; moments are told in UTC, which every calendar turns into its reader's zone."""
    if isinstance(starts, datetime):
        event.add("dtstart", starts.astimezone(UTC))
        event.add("dtend", ends.astimezone(UTC))  # type: ignore[union-attr]
    else:
        event.add("dtstart", starts)
        event.add("dtend", ends + timedelta(days=1))

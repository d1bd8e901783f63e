"""What the day itself and the time after it leave to do, for the convenors' desk."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import Consultation, Minutes
from portal import clock, dates

Rows = list[dict[str, Any]]
Task = Callable[..., dict[str, Any]]
DOOR_STATES = frozenset({"announced", "in_session", "concluded"})


def meeting_tasks(consultation: Consultation, task: Task) -> Rows:
    """Return what is due at the door, of outputs and of minutes, from the first day on."""
    today = clock.today_in(consultation.time_zone)
    if consultation.state not in DOOR_STATES or today < consultation.starts_on:
        return []
    return [*_door(consultation, task, today), *_outputs(consultation, task), *_minutes(consultation, task, today)]


def _url(name: str, consultation: Consultation) -> str:
    return reverse(name, args=[consultation.slug])


def _door(consultation: Consultation, task: Task, today: Any) -> Rows:
    if today <= consultation.ends_on and consultation.state != "concluded":
        return [task(_("Check in who comes"), _url("door", consultation))]
    count = consultation.delegates.filter(state__in=("nominated", "confirmed")).count()
    if not count:
        return []
    name = ngettext(
        "%(count)d who was expected is not marked: close the door",
        "%(count)d who were expected are not marked: close the door",
        count,
    )
    return [task(name % {"count": count}, _url("attendance_close", consultation))]


def _outputs(consultation: Consultation, task: Task) -> Rows:
    count = consultation.sessions.filter(ends_at__lt=timezone.now(), output="").count()
    if not count:
        return []
    name = ngettext("%(count)d session without an output", "%(count)d sessions without an output", count)
    return [task(name % {"count": count}, _url("output_list", consultation))]


def _minutes(consultation: Consultation, task: Task, today: Any) -> Rows:
    if not consultation.sessions.filter(items__isnull=False).exists():
        return []
    minutes = Minutes.objects.filter(consultation=consultation).first()
    url = _url("minutes_detail", consultation)
    if minutes is None or minutes.state == "draft":
        return [task(_("Write and circulate the minutes"), url)]
    if minutes.state == "circulated":
        return _circulated(minutes, task, url, today)
    return [task(_("Lock the minutes"), url, state="wait")] if minutes.state == "approved" else []


def _circulated(minutes: Minutes, task: Task, url: str, today: Any) -> Rows:
    waiting, until = minutes.corrections.filter(outcome="open").count(), minutes.corrections_until
    if waiting:
        name = ngettext("%(count)d correction waits", "%(count)d corrections wait", waiting)
        return [task(name % {"count": waiting}, url)]
    if until and today <= until:
        due = _("corrections until %(day)s") % {"day": dates.day(until)}
        return [task(_("Approve the minutes"), url, state="wait", due=due)]
    return [task(_("Approve the minutes"), url)]

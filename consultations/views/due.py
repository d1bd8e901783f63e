"""What is due after a consultation: to tell those invited, to keep the promise to hear back, to take the next steps."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import Consultation, FollowUp
from consultations.querysets import Told, last_summaries
from consultations.states import FormOfDialogue
from portal import clock, dates

Task = dict[str, Any]
MAKE_A_TEXT = frozenset({FormOfDialogue.CONSULTATION, FormOfDialogue.NEGOTIATION})


def tasks_of(consultations: Iterable[Consultation]) -> dict[int, list[Task]]:
    """Return by consultation what is due in it, in two queries, whatever their number."""
    there = {one.pk: one for one in consultations if one.state != "cancelled"}
    if not there:
        return {}
    found: dict[int, list[Task]] = {pk: [] for pk in there}
    told = last_summaries(list(there))
    for pk, one in there.items():
        found[pk] += [*_telling(one, told.get(pk)), *_promise(one, told.get(pk))]
    for step in FollowUp.objects.waiting().filter(consultation__in=there):
        found[step.consultation_id] += _step(there[step.consultation_id], step)
    return found


def _telling(consultation: Consultation, told: Told | None) -> list[Task]:
    """Ask for the first summary; consultations of long ago, of which the portal knows no conclusion, are let be."""
    if consultation.state != "concluded" or told or not _lately(consultation):
        return []
    return [_task(consultation, "summary_compose", _("Tell all invited what came of it"))]


def _lately(consultation: Consultation) -> bool:
    at = consultation.concluded_at
    return bool(at and at.date() > clock.today_in(consultation.time_zone) - timedelta(days=settings.TELL_WITHIN_DAYS))


def is_kept(consultation: Consultation, told: Told | None) -> bool:
    """Whether those invited heard back: by a summary that could say what became of the text, where one is made."""
    if told is None:
        return False
    if told.version > 1 or consultation.form_of_dialogue not in MAKE_A_TEXT:
        return True
    adoption = getattr(getattr(consultation, "statement", None), "adoption", None)
    return bool(adoption and adoption.created_at <= told.at)


def _promise(consultation: Consultation, told: Told | None) -> list[Task]:
    """Show the promised day as it comes near, and in words once it is over."""
    day, today = consultation.hear_back_by, clock.today_in(consultation.time_zone)
    far = day and day > today + timedelta(days=settings.DEADLINE_NEAR_DAYS)
    if day is None or far or consultation.state not in {"in_session", "concluded"} or is_kept(consultation, told):
        return []
    return [_task(consultation, "summary_compose", _("Keep the promise: those invited hear back"), _when(day, today))]


def _step(consultation: Consultation, step: FollowUp) -> list[Task]:
    today = clock.today_in(consultation.time_zone)
    if step.due_on > today + timedelta(days=settings.DEADLINE_NEAR_DAYS):
        return []
    state = "needs" if step.due_on <= today else "wait"
    return [_task(consultation, "next_step_list", step.text, _when(step.due_on, today), state)]


def _when(day: Any, today: Any) -> str:
    """Say when it is due, in words."""
    late = (today - day).days
    if late > 0:
        sentence = ngettext("overdue by %(count)d day, since %(day)s", "overdue by %(count)d days, since %(day)s", late)
        return sentence % {"count": late, "day": dates.day(day)}
    return _("due today") if late == 0 else _("due on %(day)s") % {"day": dates.day(day)}


def _task(consultation: Consultation, page: str, name: str, due: str = "", state: str = "needs") -> Task:
    url = reverse(page, args=[consultation.slug])
    label = _("To do") if state == "needs" else _("Later")
    return {"name": name, "url": url, "note": "", "due": due, "state": state, "label": label}

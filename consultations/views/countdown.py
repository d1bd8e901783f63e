"""The plan counts back from the official meeting; and what of the plan waits for the convenors."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations import actions
from consultations.models import Consultation
from consultations.querysets import PLAN_AHEAD
from portal import dates

FEW_DAYS = 14  # below two weeks days are counted


def counted_back(consultation: Consultation) -> list[dict[str, Any]]:
    """Return what the meeting that it works towards asks for, as rows of facts; nothing without a meeting."""
    meeting = consultation.target
    if meeting is None:
        return []
    papers = dates.day(meeting.papers_by) if meeting.papers_by else _("not known yet")
    where = f", {meeting.city}" if meeting.city else ""
    return [
        {
            "label": _("Works towards"),
            "value": f"{meeting.name}, {dates.span(meeting.starts_on, meeting.ends_on)}{where}",
        },
        {"label": _("Time between"), "value": _between(consultation.ends_on, meeting.starts_on)},
        {"label": _("Its papers are taken until"), "value": papers},
        {"label": _("So the summary must be ready by"), "value": dates.day(_ready_by(consultation))},
    ]


def _ready_by(consultation: Consultation) -> date:
    """The last day for papers; where that is not known, the day before the meeting."""
    meeting = consultation.target
    return meeting.papers_by or meeting.starts_on - timedelta(days=1)


def _between(ends: date, starts: date) -> str:
    days = (starts - ends).days
    if days <= 0:
        return _("none: it ends when the meeting has begun")
    if days < FEW_DAYS:
        return ngettext("%(count)d day before it", "%(count)d days before it", days) % {"count": days}
    weeks = days // 7
    return ngettext("%(count)d week before it", "%(count)d weeks before it", weeks) % {"count": weeks}


def warnings(consultation: Consultation) -> list[str]:
    """Return a sentence per promise or day that comes too late for the meeting."""
    if consultation.target is None:
        return []
    ready = _ready_by(consultation)
    days = {"ready": dates.day(ready)}
    found = []
    if consultation.ends_on > ready:
        found.append(_("It ends after %(ready)s, the last day on which papers can be handed in.") % days)
    if consultation.hear_back_by and consultation.hear_back_by > ready:
        found.append(_("People hear back only after %(ready)s, the last day for papers.") % days)
    if consultation.corrections_until and consultation.corrections_until > ready:
        found.append(_("Corrections are taken until after %(ready)s, the last day for papers.") % days)
    return found


def plan_tasks(consultation: Consultation, waiting: dict[str, int]) -> Iterator[dict[str, Any]]:
    """Yield what of the plan waits for the convenors while it runs."""
    for sentence in warnings(consultation):
        yield _task(sentence, _url("consultation_edit", consultation, "ahead"))
    if not waiting and consultation.state == "draft":
        return
    if actions.programme_was_redrawn(consultation):
        name = _("The programme changed since people were invited: tell them")
        yield _task(name, _url("consultation_move", consultation))
    count = waiting.get("to_reconfirm", 0)
    if count:
        name = ngettext("%(count)d is asked to agree again", "%(count)d are asked to agree again", count)
        yield _task(name % {"count": count}, _url("invitation_outbox", consultation, query="?state=to_reconfirm"))


def next_due(consultation: Consultation) -> Iterator[dict[str, Any]]:
    """Yield that the next one of the series is to be planned, once it is time, until it is there."""
    day = consultation.next_due_on
    if (
        day
        and day <= timezone.localdate() + PLAN_AHEAD
        and not consultation.followed_by.exclude(state="cancelled").exists()
    ):
        due = _("due on %(day)s") % {"day": dates.day(day)}
        yield _task(_("Plan the next one of the series"), _url("consultation_copy", consultation), due=due)


def _url(name: str, consultation: Consultation, *arguments: Any, query: str = "") -> str:
    return reverse(name, args=[consultation.slug, *arguments]) + query


def _task(name: str, url: str, *, due: str = "") -> dict[str, Any]:
    return {"name": name, "url": url, "state": "needs", "note": "", "due": due, "label": _("To do")}

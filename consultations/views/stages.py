"""The stage bar of a consultation: from announced to answered."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Consultation
from consultations.states import FormOfDialogue
from portal import dates

OVER = frozenset({"concluded", "archived"})
MAKE_A_TEXT = frozenset({FormOfDialogue.CONSULTATION, FormOfDialogue.NEGOTIATION})


def stages_of(consultation: Consultation, statement: Any) -> list[dict[str, Any]]:
    """The stages from announced to answered. What the record does not show is not claimed."""
    over = consultation.state in OVER
    before = [_stage(_("Announced"), done=consultation.state != "draft")]
    window = _window(consultation, over=over)
    meeting = _stage(
        _("In session"),
        done=over,
        current=consultation.state == "in_session",
        note=dates.span(consultation.starts_on, consultation.ends_on),
    )
    stages = [
        *before,
        *window,
        meeting,
        _stage(_("Concluded"), done=over),
        *_afterwards(consultation, statement, over=over),
    ]
    if not over and not any(stage["state"] == "current" for stage in stages):
        _mark_last_done(stages)
    return stages


def _stage(name: str, *, done: bool, current: bool = False, note: str = "", url: str = "") -> dict[str, Any]:
    state = "current" if current else "done" if done else "next"
    return {"name": name, "state": state, "note": note, "url": url}


def _window(consultation: Consultation, *, over: bool) -> list[dict[str, Any]]:
    """The time for sending points in; left out where a past consultation has none on record."""
    opens, closes = consultation.input_opens, consultation.input_closes
    if closes is None or opens is None:
        return [] if over else [_stage(_("Open for input"), done=False)]
    zone = consultation.time_zone
    if consultation.is_open_for_input:
        note = _("until %(day)s") % {"day": dates.day(closes.astimezone(ZoneInfo(zone)).date())}
        return [_stage(_("Open for input"), done=False, current=True, note=note)]
    done = over or closes < timezone.now()
    note = "" if done else _("from %(day)s") % {"day": dates.day(opens.astimezone(ZoneInfo(zone)).date())}
    return [_stage(_("Open for input"), done=done, note=note)]


def _afterwards(consultation: Consultation, statement: Any, *, over: bool) -> list[dict[str, Any]]:
    """The statement and its answers; a form of dialogue that makes no common text has neither."""
    published = bool(statement and statement.state == "published")
    if not published and consultation.form_of_dialogue not in MAKE_A_TEXT:
        return []
    in_the_works = over and not published and statement is not None
    text = _stage(
        _("Statement published"),
        done=published,
        current=in_the_works,
        note=_("In the works") if in_the_works else "",
        url=statement.get_absolute_url() if published else "",
    )
    promised = consultation.hear_back_by and consultation.hear_back_by >= timezone.localdate()
    if over and statement is None and not promised:
        text |= {"state": "missing", "note": _("Nothing on record")}
    answered = consultation.is_answered
    note = "" if answered or not published else _("No answer on record yet")
    return [text, _stage(_("Answered"), done=answered, current=published and not answered, note=note)]


def _mark_last_done(stages: list[dict[str, Any]]) -> None:
    """Where nothing is going on, the reader stands at the last thing that happened."""
    done = [stage for stage in stages if stage["state"] == "done"]
    if done and stages[-1]["state"] == "next":
        done[-1]["state"] = "current"

"""What everybody reads: the list of consultations, and one consultation."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations import calendar
from consultations.models import Consultation
from consultations.querysets import Figures
from consultations.states import FormOfDialogue
from consultations.views import filters
from portal import access, dates
from portal.publishing import public_page
from stakeholders.models import Country
from stakeholders.states import Level

OVER = frozenset({"concluded", "archived"})
MAKE_A_TEXT = frozenset({FormOfDialogue.CONSULTATION, FormOfDialogue.NEGOTIATION})


@public_page
def consultation_list(request: HttpRequest) -> HttpResponse:
    visible = Consultation.objects.visible_to(request.user)
    years = [str(day.year) for day in visible.dates("starts_on", "year", order="DESC")]
    countries = Country.objects.filter(pk__in=visible.values("country"))
    options = {
        "country": [(country.pk, country.name) for country in countries],
        "level": Level.choices,
        "year": [(year, year) for year in years],
    }
    now = filters.chosen(request, {name: [value for value, _label in pairs] for name, pairs in options.items()})
    page = filters.page_of(request, _filtered(visible, now).for_list().ahead_first())
    context = {
        "nav_current": "consultations",
        "page": page,
        "query": filters.query(now),
        "filter_rows": [
            {"label": label, "links": filters.links(now, name, options[name])}
            for name, label in (("country", _("Country")), ("level", _("Level")), ("year", _("Year")))
        ],
        "filtered": bool(now),
    }
    return render(request, "consultations/consultation_list.html", context)


def _filtered(rows: QuerySet, now: dict[str, str]) -> Any:
    lookups = {"country": "country", "level": "level", "year": "starts_on__year"}
    return rows.filter(**{lookups[name]: value for name, value in now.items()})


@public_page
def consultation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = access.fetch(request, Consultation.objects.for_page().with_points().with_answers(), slug=slug)
    statement = getattr(consultation, "statement", None)
    published = statement if statement and statement.state == "published" else None
    over = consultation.state in OVER
    figures = consultation.invitations.figures() if over else None
    context = {
        "nav_current": "consultations",
        "consultation": consultation,
        "statement": published,
        "stages": _stages(consultation, statement),
        "facts": _facts(request, consultation),
        "deadlines": _deadlines(consultation),
        "figures": figures,
        "rows": _figure_rows(figures),
        "counted": bool(figures and (figures.invited or figures.groups)),
        "over": over,
    }
    return render(request, "consultations/consultation_detail.html", context)


def _figure_rows(figures: Figures | None) -> list[dict[str, Any]]:
    if figures is None:
        return []
    most = max((row.invited or 0 for row in figures.groups), default=1)
    return [
        {"group": row.group, "invited": row.invited, "accepted": row.accepted, "most": most} for row in figures.groups
    ]


def _facts(request: HttpRequest, consultation: Consultation) -> list[dict[str, Any]]:
    place = ", ".join(str(part) for part in (consultation.city, consultation.country) if part)
    rows = [
        {"label": _("When"), "value": dates.span(consultation.starts_on, consultation.ends_on)},
        *_hours(request, consultation),
        {"label": _("Where"), "value": place, "note": consultation.get_mode_display()},
        {"label": _("Level"), "value": capfirst(consultation.get_level_display())},
    ]
    return rows + _organisers(consultation)


def _organisers(consultation: Consultation) -> list[dict[str, Any]]:
    """One row per part that organisers have, the names in the agreed order."""
    names: dict[str, list[str]] = {}
    for one in consultation.organisers.all():
        names.setdefault(one.get_kind_display(), []).append(one.public_name)
    return [{"label": capfirst(part), "value": "; ".join(listed)} for part, listed in names.items()]


def _hours(request: HttpRequest, consultation: Consultation) -> list[dict[str, Any]]:
    """The first hour in the meeting's zone, and for somebody with an account in theirs where it differs."""
    begins = calendar.begins(consultation)
    if begins is None:
        return []
    rows = [{"label": _("Begins"), "value": dates.moment(begins, consultation.time_zone)}]
    own = getattr(request.user, "time_zone", "") if request.user.is_authenticated else ""
    if own and begins.astimezone(timezone.get_current_timezone()).utcoffset() != begins.utcoffset():
        rows.append({"label": _("In your time zone"), "value": dates.moment(begins)})
    return rows


def _deadlines(consultation: Consultation) -> list[dict[str, Any]]:
    zone = consultation.time_zone
    known = [
        (_("Points can be sent in from"), None if consultation.is_open_for_input else consultation.input_opens),
        (_("Points can be sent in until"), consultation.input_closes),
        (_("Invitations are answered by"), consultation.answers_close_at if consultation.answer_by else None),
    ]
    rows = [{"label": label, "value": dates.moment(at, zone)} for label, at in known if at]
    if consultation.hear_back_by:
        rows.append({"label": _("Those who took part hear back by"), "value": dates.day(consultation.hear_back_by)})
    return rows


def _stages(consultation: Consultation, statement: Any) -> list[dict[str, Any]]:
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

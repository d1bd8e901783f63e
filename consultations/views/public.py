"""What everybody reads: the list of consultations, and one consultation."""

from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations import calendar
from consultations.models import Consultation
from consultations.querysets import publishable
from consultations.views import filters
from consultations.views.stages import OVER, stages_of
from consultations.views.timetable import programme_of
from portal import access, dates
from portal.publishing import public_page
from stakeholders.models import Country
from stakeholders.querysets import standing_of
from stakeholders.states import Level


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
    found = Consultation.objects.for_reading().with_answers().with_turnout().with_next_in_series()
    if standing_of(request.user).convenor:
        found = found.asked_by(request.user)
    consultation = access.fetch(request, found, slug=slug)
    statement = getattr(consultation, "statement", None)
    inside = request.user.has_perm("consultations.take_part", consultation)
    papers = list(consultation.papers.visible_to(request.user).for_page())
    context = {
        "nav_current": "consultations",
        "consultation": consultation,
        "statement": statement if statement and statement.state == "published" else None,
        "stages": stages_of(consultation, statement),
        "facts": [*_facts(request, consultation), *named_organisers(consultation), *grounds(consultation)],
        "deadlines": _deadlines(consultation),
        "days": programme_of(consultation, inside=inside, own_zone=request.user.is_authenticated, papers=papers),
        "papers": papers,
        "next_steps": list(consultation.follow_ups.all()),
        "series": series(consultation),
        "inside": inside,
        **(_of_those_inside(request, consultation) if inside else {}),
        "turnout": turnout(consultation),
        "over": consultation.state in OVER,
    }
    return render(request, "consultations/consultation_detail.html", context)


def _of_those_inside(request: HttpRequest, consultation: Consultation) -> dict[str, bool]:
    """Return what of the minutes and of the draft this participant may read: an office is no party to them."""
    if standing_of(request.user).body is not None:
        return {}
    minutes, statement = getattr(consultation, "minutes", None), getattr(consultation, "statement", None)
    return {
        "minutes_readable": minutes is not None and minutes.state != "draft",
        "circulated": statement is not None and statement.circulated.exists(),
        "sits": statement is not None
        and statement.state == "tabled"
        and request.user.has_perm("recommendations.follow_plenary", statement),
    }


def turnout(consultation: Consultation) -> dict[str, int | None]:
    """Return how many organisations were invited and accepted, where that can point at nobody."""
    counts = publishable([consultation.invited or 0, consultation.accepted or 0], 10**9)
    return {"invited": counts[0], "accepted": counts[1]}


def _facts(request: HttpRequest, consultation: Consultation) -> list[dict[str, Any]]:
    place = ", ".join(str(part) for part in (consultation.city, consultation.country) if part)
    return [
        {"label": _("When"), "value": dates.span(consultation.starts_on, consultation.ends_on)},
        *_hours(request, consultation),
        {"label": _("Where"), "value": place, "note": consultation.get_mode_display()},
        {"label": _("Level"), "value": capfirst(consultation.get_level_display())},
    ]


def named_organisers(consultation: Consultation) -> list[dict[str, Any]]:
    """One row per part that organisers have, the names in the agreed order; a withheld one is described."""
    organisers = list(consultation.organisers.all())
    hidden = [one.organisation for one in organisers if one.organisation and one.organisation.visibility != "public"]
    prefetch_related_objects(hidden, "groups")
    names: dict[str, list[str]] = {}
    for one in organisers:
        names.setdefault(one.get_kind_display(), []).append(one.public_name)
    return [{"label": capfirst(part), "value": "; ".join(listed)} for part, listed in names.items()]


def grounds(consultation: Consultation) -> list[dict[str, Any]]:
    """Return the mandate it rests on, and the official meeting it works towards."""
    rows = [{"label": _("Rests on"), "value": consultation.resting_on}] if consultation.resting_on else []
    target = consultation.target
    if target:
        when = dates.span(target.starts_on, target.ends_on)
        papers = _("papers by %(day)s") % {"day": dates.day(target.papers_by)} if target.papers_by else ""
        note = " · ".join(filter(None, (target.city, when, papers)))
        rows.append({"label": _("Works towards"), "value": target.name, "note": note})
    return rows


def series(consultation: Consultation) -> list[dict[str, Any]]:
    """Return the one before, the one after or the day when that is due. What not everybody may know of is left out."""
    rows, before = [], consultation.follows
    if before and before.state != "draft" and not before.discreet:
        when = dates.span(before.starts_on, before.ends_on)
        rows.append(
            {"label": _("The one before"), "value": before.title, "url": before.get_absolute_url(), "note": when}
        )
    if consultation.next_slug:
        address = reverse("consultation_detail", args=[consultation.next_slug])
        rows.append({"label": _("The next one"), "value": dates.day(consultation.next_on), "url": address})
    elif consultation.next_due_on:
        rows.append({"label": _("The next one is due"), "value": dates.day(consultation.next_due_on)})
    return rows


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
    if consultation.corrections_until:
        rows.append({"label": _("Corrections are taken until"), "value": dates.day(consultation.corrections_until)})
    if consultation.hear_back_by:
        rows.append({"label": _("Those who took part hear back by"), "value": dates.day(consultation.hear_back_by)})
    return rows

"""The public record of a consultation that is over: who convened, paid, was invited and came, and what was answered."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import Consultation
from consultations.querysets import AttendanceFigures, Figures, attendance_figures
from consultations.views.public import grounds, named_organisers, series, turnout
from consultations.views.stages import OVER
from portal import access, dates
from portal.publishing import public_page
from recommendations.models import Item, Statement
from recommendations.states import PAIR_STATES, SHAPES

SHORT_NOTICE = 14  # days: who needs leave, a visa or a mandate cannot come on less


@public_page
def consultation_record(request: HttpRequest, slug: str) -> HttpResponse:
    found = Consultation.objects.for_reading().with_turnout().with_next_in_series()
    consultation = access.fetch(request, found, slug=slug)
    if consultation.state not in OVER:
        raise Http404
    statement = _published(consultation)
    counts = turnout(consultation)
    totals = (consultation.invited or 0, consultation.accepted or 0)
    invited, came = consultation.invitations.figures(totals), attendance_figures(consultation)
    context = {
        "consultation": consultation,
        "organisers": [*named_organisers(consultation), *grounds(consultation)],
        "notice": notice(consultation),
        "turnout": counts,
        "came": came,
        "rows": rows_by_group(invited, came),
        "some_hidden": invited.some_hidden or came.some_hidden,
        "statement": statement,
        "answers": _answers(statement) if statement else [],
        "series": series(consultation),
        "nav_current": "consultations",
    }
    return render(request, "consultations/consultation_record.html", context)


def notice(consultation: Consultation) -> dict[str, Any]:
    """Return how many days lay between the first invitation and the first day, and what that means."""
    if not consultation.first_sent_at:
        return {"days": None, "sentence": _("No invitation is on record, so the notice cannot be counted.")}
    sent = consultation.first_sent_at.astimezone(ZoneInfo(consultation.time_zone)).date()
    days = (consultation.starts_on - sent).days
    words = {"sent": dates.day(sent), "first": dates.day(consultation.starts_on), "days": max(days, 0)}
    sentence = ngettext(
        "The first invitation went out on %(sent)s, %(days)d day before the first day, %(first)s.",
        "The first invitation went out on %(sent)s, %(days)d days before the first day, %(first)s.",
        max(days, 0),
    )
    return {"days": days, "sentence": sentence % words, **_meaning(days)}


def _meaning(days: int) -> dict[str, str]:
    """Return what the length of the notice means for those who were invited."""
    fortnight = {"days": SHORT_NOTICE}
    if days < SHORT_NOTICE:
        meaning = _("Under %(days)d days, few can get leave, a visa or a mandate.") % fortnight
        return {"label": _("short notice"), "meaning": meaning, "state": "no"}
    meaning = _("With %(days)d days or more, most can get leave and a mandate.") % fortnight
    return {"label": _("in good time"), "meaning": meaning, "state": "ok"}


def rows_by_group(invited: Figures, came: AttendanceFigures) -> list[dict[str, Any]]:
    """Return a row per group with how many were invited, agreed and came; None where that must not be told."""
    found: dict[int, dict[str, Any]] = {}
    for row in invited.groups:
        found[row.group.pk] = {"group": row.group, "invited": row.invited, "accepted": row.accepted, "came": None}
    for other in came.groups:
        blank = {"group": other.group, "invited": None, "accepted": None}
        found[other.group.pk] = {**blank, **found.get(other.group.pk, {}), "came": other.organisations}
    rows = sorted(found.values(), key=lambda row: (row["group"].position, row["group"].pk))
    most = max((row[name] or 0 for row in rows for name in ("invited", "came")), default=1) or 1
    return [{**row, "most": most} for row in rows]


def _published(consultation: Consultation) -> Statement | None:
    statement: Statement | None = getattr(consultation, "statement", None)
    return statement if statement and statement.state == "published" else None


def _answers(statement: Statement) -> list[dict[str, Any]]:
    """Return how many items stand where, one row per kind of answer or silence, each with its list."""
    items = Item.objects.filter(edition__statement=statement, edition__number=F("edition__statement__current_edition"))
    counted = items.pairs().with_state().order_by().values_list("state").annotate(found=Count("pk"))
    counts, page = dict(counted), reverse("follow_up")
    return [
        {
            "label": capfirst(str(label)),
            "count": counts[state],
            "state": SHAPES.get(state, ""),
            "url": f"{page}?statement={statement.slug}&state={state}",
        }
        for state, label in PAIR_STATES.items()
        if counts.get(state)
    ]

"""The convenor's desk of one consultation: what is due first, then the funnel and who is missing."""

from collections import defaultdict
from itertools import islice
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.balance import gaps
from consultations.models import Consultation
from consultations.querysets import AHEAD, UNDECIDED
from consultations.views import due
from consultations.views.countdown import counted_back, next_due, plan_tasks
from consultations.views.meeting import meeting_tasks
from consultations.views.table import shown_gaps
from portal import access, clock, dates
from portal.access import signed_in
from stakeholders.models import Country, Organisation, StakeholderGroup
from stakeholders.querysets import standing_of

# Shades of the grid: how many organisations make the next one.
SHADES = (1, 3, 6, 10)
MOST_GAPS = 3
# What a convenor does, in the order of a consultation's life; each has its links in `parts/desk_<name>.html`.
STAGES = ("plan", "table", "invite", "answers", "meeting", "after")


@signed_in
def consultation_desk(request: HttpRequest, slug: str) -> HttpResponse:
    found = Consultation.objects.for_page().with_progress().with_requests().asked_by(request.user)
    found = found.select_related("country", "statement", "target")
    consultation = access.fetch(request, found, "consultations.see_desk", slug=slug)
    waiting = dict(consultation.invitations.order_by().values_list("state").annotate(Count("pk")))
    grid = _grid(consultation)
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "tasks": _tasks(consultation, waiting, consultation.joining or 0, grid, standing_of(request.user)),
        "funnel": _funnel(consultation),
        "stages": _stages(consultation, waiting),
        "grid": grid,
        "deadlines": _deadlines(consultation),
        "counted": counted_back(consultation),
    }
    return render(request, "consultations/consultation_desk.html", context)


def _stages(consultation: Consultation, waiting: dict[str, int]) -> list[str]:
    """Return the parts of a convenor's work, the one at hand first, then the others in their order."""
    begun = consultation.starts_on <= clock.today_in(consultation.time_zone)
    if consultation.state == "draft":
        now = "plan"
    elif consultation.state not in AHEAD:
        now = "after"
    elif consultation.state == "in_session" or begun:
        now = "meeting"
    elif not sum(waiting.values()):
        now = "table"
    else:
        now = "answers" if consultation.invited else "invite"
    return sorted(STAGES, key=lambda stage: stage != now)


def _deadlines(consultation: Consultation) -> list[dict[str, Any]]:
    zone = consultation.time_zone
    closes = consultation.answers_close_at if consultation.answer_by else None
    known = [(_("Answers until"), closes), (_("Points until"), consultation.input_closes)]
    rows = [{"label": label, "value": dates.moment(at, zone) if at else _("not set")} for label, at in known]
    back = consultation.hear_back_by
    return [*rows, {"label": _("Those invited hear back by"), "value": dates.day(back) if back else _("not set")}]


def _task(name: str, url: str, *, state: str = "needs", note: str = "", due: str = "") -> dict[str, Any]:
    labels = {"needs": _("To do"), "wait": _("Later"), "ok": _("Done")}
    return {"name": name, "url": url, "state": state, "note": note, "due": due, "label": labels[state]}


def _tasks(
    consultation: Consultation, waiting: dict[str, int], joining: int, grid: dict[str, Any], standing: Any
) -> list[dict[str, Any]]:
    """What is due, most pressing first. Each kind adds its own; none is listed that has nothing in it."""
    afterwards = due.tasks_of([consultation]).get(consultation.pk, [])
    if consultation.state in {"concluded", "archived", "cancelled"}:
        return [*_joining(joining), *afterwards, *meeting_tasks(consultation, _task), *next_due(consultation)]
    rows = [
        *seats_due(consultation, waiting),
        *plan_tasks(consultation, waiting),
        *next_due(consultation),
        *_planning(consultation),
        *_returned(consultation, waiting),
        *_joining(joining),
        *_sending(consultation, waiting),
        *_answers(consultation, waiting),
        *_gaps(consultation, grid, standing),
        *_session(consultation),
        *meeting_tasks(consultation, _task),
        *afterwards,
    ]
    return sorted(rows, key=lambda row: row["state"] != "needs")


def _url(name: str, consultation: Consultation, *arguments: Any, query: str = "") -> str:
    return reverse(name, args=[consultation.slug, *arguments]) + query


def _planning(consultation: Consultation) -> list[dict[str, Any]]:
    rows = []
    if consultation.state == "draft":
        if len(consultation.convenors.all()) < 2:  # noqa: PLR2004 - the sentence says the number
            rows.append(_task(_("Name a second convenor"), _url("consultation_edit", consultation, "people")))
        rows.append(_task(_("Announce the consultation"), _url("consultation_announce", consultation)))
    missing = [
        (consultation.city, "where", _("Say where people meet")),
        (consultation.begins_at, "when", _("Say at what time it begins")),
        (consultation.answer_by, "when", _("Say by when invitations are answered")),
        (consultation.input_closes, "when", _("Say from when until when points can be sent in")),
        (consultation.organisers.all(), "people", _("Name the organisers in the agreed order")),
    ]
    state = "needs" if consultation.state == "draft" else "wait"
    rows += [
        _task(name, _url("consultation_edit", consultation, part), state=state)
        for there, part, name in missing
        if not there
    ]
    return rows


def _returned(consultation: Consultation, waiting: dict[str, int]) -> list[dict[str, Any]]:
    count = waiting.get("undeliverable", 0)
    if not count:
        return []
    name = ngettext("%(count)d could not be delivered: repair", "%(count)d could not be delivered: repair", count)
    return [_task(name % {"count": count}, _url("invitation_outbox", consultation, query="?state=undeliverable"))]


def _joining(count: int) -> list[dict[str, Any]]:
    if not count:
        return []
    name = ngettext("%(count)d person asks to join", "%(count)d people ask to join", count)
    return [
        _task(name % {"count": count}, reverse("desk"), note=_("Somebody of an invited organisation wants an account."))
    ]


def seats_due(consultation: Consultation, waiting: dict[str, int]) -> list[dict[str, Any]]:
    """Return who asks for a seat, and who waits for one: what a convenor has to decide about seats."""
    if consultation.state not in {"announced", "in_session"}:
        return []
    rows = []
    if consultation.asking:
        name = ngettext("%(count)d request for a seat", "%(count)d requests for a seat", consultation.asking)
        rows.append(_task(name % {"count": consultation.asking}, _url("seat_request_list", consultation)))
    if listed := waiting.get("waitlisted", 0) + waiting.get("offered", 0):
        name = ngettext("%(count)d waits for a seat", "%(count)d wait for a seat", listed)
        rows.append(_task(name % {"count": listed}, _url("waiting_list", consultation), state="wait"))
    return sorted(rows, key=lambda row: row["state"] != "needs")


def _sending(consultation: Consultation, waiting: dict[str, int]) -> list[dict[str, Any]]:
    rows = []
    drafted, approved = waiting.get("drafted", 0), waiting.get("approved", 0)
    if drafted:
        name = ngettext(
            "%(count)d invitation is drafted: approve", "%(count)d invitations are drafted: approve", drafted
        )
        rows.append(_task(name % {"count": drafted}, _url("invitation_outbox", consultation, query="?state=drafted")))
    if approved and consultation.state != "draft":
        name = ngettext("%(count)d invitation is approved: send", "%(count)d invitations are approved: send", approved)
        rows.append(_task(name % {"count": approved}, _url("invitation_send", consultation)))
    if not sum(waiting.values()):
        rows.append(_task(_("Pick the organisations to invite"), _url("invitation_pick", consultation)))
    return rows


def _answers(consultation: Consultation, waiting: dict[str, int]) -> list[dict[str, Any]]:
    count, closes = sum(waiting.get(state, 0) for state in UNDECIDED), consultation.answers_close_at
    if not count or timezone.now() > closes:
        return []
    name = ngettext("%(count)d has not answered: remind", "%(count)d have not answered: remind", count)
    due = _("by %(day)s") % {"day": dates.day(consultation.answer_by or consultation.ends_on)}
    following = consultation.next_reminder_on(clock.today_in(consultation.time_zone))
    note = _("The next reminder goes out by itself on %(day)s.") % {"day": dates.day(following)} if following else ""
    return [_task(name % {"count": count}, _url("reminders_send", consultation), due=due, note=note)]


def _gaps(consultation: Consultation, grid: dict[str, Any], standing: Any) -> list[dict[str, Any]]:
    """What is out of balance, then groups of which organisations could be invited, and none is: the table has all."""
    found = shown_gaps(consultation, islice(gaps(consultation, standing), MOST_GAPS))
    rows = [_task(gap["text"], gap["links"][0]["url"], state="wait") for gap in found]
    absent = [row for row in grid["rows"] if not row["total"]]
    return rows + [
        _task(
            _("Nobody yet of: %(group)s") % {"group": row["group"].name},
            _url("invitation_pick", consultation, query=f"?group={row['group'].slug}"),
            state="wait",
        )
        for row in absent[: MOST_GAPS if not rows else 1]
    ]


def _session(consultation: Consultation) -> list[dict[str, Any]]:
    today = timezone.localdate()
    if consultation.state == "announced" and consultation.starts_on <= today <= consultation.ends_on:
        return [_task(_("Open the session"), _url("consultation_open", consultation))]
    if consultation.can("conclude") and consultation.ends_on < today:
        return [_task(_("Conclude the consultation"), _url("consultation_conclude", consultation))]
    return []


def _funnel(consultation: Consultation) -> list[dict[str, Any]]:
    """From invited to seats, each with its width in the picture and the list that it counts."""
    steps = [
        (_("Invited"), consultation.invited, "?state=reached"),
        (_("Answered"), consultation.answered, "?state=answered"),
        (_("Accepted"), consultation.accepted, "?state=accepted"),
    ]
    rows = []
    for name, count, query in steps:
        width = 100 * count / max(consultation.invited, 1)
        url = _url("invitation_outbox", consultation, query=query)
        rows.append({"name": name, "count": count, "url": url, "width": width, "left": 50 - width / 2})
    return rows


def _grid(consultation: Consultation) -> dict[str, Any]:
    """Groups by countries: how many are invited, and where somebody could be and nobody is."""
    invited = _counts(
        consultation.invitations.exclude(state="revoked"),
        "organisation__groups",
        "organisation__country",
        "organisation",
    )
    possible = _counts(Organisation.objects.invitable(), "groups", "country", "pk")
    countries = [*Country.objects.filter(pk__in={code for _group, code in possible if code}), None]
    groups = StakeholderGroup.objects.exclude(hearing="never").filter(pk__in={group for group, _code in possible})
    rows = [
        {
            "group": group,
            "total": sum(count for (pk, _code), count in invited.items() if pk == group.pk),
            "cells": [_cell(consultation, group, country, invited, possible) for country in countries],
        }
        for group in groups
    ]
    # Once it is over, only who was invited is of interest.
    told = rows if consultation.state in AHEAD else [row for row in rows if row["total"]]
    return {"countries": countries, "rows": told}


def _counts(rows: Any, group: str, country: str, counted: str) -> dict[tuple[int, str | None], int]:
    found: dict[tuple[int, str | None], int] = defaultdict(int)
    for pk, code, count in rows.order_by().values_list(group, country).annotate(Count(counted, distinct=True)):
        found[pk, code] = count
    return found


def _cell(consultation: Consultation, group: Any, country: Any, invited: Any, possible: Any) -> dict[str, Any]:
    code = country.pk if country else "none"
    key = (group.pk, country.pk if country else None)
    count, could = invited.get(key, 0), possible.get(key, 0)
    query = f"?group={group.slug}&country={code}"
    page = "invitation_outbox" if count else "invitation_pick"
    return {
        "code": country.pk if country else "–",
        "count": count,
        "gap": could and not count and consultation.state in AHEAD,
        "url": _url(page, consultation, query=query) if count or (could and consultation.state in AHEAD) else "",
        "shade": sum(count >= step for step in SHADES),
    }

"""The table: who is invited, has accepted and is missing, by group, bench or side, and by country; and the lists."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from consultations.actions.convening import OVER
from consultations.balance import DOUBLE, Gap, gaps
from consultations.models import Consultation
from consultations.querysets import AHEAD, BODIES, HIDDEN_INVITATIONS, PERSONS, UNSAID, row_at
from consultations.states import InvitationState
from consultations.views import filters
from consultations.views.outbox import BADGES
from portal import access, languages
from portal.access import signed_in
from stakeholders.models import Country, Organisation, StakeholderGroup
from stakeholders.querysets import standing_of
from stakeholders.states import Bench, Hearing, OrganisationState, Side

SHADES = (1, 3, 6, 10)  # how many of a cell make it a shade darker
NO_COUNTRY = "none"
SHOWS = ("invited", "accepted", "missing")
ROWS = ("group", "bench", "side")
KINDS = ("never", "unverified", "tied")


def at_desk(request: HttpRequest, slug: str) -> Consultation:
    """Return the consultation of one of its convenors."""
    found = Consultation.objects.select_related("country").asked_by(request.user)
    return access.fetch(request, found, "consultations.see_desk", slug=slug)


@signed_in
def invitation_table(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = at_desk(request, slug)
    now = {"show": "invited", "by": "group", **filters.chosen(request, {"show": SHOWS, "by": ROWS})}
    grid = Grid(consultation, now["show"], now["by"])
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "grid": grid,
        "heading": _("%(what)s, by %(row)s")
        % {"what": dict(_shows(grid))[now["show"]].capitalize(), "row": _row_kinds()[now["by"]]},
        "gaps": shown_gaps(consultation, gaps(consultation, standing_of(request.user))),
        "filter_rows": [
            {"label": _("What is counted"), "links": filters.links(now, "show", _shows(grid))[1:]},
            {"label": _("By what"), "links": filters.links(now, "by", list(_row_kinds().items()))[1:]},
        ],
    }
    return render(request, "consultations/invitation_table.html", context)


def _shows(grid: "Grid") -> list[tuple[str, str]]:
    names = {"invited": _("invited"), "accepted": _("accepted"), "missing": _("missing")}
    return [(show, f"{name} ({grid.figures[show]})") for show, name in names.items()]


def _row_kinds() -> dict[str, str]:
    return {"group": _("group"), "bench": _("bench"), "side": _("side of the corridor")}


def shown_gaps(consultation: Consultation, found: Iterable[Gap]) -> list[dict[str, Any]]:
    """Return what is out of balance, each with the addresses that mend it."""
    return [
        {
            "code": gap.code,
            "text": gap.text,
            "links": [
                {"name": mend.label, "url": reverse(mend.page, args=[consultation.slug]) + mend.query}
                for mend in gap.mends
            ],
        }
        for gap in found
    ]


@dataclass(slots=True)
class Cell:
    """How many are invited, have accepted, and could be invited and are not."""

    invited: int = 0
    accepted: int = 0
    missing: int = 0

    def add(self, state: str, count: int) -> None:
        """Count invitations in a state."""
        self.invited += count
        self.accepted += count if state == InvitationState.ACCEPTED else 0


@dataclass(slots=True)
class Counted:
    """The figures of the table by row and column, and the totals of the columns."""

    cells: dict[tuple[str, str | None], Cell] = field(default_factory=lambda: defaultdict(Cell))
    totals: dict[str | None, Cell] = field(default_factory=lambda: defaultdict(Cell))


def counted(consultation: Consultation, by: str) -> Counted:
    """Count those on the list and those that could be. Four queries, however many there are."""
    found = Counted()
    for row, country, state, count in consultation.invitations.tally(by):
        found.cells[row, country].add(state, count)
    for country, state, count in consultation.invitations.totals():
        found.totals[country].add(state, count)
    absent = Organisation.objects.invitable().exclude(invitations__consultation=consultation).order_by()
    rows = absent.annotate(table_row=row_at(by)).values_list("table_row", "country")
    for row, country, count in rows.annotate(Count("pk", distinct=True)):
        found.cells[row, country].missing = count
    for country, count in absent.values_list("country").annotate(Count("pk", distinct=True)):
        found.totals[country].missing = count
    return found


class Grid:
    """The table as it is shown: each figure with the list that it counts."""

    def __init__(self, consultation: Consultation, show: str, by: str) -> None:
        self.slug, self.show, self.by = consultation.slug, show, by
        self.ahead = consultation.state in AHEAD  # later nobody can be picked any more
        self.counted = counted(consultation, by)
        columns = {code for _row, code in self.counted.cells}
        self.countries = [country for country in Country.objects.all() if country.pk in columns]
        self.codes = [*(country.pk for country in self.countries), *([None] if None in columns else [])]
        self.lists = {name: reverse(name, args=[self.slug]) for name in ("invitation_list", "invitation_pick")}
        totals = self.counted.totals.values()
        self.figures = {name: sum(getattr(cell, name) for cell in totals) for name in SHOWS}
        self.kept = dict(consultation.quotas.values_list(by, "seats")) if by in {"group", "bench"} else {}
        self.rows = [self._row(key, name, query) for key, name, query in self._keys()]
        self.foot = [self._cell(self.counted.totals[code], {}, code) for code in self.codes]
        self.whole = self._link(self.figures[show], {})
        self.nowhere = None in columns

    def _keys(self) -> list[tuple[str, str, dict[str, str]]]:
        """Return the rows that have something in them, with their names and the filter of the pick page."""
        there = {row for row, _code in self.counted.cells}
        if self.by == "group":
            # One whose group is never seated and who is on the list all the same is not hidden by the table.
            named = [(str(group.pk), group.name, {"group": group.slug}) for group in StakeholderGroup.objects.all()]
        else:
            choices = Bench.choices if self.by == "bench" else Side.choices
            named = [(value, str(label).capitalize(), {self.by: value}) for value, label in choices]
        named += [(BODIES, _("Public bodies"), {}), (PERSONS, _("Persons in a personal capacity"), {})]
        named += [(UNSAID, _("Not said"), {"side": UNSAID} if self.by == "side" else {})]
        return [(key, name, query) for key, name, query in named if key in there]

    def _row(self, key: str, name: str, query: dict[str, str]) -> dict[str, Any]:
        cells = [self.counted.cells.get((key, code), Cell()) for code in self.codes]
        asked = {"by": self.by, "row": query.get(self.by, key)}
        total = sum(getattr(cell, self.show) for cell in cells)
        absent = all(not cell.invited for cell in cells)
        return {
            "name": name,
            "cells": [self._cell(cell, asked, code, query) for cell, code in zip(cells, self.codes, strict=True)],
            "total": self._link(total, asked, query),
            "absent": absent,
            "kept": self.kept.get(int(key) if key.isdigit() else key, 0),
        }

    def _cell(
        self, cell: Cell, asked: dict[str, str], code: str | None, query: dict[str, str] | None = None
    ) -> dict[str, Any]:
        count = getattr(cell, self.show)
        gap = bool(cell.missing and not cell.invited)
        country = {"country": code or NO_COUNTRY}
        pick = gap or self.show == "missing"
        wanted = {**(query or {}), **country} if pick else {**asked, **country, "state": self.show}
        page = self.lists["invitation_pick" if pick else "invitation_list"]
        return {
            "code": code or "–",
            "count": count,
            "gap": gap,
            "there": bool(cell.invited or cell.missing),
            "url": f"{page}?{urlencode(wanted)}" if (count or gap) and (self.ahead or not pick) else "",
            "shade": sum(count >= step for step in SHADES),
        }

    def _link(self, count: int, asked: dict[str, str], query: dict[str, str] | None = None) -> dict[str, Any]:
        missing = self.show == "missing"
        if not count or (missing and not self.ahead):
            return {"count": count, "url": ""}
        page = self.lists["invitation_pick" if missing else "invitation_list"]
        wanted = (query or {}) if missing else {**asked, "state": self.show}
        return {"count": count, "url": f"{page}?{urlencode(wanted)}"}


@signed_in
def invitation_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = at_desk(request, slug)
    asked = _asked(request)
    rows = _listed(consultation, asked).for_desk().order_by("organisation__name_key", "body__name", "full_name", "pk")
    page = filters.page_of(request, rows)
    standing = standing_of(request.user)
    tally = dict(_listed(consultation, {**asked, "state": "any"}).tally_of_states())
    states = [(state.value, f"{state.label} ({tally[state]})") for state in InvitationState if state in tally]
    context = {
        "nav_current": "desk",
        "consultation": consultation,
        "page": page,
        "rows": [_row(invitation, standing) for invitation in page.object_list],
        "query": filters.query(asked),
        "what": _said(asked),
        "filter_rows": [{"label": _("State"), "links": filters.links(asked, "state", states)}],
    }
    return render(request, "consultations/invitation_list.html", context)


def _state_names() -> dict[str, str]:
    return {"invited": _("invited"), **dict(InvitationState.choices)}


def _asked(request: HttpRequest) -> dict[str, str]:
    """Return the filters that are in a closed list; a row of the table counts only with what the table is by."""
    rows = {
        "group": StakeholderGroup.objects.values_list("slug", flat=True),
        "bench": Bench.values,
        "side": Side.values,
    }
    by = filters.chosen(request, {"by": ROWS})
    allowed = {
        "state": _state_names(),
        "kind": KINDS,
        "country": [*Country.objects.values_list("pk", flat=True), NO_COUNTRY],
    }
    row = filters.chosen(request, {"row": [*rows[by["by"]], BODIES, PERSONS, UNSAID]}) if by else {}
    return {**filters.chosen(request, allowed), **({**by, **row} if row else {})}


def _listed(consultation: Consultation, asked: dict[str, str]) -> Any:
    rows = consultation.invitations.all()
    state = asked.get("state", "invited")
    if state != "any":
        rows = rows.on_list() if state == "invited" else rows.filter(state=state)
    if "row" in asked:
        rows = rows.of_row(asked["by"], asked["row"])
    if "country" in asked:
        code = None if asked["country"] == NO_COUNTRY else asked["country"]
        own, office = Q(organisation__country=code), Q(body__country=code)
        rows = rows.filter(own & office if code is None else own | office)
    return _of_kind(consultation, rows, asked.get("kind", ""))


def _of_kind(consultation: Consultation, rows: Any, kind: str) -> Any:
    match kind:
        case "never":
            return rows.filter(organisation__groups__hearing=Hearing.NEVER).distinct()
        case "unverified":
            return rows.filter(organisation__isnull=False).exclude(organisation__state=OrganisationState.VERIFIED)
        case "tied":
            return rows.filter(pk__in=consultation.invitations.tied(DOUBLE).values("pk"))
    return rows


def _said(asked: dict[str, str]) -> str:
    """Return what the list is narrowed to, in words."""
    words = []
    if "row" in asked:
        named = {BODIES: _("Public bodies"), PERSONS: _("Persons in a personal capacity"), UNSAID: _("Not said")}
        if asked["by"] == "group":
            named |= dict(StakeholderGroup.objects.filter(slug=asked["row"]).values_list("slug", "name"))
        named |= {str(value): str(label) for value, label in (*Bench.choices, *Side.choices)}
        words.append(named.get(asked["row"], ""))
    if "country" in asked:
        found = Country.objects.filter(pk=asked["country"]).first()
        words.append(found.name if found else _("no single country"))
    kinds = {
        "never": _("of a group that is never seated"),
        "unverified": _("not verified"),
        "tied": _("tied to another"),
    }
    words.append(kinds.get(asked.get("kind", ""), ""))
    return ", ".join(filter(None, words))


def _row(invitation: Any, standing: Any) -> dict[str, Any]:
    body, organisation = invitation.body, invitation.organisation
    country = body.country if body else organisation.country if organisation else None
    return {
        "invitation": invitation,
        "name": invitation.shown_name(standing),
        "country": country.name if country else "",
        "groups": ", ".join(group.name for group in organisation.groups.all()) if organisation else "",
        "badge": BADGES.get(invitation.state, ""),
        "bench": _bench(invitation),
        "language": languages.shipped_or_default(invitation.language),
        "reached": invitation.state not in HIDDEN_INVITATIONS,
        "revocable": invitation.can("revoke"),
        "changeable": invitation.state not in OVER,
    }


def _bench(invitation: Any) -> str:
    """Return where they sit; an organisation that was invited before benches were written down, by its groups."""
    bench = invitation.bench or (invitation.organisation.bench if invitation.organisation else "")
    return str(Bench(bench).label) if bench else ""

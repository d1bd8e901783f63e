"""What the pages from submission to adoption share: a refusal beside its field, a clash of two texts, the statement."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from portal import access, differences
from portal.states import Conflict
from recommendations import canonical
from recommendations.models import Recommendation, Statement
from recommendations.states import ASIDE


def clash(request: HttpRequest, template: str, conflict: Conflict, context: dict[str, Any]) -> HttpResponse:
    """Answer 409 with what is saved now, what was typed, and the difference; the form keeps what was typed."""
    rows = differences.clash(context["form"], conflict.current)
    return render(request, template, {**context, "conflict": rows}, status=409)


def statement_of(request: HttpRequest, slug: str, permission: str) -> Statement:
    """Return the consultation's statement through the one door, with its common text."""
    found = Statement.objects.of_consultation().with_common_text()
    return access.fetch(request, found, permission, consultation__slug=slug)


def to(name: str, *arguments: Any, anchor: str = "") -> HttpResponseRedirect:
    """Return a redirect to a named page, and to a place on it."""
    return HttpResponseRedirect(reverse(name, args=arguments) + (f"#{anchor}" if anchor else ""))


def numbered(recommendations: list[Recommendation]) -> list[tuple[str, Recommendation]]:
    """Return the recommendations as they will stand: by section, each with its label such as “ASEAN 3”."""
    reached: dict[str, int] = {}
    rows = []
    for one in sorted(recommendations, key=lambda one: (canonical.section_order(one.section_id), one.position, one.pk)):
        section = one.section_id or canonical.ASEAN
        reached[section] = reached.get(section, 0) + 1
        rows.append((f"{section} {reached[section]}", one))
    return rows


def called(statement: Any) -> list[tuple[str, Recommendation]]:
    """Return every item that is or was before the plenary, as the room calls it.

    One that the plenary sets aside keeps its number, and so do those after it, until the adoption numbers them anew.
    """
    shown = numbered([one for one in statement.common_text if one.state not in ASIDE or one.came_up])
    if statement.state not in {"adopted", "published"}:
        return shown
    labels = {one.pk: label for label, one in numbered([one for _label, one in shown if one.state not in ASIDE])}
    return [(labels.get(one.pk, "–"), one) for _label, one in shown]


def by_section(rows: list[tuple[str, Recommendation]]) -> list[dict[str, Any]]:
    """Return the sections in their order, each with its numbered recommendations."""
    sections: dict[str, dict[str, Any]] = {}
    for label, one in rows:
        code = one.section_id or canonical.ASEAN
        name = one.section.name if one.section else canonical.ASEAN
        sections.setdefault(code, {"code": code, "name": name, "rows": []})["rows"].append((label, one))
    return list(sections.values())

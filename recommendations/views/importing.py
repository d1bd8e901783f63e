"""A statement of the past is brought in: pasted or uploaded, put right line by line, then made a record in one step."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal import access
from portal.access import signed_in
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from recommendations import actions, importing
from recommendations.actions.importing import Facts
from recommendations.forms.importing import FactsForm, RowsForm, SourceForm
from recommendations.importing import Row
from recommendations.views.answers import to
from stakeholders.querysets import standing_of

TEMPLATE = "recommendations/statement_import.html"


@signed_in
@once
def statement_import(request: HttpRequest) -> HttpResponse:
    access.require(request, "consultations.create_consultation")
    if request.method == "POST" and "count" in request.POST:
        return _looked_at(request)
    form = SourceForm()
    if request.method == "POST":
        form = SourceForm(request.POST, request.FILES)
        if form.is_valid():
            rows = importing.recognise(form.cleaned_data["lines"], importing.names_of_countries())
            facts = FactsForm(by=request.user, initial=_first_facts(rows))
            return _page(request, RowsForm(rows=rows), facts, rows)
    return render(request, TEMPLATE, {"form": form, "nav_current": "desk"})


def _first_facts(rows: list[Row]) -> dict[str, Any]:
    title = importing.draft_of(rows).title
    return {"title": title[:200], "language": translation.get_language(), "manner": "consensus"}


def _looked_at(request: HttpRequest) -> HttpResponse:
    """Show the lines again as they were put right; or make the record, all of it or nothing."""
    form, facts = RowsForm(request.POST), FactsForm(request.POST, by=request.user)
    if "make" not in request.POST:
        facts = FactsForm(by=request.user, initial={name: request.POST.get(name, "") for name in facts.fields})
        form.full_clean()
        return _page(request, form, facts, form.rows)
    if not (form.is_valid() and facts.is_valid()):
        return _page(request, form, facts, form.rows)
    try:
        edition = actions.import_statement(importing.draft_of(form.rows), Facts(**facts.cleaned_data), by=request.user)
    except Refusal as refusal:
        refuse(facts, refusal)
        return _page(request, form, facts, form.rows)
    messages.success(request, _("The statement is on record as edition 1. Read it, then publish it."))
    response = to("plenary", edition.statement.consultation.slug)
    response["Location"] = reverse("edition_detail", args=[edition.statement.slug, edition.number])
    return response


def _page(request: HttpRequest, form: RowsForm, facts: FactsForm, rows: list[Row]) -> HttpResponse:
    draft, standing = importing.draft_of(rows), standing_of(request.user)
    known = importing.matched(draft.adopters)
    context = {
        "rows_form": form,
        "facts": facts,
        "lines": [
            {
                "role": form[f"role_{place}"],
                "text": form[f"text_{place}"],
                "label": form[f"label_{place}"],
                "to": form[f"to_{place}"] if row is None or row.role == "item" else None,
                "row": row,
                "number": number,
            }
            for place, (row, number) in enumerate(_padded(rows, form.size))
        ],
        "draft": draft,
        "adopters": [{"name": name, "known": one.shown_name(standing) if one else ""} for name, one in known.items()],
        "again": sum(row.restarts for row in rows),
        "nav_current": "desk",
    }
    return render(request, TEMPLATE, context)


def _padded(rows: list[Row], size: int) -> list[tuple[Row | None, str]]:
    """Return a row per line of the form: a line that was emptied has none."""
    found: list[tuple[Row | None, str]] = list(importing.numbered(rows))
    return (found + [(None, "")] * size)[:size] if len(found) == size else [(None, "")] * size

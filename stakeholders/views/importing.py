"""The import of a list: upload, columns, progress and result row by row, approval."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal import access
from portal.access import signed_in
from portal.once import once
from portal.states import Refusal
from stakeholders import actions
from stakeholders.forms import importing as forms
from stakeholders.importing import columns, notes, sheets
from stakeholders.models import Country, ImportRow, ListImport, StakeholderGroup
from stakeholders.states import ImportState, Level, RowVerdict, Side, Visibility

PER_PAGE = 50
AT_WORK = (ImportState.UPLOADED, ImportState.MAPPED, ImportState.APPROVED)
BADGES = {
    **dict.fromkeys(AT_WORK, "wait"),
    **dict.fromkeys((ImportState.READ, ImportState.CHECKED), "needs"),
    ImportState.DONE: "ok",
    ImportState.REFUSED: "no",
}
VERDICT_BADGES = {RowVerdict.CREATE: "ok", RowVerdict.UPDATE: "wait", RowVerdict.REFUSE: "no"}
SHOWN = {"level": Level, "side": Side, "visibility": Visibility}


def _own(request: HttpRequest, pk: int) -> ListImport:
    return access.fetch(request, ListImport.objects.all(), "stakeholders.import_lists", pk=pk)


@signed_in
def import_list(request: HttpRequest) -> HttpResponse:
    access.require(request, "stakeholders.import_lists")
    page = Paginator(ListImport.objects.visible_to(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"run": run, "badge": BADGES.get(run.state, "")} for run in page]
    context = {"page": page, "rows": rows, "nav_current": "organisations"}
    return render(request, "stakeholders/import_list.html", context)


@signed_in
@once
def import_upload(request: HttpRequest) -> HttpResponse:
    access.require(request, "stakeholders.import_lists")
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, how = form.cleaned_data["file"], {name: form.cleaned_data[name] for name in ("encoding", "delimiter")}
        run = actions.upload_list(file, by=request.user, file_name=file.name, **how)
        return redirect("import_detail", run.pk)
    limits = {"rows": settings.IMPORT_MAX_ROWS, "megabytes": settings.IMPORT_MAX_BYTES // forms.MEGABYTE}
    context = {"form": form, "limits": limits, "nav_current": "organisations"}
    return render(request, "stakeholders/import_upload.html", context)


@signed_in
@once
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    run = _own(request, pk)
    if not run.can("map"):
        return redirect("import_detail", run.pk)
    sheet, encoding = forms.chosen_layout(run, request.GET.get("sheet", ""), request.GET.get("encoding", ""))
    form = forms.ColumnsForm(request.POST or None, run=run, sheet=sheet, encoding=encoding)
    if request.method == "POST" and form.is_valid():
        actions.map_columns(run, by=request.user, mapping=form.mapping(), options=form.options())
        return redirect("import_detail", run.pk)
    context = {
        "run": run,
        "form": form,
        "facts": forms.facts(run),
        "filter_rows": _layout_links(run, sheet, encoding),
        "nav_current": "organisations",
    }
    return render(request, "stakeholders/import_columns.html", context)


def _layout_links(run: ListImport, sheet: int, encoding: str) -> list[dict[str, Any]]:
    """Return the sheets and the encodings to choose from, as links: the page shows at once how each reads."""
    now = {"sheet": sheet, "encoding": encoding}
    options = (("sheet", _("Sheet"), forms.sheet_names(run)), ("encoding", _("Encoding"), forms.candidates(run)))
    return [
        {
            "label": label,
            "links": [
                {"name": called, "url": "?" + urlencode({**now, name: value}), "current": now[name] == value}
                for value, called in values
            ],
        }
        for name, label, values in options
        if values
    ]


@signed_in
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    run = _own(request, pk)
    context = {"run": run, "at_work": run.state in AT_WORK, "nav_current": "organisations"}
    if request.headers.get("HX-Request"):
        return render(request, "stakeholders/parts/import_progress.html", context)
    if run.state == ImportState.CHECKED:
        context |= _result(request, run)
    context["problem"] = notes.problem(run.problem) if run.state == ImportState.REFUSED else ""
    context["figures"] = _figures(run)
    return render(request, "stakeholders/import_detail.html", context)


def _figures(run: ListImport) -> list[dict[str, Any]]:
    """Return how many rows get which verdict; while the rows are there, each number leads to them."""
    rows = reverse("import_detail", args=[run.pk]) if run.state == ImportState.CHECKED else ""
    return [
        {"count": run.counts[value], "label": label, "url": f"{rows}?verdict={value}" if rows else ""}
        for value, label in RowVerdict.choices
        if run.counts.get(value)
    ]


def _result(request: HttpRequest, run: ListImport) -> dict[str, Any]:
    wanted = request.GET.get("verdict", "")
    rows = sheets.rows_of(run)
    rows = rows.filter(verdict=wanted) if wanted in RowVerdict.values else rows
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    now = wanted if wanted in RowVerdict.values else ""
    links = [{"name": _("All"), "url": "?", "current": not now}]
    for value, label in RowVerdict.choices:
        links.append({"name": label, "url": f"?verdict={value}", "current": now == value})
    return {
        "page": page,
        "query": f"verdict={now}&" if now else "",
        "rows": _shown_rows(page.object_list),
        "filter_row": {"label": _("What happens"), "links": links},
        "has_work": actions.has_work(run),
    }


def _shown_rows(rows: Any) -> list[dict[str, Any]]:
    groups = dict(StakeholderGroup.objects.values_list("pk", "name"))
    countries = dict(Country.objects.values_list("pk", "name"))
    return [_shown_row(row, {"groups": groups, "country": countries, "countries": countries}) for row in rows]


def _shown_row(row: ImportRow, names: dict[str, dict[Any, str]]) -> dict[str, Any]:
    """Return a row to be read. Everything from a cell is plain text; the template escapes it."""
    facts = row.values.get("facts", {}) if row.verdict == RowVerdict.CREATE else {}
    return {
        "number": sheets.row_number(row.number),
        "label": row.values.get("label", ""),
        "verdict": row.get_verdict_display(),
        "badge": VERDICT_BADGES.get(row.verdict, ""),
        "facts": [(columns.label(field), _shown(field, value, names)) for field, value in facts.items()],
        "changes": [
            {"label": columns.label(field), "old": _shown(field, old, names), "new": _shown(field, new, names)}
            for field, old, new in row.values.get("changes", ())
        ],
        "notes": notes.of(row.notes),
    }


def _shown(field: str, value: Any, names: dict[str, dict[Any, str]]) -> str:
    """Return a stored value as the reader knows it."""
    if field in names:
        values = value if isinstance(value, list) else [value]
        return ", ".join(str(names[field].get(one, one)) for one in values if one)
    return str(SHOWN[field](value).label) if field in SHOWN and value in SHOWN[field].values else str(value or "")


@signed_in
@once
def import_approve(request: HttpRequest, pk: int) -> HttpResponse:
    run = _own(request, pk)
    if request.method == "POST":
        try:
            actions.approve_import(run, by=request.user)
        except Refusal as refusal:
            messages.error(request, refusal.reason)
        return redirect("import_detail", run.pk)
    if not run.can("approve"):
        return redirect("import_detail", run.pk)
    context = {"run": run, "figures": _figures(run), "has_work": actions.has_work(run), "nav_current": "organisations"}
    return render(request, "stakeholders/import_approve.html", context)


@signed_in
@once
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    run = _own(request, pk)
    if request.method == "POST":
        try:
            actions.drop_import(run, by=request.user)
            messages.success(request, _("The list is dropped. Its file and its rows are deleted."))
        except Refusal as refusal:
            messages.error(request, refusal.reason)
        return redirect("import_list")
    if not run.can("drop"):
        return redirect("import_detail", run.pk)
    return render(request, "stakeholders/import_drop.html", {"run": run, "nav_current": "organisations"})

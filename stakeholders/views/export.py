"""The register to take along: what the list shows, as a spreadsheet or a plain table."""

import tempfile
from typing import Any

from allauth.core.ratelimit import respond_429
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from portal import access
from portal.access import public, signed_in
from portal.limits import within_read_limit
from portal.once import once
from stakeholders import actions
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of
from stakeholders.tables import columns_for, csv_lines, rows_of, write_spreadsheet
from stakeholders.views.filters import Filters

IN_MEMORY = 1_000_000  # bytes of a file before it goes to the disk


@public
@require_safe
def organisation_export(request: HttpRequest, kind: str) -> HttpResponse:
    if not request.user.is_authenticated and not within_read_limit(request, "search"):
        return respond_429(request)
    return _file(request, kind)


@signed_in
@once
def organisation_export_contacts(request: HttpRequest) -> HttpResponse:
    access.require(request, "stakeholders.export_contacts")
    if request.method != "POST":
        return redirect("organisation_list")
    actions.record_export(by=request.user)
    return _file(request, "xlsx", contacts=True)


def _file(request: HttpRequest, kind: str, *, contacts: bool = False) -> HttpResponse:
    """Return the file. Its name says the day and nothing else."""
    columns = columns_for(standing_of(request.user), contacts=contacts)
    found = Filters(request.GET).applied(Organisation.objects.visible_to(request.user).for_file())
    rows = rows_of(found, columns)
    name = f"organisations-{timezone.localdate():%Y-%m-%d}.{kind}"
    response: Any
    if kind == "csv":
        response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    else:
        book = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the answer closes it
        write_spreadsheet(rows, book)
        book.seek(0)
        response = FileResponse(book, as_attachment=True, filename=name)
    patch_cache_control(response, private=True, no_store=True)
    return response

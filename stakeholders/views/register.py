"""The register of organisations and the public bodies, for everybody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from portal.limits import within_read_limit
from portal.publishing import public_page
from stakeholders.models import Organisation, PublicBody
from stakeholders.querysets import OrganisationQuerySet, Standing, standing_of
from stakeholders.views.filters import Filters

PER_PAGE = 50
FARTHEST = 2_000  # pages; whoever wants more exports the list
TOO_MANY = 429


@public_page
def organisation_list(request: HttpRequest) -> HttpResponse:
    standing, filters = standing_of(request.user), Filters(request.GET)
    counted = bool(filters.words) and not request.user.is_authenticated
    refused = counted and not within_read_limit(request, "search")
    found = filters.applied(Organisation.objects.visible_to(request.user).for_list())
    page = _page(found.none() if refused else found, request.GET.get("page", ""), filters)
    context = {
        **page,
        "rows": [{"organisation": one, "name": one.shown_name(standing)} for one in page["organisations"]],
        "filters": filters,
        "group": filters.group,
        "total": _total(found, standing),
        "contacts_too": request.user.has_perm("stakeholders.export_contacts"),
        "refused": refused,
        "may_import": standing.convenor,
        "nav_current": "organisations",
    }
    return render(request, "stakeholders/organisation_list.html", context, status=TOO_MANY if refused else None)


@public_page
def public_body_list(request: HttpRequest) -> HttpResponse:
    bodies = list(PublicBody.objects.visible_to(request.user).for_list())
    context = {
        "lines": _branches([body for body in bodies if body.kind == "asean"]),
        "national": sorted((body for body in bodies if body.kind == "national"), key=lambda body: str(body.country)),
        "international": [body for body in bodies if body.kind == "international"],
        "nav_current": "organisations",
    }
    return render(request, "stakeholders/public_body_list.html", context)


def _page(found: OrganisationQuerySet, asked: str, filters: Filters) -> dict[str, Any]:
    """Return one page and the ways to its neighbours. Nothing is counted: one row more tells whether there is more."""
    number = min(max(int(asked), 1), FARTHEST) if asked.isdecimal() else 1
    rows = list(found[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
    if not rows and number > 1:
        return _page(found, "1", filters)
    query = filters.query()
    to = f"?{query}&page=" if query else "?page="
    return {
        "organisations": rows[:PER_PAGE],
        "number": number,
        "previous_url": f"{to}{number - 1}" if number > 1 else "",
        "next_url": f"{to}{number + 1}" if len(rows) > PER_PAGE and number < FARTHEST else "",
    }


def _total(found: OrganisationQuerySet, standing: Standing) -> str:
    """Return how many there are, for convenors; see docs/decisions/0011-small-numbers.md."""
    if not standing.convenor:
        return ""
    count = found.order_by().count()
    return ngettext("%(count)d organisation", "%(count)d organisations", count) % {"count": count}


def _branches(bodies: list[PublicBody], above: int | None = None) -> list[dict[str, Any]]:
    """Return who reports to whom, from the top down."""
    ours = {body.pk for body in bodies}
    under = [body for body in bodies if (body.reports_to_id if body.reports_to_id in ours else None) == above]
    return [{"body": body, "below": _branches(bodies, body.pk)} for body in under]

"""The register of organisations and the public bodies, for everybody."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.publishing import public_page
from stakeholders.models import Country, Organisation, PublicBody, StakeholderGroup
from stakeholders.querysets import OrganisationQuerySet, Standing, standing_of

PER_PAGE = 50


@public_page
def organisation_list(request: HttpRequest) -> HttpResponse:
    standing, shown = standing_of(request.user), Organisation.objects.visible_to(request.user)
    groups, countries = list(StakeholderGroup.objects.all()), list(Country.objects.all())
    group = next((one for one in groups if one.slug == request.GET.get("group")), None)
    country = next((one for one in countries if one.code == request.GET.get("country")), None)
    chosen = {"group": group.slug if group else "", "country": country.code if country else ""}
    in_group, in_country = shown.of_group(group), shown.of_country(country)
    page = Paginator(in_group.of_country(country).for_list(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [{"organisation": one, "name": one.shown_name(standing)} for one in page],
        "total": _total(page.paginator.count, standing),
        "groups": _facet("group", chosen, [(one.slug, one.name, one.pk) for one in groups], in_country, standing),
        "countries": _facet("country", chosen, [(one.code, one.name, one.pk) for one in countries], in_group, standing),
        "group": group,
        "country": country,
        "query": _query(chosen, ends="&"),
        "may_import": standing.convenor,
        "nav_current": "organisations",
    }
    return render(request, "stakeholders/organisation_list.html", context)


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


def _total(count: int, standing: Standing) -> str:
    if not standing.convenor and 0 < count < settings.SMALLEST_PUBLISHED_COUNT:
        return _("Fewer than five organisations")
    return ngettext("%(count)d organisation", "%(count)d organisations", count) % {"count": count}


def _facet(
    parameter: str,
    chosen: dict[str, str],
    values: Iterable[tuple[str, str, Any]],
    shown: OrganisationQuerySet,
    standing: Standing,
) -> list[dict[str, Any]]:
    """Return the values that lead somewhere, each with its address and number; small numbers only to convenors."""
    field = {"group": "groups", "country": "country"}[parameter]
    counts = dict(shown.order_by().values_list(field).annotate(Count("pk", distinct=True)))
    smallest = 1 if standing.convenor else settings.SMALLEST_PUBLISHED_COUNT
    return [
        {
            "name": name,
            "count": counts[pk],
            "small": counts[pk] < smallest,
            "url": "?" + _query({**chosen, parameter: value}),
            "current": chosen[parameter] == value,
        }
        for value, name, pk in values
        if counts.get(pk)
    ]


def _query(chosen: dict[str, str], ends: str = "") -> str:
    given = {name: value for name, value in chosen.items() if value}
    return urlencode(given) + ends if given else ""


def _branches(bodies: list[PublicBody], above: int | None = None) -> list[dict[str, Any]]:
    """Return who reports to whom, from the top down."""
    ours = {body.pk for body in bodies}
    under = [body for body in bodies if (body.reports_to_id if body.reports_to_id in ours else None) == above]
    return [{"body": body, "below": _branches(bodies, body.pk)} for body in under]

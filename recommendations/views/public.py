"""Statements, editions, items and the timeline: open to everybody, the same for everybody."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from portal import access, dates, languages
from portal.publishing import public_page
from recommendations.models import Edition, Item, Statement
from recommendations.timeline import trail_of
from recommendations.views.endorsers import may_be_offered
from recommendations.views.facts import edition_in_force, edition_numbered, item_at, responses_to
from recommendations.views.filters import Filters, page_of
from recommendations.views.printed import printed, printed_item
from recommendations.views.reading import Document
from stakeholders.models import Country

REGIONAL = "asean"


@public_page
def statement_list(request: HttpRequest) -> HttpResponse:
    published = Statement.objects.published()
    countries = Country.objects.filter(consultations__statement__in=published.order_by()).distinct()
    years = published.dates("adoption__adopted_on", "year", order="DESC")
    filters = Filters(
        request,
        country=(_("Country"), {REGIONAL: _("Regional"), **{country.code: country.name for country in countries}}),
        year=(_("Year"), {str(day.year): str(day.year) for day in years}),
    )
    rows = published.filter(chosen_statements(filters)).for_list()
    return render(
        request,
        "recommendations/statement_list.html",
        {"nav_current": "statements", "filters": filters, "page": page_of(request, rows)},
    )


def chosen_statements(filters: Filters) -> Q:
    """Return what the filters ask for."""
    wanted = Q()
    if filters["country"]:
        code = filters["country"]
        wanted &= Q(consultation__country=None if code == REGIONAL else code)
    if filters["year"]:
        wanted &= Q(adoption__adopted_on__year=int(filters["year"]))
    return wanted


@public_page
def statement_detail(request: HttpRequest, slug: str) -> HttpResponse:
    edition = fetch_edition(request, slug)
    return render(request, "recommendations/statement_detail.html", page_of_edition(request, edition))


@public_page
def edition_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    edition = fetch_edition(request, slug, number)
    return render(request, "recommendations/edition_detail.html", page_of_edition(request, edition))


def fetch_edition(request: HttpRequest, slug: str, number: int | None = None) -> Edition:
    """Return the edition, the one in force where no number is given, or nothing (404)."""
    if request.user.is_authenticated:
        wanted = Edition.objects.current() if number is None else Edition.objects.filter(number=number)
        return access.fetch(request, wanted.for_page(), statement__slug=slug)
    found = edition_in_force(slug) if number is None else edition_numbered(slug, number)
    if not found:
        raise Http404
    return found[0]


def page_of_edition(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    """Return what both pages of an edition show."""
    document = Document(edition, translation.get_language() or languages.DEFAULT, beside_of(request))
    statement = edition.statement
    return {
        "nav_current": "statements",
        "statement": statement,
        "edition": edition,
        "printed": printed(document, request.path, offered=may_be_offered(request.user)),
        "is_current": edition.number == statement.current_edition,
    }


def beside_of(request: HttpRequest) -> str:
    """Return the language that is wanted beside the page's, if it is one of the region and another one."""
    wanted = request.GET.get("beside", "")
    return wanted if wanted in languages.BY_CODE and wanted != translation.get_language() else ""


@public_page
def item_detail(request: HttpRequest, slug: str, section: str, number: int) -> HttpResponse:
    item = fetch_item(request, slug, section, number)
    edition = item.edition
    document = Document(edition, translation.get_language() or languages.DEFAULT, beside_of(request))
    responses = responses_to(edition.statement_id, item.section_id or "", item.number)
    context = {"statement": edition.statement, "item": item, "edition": edition, "nav_current": "statements"}
    context["printed"] = printed_item(document, item, responses, request.path)
    return render(request, "recommendations/item_detail.html", context)


def fetch_item(request: HttpRequest, slug: str, section: str, number: int) -> Item:
    """Return the item as its latest edition says it, or nothing (404). Sections stand in addresses in small letters."""
    code = "" if section == REGIONAL else section.upper()
    if request.user.is_authenticated:
        found = list(Item.objects.visible_to(request.user).for_item_page().at(slug, code, number)[:1])
    else:
        found = item_at(slug, code, number)
    if not found or section != section.lower():
        raise Http404
    return found[0]


@public_page
def statement_timeline(request: HttpRequest, slug: str) -> HttpResponse:
    seen = Edition.objects.visible_to(request.user).for_trail()
    editions = list(seen.filter(statement__slug=slug, published_at__isnull=False))
    if not editions:
        raise Http404
    statement = editions[0].statement
    events = trail_of(statement, editions)
    gaps = sum(event.state == "missing" for event in events)
    return render(
        request,
        "recommendations/statement_timeline.html",
        {
            "nav_current": "statements",
            "statement": statement,
            "zone": zone_of(statement),
            "events": events,
            "gaps": gaps,
        },
    )


def zone_of(statement: Statement) -> str:
    """Return the name of the zone in which the dates stand."""
    noon = datetime.combine(statement.adoption.adopted_on, time(12), ZoneInfo(statement.consultation.time_zone))
    return dates.zone_name(noon)

"""Statements, editions, items and the timeline: open to everybody, the same for everybody."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from portal import access, dates, languages
from portal.publishing import public_page
from recommendations.models import Edition, Item, Response, Statement
from recommendations.states import SHAPES
from recommendations.timeline import offices, trail_of
from recommendations.views.corrigenda import corrections
from recommendations.views.documents import files
from recommendations.views.endorsers import endorsed
from recommendations.views.filters import Filters, page_of
from recommendations.views.proposing import passed_on
from recommendations.views.reading import Document, shown_adopters, single
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
    edition = access.fetch(request, Edition.objects.current().for_page(), statement__slug=slug)
    return render(request, "recommendations/statement_detail.html", page_of_edition(request, edition))


@public_page
def edition_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    edition = access.fetch(request, Edition.objects.for_page(), statement__slug=slug, number=number)
    return render(request, "recommendations/edition_detail.html", page_of_edition(request, edition))


def page_of_edition(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    """Return what both pages of an edition show."""
    document = Document(edition, translation.get_language() or languages.DEFAULT, beside_of(request))
    parts = document.parts
    names, descriptions, total = all_adopters(document)
    statement = edition.statement
    return {
        "nav_current": "statements",
        "statement": statement,
        "edition": edition,
        "document": document,
        "parts": parts,
        "adoption": statement.adoption,
        "adopter_names": names,
        "adopter_descriptions": descriptions,
        "adopter_total": total if total >= settings.SMALLEST_PUBLISHED_COUNT else 0,
        "whole_reservations": [one for one in document.reservations if one.recommendation_id is None],
        "others": beside_links(request, document),
        "editions": range(1, (statement.current_edition or 0) + 1),
        "is_current": edition.number == statement.current_edition,
        "citation": citation(document),
        **endorsed(document, request.user),
        "corrections": corrections(edition),
        **files(edition),
    }


def all_adopters(document: Document) -> tuple[list[str], list[str], int]:
    """Return names, descriptions and the total, with whomever an imported document names beside the register."""
    named = document.edition.statement.adoption.named_adopters
    names, descriptions, total = shown_adopters(document.adopters)
    # Where a total would tell how few stay unnamed there is none, whoever else the document names.
    return [*names, *named], descriptions, total + len(named) if total or not descriptions else 0


def beside_of(request: HttpRequest) -> str:
    """Return the language that is wanted beside the page's, if it is one of the region and another one."""
    wanted = request.GET.get("beside", "")
    return wanted if wanted in languages.BY_CODE and wanted != translation.get_language() else ""


def beside_links(request: HttpRequest, document: Document) -> list[dict[str, str]]:
    """Return the languages that can stand beside the text."""
    return [
        {"code": code, "name": languages.own_name(code), "url": f"{request.path}?beside={code}"}
        for code in document.languages
        if code not in {document.language, document.beside}
    ]


def citation(document: Document) -> str:
    """Return the line by which somebody else names this edition."""
    edition = document.edition
    sentence = _("%(title)s. Adopted on %(day)s, edition %(number)s. Fingerprint %(fingerprint)s. %(url)s")
    values = {"number": edition.number, "fingerprint": edition.fingerprint[:16]}
    url = settings.SITE_URL + edition.get_absolute_url()
    title = document.official_title or document.title.text
    return sentence % {"title": title, "day": dates.day(edition.adopted_on), "url": url, **values}


@public_page
def item_detail(request: HttpRequest, slug: str, section: str, number: int) -> HttpResponse:
    code = None if section == REGIONAL else section.upper()
    found = Item.objects.visible_to(request.user).for_item_page().filter(edition__statement__slug=slug)
    item = found.filter(section=code, number=number).order_by("-edition__number").first()
    if item is None or section != section.lower():
        raise Http404
    edition = item.edition
    document = Document(edition, translation.get_language() or languages.DEFAULT, beside_of(request))
    line = single(document, item)
    context = {"statement": edition.statement, "edition": edition, "document": document, "item": item, "line": line}
    context |= passed_on(item)
    history = exchanges(item, document)
    return render(
        request,
        "recommendations/item_detail.html",
        {**context, "nav_current": "statements", "exchanges": history, "others": beside_links(request, document)},
    )


def exchanges(item: Item, document: Document) -> list[dict[str, Any]]:
    """Return, per addressee, where it stands and all it said, the first answer first; then whom it was passed to."""
    responses = Response.objects.published().to_item(item).select_related("body", "passed_to", "item__edition")
    left = list(reversed(responses))
    for response in left:
        response.shape = SHAPES.get(response.kind, "")
    rows = []
    for pair, said in zip(document.pairs[item.pk], document.parts[0].lines[0].said, strict=True):
        mine = [response for response in left if response.body_id in offices(pair.publicbody)]
        rows.append({"said": said, "responses": mine})
    known = {response.pk for row in rows for response in row["responses"]}
    passed = [response for response in left if response.pk not in known]
    return [*rows, {"said": None, "responses": passed}] if passed else rows


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

"""Statements, editions, items and the timeline: open to everybody, the same for everybody."""

from collections.abc import Sequence
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
from recommendations.timeline import trail_of
from recommendations.views.corrigenda import corrections
from recommendations.views.documents import files
from recommendations.views.endorsers import endorsed
from recommendations.views.facts import edition_in_force, edition_numbered, item_at, responses_to
from recommendations.views.filters import Filters, page_of
from recommendations.views.proposing import passed_on
from recommendations.views.reading import Document, Line, shown_adopters, single
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
    names, descriptions, total = all_adopters(document)
    statement = edition.statement
    return {
        "nav_current": "statements",
        "statement": statement,
        "edition": edition,
        "document": document,
        "adoption": statement.adoption,
        "adopter_names": names,
        "adopter_descriptions": descriptions,
        "adopter_total": total if total >= settings.SMALLEST_PUBLISHED_COUNT else 0,
        "whole_reservations": [one for one in document.reservations if one.recommendation_id is None],
        "item_reservations": item_reservations(document),
        "others": beside_links(request, document),
        "editions": range(1, (statement.current_edition or 0) + 1),
        "is_current": edition.number == statement.current_edition,
        "citation": citation(document),
        **endorsed(document),
        "corrections": corrections(edition),
        **files(edition),
    }


def item_reservations(document: Document) -> list[dict[str, str]]:
    """Return whose reservation is on which item, in the order of the document."""
    return [
        {"label": label, "anchor": anchor, "name": one.organisation.public_name}
        for about, (label, anchor) in (document.text.labels.items() if document.reservations else ())
        for one in document.reservations
        if about and one.recommendation_id == about
    ]


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
    item = fetch_item(request, slug, section, number)
    edition = item.edition
    document = Document(edition, translation.get_language() or languages.DEFAULT, beside_of(request))
    responses = responses_to(edition.statement_id, item.section_id or "", item.number)
    line = single(document, item, responses)
    context = {"statement": edition.statement, "edition": edition, "document": document, "item": item, "line": line}
    context |= passed_on(item)
    history = exchanges(line, responses)
    return render(
        request,
        "recommendations/item_detail.html",
        {**context, "nav_current": "statements", "exchanges": history, "others": beside_links(request, document)},
    )


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


def exchanges(line: Line, responses: Sequence[Response]) -> list[dict[str, Any]]:
    """Return, per addressee, where it stands and all it said, the first answer first; then whom it was passed to."""
    left = list(reversed(responses))
    for response in left:
        response.shape = SHAPES.get(response.kind, "")
    rows = [
        {"said": said, "responses": [response for response in left if response.body_id in said.offices]}
        for said in line.said
    ]
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

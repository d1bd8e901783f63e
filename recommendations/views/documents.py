"""The files of an edition, in any language that it has, or in two side by side.

Data and plain text name nobody: they never change. The other documents name the adopters, each as it chose to be shown,
and so are asked for anew each time; who has a copy hears that it still holds.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, override

from portal import access, languages
from portal.publishing import public_page
from recommendations import documents
from recommendations.models import Edition
from recommendations.views.reading import Document, people_of
from stakeholders.models import Country

NAMED = {"pdf": "edition_pdf", "docx": "edition_docx", "odt": "edition_odt", "xml": "edition_akoma"}
SHOWN = {"pdf": "PDF", "docx": "DOCX", "odt": "ODT", "xml": "Akoma Ntoso"}
ONE_LANGUAGE = frozenset({"xml"})


@public_page(kind="frozen")
def edition_data(request: HttpRequest, slug: str, number: int, fingerprint: str) -> HttpResponse:
    edition = fetch_frozen(request, slug, number, fingerprint)
    return as_file(edition.canonical.encode(), "application/json; charset=utf-8", f"{slug}-{number}.json")


@public_page(kind="frozen")
def edition_text(request: HttpRequest, slug: str, number: int, fingerprint: str) -> HttpResponse:
    edition = fetch_frozen(request, slug, number, fingerprint)
    return issued(request, edition, "txt", lambda _document: documents.People())


@public_page
def edition_pdf(request: HttpRequest, slug: str, number: int, fingerprint: str) -> HttpResponse:
    return issued(request, fetch_frozen(request, slug, number, fingerprint), "pdf", people_of)


@public_page
def edition_docx(request: HttpRequest, slug: str, number: int, fingerprint: str) -> HttpResponse:
    return issued(request, fetch_frozen(request, slug, number, fingerprint), "docx", people_of)


@public_page
def edition_odt(request: HttpRequest, slug: str, number: int, fingerprint: str) -> HttpResponse:
    return issued(request, fetch_frozen(request, slug, number, fingerprint), "odt", people_of)


@public_page
def edition_akoma(request: HttpRequest, slug: str, number: int, fingerprint: str) -> HttpResponse:
    return issued(request, fetch_frozen(request, slug, number, fingerprint), "xml", people_of)


FILES = {
    "json": edition_data,
    "txt": edition_text,
    "pdf": edition_pdf,
    "docx": edition_docx,
    "odt": edition_odt,
    "xml": edition_akoma,
}


def fetch_frozen(request: HttpRequest, slug: str, number: int, fingerprint: str) -> Edition:
    """Return the edition with exactly this fingerprint, or nothing (404)."""
    editions = Edition.objects.select_related("statement__adoption")
    return access.fetch(request, editions, statement__slug=slug, number=number, fingerprint=fingerprint)


def issued(
    request: HttpRequest, edition: Edition, ending: str, people: Callable[[Document], documents.People]
) -> HttpResponse:
    """Return the edition in a format, in the languages that the address asks for and that it has."""
    language, beside = wanted(request, edition, two=ending not in ONE_LANGUAGE)
    with override(languages.shipped_or_default(language)):
        names = {country.code: country.name for country in Country.objects.all()}
        who = people(Document(edition, language))
        sheet = documents.sheet(edition, language, beside, who, names)
    name = "-".join(filter(None, [edition.statement.slug, str(edition.number), language, beside]))
    return as_file(documents.issue(sheet, ending), documents.FORMATS[ending].kind, f"{name}.{ending}")


def wanted(request: HttpRequest, edition: Edition, *, two: bool) -> tuple[str, str]:
    """Return the language, the prevailing one where none is asked for, and the one beside it, if any."""
    known = documents.languages_of(edition)
    asked, other = request.GET.get("language", ""), request.GET.get("beside", "")
    language = asked if asked in known else edition.prevailing_language
    return language, other if two and other in known and other != language else ""


def as_file(content: bytes, kind: str, name: str) -> HttpResponse:
    """Return the file, byte for byte, under a telling name; what browsers cannot show is saved."""
    shown = kind.startswith(("text/plain", "application/json", "application/pdf"))
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def files(edition: Edition) -> dict[str, Any]:
    """Return the addresses of the edition's files: they contain its fingerprint."""
    known = tuple(documents.languages_of(edition))
    names = (edition.statement.slug, edition.number, edition.fingerprint)
    return _files(names, known, edition.prevailing_language, get_language())


@lru_cache(maxsize=64)
def _files(names: tuple[Any, ...], known: tuple[str, ...], prevailing: str, _page: str) -> dict[str, Any]:
    first, others = known[0], known[1:]
    choices = [(code, "") for code in known] + [(first, code) for code in others]
    return {
        "data_url": reverse("edition_data", args=names),
        "text_url": reverse("edition_text", args=names),
        "documents": [_row(prevailing, names, *choice) for choice in choices],
    }


def _row(prevailing: str, names: tuple[Any, ...], language: str, beside: str) -> dict[str, Any]:
    """Return one language, or two, with the documents that there are in them."""
    query = f"?language={language}" + (f"&beside={beside}" if beside else "")
    return {
        "languages": [{"code": code, "name": languages.own_name(code)} for code in (language, beside) if code],
        "prevails": language == prevailing and not beside,
        "links": [
            {"name": SHOWN[ending], "url": reverse(name, args=names) + query}
            for ending, name in NAMED.items()
            if not (beside and ending in ONE_LANGUAGE)
        ]
        + [{"name": "TXT", "url": reverse("edition_text", args=names) + query}],
    }

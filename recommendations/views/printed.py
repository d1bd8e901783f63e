"""An edition as it is printed on its page, from the head to the permanent addresses, and one item of it.

It is made of the rows that were read for this reader, and of nothing else: so what was made of the same rows before is
handed out again, and whatever changes, such as a name that is withheld from now on, is in no page from then on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal import clock, dates, languages
from portal.publishing import Shelf
from recommendations.models import Item, Response
from recommendations.states import SHAPES
from recommendations.views.corrigenda import corrections
from recommendations.views.documents import files
from recommendations.views.endorsers import endorsed
from recommendations.views.proposing import passed_on
from recommendations.views.reading import Document, Line, Part, frozen, shown_adopters, squeezed

KEPT = 32  # pages that a process keeps, of about a hundred kilobytes each where the text is long
Labels = dict[int | None, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Printed:
    """The two parts of the page, and what its frame tells of it."""

    title: str
    description: str
    head: SafeString
    body: SafeString


PRINTED: Shelf[Printed] = Shelf(KEPT)


def printed(document: Document, path: str, *, offered: bool) -> Printed:
    """Return the edition as it is printed at this address; `offered` says whether the reader is asked to sign on."""
    key = (path, offered, *rows_of(document))
    found = PRINTED.get(key)
    if found is None:
        found = _print(document, {**_context(document, path), "sign_on_offered": offered})
        PRINTED.put(key, found)
    return found


def printed_item(document: Document, item: Item, responses: list[Response], path: str) -> Printed:
    """Return one item as it is printed at this address, with what was said to it, in whichever edition."""
    document.narrow(item, responses)
    passed = passed_on(item)
    said = (row for one in responses for row in (one, one.body, one.passed_to) if row is not None)
    answers = tuple(value for row in (item, *said) for value in values_of(row))
    links = tuple((name, tuple(link.items())) for name, found in passed.items() for link in found)
    key = (path, answers, links, *rows_around(document))
    found = PRINTED.get(key)
    if found is None:
        found = _print_item(document, item, responses, {**passed, "path": path})
        PRINTED.put(key, found)
    return found


def rows_of(document: Document) -> Iterator[Any]:
    """Yield all that an edition's page is made of."""
    statement = document.edition.statement
    more = (getattr(statement, "plenary", None), getattr(document.edition, "corrigendum", None))
    yield from rows_around(document)
    yield tuple(value for row in more if row is not None for value in values_of(row))
    yield clock.today_in(statement.consultation.time_zone)
    yield settings.SMALLEST_PUBLISHED_COUNT


def rows_around(document: Document) -> Iterator[Any]:
    """Yield the facts, and the rows around them. The frozen text is left out: its fingerprint stands for it."""
    statement = document.edition.statement
    yield document.facts
    yield tuple(values_of(document.edition, but="canonical"))
    yield tuple(value for row in (statement, statement.consultation, statement.adoption) for value in values_of(row))


def values_of(row: models.Model, but: str = "") -> Iterator[Any]:
    """Yield the values of a row, each as it can be compared."""
    for name, value in vars(row).items():
        if name not in {"_state", but}:
            yield repr(value) if isinstance(value, dict | list) else value


def _print(document: Document, context: dict[str, Any]) -> Printed:
    title = document.title.text
    return Printed(
        title=title,
        description=document.official_title or title,
        head=squeezed(render_to_string("recommendations/parts/edition_head.html", context)),
        body=squeezed(render_to_string("recommendations/parts/edition.html", context)),
    )


def _print_item(document: Document, item: Item, responses: list[Response], around: dict[str, Any]) -> Printed:
    document.words_of_items = {item.pk: frozen(document, item)}
    line = document.parts[0].lines[0]
    context = {
        "LANGUAGE_CODE": document.language,
        "statement": document.edition.statement,
        "edition": document.edition,
        "document": document,
        "item": item,
        "line": line,
        "exchanges": exchanges(line, responses),
        "others": beside_links(around["path"], document),
        **around,
    }
    return Printed(
        title=document.title.text,
        description="",
        head=squeezed(render_to_string("recommendations/parts/item_head.html", context)),
        body=squeezed(render_to_string("recommendations/parts/item_body.html", context)),
    )


def _context(document: Document, path: str) -> dict[str, Any]:
    edition, parts = document.edition, document.parts
    return {
        "LANGUAGE_CODE": document.language,
        "path": path,
        "statement": edition.statement,
        "edition": edition,
        "document": document,
        "parts": parts,
        "missing": missing_in(parts),
        **adopted(document, parts),
        **endorsed(document),
        "others": beside_links(path, document),
        "editions": range(1, (edition.statement.current_edition or 0) + 1),
        "citation": citation(document),
        "corrections": corrections(edition),
        **files(edition),
    }


def adopted(document: Document, parts: list[Part]) -> dict[str, Any]:
    """Return who adopted the text, each as it is shown to everybody, and the reservations; no figure of a few."""
    names, descriptions, total = all_adopters(document)
    lines = [line for part in parts for line in part.lines]
    labels: Labels = {line.item.recommendation_id: (line.item.label, line.item.anchor) for line in lines}
    return {
        "adoption": document.edition.statement.adoption,
        "adopter_names": names,
        "adopter_descriptions": descriptions,
        "adopter_total": total if total >= settings.SMALLEST_PUBLISHED_COUNT else 0,
        "whole_reservations": [one for one in document.reservations if one.recommendation_id is None],
        "item_reservations": item_reservations(document, labels),
    }


def missing_in(parts: list[Part]) -> int:
    """Return how many items have no text in the language of the page."""
    return sum(line.main.missing for part in parts for line in part.lines)


def item_reservations(document: Document, labels: Labels) -> list[dict[str, str]]:
    """Return whose reservation is on which item, in the order of the document."""
    return [
        {"label": label, "anchor": anchor, "name": one.organisation.public_name}
        for about, (label, anchor) in labels.items()
        for one in document.reservations
        if about and one.recommendation_id == about
    ]


def all_adopters(document: Document) -> tuple[list[str], list[str], int]:
    """Return names, descriptions and the total, with whomever an imported document names beside the register."""
    named = document.edition.statement.adoption.named_adopters
    names, descriptions, total = shown_adopters(document.adopters)
    # Where a total would tell how few stay unnamed there is none, whoever else the document names.
    return [*names, *named], descriptions, total + len(named) if total or not descriptions else 0


def beside_links(path: str, document: Document) -> list[dict[str, str]]:
    """Return the languages that can stand beside the text."""
    return [
        {"code": code, "name": languages.own_name(code), "url": f"{path}?beside={code}"}
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

"""The PDF: tagged for screen readers, searchable, every script of the region with its own font."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any

from portal import languages, text, typesetting
from recommendations.documents.points import Block, rows
from recommendations.documents.scripts import spoken
from recommendations.documents.sealing import marks
from recommendations.documents.sheet import Entry, Pair, People, Sheet, paragraphs
from recommendations.models.wording import Passage

TEMPLATE = "recommendations/print/edition.typ"
RUNNING = 90  # characters of the title over each further page


def typeset(sheet: Sheet) -> bytes:
    """Return the PDF, as if made at noon of the day of the adoption."""
    return typesetting.pdf(TEMPLATE, _data(sheet), datetime.combine(sheet.adopted_on, time(12), UTC))


def _data(sheet: Sheet) -> dict[str, Any]:
    labels, title = sheet.labels, sheet.title.main
    titles = [sheet.title.main, *([] if sheet.title.beside.missing else [sheet.title.beside]), sheet.official_title]
    return {
        "name": " ".join(title.text.split()),
        "running": _pieces(text.opening(title.text, RUNNING), title.language),
        "titles": [{"lang": tag(one.language), "lines": _lines(one.text, one.language)} for one in titles],
        "lang": tag(sheet.language),
        "labels": tag(labels),
        "two": bool(sheet.beside),
        "columns": [{"lang": tag(code), "name": languages.own_name(code)} for code in sheet.languages],
        "facts": [[label, _pieces(value, labels)] for label, value in sheet.facts],
        "standing": _pieces(sheet.standing, labels),
        "preamble": _rows(sheet.preamble),
        "sections": [
            {
                "names": [{"lang": tag(name.language), "words": name.text} for name in one.names],
                "subtitle": one.subtitle,
                "items": [_item(item, labels) for item in one.items],
            }
            for one in sheet.sections
        ],
        "people": _people(sheet.people, labels),
        "words": sheet.words,
        "address": sheet.address,
        "fingerprint": sheet.fingerprint,
        "foot": f"{sheet.words['edition']} {sheet.number} · {sheet.fingerprint[:16]}",
        "marks": list(marks(sheet.fingerprint)),
    }


def tag(code: str) -> str:
    """Return the language as documents name it: without what follows the first hyphen."""
    return code.partition("-")[0] or "en"


def _pieces(words: str, code: str) -> list[dict[str, str]]:
    return [{"lang": tag(language), "words": piece} for language, piece in spoken(words, code)]


def _lines(words: str, code: str) -> list[list[dict[str, str]]]:
    return [_pieces(line, code) for line in words.split("\n") if line.strip()]


def _rows(pair: Pair) -> list[list[dict[str, Any]]]:
    """Return the rows, each with one cell, or two of them side by side."""
    passages = [pair.main, *([pair.beside] if pair.beside.text else [])]
    found = rows(pair.main, pair.beside) if any(paragraphs(one.text) for one in passages) else []
    return [[_cell(one, cell) for one, cell in zip(passages, row, strict=False)] for row in found]


def _cell(one: Passage, cell: Iterable[Block]) -> dict[str, Any]:
    blocks = [
        {"level": block.level, "opens": block.opens, "lines": _lines(block.words, one.language)} for block in cell
    ]
    size = sum(len(block.words) for block in cell)
    return {"lang": tag(one.language), "missing": one.missing, "blocks": blocks, "size": size}


def _item(item: Entry, labels: str) -> dict[str, Any]:
    bodies = [_pieces(one.text, one.language or labels) for one in item.addressees]
    return {"number": str(item.number), "rows": _rows(item.text), "addressees": bodies}


def _people(people: People, labels: str) -> dict[str, Any]:
    return {
        "names": [_pieces(name, labels) for name in people.names],
        "descriptions": [_pieces(words, labels) for words in people.descriptions],
        "reservations": [
            {"label": one.label, "name": _pieces(one.name, labels), "lines": _lines(one.text, labels)}
            for one in people.reservations
        ],
    }

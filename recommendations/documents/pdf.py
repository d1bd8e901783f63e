"""The PDF: tagged for screen readers, searchable, every script of the region with its own font."""

from dataclasses import asdict
from datetime import UTC, datetime, time
from typing import Any

from portal import languages, typesetting
from recommendations.documents.sealing import marks
from recommendations.documents.sheet import Entry, Pair, Sheet, paragraphs
from recommendations.models.wording import Passage

TEMPLATE = "recommendations/print/edition.typ"


def typeset(sheet: Sheet) -> bytes:
    """Return the PDF, as if made at noon of the day of the adoption."""
    return typesetting.pdf(TEMPLATE, _data(sheet), datetime.combine(sheet.adopted_on, time(12), UTC))


def _data(sheet: Sheet) -> dict[str, Any]:
    return {
        "title": _pair(sheet.title),
        "lang": tag(sheet.language),
        "labels": tag(sheet.labels),
        "two": bool(sheet.beside),
        "columns": [{"lang": tag(code), "name": languages.own_name(code)} for code in sheet.languages],
        "official_title": _passage(sheet.official_title),
        "facts": [list(fact) for fact in sheet.facts],
        "standing": sheet.standing,
        "preamble": _pair(sheet.preamble),
        "sections": [
            {"name": one.name, "subtitle": one.subtitle, "items": [_item(item) for item in one.items]}
            for one in sheet.sections
        ],
        "people": asdict(sheet.people),
        "words": sheet.words,
        "address": sheet.address,
        "fingerprint": sheet.fingerprint,
        "foot": f"{sheet.words['edition']} {sheet.number} · {sheet.fingerprint[:16]}",
        "marks": list(marks(sheet.fingerprint)),
    }


def tag(code: str) -> str:
    """Return the language as documents name it: without what follows the first hyphen."""
    return code.partition("-")[0]


def _passage(one: Passage) -> dict[str, Any]:
    return {"lang": tag(one.language) or "en", "paragraphs": paragraphs(one.text), "missing": one.missing}


def _pair(pair: Pair) -> list[dict[str, Any]]:
    return [_passage(pair.main), *([_passage(pair.beside)] if pair.beside.text else [])]


def _item(item: Entry) -> dict[str, Any]:
    bodies = [{"name": one.text, "lang": tag(one.language) or "en"} for one in item.addressees]
    return {"number": str(item.number), "text": _pair(item.text), "addressees": bodies}

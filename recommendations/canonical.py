"""The canonical form of an edition, and its fingerprint.

The form is the text that page, PDF, DOCX and data export share. It is JSON in UTF-8 with sorted keys, without spaces
between its parts, and with one line feed at its end; letters stand as they were typed (no Unicode normalisation).

    schema               "mufakat.edition/1"
    number               number of the edition
    adopted_on           ISO date
    prevailing_language  code of the language that decides in case of doubt
    official_title       as adopted
    title, preamble      {language: text}, in any language of the region; one without a text is left out
    sections             ASEAN first, then the countries by code: {"section": "ASEAN" | code, "items": [...]}
    items                by number: {"number", "text": {language: text}, "addressees": [{"slug", "name"}]}

An edition that a corrigendum made has one key more: corrects, {"number", "fingerprint"} of the edition before it. Its
items have the numbers and addressees of that edition.

Addressees carry the names that they had when the edition was frozen. Who adopted the text, and who sent in what, is
not part of it: the fingerprint of a text must not depend on a name that may have to stay unsaid.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from recommendations.models import Statement
from recommendations.models.wording import in_each_language
from stakeholders.models import PublicBody

__all__ = ["ASEAN", "SCHEMA", "Entry", "corrected", "fingerprint", "form", "in_each_language", "section_order"]

SCHEMA = "mufakat.edition/1"
ASEAN = "ASEAN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered item, as it goes into an edition: section None is ASEAN's."""

    section: str | None
    number: int
    texts: dict[str, str]
    addressees: Sequence[PublicBody]


def section_order(code: str | None) -> tuple[bool, str]:
    """Return the key by which sections stand: ASEAN first, then the countries by code."""
    return (code is not None, code or "")


def form(statement: Statement, *, number: int, adopted_on: date, entries: Iterable[Entry]) -> str:
    """Return the canonical form of an edition of the statement."""
    content = {
        "schema": SCHEMA,
        "number": number,
        "adopted_on": adopted_on.isoformat(),
        "prevailing_language": statement.prevailing_language,
        "official_title": statement.official_title,
        "title": in_each_language(statement, "title"),
        "preamble": in_each_language(statement, "preamble"),
        "sections": _sections(entries),
    }
    return _dumped(content)


def _sections(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    ordered = sorted(entries, key=lambda entry: (section_order(entry.section), entry.number))
    return [
        {"section": code or ASEAN, "items": [_item(entry) for entry in group]}
        for code, group in groupby(ordered, key=lambda entry: entry.section)
    ]


def _item(entry: Entry) -> dict[str, Any]:
    bodies = sorted(entry.addressees, key=lambda body: body.slug)
    addressees = [{"slug": body.slug, "name": in_each_language(body, "name")} for body in bodies]
    return {"number": entry.number, "text": entry.texts, "addressees": addressees}


def corrected(before: str, *, number: int, fingerprint: str, texts: Mapping[str, Mapping[str, str]]) -> str:
    """Return the canonical form of the next edition: the form before it with passages set right, all else as it was.

    `texts` are the new words by passage (“title”, “official_title”, “preamble”, “ASEAN 3”) and language.
    """
    content = json.loads(before)
    content["corrects"] = {"number": content["number"], "fingerprint": fingerprint}
    content["number"] = number
    for name in ("title", "preamble"):
        content[name] = {**content[name], **texts.get(name, {})}
    for text in texts.get("official_title", {}).values():
        content["official_title"] = text
    for section in content["sections"]:
        for item in section["items"]:
            item["text"] = {**item["text"], **texts.get(f"{section['section']} {item['number']}", {})}
    return _dumped(content)


def _dumped(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def fingerprint(canonical: str) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical.encode()).hexdigest()

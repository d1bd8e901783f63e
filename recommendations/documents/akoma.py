"""Akoma Ntoso, the format of parliaments and courts for texts (OASIS LegalDocML 3.0): one file per language.

The statement is the work, a language on a day the expression. Each section is a part, each item a numbered paragraph
with the addressees as references; who adopted it stands in the conclusions, the fingerprint among the metadata.
"""

from typing import Any

from django.template.loader import render_to_string

from recommendations import canonical
from recommendations.documents.scripts import script, spoken, xml_safe
from recommendations.documents.sealing import marks
from recommendations.documents.sheet import Entry, Sheet, paragraphs

TEMPLATE = "recommendations/print/akoma.xml"


def write(sheet: Sheet) -> bytes:
    """Return the edition as XML."""
    return xml_safe(render_to_string(TEMPLATE, _data(sheet))).encode()


def _data(sheet: Sheet) -> dict[str, Any]:
    day = sheet.adopted_on.isoformat()
    work = f"/akn/{_country(sheet)}/statement/{day}/{sheet.slug}"
    # A corrigendum has no adoption of its own: its day is that of the text, so the number tells the two apart.
    version = day if sheet.number == 1 else f"{day}-edition-{sheet.number}"
    three = script(sheet.language).three
    bodies = {body.text: body for section in sheet.sections for item in section.items for body in item.addressees}
    known = {name: f"body-{place}" for place, name in enumerate(bodies, 1)}
    return {
        "sheet": sheet,
        "words": sheet.words,
        "day": day,
        "work": work,
        "expression": f"{work}/{three}@{version}",
        "version": version,
        "three": three,
        "prevailing": script(sheet.prevailing).three,
        "translated": sheet.language != sheet.prevailing,
        "country": _country(sheet),
        "bodies": [{"id": known[name], "name": name} for name in bodies],
        "labels": _tag(sheet.labels, sheet),
        "title_tag": _tag(sheet.title.main.language, sheet),
        "official_tag": _tag(sheet.official_title.language, sheet),
        "preamble_tag": _tag(sheet.preamble.main.language, sheet),
        "preamble": [words.split("\n") for words in paragraphs(sheet.preamble.main.text)],
        "sections": [
            {
                "code": one.code.lower(),
                "name": one.names[0].text,
                "tag": _tag(one.names[0].language, sheet),
                "items": [_item(item, known, sheet) for item in one.items],
            }
            for one in sheet.sections
        ],
        "adopters": [
            {"name": name, "tag": script(spoken(name, sheet.labels)[0][0]).tag, "withheld": withheld}
            for names, withheld in ((sheet.people.names, False), (sheet.people.descriptions, True))
            for name in names
        ],
        "marks": " ".join(marks(sheet.fingerprint)),
    }


def _country(sheet: Sheet) -> str:
    """Return the country whose section there is; `un`, for an international text, where there is none or several."""
    codes = {one.code.lower() for one in sheet.sections if one.code != canonical.ASEAN}
    return codes.pop() if len(codes) == 1 else "un"


def _tag(code: str, sheet: Sheet) -> str:
    """Return the tag of a passage in another language than the document's; nothing for one in its own."""
    return "" if code == sheet.language else script(code).tag


def _item(item: Entry, known: dict[str, str], sheet: Sheet) -> dict[str, Any]:
    one = item.text.main
    return {
        "anchor": item.anchor,
        "number": item.number,
        "paragraphs": [words.split("\n") for words in paragraphs(one.text)] or [[""]],
        "tag": _tag(one.language, sheet),
        "missing": one.missing,
        "bodies": [
            {"id": known[body.text], "name": body.text, "tag": script(body.language or sheet.labels).tag}
            for body in item.addressees
        ],
    }

"""The ODT: the same document for LibreOffice, written from two templates."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from portal import languages
from recommendations.documents.packing import packed
from recommendations.documents.scripts import Script, script, xml_safe
from recommendations.documents.sheet import Pair, Sheet, paragraphs
from recommendations.models.wording import Passage

MIMETYPE = "application/vnd.oasis.opendocument.text"
FOLDER = "recommendations/print"
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIMETYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def write(sheet: Sheet) -> bytes:
    """Return the edition as ODT."""
    data = _data(sheet)
    parts = {
        "mimetype": MIMETYPE.encode(),
        "META-INF/manifest.xml": MANIFEST.encode(),
        **{f"{name}.xml": _xml(name, data) for name in ("content", "styles", "meta")},
    }
    return packed(parts, sheet.fingerprint, sheet.adopted_on, first="mimetype")


def _xml(name: str, data: dict[str, Any]) -> bytes:
    return xml_safe(render_to_string(f"{FOLDER}/odt_{name}.xml", data)).encode()


def _data(sheet: Sheet) -> dict[str, Any]:
    used = dict.fromkeys([*languages.BY_CODE])
    sections = [
        {
            "name": one.name,
            "subtitle": one.subtitle,
            "items": [
                {
                    "number": item.number,
                    "label": item.label,
                    "anchor": item.anchor,
                    "texts": _texts(item.text, sheet),
                    "addressees": [_words(body, sheet) for body in item.addressees],
                }
                for item in one.items
            ],
        }
        for one in sheet.sections
    ]
    return {
        "sheet": sheet,
        "words": sheet.words,
        "day": sheet.adopted_on.isoformat(),
        "title": _words(sheet.title.main, sheet),
        "other_title": _words(sheet.title.beside, sheet) if not sheet.title.beside.missing else None,
        "official_title": _words(sheet.official_title, sheet),
        "preamble": _texts(sheet.preamble, sheet),
        "heads": [{"code": code, "name": languages.own_name(code)} for code in sheet.languages],
        "sections": sections,
        "scripts": [(code, script(code), *script(code).tag.split("-")) for code in used],
        "labels": sheet.labels,
        "main": script(sheet.language),
        "kind": _slot(script(sheet.labels)),
    }


def _slot(how: Script) -> str:
    return "-complex" if how.complex else "-asian" if how.asian else ""


def _words(one: Passage, sheet: Sheet) -> dict[str, Any]:
    """Return the passage as paragraphs of lines, in its language."""
    lines = [[_spaced(line) for line in words.split("\n")] for words in paragraphs(one.text)]
    return {"code": one.language or sheet.labels, "paragraphs": lines, "missing": one.missing, "text": one.text}


def _texts(pair: Pair, sheet: Sheet) -> list[dict[str, Any]]:
    return [_words(one, sheet) for one in (pair.main, pair.beside) if one.text]


def _spaced(line: str) -> Any:
    """Return the line with runs of spaces kept: the format folds them otherwise."""
    safe = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return mark_safe(safe.replace("\t", "<text:tab/>").replace("  ", " <text:s/>"))  # noqa: S308 - escaped just above

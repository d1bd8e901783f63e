"""The ODT: the same document for LibreOffice, written from two templates."""

import re
from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from portal import languages, text
from recommendations.documents.packing import packed
from recommendations.documents.points import Block, rows
from recommendations.documents.scripts import script, spoken, xml_safe
from recommendations.documents.sheet import Pair, Section, Sheet
from recommendations.models.wording import Passage

MIMETYPE = "application/vnd.oasis.opendocument.text"
FOLDER = "recommendations/print"
WHOLE = 300  # characters of a row that is not cut in two: some Burmese ones take a third of a page
RUNNING = 90  # characters of the title over each further page
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
    title, beside = sheet.title.main, sheet.title.beside
    tag, _hyphen, country = script(sheet.language).tag.partition("-")
    return {
        "sheet": sheet,
        "words": sheet.words,
        "day": sheet.adopted_on.isoformat(),
        "title": _lines(title.text, title.language),
        "other_title": [] if beside.missing else _lines(beside.text, beside.language),
        "official_title": _lines(sheet.official_title.text, sheet.official_title.language),
        "running": _pieces(text.opening(title.text, RUNNING), title.language),
        "facts": [(label, _pieces(value, sheet.labels)) for label, value in sheet.facts],
        "standing": _pieces(sheet.standing, sheet.labels),
        "preamble": _rows(sheet.preamble, sheet),
        "heads": [{"code": code, "name": languages.own_name(code)} for code in sheet.languages],
        "sections": [_section(one, sheet) for one in sheet.sections],
        "adopters": [
            _pieces(name, sheet.labels)
            for name in (
                *sheet.people.names,
                *(f"{one} ({sheet.words['withheld']})" for one in sheet.people.descriptions),
            )
        ],
        "reservations": [
            {"label": one.label, "name": _pieces(one.name, sheet.labels), "lines": _lines(one.text, sheet.labels)}
            for one in sheet.people.reservations
        ],
        "scripts": [(code, script(code), *script(code).tag.split("-")) for code in languages.BY_CODE],
        "labels": sheet.labels,
        "main": script(sheet.language),
        "language": tag,
        "country": country,
    }


def _section(one: Section, sheet: Sheet) -> dict[str, Any]:
    return {
        "names": [{"code": name.language, "words": name.text} for name in one.names],
        "subtitle": one.subtitle,
        "items": [
            {
                "number": item.number,
                "anchor": item.anchor,
                "rows": _rows(item.text, sheet),
                "bodies": [_pieces(body.text, body.language or sheet.labels) for body in item.addressees],
            }
            for item in one.items
        ],
    }


def _pieces(words: str, code: str) -> list[dict[str, Any]]:
    return [{"code": language, "words": _spaced(piece)} for language, piece in spoken(words, code)]


def _lines(words: str, code: str) -> list[list[dict[str, Any]]]:
    return [_pieces(line, code) for line in words.split("\n") if line.strip()]


def _rows(pair: Pair, sheet: Sheet) -> list[dict[str, Any]]:
    """Return a row for each paragraph, with a cell for each language; a long one may be cut in two."""
    passages = [pair.main, *([pair.beside] if sheet.beside else [])]
    found = rows(pair.main, pair.beside)
    return [
        {
            "whole": max(sum(len(block.words) for block in blocks) for blocks in row) < WHOLE,
            "cells": [_cell(blocks, one) for blocks, one in zip(row, passages, strict=False)],
        }
        for row in found
        if any(row)
    ]


def _cell(blocks: Iterable[Block], one: Passage) -> dict[str, Any]:
    """Return the paragraphs and points of a cell, each in lines of pieces."""
    found = [{"level": block.level, "lines": _lines(block.words, one.language)} for block in blocks]
    return {"missing": one.missing, "blocks": found}


def _spaced(line: str) -> Any:
    """Return the line with runs of spaces kept: the format folds them otherwise."""
    safe = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    safe = re.sub(r"^ | $|(?<= ) ", "<text:s/>", safe)
    return mark_safe(safe.replace("\t", "<text:tab/>"))  # noqa: S308 - escaped just above

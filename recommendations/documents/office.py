"""Reads the paragraphs of DOCX and ODT files with the numbers shown before them. Nothing is run or fetched."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from consultations.papers import archives
from consultations.states import PaperKind
from portal.states import Refusal

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
MOST_REPEATED = 50  # spaces in a row that an ODT may ask for


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph: its words, the number that is shown before it, and whether it is a heading."""

    text: str
    label: str = ""
    heading: bool = False


def lines_of(content: bytes, *, strict: bool = True) -> list[Line]:
    """Return the paragraphs of a DOCX or ODT file. Raises Refusal for anything else.

    `strict` refuses tracked changes and comments: nobody knows which of the words are meant.
    """
    archive = archives.opened(content)
    kind = archives.kind_of(archive)
    if kind == PaperKind.DOCX:
        return _docx(archive, strict=strict)
    if kind == PaperKind.ODT:
        return _odt(archive, strict=strict)
    raise Refusal(_("This is no text document. Use DOCX, ODT or plain text."))


def _parsed(archive: zipfile.ZipFile, name: str) -> ET.Element | None:
    if name not in archive.namelist():
        return None
    part = archives.read(archive, name)
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or part.startswith(archives.UTF_16):
        raise Refusal(_("This file is damaged, or packed in an unusual way. Open it, save it anew and try once more."))
    try:
        return ET.fromstring(part)  # noqa: S314 - without a document type there is nothing to expand
    except ET.ParseError as error:
        raise Refusal(
            _("This file is damaged, or packed in an unusual way. Open it, save it anew and try once more.")
        ) from error


def _demand_settled(*, changed: bool) -> None:
    if changed:
        raise Refusal(
            _(
                "This file has tracked changes or comments. Accept or reject all changes and delete the comments "
                "(in Word and LibreOffice: Review), save it, and choose it again."
            )
        )


# --- DOCX ---------------------------------------------------------------------------------------------------------


def _docx(archive: zipfile.ZipFile, *, strict: bool) -> list[Line]:
    root = _parsed(archive, "word/document.xml")
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        raise Refusal(_("This is no text document. Use DOCX, ODT or plain text."))
    marked = (f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo", f"{W}commentReference")
    if strict:
        _demand_settled(changed=any(body.find(f".//{name}") is not None for name in marked))
    numbering = _Numbering(_parsed(archive, "word/numbering.xml"), _parsed(archive, "word/styles.xml"))
    found = [_docx_line(paragraph, numbering) for paragraph in body.iter(f"{W}p")]
    return [line for line in found if line.text.strip()]


def _docx_line(paragraph: ET.Element, numbering: "_Numbering") -> Line:
    words = "".join(_docx_words(paragraph)).strip()
    style = _value(paragraph, f"{W}pPr/{W}pStyle")
    label = numbering.label(paragraph, style) if words else ""
    return Line(words, label, heading=style.lower().startswith(("heading", "title")))


def _docx_words(paragraph: ET.Element) -> Iterator[str]:
    for part in paragraph.iter():
        if part.tag == f"{W}t":
            yield part.text or ""
        elif part.tag == f"{W}tab" and part.get(f"{W}val") is None:
            yield "\t"
        elif part.tag in {f"{W}br", f"{W}cr"}:
            yield "\n"


def _value(element: ET.Element | None, path: str) -> str:
    found = element.find(path) if element is not None else None
    return found.get(f"{W}val", "") if found is not None else ""


class _Numbering:
    """Counts as Word does: per list and level; a level begins anew when one above it moved on."""

    def __init__(self, numbering: ET.Element | None, styles: ET.Element | None) -> None:
        self._levels = self._read(numbering) if numbering is not None else {}
        self._styles = self._of_styles(styles) if styles is not None else {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    @staticmethod
    def _read(root: ET.Element) -> dict[str, dict[int, tuple[str, str, int]]]:
        abstract = {
            one.get(f"{W}abstractNumId", ""): {
                int(level.get(f"{W}ilvl", "0")): (
                    _value(level, f"{W}numFmt") or "decimal",
                    _value(level, f"{W}lvlText"),
                    int(_value(level, f"{W}start") or 1),
                )
                for level in one.findall(f"{W}lvl")
            }
            for one in root.findall(f"{W}abstractNum")
        }
        numbers = root.findall(f"{W}num")
        return {one.get(f"{W}numId", ""): abstract.get(_value(one, f"{W}abstractNumId"), {}) for one in numbers}

    @staticmethod
    def _of_styles(root: ET.Element) -> dict[str, ET.Element]:
        found = {one.get(f"{W}styleId", ""): one.find(f"{W}pPr/{W}numPr") for one in root.findall(f"{W}style")}
        return {name: one for name, one in found.items() if one is not None}

    def label(self, paragraph: ET.Element, style: str) -> str:
        own = paragraph.find(f"{W}pPr/{W}numPr")
        given = own if own is not None else self._styles.get(style)
        number = _value(given, f"{W}numId")
        levels = self._levels.get(number, {})
        level = int(_value(given, f"{W}ilvl") or 0)
        if level not in levels:
            return ""
        counts = self._counts[number]
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        return self._shown(levels, counts, level)

    @staticmethod
    def _shown(levels: Mapping[int, tuple[str, str, int]], counts: Mapping[int, int], level: int) -> str:
        kind, pattern, _start = levels[level]
        if kind == "bullet":
            return "•"

        def put(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            kind, _pattern, start = levels.get(place, ("decimal", "", 1))
            return numeral(kind, counts.get(place, start))

        return re.sub(r"%(\d)", put, pattern)


def numeral(kind: str, number: int) -> str:
    """Return the number as it is shown in a list of the kind."""
    if kind in {"lowerLetter", "a"}:
        return LETTERS[(number - 1) % len(LETTERS)]
    if kind in {"upperLetter", "A"}:
        return LETTERS[(number - 1) % len(LETTERS)].upper()
    if kind in {"lowerRoman", "i"}:
        return _roman(number)
    if kind in {"upperRoman", "I"}:
        return _roman(number).upper()
    return str(number)


def _roman(number: int) -> str:
    shown = ""
    for value, letters in ROMAN:
        shown, number = shown + letters * (number // value), number % value
    return shown


# --- ODT ----------------------------------------------------------------------------------------------------------


def _odt(archive: zipfile.ZipFile, *, strict: bool) -> list[Line]:
    root = _parsed(archive, "content.xml")
    body = root.find(f"{OFFICE}body/{OFFICE}text") if root is not None else None
    if root is None or body is None:
        raise Refusal(_("This is no text document. Use DOCX, ODT or plain text."))
    tracked = body.find(f"{TEXT}tracked-changes")
    changed = tracked is not None and len(tracked) > 0
    if strict:
        _demand_settled(changed=changed or body.find(f".//{OFFICE}annotation") is not None)
    found = list(_odt_lines(body, _list_styles(root), ()))
    return [line for line in found if line.text.strip()]


def _list_styles(root: ET.Element) -> dict[str, dict[int, tuple[str, str, str]]]:
    """Return, per list style and level, the kind of number with what stands before and after it."""
    return {
        style.get(f"{STYLE}name", ""): {
            int(level.get(f"{TEXT}level", "1")): (
                level.get(f"{STYLE}num-format", "bullet"),
                level.get(f"{STYLE}num-prefix", ""),
                level.get(f"{STYLE}num-suffix", ""),
            )
            for level in style
        }
        for style in root.iter(f"{TEXT}list-style")
    }


def _odt_lines(parent: ET.Element, styles: Any, levels: tuple[Any, ...], label: str = "") -> Iterator[Line]:
    """Walk down; `label` belongs to the first paragraph only."""
    for child in parent:
        if child.tag in {f"{TEXT}p", f"{TEXT}h"}:
            yield Line("".join(_odt_words(child)).strip(), label, heading=child.tag == f"{TEXT}h")
            label = ""
        elif child.tag == f"{TEXT}list":
            yield from _odt_list(child, styles, levels)
        elif child.tag != f"{TEXT}tracked-changes":
            yield from _odt_lines(child, styles, levels)


def _odt_list(one: ET.Element, styles: Any, levels: tuple[Any, ...]) -> Iterator[Line]:
    style = one.get(f"{TEXT}style-name") or (levels[-1] if levels else "")
    deeper = (*levels, style)
    kind, before, after = styles.get(style, {}).get(len(deeper), ("1", "", "."))
    count = 0
    for item in one:
        count = int(item.get(f"{TEXT}start-value", count + 1))
        label = "•" if kind == "bullet" else f"{before}{numeral(kind, count)}{after}"
        yield from _odt_lines(item, styles, deeper, label)


def _odt_words(element: ET.Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{TEXT}tab":
            yield "\t"
        elif child.tag == f"{TEXT}line-break":
            yield "\n"
        elif child.tag == f"{TEXT}s":
            yield " " * min(int(child.get(f"{TEXT}c", "1")), MOST_REPEATED)
        elif child.tag != f"{OFFICE}annotation":
            yield from _odt_words(child)
        yield child.tail or ""

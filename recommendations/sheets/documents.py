"""What a sheet's file holds, paragraph by paragraph, with the numbers that its program draws by itself.

The file was checked before (`consultations.papers`): what is read here is an archive of known size without macros.
DOCX is read by python-docx; ODT is plain XML inside that archive, and no library for it is well kept.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _
from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml.etree import LxmlError

from consultations.papers import Prepared
from consultations.states import PaperKind
from portal import text
from portal.states import Refusal
from recommendations.sheets.lines import Line

KINDS = (PaperKind.DOCX, PaperKind.ODT, PaperKind.TXT)
MOST_XML = 12 * 1024 * 1024  # bytes of one part of a file: some four hundred pages, and their memory
USUAL_INDENT = 360  # a quarter of an inch, in twentieths of a point
SHORTEST_GAP = 4  # spaces that somebody lined words up with
DEEPEST_STYLE = 12  # a style that rests on itself would never end
TRACKED = tuple(map(qn, ("w:ins", "w:del", "w:moveFrom", "w:moveTo")))
REMARKS = tuple(map(qn, ("w:commentReference", "w:commentRangeStart")))
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def lines_of_text(typed: str) -> list[Line]:
    """Return the lines of a text that was pasted."""
    lines, gap = [], True
    for line in text.clean(typed).split("\n"):
        if text.is_blank(line):
            gap = True
        else:
            lines.append(Line(line.strip(), gap=gap))
            gap = False
    return lines


def lines_of_file(prepared: Prepared) -> list[Line]:
    """Return the paragraphs of a checked file. Raises Refusal for another kind, and for changes or remarks in it."""
    if prepared.kind not in KINDS:
        raise Refusal(_("Points are read from DOCX, ODT and plain text. Save it as one of these, or paste it."))
    if prepared.kind == PaperKind.TXT:
        return lines_of_text(prepared.content.decode())
    read = _docx if prepared.kind == PaperKind.DOCX else _odt
    _demand_readable(prepared.content)
    try:
        return [line for line in read(prepared.content) if not text.is_blank(line.text)]
    except (KeyError, ValueError, LxmlError, ET.ParseError, PackageNotFoundError, zipfile.BadZipFile) as error:
        raise Refusal(
            _("This file is damaged, or packed in an unusual way. Open it, save it anew and try once more.")
        ) from error


def _demand_readable(content: bytes) -> None:
    """Raise Refusal where the words alone would fill the memory: a book of a thousand pages holds three megabytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        largest = max((one.file_size for one in archive.infolist() if one.filename.endswith(".xml")), default=0)
    if largest > MOST_XML:
        raise Refusal(too_long())


def too_long() -> str:
    """Return what is said about a sheet that is far longer than any list of points."""
    return _("This is far too long for a list of points. Take the part that holds them, or split it.")


def demand_settled(*, tracked: bool, remarks: bool) -> None:
    """Raise Refusal where it would be a guess which words count, or where remarks of colleagues would come along."""
    if tracked:
        raise Refusal(
            _(
                "This file holds tracked changes: it is not clear which words count. In your program choose "
                "“Accept all changes”, save the file, and upload it again."
            )
        )
    if remarks:
        raise Refusal(
            _(
                "This file holds comments of people who worked on it. In your program choose “Delete all comments”, "
                "save the file, and upload it again."
            )
        )


# --- DOCX ---------------------------------------------------------------------------------------------------------


def _docx(content: bytes) -> Iterator[Line]:
    document = Document(io.BytesIO(content))
    body = document.element.body
    demand_settled(tracked=_any(body, TRACKED), remarks=_any(body, REMARKS))
    styles = {one.get(qn("w:styleId")): one for one in document.styles.element.iter(qn("w:style"))}
    indents = _indents(document)
    for paragraph in body.iter(qn("w:p")):
        # Words in a drawn box stand in the file twice.
        if next(paragraph.iterancestors(qn("w:txbxContent")), None) is None:
            worn = list(_styles_of(paragraph, styles))
            heading = any(_name(style).startswith(("heading", "title")) for style in worn)
            words = " ".join(_docx_words(paragraph).split("\n")).strip()
            yield Line(words, _docx_level(paragraph, worn, indents), heading, gap=True)


def _indents(document: Any) -> dict[tuple[str, str], int]:
    """Return how far each level of each list stands to the right, by the list's number and the level's."""
    part = next((one.target_part for one in document.part.rels.values() if one.reltype.endswith("/numbering")), None)
    if part is None:
        return {}
    shapes = {one.get(qn("w:abstractNumId")): one for one in part.element.iter(qn("w:abstractNum"))}
    found = {}
    for number in part.element.iter(qn("w:num")):
        shape = number.find(qn("w:abstractNumId"))
        levels = shapes.get(shape.get(qn("w:val"))) if shape is not None else None
        for level in levels.iter(qn("w:lvl")) if levels is not None else ():
            left = _left(level)
            if left is not None:
                found[number.get(qn("w:numId")), level.get(qn("w:ilvl"))] = left
    return found


def _left(owner: Any) -> int | None:
    indent = owner.find(f"{qn('w:pPr')}/{qn('w:ind')}")
    value = (indent.get(qn("w:left")) or indent.get(qn("w:start"))) if indent is not None else None
    return int(float(value)) if value else None


def _any(element: Any, tags: tuple[str, ...]) -> bool:
    return next(element.iter(*tags), None) is not None


def _styles_of(paragraph: Any, styles: dict[str, Any]) -> Iterator[Any]:
    mark = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    for _step in range(DEEPEST_STYLE):
        style = styles.get(mark.get(qn("w:val"))) if mark is not None else None
        if style is None:
            return
        yield style
        mark = style.find(qn("w:basedOn"))


def _name(style: Any) -> str:
    name = style.find(qn("w:name"))
    return (name.get(qn("w:val")) or "").lower() if name is not None else ""


def _docx_level(paragraph: Any, worn: list[Any], indents: dict[tuple[str, str], int]) -> int | None:
    """Return how far it stands to the right in a list, by itself or by its style; None outside of lists."""
    for owner in (paragraph, *worn):
        number = owner.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if number is None:
            continue
        which, deep = number.find(qn("w:numId")), number.find(qn("w:ilvl"))
        list_number = which.get(qn("w:val")) if which is not None else ""
        level = deep.get(qn("w:val")) if deep is not None else "0"
        if list_number == "0":  # taken out of the list that its style puts it into
            return None
        own = _left(paragraph)
        return own if own is not None else indents.get((list_number, level), int(level) * USUAL_INDENT)
    return None


def _docx_words(paragraph: Any) -> str:
    signs = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
    words = []
    for node in paragraph.iter(qn("w:t"), *signs):
        boxed = next(node.iterancestors(qn("w:txbxContent")), None)
        if boxed is None and node.getparent().tag != qn("w:tabs"):
            words.append(signs.get(node.tag) or node.text or "")
    return "".join(words)


# --- ODT ----------------------------------------------------------------------------------------------------------


def _odt(content: bytes) -> Iterator[Line]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read("content.xml")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise ValueError
    body = ET.fromstring(part).find(f"{OFFICE}body/{OFFICE}text")  # noqa: S314 - no document type, nothing to expand
    if body is None:
        raise ValueError
    tracked = next(body.iter(f"{TEXT}changed-region"), None) is not None
    demand_settled(tracked=tracked, remarks=next(body.iter(f"{OFFICE}annotation"), None) is not None)
    yield from _odt_lines(body, None)


def _odt_lines(parent: ET.Element, level: int | None) -> Iterator[Line]:
    begun = False
    for node in parent:
        if node.tag == f"{TEXT}h":
            yield Line(_odt_words(node).strip(), level, heading=True, gap=True)
        elif node.tag == f"{TEXT}p":
            # What stands under the first paragraph of a point goes on with it.
            goes_on = level is not None and begun
            yield Line(_odt_words(node).strip(), None if goes_on else level, gap=not goes_on)
            begun = True
        elif node.tag == f"{TEXT}list":
            yield from _odt_lines(node, 0 if level is None else level + 1)
        elif node.tag == f"{TEXT}list-item":
            yield from _odt_lines(node, level)
        else:
            yield from _odt_lines(node, None)


def _odt_words(node: ET.Element) -> str:
    words = [node.text or ""]
    for child in node:
        if child.tag == f"{TEXT}s":
            words.append(" " * min(int(child.get(f"{TEXT}c", "1")), SHORTEST_GAP))
        elif child.tag in {f"{TEXT}tab", f"{TEXT}line-break"}:
            words.append(" ")
        elif child.tag not in {f"{TEXT}note", f"{OFFICE}annotation"}:
            words.append(_odt_words(child))
        words.append(child.tail or "")
    return "".join(words)

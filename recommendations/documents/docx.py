"""The DOCX: real headings, typed numbers, fonts in the slots of complex scripts, and nobody's name."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from portal import languages
from portal import text as texts
from recommendations.documents.packing import packed
from recommendations.documents.points import Block, rows
from recommendations.documents.scripts import script, spoken, xml_safe
from recommendations.documents.sheet import Entry, Pair, People, Section, Sheet
from recommendations.models.wording import Passage

INDENT = Mm(10)
HANG = Mm(7)
COLUMNS = (Mm(12), Mm(81), Mm(81))
WHOLE = 300  # characters of a row that is not cut in two: some Burmese ones take a third of a page
RUNNING = 90  # characters of the title over each further page
SMALL, ABOUT = "Small", "Addressees"
THUMBNAIL = "docProps/thumbnail.jpeg"  # a picture of an empty page that the library's template brings


def write(sheet: Sheet) -> bytes:
    """Return the edition as DOCX."""
    document = Document()
    _set_up(document, sheet)
    _head(document, sheet)
    for section in sheet.sections:
        _section(document, sheet, section)
    _foot(document, sheet)
    return packed(_parts(document), sheet.fingerprint, sheet.adopted_on)


def _parts(document: Any) -> dict[str, bytes]:
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != THUMBNAIL}


def _set_up(document: Any, sheet: Sheet) -> None:
    """Set the page, the styles and the properties: a title, a language, a day; no person and no program."""
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(18 if sheet.beside else 25)
    for name, size in (("Normal", 11), ("Title", 20), ("Subtitle", 14), ("Heading 1", 14), ("Heading 2", 12)):
        _style(document.styles[name], sheet, size)
    _spaced(document.styles["Normal"], 0, 6)
    # Fonts of complex scripts bring the room that their marks need.
    document.styles["Normal"].paragraph_format.line_spacing = 1.0 if script(sheet.language).complex else 1.15
    _spaced(document.styles["List Bullet"], 0, 3)
    for name, size in ((SMALL, 9), (ABOUT, 9)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        _style(style, sheet, size)
        _spaced(style, 0, 10 if name == ABOUT else 2)
    moment = datetime.combine(sheet.adopted_on, time(12), UTC)
    ours = document.core_properties
    ours.author = ours.last_modified_by = ours.comments = ours.keywords = ours.category = ours.subject = ""
    ours.title, ours.language = xml_safe(sheet.title.main.text)[:255], script(sheet.language).tag
    ours.identifier = f"mufakat-edition:{sheet.fingerprint}"
    ours.created = ours.modified = moment.replace(tzinfo=None)
    ours.revision = 1


def _style(style: Any, sheet: Sheet, size: int) -> None:
    style.font.size = Pt(size)
    for line in style.element.findall(f".//{qn('w:pBdr')}"):
        line.getparent().remove(line)
    properties = style.element.get_or_add_rPr()
    # No italics and no letters set apart: scripts without spaces cannot be read so.
    for name in ("w:color", "w:rFonts", "w:i", "w:iCs", "w:spacing", "w:kern"):
        for found in properties.findall(qn(name)):
            properties.remove(found)
    _speak(properties, sheet.language, size)


def _spaced(style: Any, before: int, after: int) -> None:
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _speak(properties: Any, code: str, size: int = 0) -> None:
    """Say in which language the run is, with its font in each slot: complex scripts have slots of their own."""
    how = script(code)
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    latin = "Arial" if how.complex or how.asian else how.font
    for slot, font in (("ascii", latin), ("hAnsi", latin), ("cs", how.font), ("eastAsia", how.font)):
        fonts.set(qn(f"w:{slot}"), font)
    if size:
        _add(properties, "w:szCs", val=str(size * 2))
    if how.complex:
        _add(properties, "w:cs")
    _add(properties, "w:lang", val=how.tag, bidi=how.tag, eastAsia=how.tag)


def _add(parent: Any, name: str, **attributes: str) -> Any:
    found = parent.find(qn(name))
    if found is None:
        found = OxmlElement(name)
        parent.append(found)
    for key, value in attributes.items():
        found.set(qn(f"w:{key}"), value)
    return found


def _run(paragraph: Any, words: str, code: str, *, bold: bool = False, size: int = 0) -> None:
    """Add the words, each piece in its language; line breaks stay line breaks."""
    for language, piece in spoken(xml_safe(words), code):
        run = paragraph.add_run()
        for place, line in enumerate(piece.split("\n")):
            if place:
                run.add_break(WD_BREAK.LINE)
            run.add_text(line)
        if bold:
            run.bold = run.font.cs_bold = True
        if size:
            run.font.size = Pt(size)
        _speak(run._r.get_or_add_rPr(), language, size)  # noqa: SLF001 - the library has no other door to the fonts of complex scripts


def _line(place: Any, words: str, code: str, style: str | None = None, **how: Any) -> Any:
    paragraph = place.add_paragraph(style=style)
    _run(paragraph, words, code, **how)
    return paragraph


def _blocks(place: Any, found: Iterable[Block], code: str, indent: Any = 0) -> list[Any]:
    """Write the paragraphs and points; a point hangs beside its number."""
    return [_block(place.add_paragraph(), one, code, indent) for one in found]


def _block(paragraph: Any, one: Block, code: str, indent: Any = 0) -> Any:
    if one.level:
        paragraph.paragraph_format.left_indent = indent + HANG * one.level
        paragraph.paragraph_format.first_line_indent = -HANG
    elif indent:
        paragraph.paragraph_format.left_indent = indent
    _run(paragraph, one.words, code)
    return paragraph


def _head(document: Any, sheet: Sheet) -> None:
    title = sheet.title.main
    _line(document, title.text, title.language, "Title", bold=True)
    if sheet.title.beside.text and not sheet.title.beside.missing:
        _line(document, sheet.title.beside.text, sheet.title.beside.language, "Subtitle", bold=True)
    if sheet.official_title.text:
        _line(document, sheet.official_title.text, sheet.official_title.language)
    table = document.add_table(rows=0, cols=2)
    for label, value in sheet.facts:
        for cell, words in zip(table.add_row().cells, (label, value), strict=True):
            cell.paragraphs[0].style = document.styles[SMALL]
            _run(cell.paragraphs[0], words, sheet.labels, size=9)
    _widths(table, Mm(38), Mm(122))
    standing = _line(document, sheet.standing, sheet.labels, SMALL, size=9)
    standing.paragraph_format.space_before, standing.paragraph_format.space_after = Pt(4), Pt(12)
    if sheet.beside and sheet.preamble.main.text:
        _pair(_rows(document, sheet), "", sheet.preamble, sheet)
        return
    if sheet.preamble.main.missing and sheet.preamble.main.text:
        _line(document, sheet.words["no_translation"], sheet.labels, SMALL, size=9)
    for row in rows(sheet.preamble.main, Passage("", "")):
        _blocks(document, row[0], sheet.preamble.main.language)


def _rows(document: Any, sheet: Sheet) -> Any:
    """Return a table of two languages: a narrow column for the number, and a head that is repeated on each page."""
    table = document.add_table(rows=1, cols=3)
    _widths(table, *COLUMNS)
    head = table.rows[0]
    _add(head._tr.get_or_add_trPr(), "w:tblHeader")  # noqa: SLF001 - as above
    for cell, code in zip(head.cells[1:], sheet.languages, strict=True):
        _run(cell.paragraphs[0], languages.own_name(code), code, bold=True, size=9)
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    return table


def _widths(table: Any, *widths: Any) -> None:
    """Set the width of the columns, and of each cell: programs differ in what they look at."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _pair(table: Any, number: str, pair: Pair, sheet: Sheet) -> Any:
    """Write the two languages beside each other, a row for each paragraph where they have the same ones."""
    row = None
    for place, found in enumerate(rows(pair.main, pair.beside)):
        row = table.add_row()
        for cell, width in zip(row.cells, COLUMNS, strict=True):
            cell.width = width
        if not place:
            _run(row.cells[0].paragraphs[0], number, sheet.labels, bold=True)
        if max(sum(len(one.words) for one in blocks) for blocks in found) < WHOLE:
            _add(row._tr.get_or_add_trPr(), "w:cantSplit")  # noqa: SLF001 - as above
        for cell, blocks, one in zip(row.cells[1:], found, (pair.main, pair.beside), strict=True):
            _cell(cell, blocks, one, sheet)
    return row


def _cell(cell: Any, blocks: Sequence[Block], one: Passage, sheet: Sheet) -> None:
    first, rest = cell.paragraphs[0], list(blocks)
    if one.missing:
        _run(first, sheet.words["no_translation"], sheet.labels, size=9)
    elif rest:
        _block(first, rest.pop(0), one.language)
    _blocks(cell, rest, one.language)


def _section(document: Any, sheet: Sheet, section: Section) -> None:
    heading = document.add_paragraph(style="Heading 1")
    for place, name in enumerate(section.names):
        _run(heading, f" · {name.text}" if place else name.text, name.language)
    _line(document, section.subtitle, sheet.labels, SMALL, size=9).paragraph_format.keep_with_next = True
    table = _rows(document, sheet) if sheet.beside else None
    for item in section.items:
        if table is not None:
            row = _pair(table, f"{item.number}.", item.text, sheet)
            if item.addressees and row is not None:
                _addressees(row.cells[1].add_paragraph(style=ABOUT), item, sheet)
        else:
            _item(document, item, sheet)


def _item(document: Any, item: Entry, sheet: Sheet) -> None:
    """Write the number, a tab, the text: it hangs beside the number, and stays what it is in every program."""
    one = item.text.main
    found = [block for row in rows(one, Passage("", "")) for block in row[0]] or [Block("")]
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = INDENT
    paragraph.paragraph_format.first_line_indent = -INDENT
    paragraph.paragraph_format.tab_stops.add_tab_stop(INDENT)
    paragraph.paragraph_format.space_before = Pt(6)
    _run(paragraph, f"{item.number}.", sheet.labels, bold=True)
    paragraph.add_run().add_tab()
    if one.missing:
        _run(paragraph, sheet.words["no_translation"], sheet.labels, size=9)
    else:
        _run(paragraph, found.pop(0).words, one.language)
    written = [paragraph, *_blocks(document, found, one.language, INDENT)]
    if item.addressees:
        written[-1].paragraph_format.keep_with_next = True
        written[-1].paragraph_format.space_after = Pt(2)
        about = document.add_paragraph(style=ABOUT)
        about.paragraph_format.left_indent = INDENT
        _addressees(about, item, sheet)


def _addressees(paragraph: Any, item: Entry, sheet: Sheet) -> None:
    _run(paragraph, sheet.words["to"] + " ", sheet.labels, size=9)
    for place, body in enumerate(item.addressees):
        _run(paragraph, ("; " if place else "") + body.text, body.language or sheet.labels, size=9)


def _foot(document: Any, sheet: Sheet) -> None:
    words = sheet.words
    _line(document, words["adopters"], sheet.labels, "Heading 1")
    _adopters(document, sheet.people, sheet)
    _line(document, words["check"], sheet.labels, "Heading 1")
    _line(document, words["check_words"], sheet.labels, SMALL, size=9).paragraph_format.keep_with_next = True
    address = document.add_paragraph(style=SMALL)
    address.paragraph_format.keep_with_next = True
    _link(address, sheet)
    _line(document, sheet.fingerprint, sheet.labels, SMALL, size=9)
    _margins(document.sections[0], sheet)


def _link(paragraph: Any, sheet: Sheet) -> None:
    """Write the address so that it can be followed."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(sheet.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    _run(paragraph, sheet.address, sheet.labels, size=9)
    link.extend(paragraph._p.r_lst)  # noqa: SLF001 - as above
    paragraph._p.append(link)  # noqa: SLF001 - as above


def _margins(page: Any, sheet: Sheet) -> None:
    """Write what stands over and under the pages: the title from the second one on, the edition, the page number."""
    page.different_first_page_header_footer = True
    title = sheet.title.main
    _run(page.header.paragraphs[0], texts.opening(title.text, RUNNING), title.language, size=8)
    for foot in (page.footer, page.first_page_footer):
        line = foot.paragraphs[0]
        _run(line, f"{sheet.words['edition']} {sheet.number} · {sheet.fingerprint[:16]} · ", sheet.labels, size=8)
        _field(line, "PAGE", sheet.labels)
        _run(line, " / ", sheet.labels, size=8)
        _field(line, "NUMPAGES", sheet.labels)


def _field(paragraph: Any, instruction: str, code: str) -> None:
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        run.font.size = Pt(8)
        _speak(run._r.get_or_add_rPr(), code, 8)  # noqa: SLF001 - as above
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = instruction
        run._r.append(part)  # noqa: SLF001 - as above


def _adopters(document: Any, people: People, sheet: Sheet) -> None:
    words = sheet.words
    lines = [*people.names, *(f"{one} ({words['withheld']})" for one in people.descriptions)]
    for line in lines:
        _line(document, line, sheet.labels, "List Bullet")
    if not lines:
        _line(document, words["no_adopters"], sheet.labels)
    if people.reservations:
        _line(document, words["reservations"], sheet.labels, "Heading 2")
    for one in people.reservations:
        about = f"{words['item']} {one.label}" if one.label else words["whole"]
        _line(document, f"{one.name} · {about}", sheet.labels, bold=True).paragraph_format.keep_with_next = True
        _line(document, one.text, sheet.labels).paragraph_format.left_indent = HANG

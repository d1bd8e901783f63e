"""The DOCX: real headings, typed numbers, fonts in the slots of complex scripts, and nobody's name."""

import io
import zipfile
from datetime import UTC, datetime, time
from typing import Any

from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from portal import languages
from recommendations.documents.packing import packed
from recommendations.documents.scripts import script, xml_safe
from recommendations.documents.sheet import Entry, Pair, People, Section, Sheet, paragraphs
from recommendations.models.wording import Passage

INDENT = Mm(10)
COLUMNS = (Mm(12), Mm(81), Mm(81))
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
    for name, size in (("Normal", 11), ("Title", 20), ("Heading 1", 14), ("Heading 2", 12)):
        _style(document.styles[name], sheet, size)
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
    for name in ("w:color", "w:rFonts"):
        for found in properties.findall(qn(name)):
            properties.remove(found)
    _speak(properties, sheet.language, size)


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
    """Add the words; line breaks stay line breaks."""
    run = paragraph.add_run()
    for place, line in enumerate(xml_safe(words).split("\n")):
        if place:
            run.add_break(WD_BREAK.LINE)
        run.add_text(line)
    if bold:
        run.bold = run.font.cs_bold = True
    if size:
        run.font.size = Pt(size)
    _speak(run._r.get_or_add_rPr(), code, size)  # noqa: SLF001 - the library has no other door to the fonts of complex scripts


def _line(place: Any, words: str, code: str, style: str | None = None, **how: Any) -> Any:
    paragraph = place.add_paragraph(style=style)
    _run(paragraph, words, code, **how)
    return paragraph


def _passage(place: Any, one: Passage) -> None:
    for words in paragraphs(one.text):
        _line(place, words, one.language)


def _head(document: Any, sheet: Sheet) -> None:
    title = sheet.title.main
    _line(document, title.text, title.language, "Title", bold=True)
    if sheet.title.beside.text and not sheet.title.beside.missing:
        _line(document, sheet.title.beside.text, sheet.title.beside.language, bold=True, size=14)
    _passage(document, sheet.official_title)
    table = document.add_table(rows=0, cols=2)
    for label, value in sheet.facts:
        cells = table.add_row().cells
        _run(cells[0].paragraphs[0], label, sheet.labels, size=9)
        _run(cells[1].paragraphs[0], value, sheet.labels, size=9)
    _widths(table, Mm(38), Mm(122))
    _line(document, sheet.standing, sheet.labels, size=9)
    if sheet.beside and sheet.preamble.main.text:
        _pair(_rows(document, sheet), "", sheet.preamble, sheet)
    else:
        _passage(document, sheet.preamble.main)


def _rows(document: Any, sheet: Sheet) -> Any:
    """Return a table of two languages: a narrow column for the number, and a head that is repeated on each page."""
    table = document.add_table(rows=1, cols=3)
    _widths(table, *COLUMNS)
    head = table.rows[0]
    _add(head._tr.get_or_add_trPr(), "w:tblHeader")  # noqa: SLF001 - as above
    for cell, code in zip(head.cells[1:], sheet.languages, strict=True):
        _run(cell.paragraphs[0], languages.own_name(code), code, bold=True, size=9)
    return table


def _widths(table: Any, *widths: Any) -> None:
    """Set the width of the columns, and of each cell: programs differ in what they look at."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _pair(table: Any, number: str, pair: Pair, sheet: Sheet) -> Any:
    row = table.add_row()
    for cell, width in zip(row.cells, COLUMNS, strict=True):
        cell.width = width
    _run(row.cells[0].paragraphs[0], number, sheet.labels, bold=True)
    for cell, one in zip(row.cells[1:], (pair.main, pair.beside), strict=True):
        first, *rest = paragraphs(one.text) or [""]
        if one.missing:
            _run(cell.paragraphs[0], sheet.words["no_translation"], sheet.labels, size=9)
            rest = [first, *rest]
        else:
            _run(cell.paragraphs[0], first, one.language)
        for words in rest:
            _line(cell, words, one.language)
    return row


def _section(document: Any, sheet: Sheet, section: Section) -> None:
    _line(document, section.name, sheet.labels, "Heading 1")
    _line(document, section.subtitle, sheet.labels, size=9)
    table = _rows(document, sheet) if sheet.beside else None
    for item in section.items:
        if table is not None:
            row = _pair(table, f"{item.number}.", item.text, sheet)
            _addressees(row.cells[1].add_paragraph(), item, sheet)
        else:
            _item(document, item, sheet)


def _item(document: Any, item: Entry, sheet: Sheet) -> None:
    """Write the number, a tab, the text: it hangs beside the number, and stays what it is in every program."""
    one = item.text.main
    for place, words in enumerate(paragraphs(one.text) or [""]):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent = INDENT
        if not place:
            paragraph.paragraph_format.first_line_indent = -INDENT
            paragraph.paragraph_format.tab_stops.add_tab_stop(INDENT)
            _run(paragraph, f"{item.number}.", sheet.labels, bold=True)
            paragraph.add_run().add_tab()
        paragraph.paragraph_format.keep_with_next = bool(item.addressees)
        _run(paragraph, words, one.language)
    about = document.add_paragraph()
    about.paragraph_format.left_indent = INDENT
    _addressees(about, item, sheet)


def _addressees(paragraph: Any, item: Entry, sheet: Sheet) -> None:
    if item.addressees:
        _run(paragraph, sheet.words["to"] + " ", sheet.labels, size=9)
    for place, body in enumerate(item.addressees):
        _run(paragraph, ("; " if place else "") + body.text, body.language or sheet.labels, size=9)


def _foot(document: Any, sheet: Sheet) -> None:
    words = sheet.words
    _line(document, words["adopters"], sheet.labels, "Heading 1")
    _adopters(document, sheet.people, sheet)
    _line(document, words["check"], sheet.labels, "Heading 1")
    for line in (words["check_words"], sheet.address, sheet.fingerprint):
        _line(document, line, sheet.labels, size=9)
    foot = document.sections[0].footer.paragraphs[0]
    _run(foot, f"{words['edition']} {sheet.number} · {sheet.fingerprint[:16]} · ", sheet.labels, size=8)
    for kind, instruction in (("begin", ""), ("", "PAGE"), ("end", "")):
        _field(foot.add_run()._r, kind, instruction)  # noqa: SLF001 - as above


def _field(run: Any, kind: str, instruction: str) -> None:
    part = OxmlElement("w:fldChar" if kind else "w:instrText")
    if kind:
        part.set(qn("w:fldCharType"), kind)
    else:
        part.text = instruction
    run.append(part)


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
        _line(document, f"{one.name} · {about}", sheet.labels, bold=True)
        _line(document, one.text, sheet.labels)

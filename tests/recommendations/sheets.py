"""Position papers as office programs write them, for tests of sheets."""

import io
import zipfile
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

ODT = "application/vnd.oasis.opendocument.text"
SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def docx(*paragraphs: tuple[str, str], change: Any = None) -> bytes:
    """Return a DOCX of paragraphs, each a style and its words."""
    document = Document()
    for style, words in paragraphs:
        document.add_paragraph(words, style=style or None)
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def paper(change: Any = None) -> bytes:
    """Return a position paper as a union writes one, its numbers drawn by the program."""
    return docx(
        ("Title", "Position paper"),
        ("", "We are a union of domestic workers."),
        ("Heading 1", "ASEAN"),
        ("List Number", "Member states should:"),
        ("List Number 2", "Forbid recruitment fees."),
        ("List Number 2", "Publish the names of agencies."),
        ("Heading 2", "Dignity"),
        ("List Number", "Count domestic work as work."),
        ("Heading 1", "Government of Indonesia"),
        ("List Bullet", "Return passports to those who own them."),
        change=change,
    )


def track(document: Any) -> None:
    """Put in words as a tracked change."""
    change = OxmlElement("w:ins")
    change.set(qn("w:author"), "Somebody")
    document.paragraphs[-1]._p.append(change)  # noqa: SLF001 - python-docx writes no tracked changes


def remark(document: Any) -> None:
    """Leave a comment."""
    last = document.paragraphs[-1]
    document.add_comment(last.runs[0], text="Really?", author="Somebody", initials="S")


def odt(body: str) -> bytes:
    """Return an ODT with this body."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", ODT)
        content = f"<office:document-content {SPACES}><office:body><office:text>{body}</office:text></office:body>"
        archive.writestr("content.xml", f"{content}</office:document-content>")
    return out.getvalue()

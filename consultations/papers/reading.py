"""What a file is: judged by its first bytes and what stands inside, never by its name."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from consultations.papers import archives, pictures
from consultations.states import PaperKind
from portal import text
from portal.states import Refusal

MEGABYTE = 1024 * 1024
ENDINGS = {
    **{kind.value: kind for kind in PaperKind},
    **dict.fromkeys(("jpg", "jpe"), PaperKind.JPEG),
    "text": PaperKind.TXT,
}
OFFICE = (PaperKind.DOCX, PaperKind.ODT, PaperKind.XLSX, PaperKind.PPTX)
CREATOR = (b"<dc:creator>", b"</dc:creator>")
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
PDF = b"%PDF-"
MARKUP = ("<!doctype", "<html", "<script", "<?xml", "<svg", "{\\rtf", "#!", "<?php")
ACTIVE_PDF = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")
_PDF_KEYS = rb"(?:Author|Company|Manager|LastModifiedBy)"
# Where a PDF states its author openly. What is put in has the same length: its table of places stays right.
PDF_PEOPLE = (
    re.compile(rb"(?P<before>/" + _PDF_KEYS + rb"\s*\()(?P<name>(?:\\.|[^\\()])*)(?P<after>\))", re.DOTALL),
    re.compile(rb"(?P<before>/" + _PDF_KEYS + rb"\s*<)(?P<name>[0-9A-Fa-f\s]*)(?P<after>>)"),
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that may be kept: what it is, its cleaned content, and what its uploader should know about it."""

    kind: PaperKind
    content: bytes
    told: str


def prepare(content: bytes, name: str) -> Prepared:
    """Return the file as it may be kept. Raises Refusal, with a sentence that says what to do, for anything else."""
    if not content:
        raise Refusal(_("This file is empty. Choose another, or save it again."))
    if len(content) > settings.PAPER_MAX_BYTES:
        raise Refusal(too_large(len(content)))
    kind = _kind(content, _ending(name))
    _demand_name_fits(name, kind)
    cleaned = _cleaned(content, kind)
    if len(cleaned) > settings.PAPER_MAX_BYTES:
        raise Refusal(too_large(len(cleaned)))
    return Prepared(kind, cleaned, _told(kind))


def too_large(size: int) -> str:
    """Return what is said about a file over the limit."""
    figures = {"size": -(-size // MEGABYTE), "most": settings.PAPER_MAX_BYTES // MEGABYTE}
    return (
        _("This file has %(size)d MB. Up to %(most)d MB are possible: make its pictures smaller, or split it.")
        % figures
    )


def _ending(name: str) -> str:
    """Return what stands after the last dot, in small letters; nothing where that is no ending."""
    ending = name.rsplit(".", 1)[-1].strip().lower() if "." in name else ""
    return ending if ending.isascii() and ending.isalnum() else ""


def _kind(content: bytes, ending: str) -> PaperKind:
    if picture := pictures.kind_of(content):
        return picture
    if content.startswith(PDF):
        return PaperKind.PDF
    if content.startswith(OLD_OFFICE):
        raise Refusal(_("This is an old or locked Office file. Save it as DOCX, XLSX, PPTX or PDF."))
    found = archives.kind_of(archives.opened(content)) if content.startswith(archives.MAGIC) else None
    if found is None and ending in {"", "txt", "text"} and _words(content):
        found = PaperKind.TXT
    if found is None:
        raise Refusal(_("This is no file that can be read here. Use PDF, DOCX, ODT, XLSX, PPTX, TXT, JPEG or PNG."))
    return found


def _words(content: bytes) -> str:
    """Return the text, or nothing where it is none, holds only blanks, or is a program or page of some kind."""
    encoding = "utf-16" if content.startswith(archives.UTF_16) else "utf-8-sig"
    try:
        words = content.decode(encoding)
    except UnicodeDecodeError:
        return ""
    beginning = words.lstrip().lower()
    odd = "\x00" in words or text.is_blank(words) or beginning.startswith(MARKUP)
    return "" if odd else words


def _demand_name_fits(name: str, kind: PaperKind) -> None:
    """Raise Refusal where the name says that it is something else: somebody would be misled."""
    said = ENDINGS.get(_ending(name))
    if said and said != kind:
        values = {"said": said.label, "is": kind.label}
        raise Refusal(
            _("By its name this is: %(said)s. By its content it is: %(is)s. Choose the right file, or rename it.")
            % values
        )


def _cleaned(content: bytes, kind: PaperKind) -> bytes:
    if kind in OFFICE:
        return archives.without_people(archives.opened(content))
    if kind in {PaperKind.JPEG, PaperKind.PNG}:
        return pictures.redrawn(content, kind)
    if kind == PaperKind.TXT:
        return text.clean(_words(content)).encode()
    return _pdf(content)


def _pdf(content: bytes) -> bytes:
    """Blank the author where that is stated openly; a signed or locked file would break and stays as it is."""
    if ACTIVE_PDF.search(content):
        raise Refusal(_("This PDF carries a program or another file inside. Print it to a new PDF and take that one."))
    if b"%%EOF" not in content[-2048:]:
        raise Refusal(_("This PDF is cut off. Take it once more from where it came."))
    if b"/Encrypt" in content or b"/ByteRange" in content:
        return content
    for pattern in PDF_PEOPLE:
        content = pattern.sub(_blank, content)
    return _without_creator(content)


def _without_creator(content: bytes) -> bytes:
    """Blank who is named in the description of the file; searched from one mark to the next, never back."""
    kept, done = bytearray(content), 0
    while (start := kept.find(CREATOR[0], done)) >= 0 and (end := kept.find(CREATOR[1], start)) >= 0:
        start += len(CREATOR[0])
        kept[start:end] = b" " * (end - start)
        done = end
    return bytes(kept)


def _blank(found: re.Match[bytes]) -> bytes:
    return found["before"] + b" " * len(found["name"]) + found["after"]


def _told(kind: PaperKind) -> str:
    if kind in OFFICE:
        return _("Who wrote it and who changed it last was taken out. Names in the text itself are still there.")
    if kind in {PaperKind.JPEG, PaperKind.PNG}:
        return _("Where and with what the picture was taken was taken out. Faces are still there.")
    if kind == PaperKind.PDF:
        return _(
            "The author was taken out where the PDF says it openly. A signed, locked or packed PDF may still name "
            "somebody: look at its properties before you make it public."
        )
    return ""

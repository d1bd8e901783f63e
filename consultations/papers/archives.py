"""Office files: archives that are looked at before they are unpacked, and packed anew without who wrote them."""

import io
import re
import zipfile
import zlib
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from consultations.papers import pictures
from consultations.states import PaperKind
from portal.states import Refusal

MEGABYTE = 1024 * 1024
MOST_ENTRIES = 4000
MOST_UNPACKED = 96 * MEGABYTE
MOST_RATIO = 120  # a full sheet packs to a fortieth; a bomb to a thousandth
MAGIC = b"PK\x03\x04"
CONTENT_TYPES = "[Content_Types].xml"
ODT = b"application/vnd.oasis.opendocument.text"
MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": PaperKind.DOCX,
    b"spreadsheetml.sheet.main+xml": PaperKind.XLSX,
    b"presentationml.presentation.main+xml": PaperKind.PPTX,
}
MACROS = re.compile(
    r"vba(project|data)|(^|/)activex/|oleobject\d*\.bin$|^(basic|scripts)/"
    r"|\.(docm|dotm|xlsm|xlsb|pptm|exe|dll|js|vbs|bat|cmd|ps1|scr|msi|lnk|hta|jar)$",
    re.IGNORECASE,
)
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
NO_PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    b'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"></Properties>'
)


def _elements(names: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(<(?:[\w-]+:)?(?:" + names + rb")(?:\s[^<>]*)?(?<!/)>)[^<]*(</)")


def _attributes(names: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(\s(?:[\w-]+:)?(?:" + names + rb")=)(?:\"[^\"<]*\"|'[^'<]*')")


# Where office programs write who wrote, changed or remarked: in which part, in which elements or attributes.
PEOPLE: tuple[tuple[str, re.Pattern[bytes], bytes], ...] = (
    (
        r"docProps/core.*\.xml|.*\.psmdcp",
        _elements(b"creator|lastModifiedBy|keywords|description|identifier"),
        rb"\1\2",
    ),
    (r"docProps/app\.xml", _elements(b"Company|Manager|HyperlinkBase|Template"), rb"\1\2"),
    (r"(.*/)?meta\.xml", _elements(b"creator|initial-creator|printed-by|user-defined|keyword|description"), rb"\1\2"),
    (r"(content|styles)\.xml", _elements(b"creator|creator-initials|author-name|author-initials"), rb"\1\2"),
    (r"word/.*\.xml", _attributes(b"author|initials|userId"), rb'\1""'),
    (r"xl/comments.*\.xml|xl/comments/.*", _elements(b"author"), rb"\1\2"),
    (r"xl/persons/.*", _attributes(b"displayName|userId"), rb'\1""'),
    (r"xl/workbook\.xml", _attributes(b"userName"), rb'\1""'),
    (r"xl/workbook\.xml", re.compile(rb"(absPath\s[^<>]*?url=)(?:\"[^\"]*\"|'[^']*')"), rb'\1""'),
    (r"xl/revisions/.*", _attributes(b"userName"), rb'\1""'),
    (r"ppt/(commentAuthors|authors)\.xml", _attributes(b"name|initials|userId"), rb'\1""'),
)


def _damaged() -> Refusal:
    return Refusal(_("This file is damaged, or packed in an unusual way. Open it, save it anew and try once more."))


def opened(content: bytes) -> zipfile.ZipFile:
    """Return the archive, judged by its table of contents: nothing was unpacked yet. Raises Refusal."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise _damaged() from error
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refusal(_("This file is locked with a password. Save it without one."))
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * len(content) + MEGABYTE:
        raise Refusal(_("This file unpacks to far more than it seems. It was not opened."))
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or any(map(_leads_out, names)) or any(map(_packed_oddly, entries)):
        raise _damaged()
    return archive


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def _packed_oddly(entry: zipfile.ZipInfo) -> bool:
    return entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def read(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return one part. It can never be longer than the table of contents says. Raises Refusal where it is damaged."""
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError) as error:
        raise _damaged() from error


def kind_of(archive: zipfile.ZipFile) -> PaperKind | None:
    """Return which kind of office file it is, None where it is none that we take. Raises Refusal for macros."""
    names = archive.namelist()
    types = read(archive, CONTENT_TYPES) if CONTENT_TYPES in names else b""
    if any(MACROS.search(name) for name in names) or b"macroEnabled" in types or b"vbaProject" in types:
        raise Refusal(
            _("This file carries a program (a macro) or something embedded. Save it without, for example as PDF.")
        )
    if "mimetype" in names and read(archive, "mimetype").strip() == ODT:
        return PaperKind.ODT
    return next((kind for main, kind in MAIN_PARTS.items() if main in types), None)


def without_people(archive: zipfile.ZipFile) -> bytes:
    """Return the archive packed anew: without authors, with pictures drawn anew. Raises Refusal."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as fresh:
        for entry in archive.infolist():
            name = entry.filename
            if not entry.is_dir():
                packing = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
                fresh.writestr(zipfile.ZipInfo(name), _cleaned(name, read(archive, name)), packing)
    return out.getvalue()


def _cleaned(name: str, part: bytes) -> bytes:
    lower = name.lower()
    if lower.endswith(".rels"):
        _demand_nothing_from_outside(part)
    if lower.endswith((".xml", ".rels")) and part.startswith(UTF_16):
        raise _damaged()
    if lower == "docprops/custom.xml":
        return NO_PROPERTIES
    if kind := pictures.kind_of(part):
        return pictures.redrawn(part, kind)
    for place, pattern, blank in PEOPLE:
        if re.fullmatch(place, name, re.IGNORECASE):
            part = pattern.sub(blank, part)
    return part


def _demand_nothing_from_outside(part: bytes) -> None:
    """Links are fine. What a program would fetch by itself tells somebody who opened the file, and from where."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise _damaged()
    try:
        relations = list(ET.fromstring(part))  # noqa: S314 - without a document type there is nothing to expand
    except ET.ParseError as error:
        raise _damaged() from error
    for relation in relations:
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        if relation.get("TargetMode") == "External" and kind != "hyperlink":
            raise Refusal(_("This file draws something in from outside. Take that link out, or save it as PDF."))

"""Files for the tests of papers: small ones of every kind, made on the spot, and some that mean harm."""

import io
import zipfile

from PIL import Image

from consultations.papers import prepare

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{main}+xml"/></Types>'
)
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'
CORE = (
    '<cp:coreProperties xmlns:cp="x" xmlns:dc="y"><dc:title>Agenda</dc:title><dc:creator>Ibu Rahasia</dc:creator>'
    "<cp:lastModifiedBy>Pak Rahasia</cp:lastModifiedBy></cp:coreProperties>"
)
WORDS = '<w:document xmlns:w="z"><w:ins w:author="Ibu Rahasia" w:date="x">Words stay</w:ins></w:document>'
DOCX = ("word/document.xml", "wordprocessingml.document.main")
XLSX = ("xl/workbook.xml", "spreadsheetml.sheet.main")
PPTX = ("ppt/presentation.xml", "presentationml.presentation.main")
PDF = (
    b"%PDF-1.4\n1 0 obj\n<< /Title (Agenda) /Author (Ibu Rahasia) /Producer (x) >>\nendobj\n"
    b"<x:xmpmeta><dc:creator><rdf:Seq><rdf:li>Ibu Rahasia</rdf:li></rdf:Seq></dc:creator></x:xmpmeta>\n"
    b"trailer << /Info 1 0 R >>\nstartxref\n9\n%%EOF\n"
)


def packed(parts: dict[str, str | bytes]) -> bytes:
    """Return an archive of the parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def office(kind: tuple[str, str] = DOCX, **more: str | bytes) -> bytes:
    """Return an Office file; `more` adds parts."""
    part, main = kind
    parts = {
        "[Content_Types].xml": CONTENT_TYPES.format(part=part, main=main),
        "_rels/.rels": RELATIONS.format(rows=""),
        "docProps/core.xml": CORE,
        "docProps/app.xml": "<Properties><Company>Rahasia Corp</Company><Pages>1</Pages></Properties>",
        part: WORDS if kind == DOCX else "<x>Words stay</x>",
    }
    return packed({**parts, **more})


def odt(**more: str | bytes) -> bytes:
    """Return an OpenDocument text."""
    people = "<meta:initial-creator>Ibu Rahasia</meta:initial-creator><dc:creator>Pak Rahasia</dc:creator>"
    meta = f"<office:meta>{people}</office:meta>"
    words = {"content.xml": "<office:text><dc:creator>Ibu Rahasia</dc:creator>Words stay</office:text>"}
    return packed({"mimetype": "application/vnd.oasis.opendocument.text", "meta.xml": meta, **words, **more})


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    """Return a picture that tells where, when and by whom it was taken."""
    image, out = Image.new(mode, size, 1), io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = "Ibu Rahasia"  # the artist
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[2] = (6.0, 12.0, 0.0)  # the place
    image.save(out, kind, exif=exif)
    return out.getvalue()


def prepared(words: str = "Agenda"):
    """Return a file that was checked."""
    return prepare(words.encode(), "agenda.txt")

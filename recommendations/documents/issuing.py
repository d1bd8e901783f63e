"""The formats of a document, and how each is made. The same words make the same bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from recommendations.documents import akoma, docx, odt, pdf, plain
from recommendations.documents.sealing import sealed
from recommendations.documents.sheet import Sheet

KEPT = 32  # documents that a process keeps: about fifty kilobytes each


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its ending, what browsers call it, how it is made, and whether it can hold two languages."""

    ending: str
    kind: str
    make: Callable[[Sheet], bytes]
    two: bool = True


FORMATS = {
    "pdf": Format("pdf", "application/pdf", pdf.typeset),
    "docx": Format("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx.write),
    "odt": Format("odt", "application/vnd.oasis.opendocument.text", odt.write),
    "xml": Format("xml", "application/akn+xml; charset=utf-8", akoma.write, two=False),
    "txt": Format("txt", "text/plain; charset=utf-8", plain.write),
}


@lru_cache(maxsize=KEPT)
def issue(sheet: Sheet, ending: str) -> bytes:
    """Return the sealed file. It is made once for the same words, however often it is asked for."""
    return sealed(FORMATS[ending].make(sheet))

"""How each language of the region is named in documents, and which font of everyday computers has its letters."""

import re
from dataclasses import dataclass

# What XML cannot hold. Typed text is cleaned of it; an older row must not break a document.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Script:
    """A language in a document: its tag with the country, its three letters, its font, and how its letters work."""

    tag: str
    three: str
    font: str = "Arial"
    complex: bool = False
    asian: bool = False


# The fonts are those that come with Windows; where they are missing, programs take another one with these letters.
SCRIPTS = {
    "en": Script("en-GB", "eng"),
    "id": Script("id-ID", "ind"),
    "th": Script("th-TH", "tha", "Leelawadee UI", complex=True),
    "vi": Script("vi-VN", "vie"),
    "km": Script("km-KH", "khm", "Leelawadee UI", complex=True),
    "lo": Script("lo-LA", "lao", "Leelawadee UI", complex=True),
    "my": Script("my-MM", "mya", "Myanmar Text", complex=True),
    "ms": Script("ms-MY", "msa"),
    "fil": Script("fil-PH", "fil"),
    "ta": Script("ta-SG", "tam", "Nirmala UI", complex=True),
    "zh-hans": Script("zh-CN", "zho", "Microsoft YaHei", asian=True),
    "pt": Script("pt-PT", "por"),
    "tet": Script("tet-TL", "tet"),
}


def script(code: str) -> Script:
    """Return how the language is written; English where it is not known."""
    return SCRIPTS.get(code, SCRIPTS["en"])


def xml_safe(text: str) -> str:
    """Return the text without what XML cannot hold."""
    return _NOT_XML.sub("", text)

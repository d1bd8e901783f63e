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

# Letters that tell which language of the region they write. Latin ones do not.
LETTERS = {
    "th": "\u0e00-\u0e7f",
    "lo": "\u0e80-\u0eff",
    "km": "\u1780-\u17ff\u19e0-\u19ff",
    "my": "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f",
    "ta": "\u0b80-\u0bff",
    "zh-hans": "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
}
_TOLD = {code: re.compile(f"[{letters}]+(?:[\\s\u200b-\u200d]+[{letters}]+)*") for code, letters in LETTERS.items()}
_ANY = re.compile(f"[{''.join(LETTERS.values())}]")


def script(code: str) -> Script:
    """Return how the language is written; English where it is not known."""
    return SCRIPTS.get(code, SCRIPTS["en"])


def xml_safe(text: str) -> str:
    """Return the text without what XML cannot hold."""
    return _NOT_XML.sub("", text)


def spoken(text: str, code: str) -> list[tuple[str, str]]:
    """Return the text in pieces with the language of each: a name in Burmese letters inside English is Burmese.

    By it programs choose fonts, and readers aloud their voice.
    """
    pieces = [(code, text)]
    if not _ANY.search(text):
        return pieces
    for other, told in _TOLD.items():
        if other != code:
            pieces = [piece for one in pieces for piece in (_parted(one, told, other) if one[0] == code else [one])]
    return pieces


def _parted(piece: tuple[str, str], told: re.Pattern[str], other: str) -> list[tuple[str, str]]:
    code, text = piece
    found, place = [], 0
    for match in told.finditer(text):
        found += [(code, text[place : match.start()]), (other, match[0])]
        place = match.end()
    return [one for one in [*found, (code, text[place:])] if one[1]]

"""Typed text: what is taken out of it, when it is blank, and the key by which two texts are compared."""

import unicodedata
from functools import cache

from confusable_homoglyphs.confusables import confusables_data
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

# Direction overrides can make a text read as what it is not. Letters that are written from right to left stay.
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])
_JUNK = dict.fromkeys([0xFEFF, 0, *range(1, 9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0x80, 0xA0)])
# Characters that print as nothing although Unicode calls them letters or symbols (Hangul fillers, Braille blank).
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")

_ASCII_CONTROLS = dict.fromkeys([*range(0x20), 0x7F])
# Latin letters whose stroke is no accent to Unicode, but is left out by people who type without them: đ in Vietnamese.
_STROKES = str.maketrans("đøłħı", "dolhi")


def clean(value: str) -> str:
    """Return the text as typed, less direction overrides, control characters and a byte-order mark.

    Zero-width spaces stay: in Khmer, Lao, Burmese and Thai they mark where a word ends.
    """
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_BIDI).translate(_JUNK).strip()


def is_blank(value: str) -> bool:
    """Whether nothing would be seen: only spaces, format characters and fillers."""
    return all(char in _BLANKS or unicodedata.category(char)[0] in "ZC" for char in value)


def comparison_key(value: str) -> str:
    """Return the key under which look-alikes meet: compatibility form, no case, no accents, no invisible characters."""
    if value.isascii():  # most names, and many of them at the door: the same, a tenth of the time
        return " ".join(value.translate(_ASCII_CONTROLS).lower().split())
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", value).casefold()).translate(_STROKES)
    seen = "".join(c for c in folded if unicodedata.category(c) not in {"Cf", "Cc", "Mn"} or _is_script_mark(c))
    return " ".join("".join(c for c in unicodedata.normalize("NFC", seen) if c not in _BLANKS).split())


def skeleton(value: str) -> str:
    """Return the key under which texts meet that look alike in other letters: Cyrillic а and Latin a, 0 and o.

    After Unicode TR 39, from the library's table of confusable characters; only what looks like a Latin letter or a
    digit is folded, so that scripts of the region stay as they are. Spaces and punctuation do not count.
    """
    folded = "".join(_latin_look_alike(char) for char in comparison_key(value))
    return "".join(char for char in folded.casefold() if unicodedata.category(char)[0] in "LMN")


@cache
def _latin_look_alike(char: str) -> str:
    if char in "01":
        return "ol"["01".index(char)]
    if char.isascii():
        return char
    alike = (one["c"] for one in confusables_data.get(char, ()))
    return next((one for one in alike if one.isascii() and one.isalnum()), char)


def _is_script_mark(char: str) -> bool:
    """Whether a combining mark is part of a script's spelling (Thai, Khmer...), not a Latin accent."""
    return unicodedata.category(char) == "Mn" and ord(char) > 0x036F  # noqa: PLR2004 - end of the Latin accents


def clean_address(value: str) -> str:
    """Return an e-mail address without invisible characters, in lower case.

    Raises ValidationError with a sentence where it is not one address in plain letters.
    """
    text = "".join(c for c in clean(value) if unicodedata.category(c) not in {"Cf", "Cc"}).strip()
    text = text.removeprefix("mailto:")
    if not text.isascii():
        raise ValidationError(_("Write the address in plain Latin letters, without accents or look-alike letters."))
    EmailValidator(_("Write one e-mail address, for example name@example.org."))(text)
    return text.lower()


def require_visible(value: str) -> None:
    """Raise ValidationError where the text shows nothing."""
    if is_blank(value):
        raise ValidationError(_("Write something that can be read: this holds only invisible characters."))


def length(value: str) -> int:
    """Count what a reader would call characters: marks belong to the letter before them."""
    return sum(1 for char in value if unicodedata.category(char) not in {"Mn", "Me", "Cf"})


def opening(value: str, most: int = 80) -> str:
    """Return how the text begins, at most so many characters, cut between words or at least between letters."""
    line = " ".join(value.split())
    if len(line) <= most:
        return line
    end = most
    while end > 1 and unicodedata.category(line[end])[0] in "MC":
        end -= 1
    space = line.rfind(" ", most // 2, end + 1)
    return line[: space if space > 0 else end].rstrip() + " …"

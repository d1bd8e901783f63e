"""The languages of the region, in one place: what is shipped, what people may write in, how each is named."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code, its English name, its own name, and whether the interface is shipped in it."""

    code: str
    english: str
    own: str
    shipped: bool = False


# Public content has a column per shipped language. To ship another one: set `shipped`, add `locale/<code>`,
# run makemigrations. Everything else asks this list.
LANGUAGES = (
    Language("en", "English", "English", shipped=True),
    Language("id", "Indonesian", "Bahasa Indonesia", shipped=True),
    Language("th", "Thai", "ไทย"),
    Language("vi", "Vietnamese", "Tiếng Việt"),
    Language("km", "Khmer", "ខ្មែរ"),
    Language("lo", "Lao", "ລາວ"),
    Language("my", "Burmese", "မြန်မာ"),
    Language("ms", "Malay", "Bahasa Melayu"),
    Language("fil", "Filipino", "Filipino"),
    Language("ta", "Tamil", "தமிழ்"),
    Language("zh-hans", "Chinese", "简体中文"),
    Language("pt", "Portuguese", "Português"),
    Language("tet", "Tetum", "Tetun"),
)

BY_CODE = {language.code: language for language in LANGUAGES}
SHIPPED = tuple(language for language in LANGUAGES if language.shipped)
DEFAULT = SHIPPED[0].code


def interface_choices() -> list[tuple[str, str]]:
    """Code and own name of each language the interface is shipped in."""
    return [(language.code, language.own) for language in SHIPPED]


def writing_choices() -> list[tuple[str, str]]:
    """Code and own name of each language in which a person may write."""
    return [(language.code, language.own) for language in LANGUAGES]


def own_name(code: str) -> str:
    """Return the language's name in itself; the code where it is not known."""
    language = BY_CODE.get(code)
    return language.own if language else code


# What others than its speakers call it.
NAMES: dict[str, Any] = {
    "en": _("English"),
    "id": _("Indonesian"),
    "th": _("Thai"),
    "vi": _("Vietnamese"),
    "km": _("Khmer"),
    "lo": _("Lao"),
    "my": _("Burmese"),
    "ms": _("Malay"),
    "fil": _("Filipino"),
    "ta": _("Tamil"),
    "zh-hans": _("Simplified Chinese"),
    "pt": _("Portuguese"),
    "tet": _("Tetum"),
}


def name(code: str) -> str:
    """Return the language's name in the language of whoever reads; the code where it is not known."""
    return str(NAMES.get(code, code))


def shipped_or_default(code: str) -> str:
    """Return the code when the interface is shipped in it, else the default."""
    return code if any(language.code == code for language in SHIPPED) else DEFAULT

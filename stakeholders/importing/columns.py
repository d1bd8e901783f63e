"""The columns of a list: for what each may stand, and for what it stands to judge by its header."""

from collections.abc import Iterable
from functools import cache

from babel import Locale
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import languages, text

# Each field with its label, and the headers under which it is found, in English and Indonesian.
_FIELDS: dict[str, tuple[str | Promise, str]] = {
    "alias": (_("Also called"), "also called|alias|aliases|other names|nama lain|dikenal juga"),
    "former": (_("Former name"), "former name|former names|nama lama|nama sebelumnya|nama dahulu"),
    "acronym": (_("Acronym"), "acronym|abbreviation|short name|akronim|singkatan|nama singkat"),
    "groups": (_("Groups"), "group|groups|stakeholder group|type|kind|category|kelompok|jenis|kategori|golongan"),
    "country": (_("Country"), "country|nation|state|negara|negara asal|iso|country code|kode negara"),
    "countries": (_("Works in"), "works in|countries|countries of work|bekerja di|negara kerja|wilayah kerja"),
    "level": (_("Level"), "level|scope|tingkat|cakupan"),
    "side": (_("Side of the corridor"), "side|side of the corridor|corridor|sisi|sisi koridor|asal atau tujuan"),
    "visibility": (_("How it is shown"), "visibility|shown|how it is shown|keterlihatan|cara ditampilkan|tampilan"),
    "contact_email": (
        _("E-mail of the organisation"),
        (
            "e-mail|email address|mail|contact email|contact address|organisation email|organization email|surel|"
            "alamat email|alamat surel|email organisasi|surel organisasi|email kontak"
        ),
    ),
    "contact_phone": (
        _("Telephone"),
        (
            "telephone|phone|tel|mobile|phone number|telephone number|whatsapp|wa|telepon|no telepon|nomor telepon|"
            "telp|no telp|hp|no hp|nomor hp|ponsel"
        ),
    ),
    "contact_name": (
        _("Contact person"),
        "contact|contact person|contact name|focal point|kontak|narahubung|orang kontak|nama kontak|penghubung",
    ),
    "language": (_("Language of its mail"), "language|mail language|language of its mail|bahasa|bahasa surel"),
    "website": (_("Web address"), "website|web|web address|url|homepage|situs|situs web|laman|alamat web"),
    "introduction": (
        _("What it does"),
        "introduction|description|about|what it does|profile|perkenalan|deskripsi|tentang|profil|keterangan",
    ),
    "registration": (
        _("Legal form and registration"),
        "registration|legal form|registration number|legal status|badan hukum|nomor registrasi|pendaftaran|akta",
    ),
    "person_name": (
        _("Person: full name"),
        (
            "person|full name|person name|name of person|participant|delegate|representative|person full name|"
            "nama lengkap|nama orang|peserta|delegasi|perwakilan|wakil|orang"
        ),
    ),
    "person_email": (
        _("Person: e-mail"),
        (
            "person e-mail|personal email|participant email|delegate email|e-mail of person|email of the person|"
            "email peserta|email pribadi|surel peserta|surel orang|email orang|orang surel"
        ),
    ),
    "person_role": (_("Person: role"), "role|person role|function|peran|peran orang|jabatan|orang peran"),
}
_NAME_WORDS = (
    "name|organisation|organization|organisation name|organization name|name of organisation|name of organization|"
    "name of the organisation|org|org name"
)
_NAMA_WORDS = "nama|organisasi|nama organisasi|nama lembaga|lembaga"
# May be given in several columns.
REPEATABLE = frozenset({"alias", "former", "groups", "countries"})
LEFT_OUT = ""


def name_field(code: str) -> str:
    """Return the field of the name in a language."""
    return f"name:{code}"


def label(field: str) -> str:
    """Return the name of a field in the reader's language."""
    if field.startswith("name:"):
        language = field.removeprefix("name:")
        return str(_("Name in %(language)s")) % {"language": languages.own_name(language)}
    return str(_FIELDS[field][0]) if field in _FIELDS else field


def choices() -> list[tuple[str, str]]:
    """Return what a column may stand for, leaving it out first."""
    names = [name_field(language.code) for language in languages.LANGUAGES]
    return [(LEFT_OUT, str(_("leave out"))), *((field, label(field)) for field in (*names, *_FIELDS))]


@cache
def _headers() -> dict[str, str]:
    """Return the field of each known header, by its key."""
    found = {text.skeleton(word): field for field, (_label, words) in _FIELDS.items() for word in words.split("|")}
    plain = {languages.DEFAULT: _NAME_WORDS, "id": _NAMA_WORDS}
    for code, words in plain.items():
        found |= {text.skeleton(word): name_field(code) for word in words.split("|")}
    bases = [*_NAME_WORDS.split("|"), *_NAMA_WORDS.split("|")]
    for language in languages.LANGUAGES:
        for called in language_names(language.code):
            for base in bases:
                for between in ("", " in ", " dalam bahasa ", " bahasa "):
                    found.setdefault(text.skeleton(f"{base}{between}{called}"), name_field(language.code))
    return found


@cache
def language_names(code: str) -> tuple[str, ...]:
    """Return how a language is called: its code, in English, in Indonesian, in itself."""
    language = languages.BY_CODE[code]
    bare = code.split("-", maxsplit=1)[0]
    others = [Locale.parse(shipped.code).languages.get(bare, "") for shipped in languages.SHIPPED]
    return tuple(dict.fromkeys(name for name in (code, language.english, language.own, *others) if name))


def field_of(header: str) -> str:
    """Return what a header stands for; empty where it is not known."""
    return _headers().get(text.skeleton(header), LEFT_OUT)


def is_header(cells: Iterable[str]) -> bool:
    """Whether a first row holds names of columns, not of organisations."""
    given = [cell for cell in cells if not text.is_blank(cell)]
    known = sum(bool(field_of(cell)) for cell in given)
    return known >= 2 or (known == 1 and len(given) <= 2)  # noqa: PLR2004 - two known words are no accident


def guessed(headers: list[str]) -> list[str]:
    """Return for each header what it stands for. Of two alike the first is taken."""
    found: list[str] = []
    for header in headers:
        field = field_of(header)
        found.append(LEFT_OUT if field in found and field not in REPEATABLE else field)
    about_people = "person_name" in found or "person_role" in found
    if about_people and "person_email" not in found and "contact_email" in found:
        found[found.index("contact_email")] = "person_email"
    return found

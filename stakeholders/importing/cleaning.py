"""One row of a list, cleaned: each cell as its field wants it, and what is to be said about it. No register yet."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from babel import Locale, localedata
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import TextChoices
from django.utils import translation

from portal import burmese, languages, text
from stakeholders.importing import columns, notes
from stakeholders.models import Country, Organisation, StakeholderGroup
from stakeholders.states import Level, Role, Side, Visibility

# Names by which countries are known besides those that CLDR has in the languages of the region.
_COUNTRIES = {
    "BN": "Brunei|BRN|Negara Brunei Darussalam",
    "KH": "Kampuchea|KHM|Kingdom of Cambodia",
    "ID": "IDN|Republic of Indonesia|Republik Indonesia|RI",
    "LA": "Laos|LAO|Lao PDR|Lao|Lao P.D.R.|Lao People's Democratic Republic|Republik Demokratik Rakyat Laos|RDR Laos",
    "MY": "MYS|Federation of Malaysia",
    "MM": "Burma|Myanmar|MMR|Birma|Republic of the Union of Myanmar|Myanmar (Burma)|မြန်မာ|မြန်မာနိုင်ငံ",
    "PH": "The Philippines|PHL|Filipina|Pilipinas|Republic of the Philippines",
    "SG": "SGP|Republic of Singapore",
    "TH": "THA|Muangthai|Muang Thai|Siam|Kingdom of Thailand",
    "TL": "East Timor|TLS|Timor Leste|Timor Lorosa'e|Timor Timur|Democratic Republic of Timor-Leste",
    "VN": "Vietnam|VNM|Viet-Nam|Socialist Republic of Viet Nam|SRV",
}
_GROUPS = {
    "migrant-workers-associations": "migrant workers association|migrant association|perkumpulan migran",
    "trade-unions": "trade union|union|serikat buruh|serikat|serikat pekerja|labour union",
    "community-based-organisations": "cbo|community|komunitas|organisasi komunitas|community based organization",
    "non-governmental-organisations": "ngo|lsm|ornop|non-governmental organization|organisasi nonpemerintah",
    "cross-border-organisations": "network|regional network|jaringan|cross-border organization",
    "employers": "employer|majikan",
    "employers-associations": "employers association|asosiasi pengusaha",
    "academics": "academic|university|akademisi|universitas",
    "religious-leaders": "faith|religious|church|gereja|pesantren|pemuka agama",
    "media": "press|pers|wartawan",
}
_CHOICES: dict[str, tuple[type[TextChoices], dict[str, str]]] = {
    "level": (Level, {"internasional": "global", "international": "global"}),
    "side": (Side, {"asal": "origin", "tujuan": "destination", "sending": "origin", "receiving": "destination"}),
    "visibility": (Visibility, {"anggota": "members", "rahasia": "withheld", "hidden": "withheld", "umum": "public"}),
    "person_role": (Role, {"ketua": "lead", "leader": "lead", "wakil": "representative", "member": "representative"}),
}
_BURMESE_CHECKED = ("name:", "alias", "former", "contact_name", "introduction", "person_name", "acronym")
_PARTS = re.compile(r"[;|\n]+")
_NOTATION = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_MOST = {"name": 200, "alias": 200, "former": 200, "person_name": 200, "introduction": 4000}


@dataclass(slots=True)
class Row:
    """What a row says: about an organisation, about a person, and what is to be said about the row."""

    number: int
    org: dict[str, Any] = field(default_factory=dict)
    person: dict[str, str] = field(default_factory=dict)
    notes: list[list[Any]] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Return its name as the result shows it."""
        return next((name for _language, name in self.org.get("names", ())), "")

    def names(self) -> list[str]:
        """Return every name under which the organisation may be known."""
        extra = [*self.org.get("alias", ()), *self.org.get("former", ())]
        return [*(name for _language, name in self.org.get("names", ())), *extra]


class Cleaner:
    """Cleans rows of one list: knows its columns, the groups, the countries, and what the convenor ticked."""

    def __init__(self, mapping: dict[str, str], options: dict[str, Any]) -> None:
        self.mapping = {int(index): field for index, field in mapping.items() if field}
        self.convert = bool(options.get("zawgyi"))
        self.groups, self.countries = known_groups(), known_countries()
        self.choices = {field: _known_choices(*of) for field, of in _CHOICES.items()}
        self._checked_url = URLValidator(schemes=["http", "https"])

    def row(self, number: int, cells: list[str]) -> Row:
        """Return the cleaned row."""
        row = Row(number)
        for index, name in self.mapping.items():
            raw = cells[index] if index < len(cells) else ""
            value = self._visible(row, name, raw)
            if value:
                self._take(row, name, value)
        if row.person and "email" not in row.person:
            row.notes.append(notes.stored("person-without-address"))
        if not row.org.get("names"):
            row.notes.append(notes.stored("no-name"))
        return row

    def _visible(self, row: Row, name: str, raw: str) -> str:
        value = text.clean(raw)
        if not value or not raw.strip():
            return ""
        if text.is_blank(value):
            row.notes.append(notes.stored("invisible", field=name))
            return ""
        if value[0] in "=@" and name != "person_email":
            row.notes.append(notes.stored("formula", field=name))
        return self._unicode(row, name, value) if name.startswith(_BURMESE_CHECKED) else value

    def _unicode(self, row: Row, name: str, value: str) -> str:
        """Return the text in Unicode where it is in Zawgyi and the convenor asked for that; else say what is seen."""
        probability = burmese.zawgyi_probability(value)
        if probability < burmese.POSSIBLE:
            return value
        converted, sure = burmese.from_zawgyi(value), probability >= burmese.SURE
        code = ("zawgyi-converted" if self.convert else "zawgyi") if sure else "zawgyi-perhaps"
        row.notes.append(notes.stored(code, field=name, value=value, converted=converted))
        if not (sure and self.convert):
            return value
        if name.startswith(("name:", "former")):
            # What stood in the list stays findable.
            row.org.setdefault("zawgyi", []).append(value)
        return converted

    def _take(self, row: Row, name: str, value: str) -> None:
        """Put the cell where it belongs, by what its field wants."""
        takers: dict[str, Callable[[Row, str, str], None]] = {
            "groups": self._take_groups,
            "country": self._take_country,
            "countries": self._take_countries,
            "contact_email": self._take_address,
            "person_email": self._take_address,
            "contact_phone": self._take_phone,
            "website": self._take_website,
            "language": self._take_language,
            **dict.fromkeys(_CHOICES, self._take_choice),
            **dict.fromkeys(("alias", "former"), self._take_several),
        }
        takers.get(name, self._take_text)(row, name, value)

    def _take_text(self, row: Row, name: str, value: str) -> None:
        value = value if name == "introduction" else " ".join(value.split())
        if not self._fits(row, name, value):
            return
        if name.startswith("name:"):
            row.org.setdefault("names", []).append([name.removeprefix("name:"), value])
        elif name == "person_name":
            row.person["name"] = value
        else:
            row.org[name] = value

    def _fits(self, row: Row, name: str, value: str) -> bool:
        most = _MOST.get(name.split(":", maxsplit=1)[0]) or Organisation._meta.get_field(name).max_length
        if len(value) > most:
            row.notes.append(notes.stored("too-long", field=name, most=most))
        return len(value) <= most

    def _take_several(self, row: Row, name: str, value: str) -> None:
        parts = [part.strip() for part in _PARTS.split(value) if not text.is_blank(part)]
        row.org.setdefault(name, []).extend(part for part in parts if self._fits(row, name, part))

    def _take_groups(self, row: Row, name: str, value: str) -> None:
        for part in _parted(value, self.groups):
            pk = self.groups.get(text.skeleton(part))
            if pk is None:
                row.notes.append(notes.stored("unknown-group", value=part))
            elif pk not in row.org.setdefault(name, []):
                row.org[name].append(pk)

    def _take_country(self, row: Row, name: str, value: str) -> None:
        code = self.countries.get(text.skeleton(value))
        if code:
            row.org[name] = code
        else:
            row.notes.append(notes.stored("unknown-country", value=value))

    def _take_countries(self, row: Row, name: str, value: str) -> None:
        for part in _parted(value, self.countries):
            code = self.countries.get(text.skeleton(part))
            if code is None:
                row.notes.append(notes.stored("unknown-country", value=part))
            elif code not in row.org.setdefault(name, []):
                row.org[name].append(code)

    def _take_choice(self, row: Row, name: str, value: str) -> None:
        chosen = self.choices[name].get(text.skeleton(value))
        if not chosen:
            row.notes.append(notes.stored("unknown-choice", field=name, value=value))
        elif name == "person_role":
            row.person["role"] = chosen
        else:
            row.org[name] = chosen

    def _take_language(self, row: Row, name: str, value: str) -> None:
        key = text.skeleton(value.split(",", maxsplit=1)[0].split(";", maxsplit=1)[0])
        known = (one.code for one in languages.LANGUAGES if key in map(text.skeleton, columns.language_names(one.code)))
        code = next(known, "")
        if code:
            row.org[name] = code
        else:
            row.notes.append(notes.stored("unknown-choice", field=name, value=value))

    def _take_address(self, row: Row, name: str, value: str) -> None:
        inside = re.fullmatch(r"[^<>]*<([^<>]+)>", value)
        try:
            address = text.clean_address(inside[1] if inside else value)
        except ValidationError:
            row.notes.append(notes.stored("bad-address", field=name, value=value))
            return
        if name == "person_email":
            row.person["email"] = address
        else:
            row.org[name] = address

    def _take_phone(self, row: Row, name: str, value: str) -> None:
        value = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in " ".join(value.split()))
        if _NOTATION.fullmatch(value):
            row.notes.append(notes.stored("phone-notation", value=value))
            return
        value = value.removesuffix(".0")
        if value.isdigit() and not value.startswith("0"):
            row.notes.append(notes.stored("phone-zero", value=value))
        self._take_text(row, name, value)

    def _take_website(self, row: Row, name: str, value: str) -> None:
        address = value if "://" in value else f"https://{value}"
        try:
            self._checked_url(address)
        except ValidationError:
            row.notes.append(notes.stored("bad-website", value=value))
            return
        self._take_text(row, name, address)


def _parted(value: str, known: dict[str, Any]) -> list[str]:
    """Return the parts of a cell with several values: by semicolons, and by commas or slashes where that helps."""
    found = []
    for part in _PARTS.split(value):
        whole = text.skeleton(part) in known
        found += [part] if whole else re.split(r"[,/]| & ", part)
    return [part.strip() for part in found if not text.is_blank(part)]


def known_countries() -> dict[str, str]:
    """Return the code of each country by the keys of its names in the languages of the region, and its aliases."""
    codes = [one.code.partition("-")[0] for one in languages.LANGUAGES]
    locales = [Locale.parse(code) for code in codes if localedata.exists(code)]
    found: dict[str, str] = {}
    for country in Country.objects.all():
        names = [country.code, country.own_name, *_COUNTRIES.get(country.code, "").split("|")]
        names += [getattr(country, f"name_{shipped}", "") or "" for shipped in ("en", "ind")]
        names += [locale.territories.get(country.code, "") for locale in locales]
        found |= {text.skeleton(name): country.code for name in names if name}
    return found


def known_groups() -> dict[str, int]:
    """Return each stakeholder group by the keys of its names in the shipped languages, and its aliases."""
    found: dict[str, int] = {}
    for group in StakeholderGroup.objects.all():
        names = [group.slug, group.name_en or "", group.name_ind or "", *_GROUPS.get(group.slug, "").split("|")]
        found |= {text.skeleton(name): group.pk for name in names if name}
    return found


def _known_choices(choices: type[TextChoices], aliases: dict[str, str]) -> dict[str, str]:
    """Return the value of each choice by the keys of its value and of its labels in the shipped languages."""
    found = {text.skeleton(alias): value for alias, value in aliases.items()}
    for value in choices.values:
        found[text.skeleton(value)] = value
    for language in languages.SHIPPED:
        with translation.override(language.code):
            found |= {text.skeleton(str(label)): value for value, label in choices.choices}
    return found


def keys_of(names: Iterable[str]) -> list[str]:
    """Return the comparison keys of names, as the register keeps them."""
    return [text.comparison_key(name)[:400] for name in names]

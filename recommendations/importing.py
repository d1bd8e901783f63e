"""A statement of the past, read line by line: what each line is guessed to be. A convenor puts right what is wrong.

Recognised are the title, the preamble, sections (ASEAN, a country, “Government of …”), items with their numbers, points
inside an item ((a), (i), 1.1, bullets), numbers that begin again, whom an item speaks to (“To: …”), and the list of
adopters at the end.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal import text
from portal.states import Refusal
from recommendations.documents.office import Line
from stakeholders.models import Country, Organisation, OrganisationName, PublicBody

MOST_LINES = 400
LONGEST_HEADING = 140
SECTION = "section:"
NUMBERED = re.compile(
    r"^\s*(?P<label>\(?(?:\d{1,3}(?:\.\d{1,3})+\.?|\d{1,3}[.)]|[a-zA-Z][.)]|[ivxlcIVXLC]{1,6}[.)])|[•·▪–—*-])[\s\u200b]+(?=\S)"
)
ADOPTED_BY = re.compile(
    r"\b(adopted by|signed by|signatories|endorsed by|endorsing organi[sz]ations|participating organi[sz]ations|"
    r"list of participants|diadopsi oleh|disahkan oleh|ditandatangani oleh|para penandatangan|organisasi peserta)\b",
    re.IGNORECASE,
)
SPEAKS_TO = re.compile(r"^(?:to|addressed to|kepada|ditujukan kepada)\s*:\s*(?=\S)", re.IGNORECASE)
OTHER_NAMES = {
    "vietnam": "VN",
    "laos": "LA",
    "lao pdr": "LA",
    "burma": "MM",
    "brunei": "BN",
    "the philippines": "PH",
    "east timor": "TL",
    "timor leste": "TL",
}
REGION = re.compile(r"\b(asean|regional|kawasan)\b", re.IGNORECASE)
WORDS_OF_SECTIONS = re.compile(
    r"\b(recommendations?|government|asean|national|regional|to the|rekomendasi|pemerintah|kepada|nasional)\b",
    re.IGNORECASE,
)


class Role(TextChoices):
    """What a line is, where it is no section."""

    TITLE = "title", _("title")
    PREAMBLE = "preamble", _("preamble")
    ITEM = "item", _("item")
    POINT = "point", _("belongs to the item above")
    ADDRESSEES = "addressees", _("addressees of the item above")
    ADOPTER = "adopter", _("adopter")
    OUT = "out", _("left out")


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its role: one of `Role`, or “section:” and a country's code, “section:ASEAN” for the region.

    `to` are the names of those whom an item speaks to, with semicolons between them.
    """

    role: str
    text: str
    label: str = ""
    to: str = ""
    restarts: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What the rows make together. Items by section, in order: their numbers run from 1 in each."""

    title: str
    preamble: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    adopters: tuple[str, ...]
    addressees: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)  # by section and number

    @property
    def count(self) -> int:
        """Return how many items there are."""
        return sum(len(items) for _code, items in self.sections)

    @property
    def shown(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the sections, each item with the names of those whom it speaks to."""
        return [
            (code, [(words, "; ".join(self.addressees.get((code, at), ()))) for at, words in enumerate(items, 1)])
            for code, items in self.sections
        ]


def lines_of_text(words: str) -> list[Line]:
    """Return the lines of a plain text that show something."""
    return [Line(line.strip()) for line in text.clean(words).split("\n") if not text.is_blank(line)]


def labelled(line: Line) -> Line:
    """Return the line with a number that was typed in front of it taken apart from its words."""
    found = None if line.label else NUMBERED.match(line.text)
    return Line(line.text[found.end() :].strip(), found["label"], line.heading) if found else line


def kind_of(label: str) -> str:
    """Return the kind of a number: of items "1", inside them "1.1", "a", "i" or a bullet."""
    bare = label.strip("(). ")
    if re.fullmatch(r"\d+", bare):
        return "1"
    if re.fullmatch(r"[\d.]+", bare):
        return "1.1"
    if re.fullmatch(r"[ivxlc]+", bare, re.IGNORECASE) and (len(bare) > 1 or bare in "ivxIVX"):
        return "i"
    return "a" if bare.isalpha() and len(bare) == 1 else "•"


def section_of(line: Line, names: Mapping[str, str]) -> str:
    """Return the section that a line without a number announces, nothing where it is none."""
    if len(line.text) > LONGEST_HEADING:
        return ""
    words = line.text.strip(" :.").casefold()
    if words == "asean":
        return "ASEAN"
    found = next((code for name, code in names.items() if re.search(rf"\b{re.escape(name)}\b", words)), "")
    looks = line.heading or line.text.rstrip().endswith(":") or line.text.isupper() or words in names
    if found and (looks or WORDS_OF_SECTIONS.search(words)) and not words.endswith((".", ";")):
        return found
    return "ASEAN" if REGION.search(words) and looks else ""


def names_of_countries() -> dict[str, str]:
    """Return each name that a country has in a language of ours, in small letters, with its code; long ones first."""
    countries = list(Country.objects.all())
    found = {
        name.casefold(): country.code
        for country in countries
        for name in (country.name_en, country.name_ind, country.own_name)
        if name
    }
    found |= {name: code for name, code in OTHER_NAMES.items() if code in {country.code for country in countries}}
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def recognise(lines: Iterable[Line], names: Mapping[str, str]) -> list[Row]:
    """Return what each line is guessed to be."""
    return list(_Recogniser(names).rows([labelled(line) for line in lines]))


class _Recogniser:
    """Reads from the top: where it is decides what a line can be."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self.place = Role.TITLE.value
        self.top = ""  # the kind of number that the items of this section have
        self.last = 0
        self.before = ""  # the kind of the label before: “i” after “h” is a letter

    def rows(self, lines: list[Line]) -> Iterator[Row]:
        for line in lines:
            yield self._row(line)

    def _row(self, line: Line) -> Row:
        if self.place == Role.TITLE and not line.label:
            self.place = Role.PREAMBLE
            return Row(Role.TITLE, line.text)
        if ADOPTED_BY.search(line.text) and len(line.text) <= LONGEST_HEADING and self.place != Role.TITLE:
            self.place = Role.ADOPTER
            return Row(Role.OUT, line.text, line.label)
        if self.place == Role.ADOPTER:
            return Row(Role.ADOPTER, line.text, line.label)
        return self._numbered(line) if line.label else self._unnumbered(line)

    def _unnumbered(self, line: Line) -> Row:
        section = section_of(line, self.names)
        if section:
            self.place, self.top, self.last = Role.ITEM, "", 0
            return Row(f"{SECTION}{section}", line.text)
        if self.place == Role.PREAMBLE:
            return Row(Role.PREAMBLE, line.text)
        if self.top and SPEAKS_TO.match(line.text):
            return Row(Role.ADDRESSEES, SPEAKS_TO.sub("", line.text))
        return Row(Role.POINT if self.top else Role.ITEM, line.text)

    def _numbered(self, line: Line) -> Row:
        kind = self._kind(line.label)
        section = section_of(line, self.names) if kind in {"a", "i", "1"} and line.heading else ""
        if section:
            self.place, self.top, self.last = Role.ITEM, "", 0
            return Row(f"{SECTION}{section}", line.text, line.label)
        self.place = Role.ITEM
        self.top = self.top or kind
        if kind != self.top:
            return Row(Role.POINT, line.text, line.label)
        digits = re.sub(r"\D", "", line.label)
        number = int(digits) if digits else self.last + 1
        restarts, self.last = number <= self.last, number
        return Row(Role.ITEM, line.text, line.label, restarts=restarts)

    def _kind(self, label: str) -> str:
        kind = kind_of(label)
        bare = label.strip("(). ").lower()
        if kind == "i" and self.before == "h" and bare == "i":
            kind = "a"
        self.before = bare
        return kind


def draft_of(rows: Iterable[Row]) -> Draft:
    """Put the rows together. What belongs to an item keeps its number in front and stands on a line of its own."""
    title, preamble, adopters = [], [], []
    sections: dict[str, list[str]] = {}
    addressees: dict[tuple[str, int], list[str]] = {}
    here = "ASEAN"
    for row in rows:
        words = row.text.strip()
        if row.role.startswith(SECTION):
            here = row.role.removeprefix(SECTION)
        elif row.role == Role.TITLE:
            title.append(words)
        elif row.role == Role.PREAMBLE:
            preamble.append(words)
        elif row.role == Role.ADOPTER:
            adopters.append(words)
        elif row.role == Role.ITEM:
            sections.setdefault(here, []).append(words)
        elif row.role == Role.POINT:
            _add_point(sections.setdefault(here, []), f"{row.label} {words}".strip())
        if to := names_in(row):
            addressees.setdefault((here, len(sections.get(here, ()))), []).extend(to)
    ordered = sorted(sections.items(), key=lambda pair: (pair[0] != "ASEAN", pair[0]))
    parts = tuple((code, tuple(items)) for code, items in ordered if items)
    named = {place: tuple(dict.fromkeys(names)) for place, names in addressees.items() if place[1]}
    return Draft(" ".join(title), "\n\n".join(preamble), parts, tuple(dict.fromkeys(filter(None, adopters))), named)


def names_in(row: Row) -> list[str]:
    """Return the names of those whom an item speaks to, as the row has them."""
    said = row.text if row.role == Role.ADDRESSEES else row.to if row.role == Role.ITEM else ""
    return [" ".join(name.split()) for name in re.split(r"[;\n]", said) if not text.is_blank(name)]


def bodies_meant(names: Iterable[str]) -> dict[str, list[PublicBody]]:
    """Return each name with the public bodies that it means: by name, short name, or name with the country.

    A text of the past may speak to a body that is no more.
    """
    keys = {name: text.comparison_key(name) for name in names}
    known: dict[str, list[PublicBody]] = {}
    for body in PublicBody.objects.select_related("country") if keys else ():
        spoken = {body.name_en, body.name_ind, body.acronym} - {"", None}
        where = {body.country.name_en, body.country.name_ind, body.country.code} - {"", None} if body.country else set()
        spoken |= {f"{name} ({country})" for name in spoken for country in where}
        for key in {text.comparison_key(name) for name in spoken}:
            known.setdefault(key, []).append(body)
    return {name: known.get(key, []) for name, key in keys.items()}


def demand_one(name: str, bodies: list[PublicBody]) -> None:
    """Raise Refusal where the register has no body of this name, or several."""
    if not bodies:
        raise Refusal(_("The register has no public body called “%(name)s”.") % {"name": name})
    if len(bodies) > 1:
        sentence = _("More than one public body is called “%(name)s”. Add its country in brackets.")
        raise Refusal(sentence % {"name": name})


def _add_point(items: list[str], words: str) -> None:
    if items:
        items[-1] = f"{items[-1]}\n{words}"
    else:
        items.append(words)


def numbered(rows: Iterable[Row]) -> Iterator[tuple[Row, str]]:
    """Yield each row with the number that its item will have, nothing for other rows."""
    here, reached = "ASEAN", {}
    for row in rows:
        if row.role.startswith(SECTION):
            here = row.role.removeprefix(SECTION)
        if row.role == Role.ITEM:
            reached[here] = reached.get(here, 0) + 1
        yield replace(row), f"{here} {reached[here]}" if row.role == Role.ITEM else ""


def matched(names: Iterable[str]) -> dict[str, Organisation | None]:
    """Return each name with the organisation that it means; None where the register knows none, or several."""
    keys = {name: text.comparison_key(name) for name in names}
    meant: dict[str, set[int]] = {}
    for key, pk in OrganisationName.objects.filter(key__in=set(keys.values())).values_list("key", "organisation"):
        meant.setdefault(key, set()).add(pk)
    known = Organisation.objects.filter(state__in=["verified", "suspended"]).prefetch_related("groups")
    found = known.in_bulk({pk for pks in meant.values() for pk in pks})
    result: dict[str, Organisation | None] = {}
    for name, key in keys.items():
        there = [found[pk] for pk in meant.get(key, ()) if pk in found]
        result[name] = there[0] if len(there) == 1 else None
    return result

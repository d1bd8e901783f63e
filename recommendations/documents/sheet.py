"""What every document of an edition says, as plain words. The text comes from the canonical form and nowhere else.

Who adopted it is no part of the form. It is handed in as everybody may know it at that moment.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal import dates, languages
from recommendations import canonical
from recommendations.models import Edition
from recommendations.models.wording import Passage, passage

NOWHERE = Passage("", "")


@dataclass(frozen=True, slots=True)
class Reservation:
    """A reservation: the item it is about, or nothing for the whole text; whose it is, as everybody may know it."""

    label: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class People:
    """Who adopted the text, each as it chose to be shown: names, descriptions, and how it was done."""

    names: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    place: str = ""
    manner: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A passage, and the same in the language beside it where one is wanted."""

    main: Passage
    beside: Passage = NOWHERE


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered item."""

    number: int
    label: str
    anchor: str
    text: Pair
    addressees: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One section with its items; its name in each language of the document where these differ."""

    code: str
    names: tuple[Passage, ...]
    subtitle: str
    items: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document in one language, or in two side by side. Its own words (`labels`) are in a shipped language."""

    slug: str
    number: int
    fingerprint: str
    adopted_on: date
    language: str
    beside: str
    labels: str
    prevailing: str
    address: str
    imported: bool
    title: Pair
    official_title: Passage
    facts: tuple[tuple[str, str], ...]
    standing: str
    preamble: Pair
    sections: tuple[Section, ...]
    people: People
    said: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> dict[str, str]:
        """Return the few words of our own, by key."""
        return dict(self.said)

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the code of each language of the document, the main one first."""
        return tuple(filter(None, (self.language, self.beside)))


def languages_of(edition: Edition) -> list[str]:
    """Return the languages in which the edition has a text: the one that prevails first."""
    return list(_languages_of(edition.canonical, edition.prevailing_language))


@lru_cache(maxsize=32)
def _languages_of(form: str, prevailing: str) -> list[str]:
    content = json.loads(form)
    found = set(content.get("title", {})) | set(content.get("preamble", {}))
    found |= {code for section in content.get("sections", ()) for item in section["items"] for code in item["text"]}
    order = [prevailing, *(one.code for one in languages.LANGUAGES)]
    return [code for code in dict.fromkeys(order) if code in found] or [prevailing]


def sheet(edition: Edition, language: str, beside: str, people: People, names: Mapping[str, str]) -> Sheet:
    """Return what the document says in the language, with the other one beside it.

    `names` are those of the countries, in the language of the labels.
    """
    content = json.loads(edition.canonical)
    labels = languages.shipped_or_default(language)
    reader = _Reader(language, beside, edition.prevailing_language)
    with translation.override(labels):
        return Sheet(
            slug=edition.statement.slug,
            number=edition.number,
            fingerprint=edition.fingerprint,
            adopted_on=edition.adopted_on,
            language=language,
            beside=beside,
            labels=labels,
            prevailing=edition.prevailing_language,
            address=settings.SITE_URL + edition.get_absolute_url(),
            imported=edition.imported,
            title=reader.pair(content.get("title", {})),
            official_title=Passage(content.get("official_title", ""), edition.prevailing_language),
            facts=tuple(_facts(edition, content, people)),
            standing=_standing(edition, language, beside),
            preamble=reader.pair(content.get("preamble", {})),
            sections=tuple(_sections(content.get("sections", ()), reader, names, labels)),
            people=people,
            said=tuple(_words().items()),
        )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Which language is read, and beside it."""

    language: str
    beside: str
    prevailing: str

    def one(self, texts: Mapping[str, str]) -> Passage:
        return passage(texts, self.language, self.prevailing)

    def pair(self, texts: Mapping[str, str]) -> Pair:
        other = passage(texts, self.beside, self.prevailing) if self.beside else NOWHERE
        return Pair(self.one(texts), other)


def _facts(edition: Edition, content: Any, people: People) -> Iterable[tuple[str, str]]:
    yield _("Edition"), str(edition.number)
    if before := content.get("corrects"):
        said = _("edition %(number)s") % {"number": before["number"]}
        yield _("Corrigendum"), f"{said} · {before['fingerprint'][:16]}"
    yield _("Adopted on"), ", ".join(filter(None, [dates.day(edition.adopted_on), people.place]))
    if people.manner:
        yield _("Manner"), people.manner
    yield _("Prevailing language"), languages.own_name(edition.prevailing_language)
    yield _("Fingerprint (SHA-256)"), edition.fingerprint


def _standing(edition: Edition, language: str, beside: str) -> str:
    """Say which text decides, and that an older document was taken over."""
    name = languages.own_name(edition.prevailing_language)
    if language == edition.prevailing_language and not beside:
        said = _("This is the text that prevails; the other languages are translations.")
    elif edition.prevailing_language in {language, beside}:
        said = _("In case of doubt the text in %(name)s prevails.") % {"name": name}
    else:
        said = _("This is a translation. In case of doubt the text in %(name)s prevails.") % {"name": name}
    if edition.imported:
        said = f"{said} {_('It was taken over from an older document.')}"
    return said


def _sections(sections: Iterable[Any], reader: _Reader, names: Mapping[str, str], labels: str) -> Iterable[Section]:
    for section in sections:
        code = section["section"]
        regional = code == canonical.ASEAN
        items = tuple(_entry(code, item, reader) for item in section["items"])
        subtitle = _("Regional issues") if regional else _("National issues")
        own = Passage(names.get(code, code), labels)
        said = (Passage(code, labels),) if regional else tuple(_named(code, reader, own))
        yield Section(code, said, subtitle, items)


def _named(code: str, reader: _Reader, own: Passage) -> Iterable[Passage]:
    """Yield the country's name in each language of the document: by CLDR where the register has no column for it."""
    found: dict[str, Passage] = {}
    for language in filter(None, (reader.language, reader.beside)):
        name = "" if languages.BY_CODE[language].shipped else _by_cldr(code, language)
        one = Passage(name, language) if name else own
        found.setdefault(one.text, one)
    yield from found.values()


def _by_cldr(code: str, language: str) -> str:
    """Return the name of a country, without a second one in brackets; nothing where CLDR has not this language."""
    locale = dates.locale(language)
    known = locale.language == language.partition("-")[0]
    return locale.territories.get(code, "").partition(" (")[0] if known else ""


def _entry(code: str, item: Any, reader: _Reader) -> Entry:
    bodies = tuple(reader.one(body["name"] or {"en": body["slug"]}) for body in item["addressees"])
    anchor = f"{code.lower()}-{item['number']}"
    return Entry(item["number"], f"{code} {item['number']}", anchor, reader.pair(item["text"]), bodies)


def _words() -> dict[str, str]:
    """Return the few words of our own, in the language of the labels."""
    return {
        "to": _("To:"),
        "adopters": _("Adopters"),
        "withheld": _("name withheld"),
        "reservations": _("Reservations"),
        "no_translation": _("No translation: the prevailing text"),
        "whole": _("The whole text"),
        "no_adopters": _("No list of adopters is on record"),
        "check": _("How to check this document"),
        "check_words": _(
            "This edition never changes. Its address is below; on the page “Check a document” of the same site "
            "anybody can learn whether this file is as it was issued."
        ),
        "item": _("Item"),
        "edition": _("Edition"),
    }


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text: what stands between empty lines. Single line breaks stay inside."""
    return [part for part in re.split(r"\n[^\S\n]*\n\s*", text) if part.strip()]

"""A statement as a document: each passage in the reader's language, and what everybody may know about its origin."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import dates, languages
from portal.prepared import moment_of, unpacked
from portal.publishing import Shelf
from recommendations import documents
from recommendations.canonical import ASEAN, in_each_language
from recommendations.models import Edition, Item, Response
from recommendations.models.wording import Passage, Texts, passage
from recommendations.states import PAIR_STATES, SHAPES
from recommendations.timeline import capitalised, item_address, local_day
from recommendations.views.facts import (
    Addressed,
    Answers,
    Facts,
    Named,
    Reserved,
    Signed,
    Standing,
    adopters_of,
    facts_of,
    facts_of_item,
    reservations_of,
    said_in,
    senders,
    standings,
)

KEPT = 16  # editions of which a process keeps the words, in each language


@dataclass(slots=True)
class Said:
    """Where one addressee stands on one item, in a word and a shape."""

    name: Passage
    language: str  # of the name, where it is not the page's
    badge: SafeString
    when: str
    now: str
    offices: tuple[int, ...]


@dataclass(slots=True)
class Line:
    """One numbered item with everything that is known about it."""

    item: Item
    url: str
    main: Passage
    beside: Passage | None
    words: SafeString
    theme: str
    said: list[Said]
    sources: str
    reservations: list[Reserved]


@dataclass(slots=True)
class Part:
    """One section: ASEAN's, or a country's."""

    code: str
    name: str
    subtitle: str
    lines: list[Line] = field(default_factory=list)


# Frozen, and so the same for ever.
WORDS: Shelf[dict[int, "Frozen"]] = Shelf(KEPT)


@dataclass
class Document:
    """An edition as it is read: in one language, perhaps with another beside it."""

    edition: Edition
    language: str
    beside: str = ""

    def __post_init__(self) -> None:
        """Forget a language beside it that the edition has no text in."""
        if self.beside not in self.languages:
            self.beside = ""

    @cached_property
    def languages(self) -> list[str]:
        """Return the languages in which it can be read: those of its texts, and those of the pages."""
        shipped = [language.code for language in languages.SHIPPED]
        return list(dict.fromkeys([*documents.languages_of(self.edition), *shipped]))

    @cached_property
    def content(self) -> dict[str, Any]:
        """Return the canonical form, taken apart: the words of this edition, whatever the statement says today."""
        return json.loads(self.edition.canonical)

    def words(self, name: str) -> Texts:
        """Return a text of the whole edition per language."""
        return self.content.get(name) or in_each_language(self.edition.statement, name)

    def one(self, texts: Texts) -> Passage:
        """Return the text in the language of the page."""
        return passage(texts, self.language, self.edition.prevailing_language)

    def other(self, texts: Texts) -> Passage | None:
        """Return the text in the language beside it, if one is wanted."""
        return passage(texts, self.beside, self.edition.prevailing_language) if self.beside else None

    @property
    def title(self) -> Passage:
        """Return the title."""
        return self.one(self.words("title"))

    @property
    def official_title(self) -> str:
        """Return the title as adopted, in the prevailing language."""
        return str(self.content.get("official_title") or self.edition.statement.official_title)

    @property
    def preamble(self) -> list[Passage]:
        """Return the preamble, and beside it the other language's."""
        texts = self.words("preamble")
        return [text for text in (self.one(texts), self.other(texts)) if text and text.text] if texts else []

    @property
    def translated(self) -> bool:
        """Whether the page is in another language than the one that decides."""
        return self.language != self.edition.prevailing_language

    @cached_property
    def facts(self) -> Facts:
        """Return what is read anew: addressees and answers, sources, reservations."""
        return facts_of(self.edition, self.language, self.beside)

    @cached_property
    def answers(self) -> Answers:
        """Return the latest answer of each body to each item."""
        return said_in(self.facts.answers)

    def narrow(self, item: Item, responses: Iterable[Response]) -> None:
        """Look at one item of the edition alone, with what was said to it, the latest first."""
        self.facts = facts_of_item(item, self.language, self.beside)
        self.answers = {}
        for place, one in enumerate(responses):
            key = (item.section_id, item.number, one.body_id)
            self.answers.setdefault(key, (place, one.kind, one.published_at))

    @cached_property
    def words_of_items(self) -> dict[int, "Frozen"]:
        """Return the words of each item, in the order of the document: frozen, so made once a process."""
        key = (self.edition.pk, self.edition.fingerprint, self.language, self.beside)
        found = WORDS.get(key)
        if found is None:
            found = {item.pk: frozen(self, item) for item in self.edition.items.for_document()}
            WORDS.put(key, found)
        return found

    @cached_property
    def addressed(self) -> list[Addressed]:
        """Return every item with each of its addressees."""
        return [Addressed.of(row) for row in unpacked(self.facts.addressed)]

    @cached_property
    def reservations(self) -> list[Reserved]:
        """Return the recorded reservations, on single items and on the whole."""
        here = {None, *(row.recommendation for row in self.addressed)}
        found = unpacked(self.facts.reservations)
        return [Reserved(about, text, Named(*who)) for about, text, *who in found if about in here]

    @cached_property
    def adopters(self) -> list[Named]:
        """Return the adopting organisations, as everybody may know them."""
        return [Named(*row) for row in unpacked(self.facts.adopters)]

    @cached_property
    def endorsements(self) -> list[Signed]:
        """Return who signed on to this edition later, also those who took it back. Most often there is nobody."""
        return [Signed(pk, moment_of(at), Named(*who)) for pk, at, *who in unpacked(self.facts.endorsements)]

    @cached_property
    def parts(self) -> list[Part]:
        """Return the sections: ASEAN's first."""
        return parts_of(self, self.words_of_items)

    def addressed_as(self, item: Item, one: Addressed) -> Passage:
        """Return the addressee's name as it stands in this edition: an old one keeps the old name."""
        return self.one(self._frozen_names.get((item.section_id or ASEAN, item.number, one.slug), {"": one.body}))

    @cached_property
    def _frozen_names(self) -> dict[tuple[str, int, str], Texts]:
        return {
            (section["section"], item["number"], body["slug"]): body["name"]
            for section in self.content.get("sections", ())
            for item in section["items"]
            for body in item["addressees"]
        }


@dataclass(slots=True)
class Frozen:
    """The words of one item, which never change."""

    item: Item
    url: str
    main: Passage
    beside: Passage | None
    html: SafeString


def frozen(document: Document, item: Item) -> Frozen:
    """Return the item's words in the languages of the document, and as they are printed."""
    texts = in_each_language(item, "text")
    main, beside = document.one(texts), document.other(texts)
    html = render_to_string("recommendations/parts/words.html", {"line": {"main": main, "beside": beside}})
    return Frozen(item, item_address(document.edition.statement.slug, item), main, beside, squeezed(html))


def squeezed(html: str) -> SafeString:
    """Return the markup without the blanks at the beginning of its lines: a long page is a third shorter."""
    return mark_safe(re.sub(r"\n\s+", "\n", html))  # noqa: S308 - it was rendered by a template


def parts_of(document: Document, words: Mapping[int, Frozen]) -> list[Part]:
    """Return the sections with their items, each with its addressees and answers, sources and reservations."""
    numbers = {pk: (one.item.section_id, one.item.number) for pk, one in words.items()}
    rows, facts = document.addressed, document.facts
    said: dict[int, list[Said]] = defaultdict(list)
    for one, standing in zip(rows, standings(facts, rows, numbers, document.answers), strict=True):
        if one.offices:
            said[one.item].append(said_by(document, words[one.item].item, one, standing))
    sources = senders(facts.sources, facts.joined)
    reserved: dict[int | None, list[Reserved]] = defaultdict(list)
    for reservation in document.reservations:
        reserved[reservation.recommendation_id].append(reservation)
    found: dict[str | None, Part] = {}
    for row in {row.item: row for row in rows}.values():
        item, about = words[row.item].item, row.recommendation
        line = line_of(words[row.item], row.theme, said[row.item], origin(sources.get(about, ()) if about else ()))
        line.reservations = reserved[about] if about else []
        found.setdefault(item.section_id, part_of(item, row.section)).lines.append(line)
    return list(found.values())


def part_of(item: Item, name: str) -> Part:
    """Return the empty section of an item."""
    if item.section_id is None:
        return Part("asean", ASEAN, _("Regional issues"))
    return Part(item.section_id.lower(), name, _("National issues"))


def line_of(words: Frozen, theme: str, said: list[Said], sources: str) -> Line:
    """Return the item with addressees, answers and sources."""
    return Line(
        item=words.item,
        url=words.url,
        main=words.main,
        beside=words.beside,
        words=words.html,
        theme=theme,
        said=said,
        sources=sources,
        reservations=[],
    )


def said_by(document: Document, item: Item, one: Addressed, standing: Standing) -> Said:
    """Return where an addressee stands: its latest answer, or since when it is silent."""
    label, when = str(PAIR_STATES[standing.state]), ""
    if standing.answered_at:
        when = dates.day(local_day(standing.answered_at, document.facts.zone))
    elif standing.conveyed_on:
        label = _("No response since %(day)s") % {"day": dates.day(standing.conveyed_on)}
    badge = badge_of(capitalised(label), SHAPES.get(standing.state, ""))
    name = document.addressed_as(item, one)
    language = name.language if name.language != document.language else ""
    return Said(name, language, badge, when, one.now, one.offices)


@lru_cache(maxsize=256)
def badge_of(label: str, shape: str) -> SafeString:
    """Return the badge: a few that stand on a page hundreds of times."""
    return squeezed(render_to_string("components/badge.html", {"label": label, "state": shape}).strip())


def origin(sources: Sequence[Sequence[Named]]) -> str:
    """Return how many submissions an item was made of and who sent them, each as it chose to be shown to everybody."""
    if not sources:
        return ""
    sentence = ngettext("From %(count)s submission", "Joined from %(count)s submissions", len(sources))
    named = [sender(one) for source in sources for one in source]
    shown = [name for name in named if name]
    names = "; ".join(dict.fromkeys(shown))
    if names and len(shown) < len(named):
        names = _("%(names)s; others who are not shown") % {"names": names}
    head = sentence % {"count": len(sources)}
    return f"{head}: {names}" if names else head


def sender(organisation: Named) -> str:
    """Return the sender as everybody may know it; nothing where it chose not to be shown."""
    return "" if organisation.kind is None else organisation.public_name


def shown_adopters(organisations: Iterable[Named]) -> tuple[list[str], list[str], int]:
    """Return names, descriptions and the total.

    Each description stands once, and there is no total (0) where it would tell how few stay unnamed.
    """
    named = [one.name for one in organisations if one.name]
    described = [one.description for one in organisations if not one.name]
    telling = 0 < len(described) < settings.SMALLEST_PUBLISHED_COUNT
    return named, list(dict.fromkeys(described)), 0 if telling else len(named) + len(described)


def people_of(document: Document) -> documents.People:
    """Return who adopted the edition, as everybody may know it at this moment, in the language that is active."""
    adoption = document.edition.statement.adoption
    names, descriptions, _total = shown_adopters([Named(*row) for row in unpacked(adopters_of(adoption.pk))])
    reserved = unpacked(reservations_of(document.edition.statement_id))
    items = document.edition.items.for_document() if reserved else ()
    labels = {None: "", **{item.recommendation_id: item.label for item in items}}
    reservations = [
        documents.Reservation(labels[about], Named(*who).public_name, text)
        for about, text, *who in reserved
        if about in labels
    ]
    return documents.People(
        names=(*names, *adoption.named_adopters),
        descriptions=tuple(descriptions),
        reservations=tuple(reservations),
        place=adoption.place,
        manner=str(adoption.get_manner_display()),
    )

"""A statement as a document: each passage in the reader's language, and what everybody may know about its origin."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import dates, languages
from recommendations import documents
from recommendations.canonical import ASEAN, in_each_language
from recommendations.models import Edition, Endorsement, Item, Position, Source
from recommendations.models.wording import Passage, Texts, passage
from recommendations.querysets import PairQuerySet
from recommendations.states import PAIR_STATES, SHAPES, Attribution, Silence, Stance
from recommendations.timeline import capitalised, item_address, local_day
from stakeholders.models import Organisation, PublicBody
from stakeholders.states import Visibility


@dataclass(slots=True)
class Said:
    """Where one addressee stands on one item, in a word and a shape."""

    name: Passage
    label: str
    shape: str
    when: str
    now: str = ""


@dataclass(slots=True)
class Line:
    """One numbered item with everything that is known about it."""

    item: Item
    url: str
    main: Passage
    beside: Passage | None
    said: list[Said]
    sources: str
    reservations: list[Position]


@dataclass(slots=True)
class Part:
    """One section: ASEAN's, or a country's."""

    code: str
    name: str
    subtitle: str
    lines: list[Line] = field(default_factory=list)


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
    def missing(self) -> int:
        """Return how many items have no text in the language of the page."""
        return sum(line.main.missing for part in self.parts for line in part.lines)

    @cached_property
    def items(self) -> list[Item]:
        """Return the items in the order of the document."""
        return list(self.edition.items.for_document())

    @cached_property
    def reservations(self) -> list[Position]:
        """Return the recorded reservations, on single items and on the whole."""
        found = Position.objects.filter(statement=self.edition.statement_id, stance=Stance.RESERVATION)
        here = {item.recommendation_id for item in self.items}
        return [one for one in found.select_related("organisation") if one.recommendation_id in {None, *here}]

    @cached_property
    def sources(self) -> list[Source]:
        """Return where the items come from; a submission that was taken back is no longer named."""
        found = Source.objects.filter(recommendation__in=[item.recommendation_id for item in self.items])
        return found.filter(withdrawn=False).with_senders()

    @cached_property
    def adopters(self) -> list[Organisation]:
        """Return the adopting organisations."""
        return list(self.edition.statement.adoption.adopters.order_by("name", "id"))

    @cached_property
    def endorsements(self) -> list[Endorsement]:
        """Return who signed on to this edition later, also those who took it back. Most often there is nobody."""
        if not getattr(self.edition, "is_endorsed", True):
            return []
        return list(self.edition.endorsements.select_related("organisation").order_by("organisation__name", "pk"))

    @cached_property
    def pairs(self) -> dict[int, list[Any]]:
        """Return the addressees of each item, with what they said."""
        found = defaultdict(list)
        pairs = PairQuerySet(Item.addressees.through).filter(item__in=self.items)
        for pair in pairs.for_page().with_state().order_by("id"):
            found[pair.item_id].append(pair)
        return found

    @cached_property
    def parts(self) -> list[Part]:
        """Return the sections: ASEAN's first."""
        name_organisations(self)
        found: dict[str | None, Part] = {}
        for item in self.items:
            found.setdefault(item.section_id, part_of(item)).lines.append(line_of(self, item))
        return list(found.values())

    def addressed_as(self, item: Item, body: PublicBody) -> Passage:
        """Return the addressee's name as it stands in this edition: an old one keeps the old name."""
        return self.one(self._frozen_names.get((item.section_id or ASEAN, item.number, body.slug), {"": body.name}))

    @cached_property
    def _frozen_names(self) -> dict[tuple[str, int, str], Texts]:
        return {
            (section["section"], item["number"], body["slug"]): body["name"]
            for section in self.content.get("sections", ())
            for item in section["items"]
            for body in item["addressees"]
        }


def name_organisations(document: Document) -> None:
    """Fetch the groups of all organisations that the page describes, in one query."""
    organisations = [one for source in document.sources for one, _attribution in senders(source)]
    organisations += [position.organisation for position in document.reservations]
    organisations += [endorsement.organisation for endorsement in document.endorsements]
    prefetch_related_objects([*organisations, *document.adopters], "groups")


def single(document: Document, item: Item) -> Line:
    """Return one item of the edition alone: nothing else is read."""
    document.items, document.adopters, document.endorsements = [item], [], []
    return document.parts[0].lines[0]


def part_of(item: Item) -> Part:
    """Return the empty section of an item."""
    if item.section is None:
        return Part("asean", ASEAN, _("Regional issues"))
    return Part(item.section_id.lower(), item.section.name, _("National issues"))


def line_of(document: Document, item: Item) -> Line:
    """Return the item with addressees, answers, sources and reservations."""
    texts = in_each_language(item, "text")
    mine = [source for source in document.sources if source.recommendation_id == item.recommendation_id]
    reserved = [
        p for p in document.reservations if p.recommendation_id and p.recommendation_id == item.recommendation_id
    ]
    zone = document.edition.statement.consultation.time_zone
    return Line(
        item=item,
        url=item_address(document.edition.statement.slug, item),
        main=document.one(texts),
        beside=document.other(texts),
        said=[said_by(document, item, pair, zone) for pair in document.pairs[item.pk]],
        sources=origin(mine),
        reservations=reserved,
    )


def said_by(document: Document, item: Item, pair: Any, zone: str) -> Said:
    """Return where an addressee stands: its latest answer, or since when it is silent."""
    body = pair.publicbody
    label, when = str(PAIR_STATES[pair.state]), ""
    if pair.kind:
        when = dates.day(local_day(pair.answered_at, zone))
    elif pair.state != Silence.NOT_CONVEYED:
        label = _("No response since %(day)s") % {"day": dates.day(pair.conveyed_on)}
    now = body.current.name if body.successor_id else ""
    return Said(document.addressed_as(item, body), capitalised(label), SHAPES.get(pair.state, ""), when, now)


def origin(sources: Sequence[Source]) -> str:
    """Return how many submissions an item was made of and who sent them, each as it chose to be shown to everybody."""
    if not sources:
        return ""
    sentence = ngettext("From %(count)s submission", "Joined from %(count)s submissions", len(sources))
    named = [sender(*one) for source in sources for one in senders(source)]
    shown = [name for name in named if name]
    names = "; ".join(dict.fromkeys(shown))
    if names and len(shown) < len(named):
        names = _("%(names)s; others who are not shown") % {"names": names}
    head = sentence % {"count": len(sources)}
    return f"{head}: {names}" if names else head


def senders(source: Source) -> list[tuple[Organisation, str]]:
    """Return every organisation that stands behind a source, each with how it chose to be shown."""
    submission = source.submission
    return [(one.organisation, one.attribution) for one in (submission, *getattr(submission, "joined_by", ()))]


def sender(organisation: Organisation, attribution: str) -> str:
    """Return the sender as everybody may know it; nothing where it chose not to be shown."""
    if attribution == Attribution.NAMED:
        return organisation.public_name
    return organisation.description if attribution == Attribution.DESCRIBED else ""


def shown_adopters(organisations: Iterable[Organisation]) -> tuple[list[str], list[str], int]:
    """Return names, descriptions and the total.

    Each description stands once, and there is no total (0) where it would tell how few stay unnamed.
    """
    named = [o.public_name for o in organisations if o.visibility == Visibility.PUBLIC]
    described = [o.public_name for o in organisations if o.visibility != Visibility.PUBLIC]
    telling = 0 < len(described) < settings.SMALLEST_PUBLISHED_COUNT
    return named, list(dict.fromkeys(described)), 0 if telling else len(named) + len(described)


def people_of(document: Document) -> documents.People:
    """Return who adopted the edition, as everybody may know it at this moment, in the language that is active."""
    known = [*document.adopters, *(one.organisation for one in document.reservations)]
    prefetch_related_objects(known, "groups")
    names, descriptions, _total = shown_adopters(document.adopters)
    adoption = document.edition.statement.adoption
    labels = {item.recommendation_id: item.label for item in document.items}
    reservations = [
        documents.Reservation(labels.get(one.recommendation_id, ""), one.organisation.public_name, one.text)
        for one in document.reservations
    ]
    return documents.People(
        names=(*names, *adoption.named_adopters),
        descriptions=tuple(descriptions),
        reservations=tuple(reservations),
        place=adoption.place,
        manner=str(adoption.get_manner_display()),
    )

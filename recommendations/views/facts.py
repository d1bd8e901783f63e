"""What a published text says beside its frozen words: who answered, who sent it in, who had a reservation.

It is read anew for each reader, in a few prepared queries, as plain values, each as everybody may know it: a name that
is withheld stays in the database. Whatever is printed is made of these values, so the same facts make the same page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname, resolution_order

from portal import languages
from portal.prepared import day_of, moment_of, packed, prepared, unpacked
from recommendations.models import (
    Adoption,
    Conveyance,
    CoSubmitter,
    Edition,
    Endorsement,
    Item,
    Position,
    Proposal,
    Response,
    Source,
)
from recommendations.states import Attribution, CoSubmissionState, Silence, Stance
from stakeholders.models import Organisation, described
from stakeholders.querysets import SUCCESSIONS
from stakeholders.states import Visibility

PAIR = "Item_addressees+__"  # Django's own name for the row between an item and one of its addressees
NOTHING = "[]"
OFFICES = tuple("publicbody" + "__successor" * step for step in range(SUCCESSIONS + 1))


class Named(NamedTuple):
    """An organisation as everybody may know it: by its name, or else by what describes it."""

    name: str
    kind: str | None  # None: it chose not to be shown at all
    side: str

    @property
    def description(self) -> str:
        """Return what stands in place of the name."""
        return described(self.kind or "", self.side)

    @property
    def public_name(self) -> str:
        """Return the name as everybody may see it."""
        return self.name or self.description


class Addressed(NamedTuple):
    """One item and one of its addressees, or an item without any: `offices` are the body and those that took over."""

    item: int
    recommendation: int | None
    theme: str
    section: str
    slug: str | None
    body: str
    now: str
    offices: tuple[int | None, ...]

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> "Addressed":
        """Return the row, taken apart."""
        return cls(*row[:7], tuple(office for office in row[7:] if office))


class Reserved(NamedTuple):
    """A reservation: the recommendation it is about, or none for the whole text."""

    recommendation_id: int | None
    text: str
    organisation: Named


class Signed(NamedTuple):
    """That an organisation signed on later, and perhaps took it back."""

    organisation_id: int
    withdrawn_at: datetime | None
    organisation: Named


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one edition, or of one item of it, for one language, with or without another beside it."""

    edition: int
    fingerprint: str
    slug: str
    zone: str
    prevailing: str
    language: str
    beside: str
    today: date
    patience: int  # days after which a silence is overdue where no other day was said
    addressed: str
    sent: str
    answers: str = NOTHING
    sources: str = NOTHING
    joined: str = NOTHING
    reservations: str = NOTHING
    adopters: str = NOTHING
    endorsements: str = NOTHING


# --- As everybody may know it ---------------------------------------------------------------------------------------


def words(path: str, kind: type[CharField] | type[TextField] = CharField) -> Coalesce:
    """Return the words at the path in the language of the page, else in the one that stands in; nothing is ''."""
    codes = resolution_order(get_language() or languages.DEFAULT)
    texts = [NullIf(F(build_localized_fieldname(path, code)), Value("")) for code in codes]
    return Coalesce(*texts, Value(""), output_field=kind())


def named(path: str, by_name: Q | None = None, described_too: Q | None = None) -> list[Any]:
    """Return name, kind and side of the organisation at the path: the name only where it is public and may be said.

    Whoever is not named is described, unless it may not even be that.
    """
    public = Q(**{f"{path}__visibility": Visibility.PUBLIC})
    shown = public & by_name if by_name is not None else public
    groups = Organisation.groups.through.objects.filter(organisation=OuterRef(path))
    first = groups.order_by("stakeholdergroup__position", "stakeholdergroup_id").values(
        found=words("stakeholdergroup__withheld_name")
    )[:1]
    kind = Coalesce(Subquery(first, output_field=CharField()), Value(""))
    nothing, text = Value(""), CharField()
    unsaid = [] if described_too is None else [When(~described_too, then=Value(None))]
    return [
        Case(When(shown, then=words(f"{path}__name")), default=nothing, output_field=text),
        Case(When(shown, then=nothing), *unsaid, default=kind, output_field=text),
        Case(When(shown, then=nothing), *unsaid, default=F(f"{path}__side"), output_field=text),
    ]


def chosen(path: str = "") -> list[Any]:
    """Return the organisation of a submission as it chose to be shown: by name, by description, or not at all."""
    attribution = f"{path}attribution"
    by_name = Q(**{attribution: Attribution.NAMED})
    return named(f"{path}organisation", by_name, by_name | Q(**{attribution: Attribution.DESCRIBED}))


# --- Prepared reads -------------------------------------------------------------------------------------------------


def _addressed(items: QuerySet) -> QuerySet:
    bodies = [PAIR + office for office in OFFICES]
    now = Coalesce(*(NullIf(words(f"{body}__name"), Value("")) for body in reversed(bodies[1:])), Value(""))
    order = (F("section").asc(nulls_first=True), "number", f"{PAIR}id")
    return items.order_by(*order).values_list(
        *("pk", "recommendation_id", words("theme__name"), words("section__name"), f"{bodies[0]}__slug"),
        *(words(f"{bodies[0]}__name"), now, *(f"{body}_id" for body in bodies)),
    )


@prepared
def edition_in_force(slug: str) -> QuerySet:
    """The edition that everybody reads today."""
    return Edition.objects.visible_to(AnonymousUser()).current().for_page().filter(statement__slug=slug)


@prepared
def edition_numbered(slug: str, number: int) -> QuerySet:
    """One edition, where everybody may read it."""
    return Edition.objects.visible_to(AnonymousUser()).for_page().filter(statement__slug=slug, number=number)


@prepared
def item_at(slug: str, section: str, number: int) -> QuerySet:
    """One item as its latest edition says it, where everybody may read it: section '' is ASEAN's."""
    return Item.objects.visible_to(AnonymousUser()).for_item_page().at(slug, section, number)[:1]


@prepared
def responses_to(statement: int, section: str, number: int) -> QuerySet:
    """All that was answered to one item, in whichever edition, the latest first: section '' is ASEAN's."""
    said = Response.objects.published().alias(part=Coalesce("item__section_id", Value("")))
    here = said.filter(item__edition__statement=statement, part=section, item__number=number)
    return here.select_related("body", "passed_to")


@packed
def addressed_in(edition: int) -> QuerySet:
    """Every item of the edition with each addressee, in the order of the document."""
    return _addressed(QuerySet(Item).filter(edition=edition))


@packed
def addressed_by(item: int) -> QuerySet:
    """One item with each addressee."""
    return _addressed(QuerySet(Item).filter(pk=item))


@packed
def answers_to(statement: int) -> QuerySet:
    """What was answered to any edition, the latest first: an answer stays with the item's section and number."""
    said = Response.objects.published().filter(item__edition__statement=statement)
    return said.values_list("item__section_id", "item__number", "body_id", "kind", "published_at")


@packed
def sent_of(statement: int) -> QuerySet:
    """To whom any edition was sent, the first first."""
    sent = Conveyance.objects.filter(edition__statement=statement, public=True)
    return (
        sent.exclude(state__in=["prepared", "returned"])
        .order_by("sent_on", "id")
        .values_list("body_id", "sent_on", "reply_due")
    )


def _sources(sources: QuerySet) -> QuerySet:
    standing = sources.filter(withdrawn=False).order_by("id")
    return standing.values_list("recommendation_id", "submission_id", *chosen("submission__"))


@packed
def sources_in(edition: int) -> QuerySet:
    """Where the items of the edition come from; a submission that was taken back is no longer named."""
    return _sources(QuerySet(Source).filter(recommendation__items__edition=edition))


@packed
def sources_of(recommendation: int) -> QuerySet:
    """Where one item comes from."""
    return _sources(QuerySet(Source).filter(recommendation=recommendation))


@packed
def joined_in(statement: int) -> QuerySet:
    """Who joined a submission behind the statement, and agreed to it."""
    agreed = QuerySet(CoSubmitter).filter(
        submission__recommendations__statement=statement, state=CoSubmissionState.AGREED
    )
    return agreed.order_by("pk").distinct().values_list("submission_id", "pk", *chosen())


@packed
def reservations_of(statement: int) -> QuerySet:
    """The recorded reservations, on single items and on the whole."""
    reserved = QuerySet(Position).filter(statement=statement, stance=Stance.RESERVATION)
    return reserved.order_by("pk").values_list("recommendation_id", "text", *named("organisation"))


@packed
def adopters_of(adoption: int) -> QuerySet:
    """The adopting organisations, in the order of their names."""
    rows = QuerySet(Adoption.adopters.through).filter(adoption=adoption)
    order = build_localized_fieldname("organisation__name", get_language() or languages.DEFAULT)
    return rows.order_by(order, "organisation_id").values_list(*named("organisation"))


@packed
def signed_on(edition: int) -> QuerySet:
    """Who signed on later, also who took it back."""
    rows = QuerySet(Endorsement).filter(edition=edition)
    order = build_localized_fieldname("organisation__name", get_language() or languages.DEFAULT)
    return rows.order_by(order, "pk").values_list("organisation_id", "withdrawn_at", *named("organisation"))


@prepared
def taken_up(recommendation: int, statement: int, number: int) -> QuerySet:
    """Whether a proposal made the item, or was made of it or of its neighbour in another section."""
    same = Q(item__edition__statement=statement, item__number=number)
    return QuerySet(Proposal).filter(Q(recommendation=recommendation) | same, state="taken_up").values_list("pk")[:1]


# --- Facts of a page ------------------------------------------------------------------------------------------------


def facts_of(edition: Edition, language: str, beside: str) -> Facts:
    """Return the facts of the whole edition. What there is none of, as the edition itself tells, is not asked for."""
    statement = edition.statement_id
    return _facts(
        edition,
        language,
        beside,
        addressed=addressed_in(edition.pk),
        answers=answers_to(statement),
        sources=sources_in(edition.pk),
        joined=joined_in(statement) if getattr(edition, "is_joint", True) else NOTHING,
        reservations=reservations_of(statement) if getattr(edition, "is_reserved", True) else NOTHING,
        adopters=adopters_of(edition.statement.adoption.pk),
        endorsements=signed_on(edition.pk) if getattr(edition, "is_endorsed", True) else NOTHING,
    )


def facts_of_item(item: Item, language: str, beside: str) -> Facts:
    """Return the facts of one item alone: nothing of the others is read, and no answers, which its page reads whole."""
    statement = item.edition.statement_id
    return _facts(
        item.edition,
        language,
        beside,
        addressed=addressed_by(item.pk),
        sources=sources_of(item.recommendation_id) if item.recommendation_id else NOTHING,
        joined=joined_in(statement) if getattr(item, "is_joint", True) else NOTHING,
        reservations=reservations_of(statement) if getattr(item, "is_reserved", True) else NOTHING,
    )


def _facts(edition: Edition, language: str, beside: str, **texts: str) -> Facts:
    return Facts(
        edition=edition.pk,
        fingerprint=edition.fingerprint,
        slug=edition.statement.slug,
        zone=edition.statement.consultation.time_zone,
        prevailing=edition.prevailing_language,
        language=language,
        beside=beside,
        today=timezone.localdate(),
        patience=settings.REPLY_EXPECTED_DAYS,
        sent=sent_of(edition.statement_id),
        **texts,
    )


def senders(sources: str, joined: str) -> dict[int, list[tuple[Named, ...]]]:
    """Return, by recommendation, everybody behind each submission that went into it."""
    partners: dict[int, list[Named]] = {}
    for submission, _key, *organisation in unpacked(joined):
        partners.setdefault(submission, []).append(Named(*organisation))
    found: dict[int, list[tuple[Named, ...]]] = {}
    for recommendation, submission, *organisation in unpacked(sources):
        behind = (Named(*organisation), *partners.get(submission, ()))
        found.setdefault(recommendation, []).append(behind)
    return found


class Standing(NamedTuple):
    """Where an addressee stands on an item: a kind of answer or of silence, and since when."""

    state: str
    answered_at: datetime | None
    conveyed_on: date | None


Answers = dict[tuple[str | None, int, int], tuple[int, str, datetime | None]]  # by section, number and body


def said_in(answers: str) -> Answers:
    """Return the latest answer of each body to each item, with its place: a smaller one is later."""
    found: Answers = {}
    for place, (section, number, body, kind, at) in enumerate(unpacked(answers)):
        found.setdefault((section, number, body), (place, kind, moment_of(at)))
    return found


def standings(
    facts: Facts, rows: Sequence[Addressed], numbers: Mapping[int, tuple[str | None, int]], said: Answers
) -> list[Standing]:
    """Return where each addressee stands, row by row, as `PairQuerySet.with_state` works it out in the database.

    `numbers` are section and number of each item. An answer of an office that took over counts for the one before it.
    """
    sent: dict[int, tuple[int, date | None, date | None]] = {}
    for place, (body, day, due) in enumerate(unpacked(facts.sent)):
        sent.setdefault(body, (place, day_of(day), day_of(due)))
    return [_standing(row, numbers[row.item], said, sent, facts) for row in rows]


def _standing(one: Addressed, number: tuple[str | None, int], said: Answers, sent: Any, facts: Facts) -> Standing:
    answers = [said[(*number, office)] for office in one.offices if (*number, office) in said]
    conveyed = min((sent[office] for office in one.offices if office in sent), default=None)
    day, due = conveyed[1:] if conveyed else (None, None)
    if answers:
        _place, kind, at = min(answers)
        return Standing(kind, at, day)
    if day is None:
        return Standing(Silence.NOT_CONVEYED, None, None)
    late = (due or day + timedelta(days=facts.patience)) < facts.today
    return Standing(Silence.OVERDUE if late else Silence.WAITING, None, day)

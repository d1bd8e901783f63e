"""Two records of one organisation become one: what points to the merged record, and where each row goes.

Every column that points to an organisation is found by introspection, also those of apps that stand above this one;
each has a rule here. A column without a rule stops the merge, and a test: nothing can be forgotten.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.states import Refusal
from stakeholders.models import Membership, Organisation
from stakeholders.states import MembershipState, NameKind, OrganisationState, Role, Visibility

STRICTNESS = (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.WITHHELD)
# The kept record stands at least as high: a merge gives nobody a seat that no decision gave.
STANDING = (
    OrganisationState.REFUSED,
    OrganisationState.APPLIED,
    OrganisationState.SUSPENDED,
    OrganisationState.VERIFIED,
)
ROLES = (Role.DRAFTER, Role.REPRESENTATIVE, Role.LEAD)
FILLED = (
    "acronym",
    "country",
    "side",
    "registration",
    "introduction",
    "trusted_contact",
    "website",
    "limb",
    "evidence",
)
CONTACT = ("contact_name", "contact_email", "contact_phone")


@dataclass(frozen=True, slots=True)
class Rule:
    """What becomes of the rows of one column.

    Rows move to the kept record. `only` limits which: the others belong to a finished act and stay as they were. A row
    that cannot stand beside one of the kept record stays where it is, or is dropped where it says the same.
    """

    label: Any = ""
    moves: bool = True
    only: Q | None = None
    drops: bool = False
    # Fields, besides those of the database's own constraints, in which two rows of one organisation must differ.
    once_for: tuple[str, ...] = ()
    named_by: str = ""
    custom: Callable[[Organisation, Organisation], None] | None = None
    shown: bool = True


@dataclass(slots=True)
class Row:
    """What the preview says about one column: how many rows move, how many stay, and which stay for a conflict."""

    label: Any
    moves: int
    stays: int
    both: list[str] = field(default_factory=list)


def relations() -> dict[str, models.Field]:
    """Return every column that points to an organisation, by its dotted name, also those behind lists of many."""
    found = (
        relation.field
        for relation in Organisation._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    )
    return {f"{field.model._meta.label_lower}.{field.name}": field for field in found}


def rule_of(name: str) -> Rule:
    """Return the rule of a column. Raises LookupError where nobody thought of it."""
    try:
        return RULES[name]
    except KeyError:
        raise LookupError(f"no rule says what a merge does with {name}") from None


def move_everything(kept: Organisation, merged: Organisation) -> None:
    """Move what points to the merged record, column by column. Both rows are locked by the caller. Raises Refusal."""
    for name, column in relations().items():
        rule = rule_of(name)
        if rule.custom:
            rule.custom(kept, merged)
        elif rule.moves:
            _move(column, rule, kept, merged)


def _move(column: models.Field, rule: Rule, kept: Organisation, merged: Organisation) -> None:
    """Move the rows of one column. A row that somebody adds meanwhile asks for a second try: hence savepoints."""
    for _attempt in range(2):
        try:
            with transaction.atomic():
                rows = _rows(column, rule, merged)
                stays = list(_in_conflict(column, rule, rows, kept).values_list("pk", flat=True))
                if rule.drops:
                    _table(column).filter(pk__in=stays).delete()
                rows.exclude(pk__in=stays).update(**{column.name: kept})
        except IntegrityError:
            continue
        return
    raise Refusal(_("Somebody is changing one of the two at this moment. Try again."))


def _rows(column: models.Field, rule: Rule, merged: Organisation) -> QuerySet:
    found = _table(column).filter(**{column.name: merged})
    return found.filter(rule.only) if rule.only is not None else found


def _in_conflict(column: models.Field, rule: Rule, rows: QuerySet, kept: Organisation) -> QuerySet:
    """Return the rows that cannot stand beside a row of the kept record, or would point from it to itself."""
    clash = Q(pk=None)
    for others, condition in _uniques(column, rule):
        theirs = _table(column).filter(condition, **{column.name: kept})
        met = theirs.filter(**{name: OuterRef(name) for name in others})
        clash |= Q(Exists(met)) & condition
    for other in column.model._meta.concrete_fields:
        if other.related_model is Organisation and other is not column and _is_tie(column):
            clash |= Q(**{other.name: kept})
    return rows.filter(clash)


def _table(column: models.Field) -> models.Manager:
    """Return all rows of the column's table, also those that a named read would leave out."""
    return column.model._base_manager  # noqa: SLF001 - Django's own name for it, as in `Stateful.locked`


def _is_tie(column: models.Field) -> bool:
    """Whether the table ties two organisations: a tie of one to itself says nothing."""
    ends = [one for one in column.model._meta.concrete_fields if one.related_model is Organisation]
    return len(ends) > 1


def _uniques(column: models.Field, rule: Rule) -> Iterator[tuple[tuple[str, ...], Q]]:
    """Yield what must differ between two rows of one organisation: the other fields, and for which rows."""
    meta = column.model._meta
    if rule.once_for:
        yield rule.once_for, Q()
    if column.unique:
        yield (), Q()
    for names in meta.unique_together:
        if column.name in names:
            yield tuple(name for name in names if name != column.name), Q()
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and column.name in constraint.fields:
            yield tuple(name for name in constraint.fields if name != column.name), constraint.condition or Q()


def preview(kept: Organisation, merged: Organisation) -> list[Row]:
    """Return in numbers what a merge would move, what stays, and what stays because both have it."""
    rows = []
    for name, column in relations().items():
        rule = rule_of(name)
        total = _table(column).filter(**{column.name: merged})
        count = total.count() if rule.shown else 0
        if not count:
            continue
        moving = _rows(column, rule, merged) if rule.moves else total.none()
        both = [] if rule.drops else list(_in_conflict(column, rule, moving, kept))
        dropped = _in_conflict(column, rule, moving, kept).count() if rule.drops else 0
        moves = moving.count() - len(both) - dropped
        rows.append(Row(rule.label, moves, count - moves - dropped, [_named(one, rule) for one in both]))
    return rows


def _named(row: models.Model, rule: Rule) -> str:
    return str(attrgetter(rule.named_by)(row)) if rule.named_by else str(row)


def new_names(kept: Organisation, merged: Organisation, *, former: bool) -> list[dict[str, str]]:
    """Return the names that the kept record gains, as it keeps them: none of the merged one's is lost."""
    there = {name for _kind, _language, name in kept.all_names()}
    spoken = {language for kind, language, _name in kept.all_names() if kind == NameKind.NAME}
    gained = []
    for kind, language, name in merged.all_names():
        if name in there:
            continue
        stays_as = kind
        if kind == NameKind.NAME:
            besides = NameKind.ALIAS if language in spoken else NameKind.OTHER
            stays_as = NameKind.FORMER if former else besides
        gained.append({"text": name, "lang": language, "kind": str(stays_as)})
    return gained


def absorb(kept: Organisation, merged: Organisation, *, former: bool) -> None:
    """Take over what the merged record knows and the kept one lacks; of two settings the stricter. Saves the kept one.

    Contact details come only from a record that stands as high: an impostor's application must not redirect mail.
    """
    alike = kept.state == merged.state
    for name in (*FILLED, *CONTACT) if alike else ("acronym", "country", "side"):
        if not getattr(kept, name):
            setattr(kept, name, getattr(merged, name))
    kept.other_names = [*kept.other_names, *new_names(kept, merged, former=former)]
    kept.visibility = stricter(kept, merged)
    kept.conflict = kept.conflict or (merged.conflict if alike else "")
    kept.limb = "" if kept.conflict else kept.limb
    tests = [one.retest_on for one in ((kept, merged) if alike else (kept,)) if one.retest_on]
    kept.retest_on = min(tests, default=None)
    kept.speaks_for_omitted = kept.speaks_for_omitted or merged.speaks_for_omitted
    kept.sign_off = kept.sign_off or merged.sign_off
    kept.version += 1
    kept.save()


def stricter(kept: Organisation, merged: Organisation) -> str:
    """Return the visibility that shows less."""
    return max(kept.visibility, merged.visibility, key=STRICTNESS.index)


def demand_mergeable(kept: Organisation, merged: Organisation) -> None:
    """Raise Refusal where the two cannot become one in this direction."""
    if kept.pk == merged.pk:
        raise Refusal(_("Choose two different records."))
    merged.demand("merge")
    if kept.state not in STANDING:
        raise Refusal(_("The record to keep is merged or dissolved itself."))
    if STANDING.index(kept.state) < STANDING.index(merged.state):
        raise Refusal(_("Keep the record that stands higher: the verified one, or else the one that waits."))


def _move_people(kept: Organisation, merged: Organisation) -> None:
    """Bring the people over. Who has a mandate in both keeps one, with the wider role of the two verified ones.

    Somebody whose mandate was never worth anything, because their record was not verified, asks for a seat.
    """
    trusted = merged.state == OrganisationState.VERIFIED
    ours = {one.user_id: one for one in kept.memberships.select_for_update().exclude(state="left")}
    for row in merged.memberships.select_for_update():
        mine = ours.get(row.user_id)
        if row.state != MembershipState.LEFT and mine:
            if trusted:
                _widen(mine, row)
            _end(row)
            continue
        row.organisation = kept
        if not trusted and row.state == MembershipState.ACTIVE:
            row.state, row.role = MembershipState.REQUESTED, Role.REPRESENTATIVE
        row.save(update_fields=["organisation", "state", "role", "updated_at"])


def _widen(mine: Membership, other: Membership) -> None:
    today = timezone.localdate()
    if other.state != MembershipState.ACTIVE or (other.until and other.until < today):
        return
    if mine.state == MembershipState.ACTIVE and not (mine.until and mine.until < today):
        mine.role = max(mine.role, other.role, key=ROLES.index)
        mine.since = min(mine.since, other.since)
        mine.until = max(mine.until, other.until) if mine.until and other.until else None
    else:
        mine.state, mine.role, mine.since, mine.until = other.state, other.role, other.since, other.until
    mine.save(update_fields=["state", "role", "since", "until", "updated_at"])


def _end(row: Membership) -> None:
    row.state, row.until = MembershipState.LEFT, timezone.localdate()
    row.save(update_fields=["state", "until", "updated_at"])


SAME = Rule(drops=True, shown=False)
RULES = {
    # Names are written anew from what the kept record took over; the merged one keeps its own.
    "stakeholders.organisationname.organisation": Rule(moves=False, shown=False),
    "stakeholders.organisation.merged_into": Rule(label=_("Records that were merged before")),
    "stakeholders.organisation_groups.organisation": SAME,
    "stakeholders.organisation_countries.organisation": SAME,
    "stakeholders.trait.organisation": Rule(label=_("Traits"), drops=True),
    "stakeholders.organisationlink.organisation": Rule(label=_("Ties to others"), drops=True),
    "stakeholders.organisationlink.other": Rule(label=_("Ties of others to it"), drops=True),
    "stakeholders.decision.organisation": Rule(label=_("Decisions")),
    "stakeholders.membership.organisation": Rule(label=_("People"), custom=_move_people, named_by="user"),
    "stakeholders.importrow.organisation": Rule(shown=False),
    "consultations.organiser.organisation": Rule(label=_("Consultations it organised")),
    "consultations.invitation.organisation": Rule(label=_("Invitations"), named_by="consultation.title"),
    "consultations.seat.organisation": Rule(label=_("Delegates")),
    "consultations.correction.organisation": Rule(label=_("Corrections of minutes")),
    "recommendations.submission.organisation": Rule(label=_("Submissions")),
    "recommendations.latecode.organisation": Rule(label=_("Late codes"), named_by="consultation.title"),
    "recommendations.cosubmitter.organisation": Rule(label=_("Joint submissions")),
    "recommendations.fateletter.organisation": Rule(label=_("Letters about fates")),
    "recommendations.comment.organisation": Rule(label=_("Comments")),
    "recommendations.amendment.organisation": Rule(label=_("Amendments")),
    # One voice each: where both supported an amendment one support is left.
    "recommendations.support.organisation": Rule(label=_("Supports of amendments"), drops=True),
    # What a plenary did stays as it was, under the name of that day; before the adoption one voice is enough.
    "recommendations.position.organisation": Rule(
        label=_("Positions"),
        only=Q(statement__state__in=("draft", "tabled")),
        once_for=("statement",),
        named_by="statement.title",
    ),
    "recommendations.position.carried_by": Rule(shown=False),
    "recommendations.rollentry.organisation": Rule(drops=True, shown=False),
    "recommendations.proxy.giver": Rule(
        label=_("Proxies given"), only=Q(revoked_at=None) & Q(statement__state="tabled"), named_by="statement.title"
    ),
    "recommendations.proxy.holder": Rule(
        label=_("Proxies held"), only=Q(revoked_at=None) & Q(statement__state="tabled"), named_by="statement.title"
    ),
    # Sealed to the organisation's own key: a choice that moved would not open any more.
    "recommendations.sealedvoice.organisation": Rule(moves=False, shown=False),
    "recommendations.endorsement.organisation": Rule(label=_("Endorsements"), named_by="edition.statement.title"),
    "recommendations.adoption_adopters.organisation": Rule(label=_("Adoptions"), moves=False),
}

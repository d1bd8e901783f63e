"""The verdict on each row: new, a change, nothing to do, or left out and why. Reads the register, writes nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from modeltranslation.utils import build_localized_fieldname

from portal import languages, text
from portal.accounts import known_accounts
from portal.models import User
from stakeholders.importing import notes
from stakeholders.importing.cleaning import Cleaner, Row, keys_of
from stakeholders.models import LiaisonAppointment, Membership, Organisation, OrganisationName
from stakeholders.querysets import standing_of
from stakeholders.states import AppointmentState, MembershipState, NameKind, OrganisationState, RowVerdict, Visibility

SIMPLE = (
    "acronym",
    "country",
    "level",
    "side",
    "language",
    "contact_email",
    "contact_phone",
    "contact_name",
    "website",
    "introduction",
    "registration",
)
_OPENNESS = (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.WITHHELD)
_CLOSED = {
    OrganisationState.SUSPENDED: "suspended",
    OrganisationState.REFUSED: "refused",
    OrganisationState.DISSOLVED: "dissolved",
}


@dataclass(slots=True)
class Outcome:
    """What the import would do with one row."""

    row: Row
    verdict: str = ""
    # The organisation it is about: one of the register, or the one that an earlier row of the list makes.
    organisation: int | None = None
    same_as: int | None = None
    changes: list[list[Any]] = field(default_factory=list)
    write: dict[str, Any] = field(default_factory=dict)
    invite: bool = False

    def values(self) -> dict[str, Any]:
        """Return what is stored with the row, and shown."""
        org = {**self.row.org, **(self.write if self.verdict == RowVerdict.CREATE else {})}
        facts = {name: org[name] for name in (*SIMPLE, "groups", "visibility") if org.get(name)}
        return {"label": self.row.label, "facts": facts, "changes": self.changes, "person": self.row.person}

    def fingerprint(self) -> tuple[Any, ...]:
        """Return what the convenor approves: when it differs later, the list is checked again."""
        return self.verdict, self.organisation, self.changes


@dataclass(slots=True)
class _Register:
    """What the register knows about the rows of one batch."""

    by_key: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_skeleton: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_acronym: dict[tuple[str, str | None], set[int]] = field(default_factory=lambda: defaultdict(set))
    organisations: dict[int, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    liaisons: set[int] = field(default_factory=set)
    seats: set[tuple[int, int]] = field(default_factory=set)

    def meant(self, row: Row) -> tuple[set[int], bool]:
        """Return the organisations that the row may mean, and whether only by their acronym."""
        for found in (
            _any(self.by_key, keys_of(row.names())),
            _any(self.by_skeleton, [text.skeleton(name)[:400] for name in row.names()]),
        ):
            if found:
                return found, False
        acronym = text.comparison_key(row.org.get("acronym", ""))
        return self.by_acronym.get((acronym, row.org.get("country")), set()) if acronym else set(), True


def _any(index: dict[str, set[int]], keys: list[str]) -> set[int]:
    return set().union(*(index.get(key, ()) for key in keys if key))


class Checker:
    """Judges the rows of one list. Knows the whole list, so that a row may point at an earlier one."""

    def __init__(self, run: Any, rows: Iterable[tuple[int, list[str]]]) -> None:
        """Clean all rows. `rows` are numbers with cells as text in the encoding that was chosen."""
        self.run = run
        cleaner = Cleaner(run.mapping, run.options)
        self.rows = {number: cleaner.row(number, cells) for number, cells in rows}
        self.outcomes: dict[int, Outcome] = {}
        self.first: dict[str, int] = {}
        self.own = standing_of(run.by).organisations
        self._people: dict[tuple[int, str], int] = {}
        for number, row in self.rows.items():
            for key in keys_of(row.names()):
                self.first.setdefault(key, number)

    def check(self, numbers: Iterable[int]) -> list[Outcome]:
        """Return the verdicts on some rows, in order; the rows before them were checked already."""
        batch = [self.rows[number] for number in numbers]
        register = _look_up(batch)
        return [self._remember(self._check(row, register)) for row in batch]

    def remember(self, number: int, verdict: str, organisation: int | None) -> None:
        """Take over a verdict that was stored before: work goes on where it was interrupted."""
        row = self.rows[number]
        first = self._earlier(row)
        self._remember(Outcome(row, verdict, organisation, first))

    def _remember(self, outcome: Outcome) -> Outcome:
        self.outcomes[outcome.row.number] = outcome
        if outcome.row.person.get("email"):
            home = outcome.same_as or outcome.row.number
            self._people.setdefault((home, outcome.row.person["email"]), outcome.row.number)
        return outcome

    def _earlier(self, row: Row) -> int | None:
        """Return the first row of the list about the same organisation; None where this one is the first."""
        first = min((self.first[key] for key in keys_of(row.names())), default=row.number)
        return first if first < row.number else None

    def _check(self, row: Row, register: _Register) -> Outcome:
        outcome = Outcome(row, same_as=self._earlier(row))
        if not notes.refuses(row.notes):
            if outcome.same_as:
                self._check_repeat(outcome)
            else:
                self._check_organisation(outcome, register)
        if not notes.refuses(row.notes) and row.person:
            self._check_person(outcome, register)
        if notes.refuses(row.notes):
            outcome.verdict, outcome.write, outcome.changes, outcome.invite = RowVerdict.REFUSE, {}, [], False
        return outcome

    def _check_repeat(self, outcome: Outcome) -> None:
        """A later row about the same organisation may bring another person, and nothing else."""
        first = self.outcomes[outcome.same_as]
        differs = next((name for name in _given(outcome.row) if outcome.row.org[name] != first.row.org.get(name)), "")
        say = outcome.row.notes.append
        if not outcome.row.person:
            say(notes.stored("duplicate-row", row=first.row.number))
        elif differs:
            say(notes.stored("duplicate-differs", row=first.row.number, field=differs))
        elif first.verdict == RowVerdict.REFUSE:
            say(notes.stored("row-refused", row=first.row.number))
        else:
            say(notes.stored("same-organisation", row=first.row.number))
        outcome.organisation, outcome.verdict = first.organisation, RowVerdict.SAME

    def _check_organisation(self, outcome: Outcome, register: _Register) -> None:
        found, by_acronym = register.meant(outcome.row)
        if not found:
            self._make(outcome)
            return
        names = ", ".join(sorted(register.organisations[pk].name for pk in found))
        if len(found) > 1:
            outcome.row.notes.append(notes.stored("ambiguous", names=names))
            return
        existing = register.organisations[found.pop()]
        outcome.organisation = existing.pk
        if by_acronym and not _only_new_languages(existing, outcome.row):
            outcome.row.notes.append(notes.stored("same-acronym", names=names))
            return
        outcome.changes, outcome.write = changes_of(existing, outcome.row)
        outcome.verdict = RowVerdict.UPDATE if outcome.changes else RowVerdict.SAME
        self._refuse_closed(outcome, existing)

    def _refuse_closed(self, outcome: Outcome, existing: Organisation) -> None:
        """Say why an organisation that is there cannot be changed by a list, where that is so."""
        reason = _CLOSED.get(existing.state, "")
        changed = outcome.changes or outcome.row.person
        if not reason and changed:
            reason = "own" if existing.pk in self.own else ""
            reason = "withheld" if existing.visibility == Visibility.WITHHELD and outcome.changes else reason
        if reason:
            outcome.row.notes.append(notes.stored(reason))

    def _make(self, outcome: Outcome) -> None:
        org, default = outcome.row.org, self.run.options.get("group")
        groups = org.get("groups") or ([default] if default else [])
        if not groups:
            outcome.row.notes.append(notes.stored("no-group"))
        visibility = org.get("visibility") or self.run.options.get("visibility") or Visibility.MEMBERS
        outcome.write = {"groups": groups, "visibility": visibility}
        outcome.verdict = RowVerdict.CREATE

    def _check_person(self, outcome: Outcome, register: _Register) -> None:
        address, say = outcome.row.person["email"], outcome.row.notes.append
        user = register.people.get(address)
        before = self._people.get((outcome.same_as or outcome.row.number, address))
        if address == self.run.by.email or user == self.run.by:
            say(notes.stored("yourself"))
        elif user and (user.deleted_at or not user.is_active):
            say(notes.stored("closed-account", value=address))
        elif user and user.pk in register.liaisons:
            say(notes.stored("liaison", value=address))
        elif before:
            say(notes.stored("person-twice", value=address, row=before))
        elif user and (outcome.organisation, user.pk) in register.seats:
            say(notes.stored("person-there", value=address))
        else:
            say(notes.stored("person-invited", value=address))
            outcome.invite = True
            outcome.verdict = RowVerdict.UPDATE if outcome.verdict == RowVerdict.SAME else outcome.verdict


def _given(row: Row) -> list[str]:
    return [name for name in (*SIMPLE, "groups", "countries", "visibility") if row.org.get(name)]


def _look_up(batch: list[Row]) -> _Register:
    """Read what the register knows about these rows, in a fixed number of queries."""
    register = _Register()
    names = [name for row in batch for name in row.names()]
    acronyms = {text.comparison_key(row.org["acronym"]) for row in batch if row.org.get("acronym")}
    keys, skeletons = {*keys_of(names), *acronyms} - {""}, {text.skeleton(name)[:400] for name in names} - {""}
    alike = Q(key__in=keys) | Q(skeleton__in=skeletons)
    rows = list(OrganisationName.objects.filter(alike).values_list("organisation", "kind", "key", "skeleton"))
    found = Organisation.objects.filter(pk__in={pk for pk, *_rest in rows}).select_related("merged_into")
    there = {one.pk: one for one in found.prefetch_related("groups", "countries")}
    for pk, kind, key, skeleton in rows:
        heir = _heir(there[pk])
        register.organisations[heir.pk] = heir
        if kind == NameKind.ACRONYM:
            register.by_acronym[key, there[pk].country_id].add(heir.pk)
        else:
            register.by_key[key].add(heir.pk)
            register.by_skeleton[skeleton].add(heir.pk)
    _look_up_people(batch, register)
    return register


def _heir(organisation: Organisation) -> Organisation:
    """Return the organisation that it was merged into in the end, mostly itself."""
    while organisation.merged_into is not None:
        organisation = organisation.merged_into
    return organisation


def _look_up_people(batch: list[Row], register: _Register) -> None:
    addresses = {row.person["email"] for row in batch if row.person.get("email")}
    register.people = known_accounts(addresses) if addresses else {}
    ids = [one.pk for one in register.people.values()]
    if ids:
        terms = LiaisonAppointment.objects.filter(user__in=ids).exclude(state=AppointmentState.ENDED)
        register.liaisons = set(terms.values_list("user", flat=True))
        seats = Membership.objects.filter(user__in=ids).exclude(state=MembershipState.LEFT)
        register.seats = set(seats.values_list("organisation", "user"))


def _only_new_languages(existing: Organisation, row: Row) -> bool:
    """Whether the row names it only in languages in which the register has no name of it yet."""
    there = {language for kind, language, _name in existing.all_names() if kind in {NameKind.NAME, NameKind.OTHER}}
    return not there & {language for language, _name in row.org["names"]}


def changes_of(existing: Organisation, row: Row) -> tuple[list[list[Any]], dict[str, Any]]:
    """Return what the row would change, as [field, old, new], and what is to be written. Empty cells erase nothing."""
    changes: list[list[Any]] = []
    write: dict[str, Any] = {}
    _name_changes(existing, row, changes, write)
    for name in SIMPLE:
        attribute = "country_id" if name == "country" else name
        old, new = getattr(existing, attribute), row.org.get(name)
        if new and new != old:
            changes.append([name, old or "", new])
            write[attribute] = new
    for name in ("groups", "countries"):
        there = {one.pk for one in getattr(existing, name).all()}
        more = [pk for pk in row.org.get(name, ()) if pk not in there]
        if more:
            changes.append([name, sorted(there), more])
            write[name] = more
    _visibility_change(existing, row, changes, write)
    return changes, write


def _visibility_change(existing: Organisation, row: Row, changes: list, write: dict[str, Any]) -> None:
    """A list may hide an organisation further; it never shows one that chose to be less visible."""
    new = row.org.get("visibility")
    if not new or new == existing.visibility:
        return
    if _OPENNESS.index(new) < _OPENNESS.index(existing.visibility):
        row.notes.append(notes.stored("visibility-kept"))
        return
    changes.append(["visibility", existing.visibility, new])
    write["visibility"] = new


def _name_changes(existing: Organisation, row: Row, changes: list, write: dict[str, Any]) -> None:
    """Fill in names; a name that is replaced stays as another name, so that nothing is lost."""
    known = {text.skeleton(name) for _kind, _language, name in existing.all_names()}
    others: list[dict[str, str]] = []
    for language, name in row.org["names"]:
        if text.skeleton(name) in known:
            continue
        attribute = build_localized_fieldname("name", language)
        old = getattr(existing, attribute, "") or ""
        if any(language == shipped.code for shipped in languages.SHIPPED):
            write[attribute] = name
        else:
            others.append({"text": name, "lang": language, "kind": NameKind.OTHER.value})
        if old:
            others.append({"text": old, "lang": language, "kind": NameKind.ALIAS.value})
            row.notes.append(notes.stored("name-kept", old=old))
        changes.append([f"name:{language}", old, name])
    extra = [one for one in other_names(row) if text.skeleton(one["text"]) not in known and one["kind"] != "other"]
    changes += [["former" if one["kind"] == "former" else "alias", "", one["text"]] for one in extra]
    if others or extra:
        write["other_names"] = [*existing.other_names, *others, *extra]


def other_names(row: Row) -> list[dict[str, str]]:
    """Return the names of a row that have no column of their own in the register."""
    shipped = {language.code for language in languages.SHIPPED}
    named = [(name, language, NameKind.OTHER) for language, name in row.org["names"] if language not in shipped]
    named += [(name, "", NameKind.ALIAS) for name in row.org.get("alias", ())]
    named += [(name, "", NameKind.FORMER) for name in row.org.get("former", ())]
    named += [(name, "my", NameKind.ALIAS) for name in row.org.get("zawgyi", ())]
    return [{"text": name, "lang": language, "kind": kind.value} for name, language, kind in named]

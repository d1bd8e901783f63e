"""A list of names and addresses set beside the register: whom each row means, and why somebody cannot be invited."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from portal import text
from stakeholders import likeness
from stakeholders.importing import columns
from stakeholders.importing.reading import Sheet
from stakeholders.importing.workbooks import Unreadable
from stakeholders.models import Membership, Organisation, OrganisationName
from stakeholders.states import MembershipState, NameKind, OrganisationState

LONGEST_NAME = 300
COMPARED = 40  # rows that no name fits, for which nearly the same words are looked for
NEAREST = 5  # of them that a row offers
AT_ONCE = 400  # keys in one question to the database
SALT = "consultations.importing"
_ADDRESS = re.compile(r"[^\s<>(),;:\"\[\]|]+@[^\s<>(),;:\"\[\]|]+")
_BREAKS = re.compile(r"[\t;|]")
_EMPTY = re.compile(r"\(\s*\)|<\s*>|\[\s*\]|mailto:")
_IN_BRACKETS = re.compile(r"(.+?)\s*\(([^()]+)\)")  # a name with its acronym
_EDGES = " \t,;|<>-–—:"


class Fit(StrEnum):
    """What became of one row. The order is that in which a reader looks at them."""

    SEVERAL = "several"
    UNKNOWN = "unknown"
    NEVER = "never"
    CLOSED = "closed"
    THERE = "there"
    TWICE = "twice"
    FOUND = "found"


FITS: dict[Fit, tuple[str, str | Promise]] = {
    Fit.SEVERAL: ("needs", _("several could be meant: choose")),
    Fit.UNKNOWN: ("no", _("not in the register")),
    Fit.NEVER: ("no", _("of a group that is never seated")),
    Fit.CLOSED: ("no", _("cannot be invited")),
    Fit.THERE: ("wait", _("on the list already")),
    Fit.TWICE: ("wait", _("stands in an earlier row")),
    Fit.FOUND: ("ok", _("found")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list: its number, the names it holds, and its addresses."""

    number: int
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the row as a reader knows it."""
        return " · ".join((*self.names[:1], *self.addresses[:1]))


@dataclass(slots=True)
class Match:
    """One row beside the register."""

    line: Line
    fit: Fit
    organisation: Organisation | None = None
    others: list[Organisation] = field(default_factory=list)
    row: int = 0  # the earlier row about the same one

    @property
    def state(self) -> str:
        """Return the state of its badge."""
        return FITS[self.fit][0]

    @property
    def words(self) -> str:
        """Return what became of it, in the reader's language."""
        return str(FITS[self.fit][1])


def pasted(typed: str) -> list[Line]:
    """Return the rows of a text that somebody pasted: a name, an address, or both on each line. Raises Unreadable."""
    lines = [line for line in typed.splitlines() if not text.is_blank(line)]
    if len(lines) > settings.IMPORT_MAX_ROWS:
        raise Unreadable("too-many-rows")
    found = [_line(number, [line]) for number, line in enumerate(typed.splitlines(), 1) if not text.is_blank(line)]
    return [line for line in found if line.names or line.addresses]


def of_sheet(sheet: Sheet) -> list[Line]:
    """Return the rows of an uploaded list. Where the first row names the columns, only those that say who it is."""
    rows = sheet.rows
    wanted: list[int] | None = None
    if rows and columns.is_header(rows[0][1]):
        names = ("name:", "alias", "former", "acronym", "contact_email", "person_email")
        guessed = columns.guessed(rows[0][1])
        wanted = [index for index, column in enumerate(guessed) if column.startswith(names)]
        rows = rows[1:]
    cells = (
        (number, values if wanted is None else [values[index] for index in wanted if index < len(values)])
        for number, values in rows
    )
    found = [_line(number, values) for number, values in cells]
    return [line for line in found if line.names or line.addresses]


def _line(number: int, cells: list[str]) -> Line:
    names: dict[str, None] = {}
    addresses: dict[str, None] = {}
    for cell in map(text.clean, cells):
        for typed in _ADDRESS.findall(cell):
            address = _address(typed)
            if address:
                addresses[address] = None
        for name in _names(_EMPTY.sub(" ", _ADDRESS.sub(" ", cell)).strip(_EDGES)):
            if not text.is_blank(name):
                names[text.opening(name, LONGEST_NAME)] = None
    return Line(number, tuple(names), tuple(addresses))


def _names(rest: str) -> Iterator[str]:
    """Yield the whole, its parts, and a name and an acronym that stand in one part."""
    yield rest
    for part in _BREAKS.split(rest):
        yield part.strip(_EDGES)
        bracketed = _IN_BRACKETS.fullmatch(part.strip(_EDGES))
        yield from bracketed.groups() if bracketed else ()


def _address(typed: str) -> str:
    try:
        return text.clean_address(typed.strip(_EDGES + "."))
    except ValidationError:
        return ""


def folded(lines: list[Line]) -> str:
    """Return the rows as one short text that a form carries along: nothing of the list is kept on the server."""
    return signing.dumps([[one.number, one.names, one.addresses] for one in lines], salt=SALT, compress=True)


def unfolded(carried: str) -> list[Line]:
    """Return the rows that a form carried along. Raises signing.BadSignature."""
    rows = signing.loads(carried, salt=SALT, max_age=settings.SESSION_COOKIE_AGE)
    return [Line(number, tuple(names), tuple(addresses)) for number, names, addresses in rows]


@dataclass(slots=True)
class _Register:
    """What the register knows about the rows: by name, by acronym, by address."""

    by_key: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_acronym: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_address: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    organisations: dict[int, Organisation] = field(default_factory=dict)

    def meant(self, line: Line) -> set[int]:
        """Return who the row may mean. A name goes before an acronym; an address decides among several."""
        keys = [text.comparison_key(name) for name in line.names] + [text.skeleton(name) for name in line.names]
        called = _any(self.by_key, keys) or _any(self.by_acronym, keys)
        written = _any(self.by_address, line.addresses)
        return called & written or called or written


def _any(index: dict[str, set[int]], keys: Iterable[str]) -> set[int]:
    return set().union(*(index.get(key, ()) for key in keys if key))


def _batches(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(values) - {""})
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def _look_up(lines: list[Line]) -> _Register:
    register = _Register()
    names = [name for line in lines for name in line.names]
    for column, keyed in (("key", text.comparison_key), ("skeleton", text.skeleton)):
        for keys in _batches(keyed(name)[:400] for name in names):
            _add_names(register, column, keys)
    for addresses in _batches(address for line in lines for address in line.addresses):
        _add_addresses(register, addresses)
    ids = set().union(*register.by_key.values(), *register.by_acronym.values(), *register.by_address.values())
    for start in range(0, len(ids), AT_ONCE):
        batch = sorted(ids)[start : start + AT_ONCE]
        found = Organisation.objects.filter(pk__in=batch).select_related("country").prefetch_related("groups")
        register.organisations |= {one.pk: one for one in found}
    return register


def _add_names(register: _Register, column: str, keys: list[str]) -> None:
    rows = OrganisationName.objects.filter(**{f"{column}__in": keys})
    for key, kind, pk, heir in rows.values_list(column, "kind", "organisation", "organisation__merged_into"):
        index = register.by_acronym if kind == NameKind.ACRONYM else register.by_key
        index[key].add(heir or pk)


def _add_addresses(register: _Register, addresses: list[str]) -> None:
    """Note whose contact address it is, and for whom somebody of that address acts."""
    own = Organisation.objects.exclude(state=OrganisationState.MERGED).filter(contact_email__in=addresses)
    acting = Membership.objects.filter(state=MembershipState.ACTIVE, user__email__in=addresses)
    for address, pk in (
        *own.values_list("contact_email", "pk"),
        *acting.values_list("user__email", "organisation"),
    ):
        register.by_address[address.casefold()].add(pk)


def matches(consultation: Consultation, lines: list[Line]) -> list[Match]:
    """Return what each row means. Reads, writes nothing."""
    register = _look_up(lines)
    there = set(consultation.invitations.filter(organisation__isnull=False).values_list("organisation", flat=True))
    seen: dict[int, int] = {}
    compared = COMPARED
    found = []
    for line in lines:
        meant = [register.organisations[pk] for pk in sorted(register.meant(line)) if pk in register.organisations]
        if not meant and compared and line.names:
            compared -= 1
            found.append(_nearly(line, there))
            continue
        match = _match(line, meant, there)
        _note_repeat(match, seen)
        found.append(match)
    return found


def _nearly(line: Line, there: set[int]) -> Match:
    """Return a row that no name fits with those that are called nearly the same and can be invited."""
    alike = [one.organisation for one in likeness.look_alikes(Organisation(name=line.names[0]))]
    prefetch_related_objects(alike, "groups")
    free = [one for one in alike if fit_of(one, there) == Fit.FOUND]
    return Match(line, Fit.SEVERAL if free else Fit.UNKNOWN, others=free[:NEAREST])


def _match(line: Line, meant: list[Organisation], there: set[int]) -> Match:
    if not meant:
        return Match(line, Fit.UNKNOWN)
    if len(meant) > 1:
        return _one_of(line, meant, there)
    return Match(line, fit_of(meant[0], there), meant[0])


def _one_of(line: Line, meant: list[Organisation], there: set[int]) -> Match:
    """Return a row that may mean several: those that cannot be invited leave the choice."""
    free = [one for one in meant if fit_of(one, there) == Fit.FOUND]
    if len(free) > 1:
        return Match(line, Fit.SEVERAL, others=free)
    if any(fit_of(one, there) == Fit.THERE for one in meant):
        return Match(line, Fit.THERE, next(one for one in meant if fit_of(one, there) == Fit.THERE))
    chosen = (free or meant)[0]
    return Match(line, fit_of(chosen, there), chosen)


def _note_repeat(match: Match, seen: dict[int, int]) -> None:
    if match.organisation is None:
        return
    before = seen.setdefault(match.organisation.pk, match.line.number)
    if before != match.line.number and match.fit == Fit.FOUND:
        match.fit, match.row = Fit.TWICE, before


def fit_of(organisation: Organisation, there: set[int]) -> Fit:
    """Return whether the organisation can be invited, and else why not."""
    if organisation.pk in there:
        return Fit.THERE
    if organisation.is_never_seated:
        return Fit.NEVER
    return Fit.FOUND if organisation.state == OrganisationState.VERIFIED else Fit.CLOSED

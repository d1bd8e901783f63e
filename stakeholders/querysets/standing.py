"""What a person is today, by mandate, and under which condition the person may see an organisation."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from portal import clock
from portal.models import User
from stakeholders.states import (
    ConvenorRole,
    OrganisationState,
    Role,
    Visibility,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is today, by mandate: convenor, administrator, member of which organisations, liaison of what."""

    convenor: bool = False
    administrator: bool = False
    organisations: frozenset[int] = frozenset()
    speaks_for: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()
    body: int | None = None
    second_factor: bool = False  # said only of those who need one

    @property
    def trusted(self) -> bool:
        """Whether the person's account opens what others must not see, or speaks for an office: two factors."""
        return self.convenor or self.administrator or self.body is not None

    @property
    def member(self) -> bool:
        """Whether the person belongs to an organisation, or convenes: what members may see."""
        return self.convenor or bool(self.organisations)

    def narrowed(self, organisation: int | None) -> "Standing":
        """Return the standing for one of the person's organisations. It never grows: a foreign one changes nothing."""
        if organisation not in self.organisations:
            return self
        only = {organisation}
        return replace(self, organisations=frozenset(only), speaks_for=self.speaks_for & only, leads=self.leads & only)


NOBODY = Standing()
SOMEBODY, SOME_DAY = -987_654_321, date(1, 2, 3)  # in place of the person and the day, and never either
FACTORS = ("totp", "webauthn")
UNSEEN_CODES = Q(type="recovery_codes", data__viewed_at__isnull=True)


def standing_of(user: Any) -> Standing:
    """Return what the person is today. At a browser it counts only with the second step that the part asks for."""
    standing = mandates_of(user)
    lacks_factor = standing.trusted and not standing.second_factor
    return NOBODY if lacks_factor and getattr(user, "in_person", False) else standing


def mandates_of(user: Any) -> Standing:
    """Return what the mandates say. One query, once per user object (that is, once a request)."""
    if not user.is_authenticated:
        return NOBODY
    if not hasattr(user, "_standing"):
        user._standing = _standing(user)  # noqa: SLF001 - the cache lives on the user object on purpose
    return user._standing  # noqa: SLF001


def person(key: int) -> User | None:
    """Return the account and, in the same query, what the person is today; None where there is none."""
    query, values = _asked_of_a_person(connection.vendor)
    own = {SOMEBODY: key, _day(SOME_DAY): _day(clock.today_here())}
    rows: list[Any] = list(User.objects.raw(query, [own.get(value, value) for value in values]))
    if not rows:
        return None
    mandates = [(row.kind, row.mandated, row.role, row.unseen) for row in rows if row.kind]
    rows[0]._standing = _from(mandates)  # noqa: SLF001 - as in `mandates_of`
    return rows[0]


@lru_cache
def _asked_of_a_person(_vendor: str) -> tuple[str, list[Any]]:
    """Return the query with the values of somebody on some day. To build it takes longer than to ask it."""
    asked, values = _mandates(User(pk=SOMEBODY), SOME_DAY).query.sql_with_params()
    account = connection.ops.quote_name(User._meta.db_table)
    query = (
        f"WITH mandate (kind, mandated, role, unseen) AS ({asked}) "  # noqa: S608 - built by Django, values apart
        f"SELECT {account}.*, mandate.* FROM {account} LEFT JOIN mandate ON 1 = 1 WHERE {account}.id = %s"
    )
    return query, [*values, SOMEBODY]


def _day(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)


def _standing(user: Any) -> Standing:
    return _from(list(_mandates(user, clock.today_here())))


def _from(rows: list[tuple[str, int, str, bool]]) -> Standing:
    """Return what the mandates come to."""
    # The database lets nobody hold two offices at once.
    office = next((pk for kind, pk, _role, _unseen in rows if kind == "office"), None)
    # Nobody sits on both sides: whoever speaks for a public body acts for no organisation, whatever the rows say.
    roles = {} if office else {pk: role for kind, pk, role, _unseen in rows if kind == "member"}
    terms = {role for kind, _pk, role, _unseen in rows if kind == "term"}
    factors = {role: unseen for kind, _pk, role, unseen in rows if kind == "factor"}
    return Standing(
        convenor=ConvenorRole.CONVENOR in terms,
        administrator=ConvenorRole.ADMINISTRATOR in terms,
        organisations=frozenset(roles),
        speaks_for=frozenset(pk for pk, role in roles.items() if role != Role.DRAFTER),
        leads=frozenset(pk for pk, role in roles.items() if role == Role.LEAD),
        body=office,
        second_factor=bool(office or terms) and _complete(factors),
    )


def _complete(factors: dict[str, bool]) -> bool:
    """Whether there is a second step, and no recovery codes that came with it are still unseen."""
    return not factors.keys().isdisjoint(FACTORS) and not any(factors.values())


def _mandates(user: Any, today: date) -> QuerySet:
    """Return all of today's mandates by kind, with what each is for and the role; and the ways of a second step.

    One query, whatever the person is. The last column says of recovery codes that nobody has seen them yet.
    """
    offices = _alike(user.appointments.current(today), "office", "body_id", Value("", CharField()))
    members = _alike(user.memberships.current(today), "member", "organisation_id", F("role"))
    terms = _alike(user.convenorships.current(today), "term", "pk", F("role"))
    factors = _alike(Authenticator.objects.filter(user=user.pk), "factor", "pk", F("type"), UNSEEN_CODES)
    return offices.union(members, terms, factors, all=True)


def _alike(rows: QuerySet, kind: str, of: str, role: Any, unseen: Any = None) -> QuerySet:
    """Return the rows in the shape that all parts of the query have."""
    known = Value(value=False) if unseen is None else Case(When(unseen, then=Value(value=True)), default=False)
    return rows.order_by().values_list(Value(kind, CharField()), F(of), role, known)


def has_second_factor(user: Any) -> bool:
    """Whether the person has set up a second step, and has seen the recovery codes that came with it."""
    kinds = Authenticator.objects.filter(user=user.pk)
    return kinds.filter(type__in=FACTORS).exists() and not kinds.filter(UNSEEN_CODES).exists()


def seen_by(user: Any, path: str = "") -> Q:
    """Return the condition under which the person may see an organisation, or the one that a row leads to by the path.

    As a condition, not as a list of keys: so a row that leads to an organisation is checked by looking that one up.
    """
    standing = standing_of(user)
    if standing.convenor:
        return Q()
    shown = [Visibility.PUBLIC, Visibility.MEMBERS] if standing.member else [Visibility.PUBLIC]
    seen = Q(**{f"{path}visibility__in": shown, f"{path}state": OrganisationState.VERIFIED})
    return seen | Q(**{f"{path}pk__in": standing.organisations}) if standing.organisations else seen

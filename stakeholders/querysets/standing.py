"""What a person is today, by mandate, and under which condition the person may see an organisation."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value

from portal import clock
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
    second_factor: bool = False  # read along for those who need one

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


def _standing(user: Any) -> Standing:
    rows = list(_mandates(user, clock.today_here()))
    # The database lets nobody hold two offices at once.
    office = next((pk for kind, pk, _role, _known in rows if kind == "office"), None)
    # Nobody sits on both sides: whoever speaks for a public body acts for no organisation, whatever the rows say.
    roles = {} if office else {pk: role for kind, pk, role, _known in rows if kind == "member"}
    terms = {role for kind, _pk, role, _known in rows if kind == "term"}
    return Standing(
        convenor=ConvenorRole.CONVENOR in terms,
        administrator=ConvenorRole.ADMINISTRATOR in terms,
        organisations=frozenset(roles),
        speaks_for=frozenset(pk for pk, role in roles.items() if role != Role.DRAFTER),
        leads=frozenset(pk for pk, role in roles.items() if role == Role.LEAD),
        body=office,
        second_factor=any(known for _kind, _pk, _role, known in rows),
    )


def _mandates(user: Any, today: date) -> QuerySet:
    """Return all of today's mandates by kind, with what each is for and the role: one query, whatever the person is."""
    known = _second_factor_known()
    offices = _alike(user.appointments.current(today), "office", "body_id", Value("", CharField()), known)
    members = _alike(user.memberships.current(today), "member", "organisation_id", F("role"), Value(value=False))
    terms = _alike(user.convenorships.current(today), "term", "pk", F("role"), known)
    return offices.union(members, terms, all=True)


def _alike(rows: QuerySet, kind: str, of: str, role: Any, known: Any) -> QuerySet:
    """Return the rows in the shape that all parts of the query have."""
    return rows.order_by().values_list(Value(kind, CharField()), F(of), role, known)


def _second_factor_known() -> Any:
    """Return the same as `has_second_factor`, as a column of a query about mandates that is made anyway."""
    kinds = Authenticator.objects.filter(user=OuterRef("user"))
    return Exists(kinds.filter(type__in=FACTORS)) & ~Exists(kinds.filter(UNSEEN_CODES))


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

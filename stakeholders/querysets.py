"""Named reads: which organisations and bodies a person may see, and what a person is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from allauth.mfa.models import Authenticator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from portal import text
from stakeholders.states import (
    AppointmentState,
    ConvenorRole,
    MembershipState,
    OrganisationState,
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


NOBODY = Standing()
FACTORS = ("totp", "webauthn")
UNSEEN_CODES = Q(type="recovery_codes", data__viewed_at__isnull=True)


def standing_of(user: Any) -> Standing:
    """Return what the person is today. At a browser it counts only with the second step that the part asks for."""
    standing = mandates_of(user)
    lacks_factor = standing.trusted and not standing.second_factor
    return NOBODY if lacks_factor and getattr(user, "in_person", False) else standing


def mandates_of(user: Any) -> Standing:
    """Return what the mandates say. Three small queries, once per user object (that is, once a request)."""
    if not user.is_authenticated:
        return NOBODY
    if not hasattr(user, "_standing"):
        user._standing = _standing(user)  # noqa: SLF001 - the cache lives on the user object on purpose
    return user._standing  # noqa: SLF001


def _standing(user: Any) -> Standing:
    today, known = timezone.localdate(), _second_factor_known()
    roles = list(user.memberships.current(today).values_list("organisation_id", "role"))
    terms = dict(user.convenorships.current(today).values_list("role", known))
    office = user.appointments.current(today).values_list("body_id", known).first()
    return Standing(
        convenor=ConvenorRole.CONVENOR in terms,
        administrator=ConvenorRole.ADMINISTRATOR in terms,
        organisations=frozenset(pk for pk, _role in roles),
        speaks_for=frozenset(pk for pk, role in roles if role != "drafter"),
        leads=frozenset(pk for pk, role in roles if role == "lead"),
        body=office[0] if office else None,
        second_factor=any(terms.values()) or bool(office and office[1]),
    )


def _second_factor_known() -> Any:
    """Return the same as `has_second_factor`, as a column of a query about mandates that is made anyway."""
    kinds = Authenticator.objects.filter(user=OuterRef("user"))
    return Exists(kinds.filter(type__in=FACTORS)) & ~Exists(kinds.filter(UNSEEN_CODES))


def has_second_factor(user: Any) -> bool:
    """Whether the person has set up a second step, and has seen the recovery codes that came with it."""
    kinds = Authenticator.objects.filter(user=user.pk)
    return kinds.filter(type__in=FACTORS).exists() and not kinds.filter(UNSEEN_CODES).exists()


class DatedQuerySet(models.QuerySet):
    """Rows that hold from one day to another."""

    def dated(self, day: date) -> Self:
        """Rows that hold on the day: a mandate ends with its last day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class ConvenorshipQuerySet(DatedQuerySet):
    """Reads of convenorships."""

    def current(self, day: date) -> Self:
        """Convenorships that hold on the day, of convenors and of administrators."""
        return self.dated(day)

    def convening(self, day: date) -> Self:
        """Convenorships of convenors that hold on the day."""
        return self.dated(day).filter(role=ConvenorRole.CONVENOR)


class MembershipQuerySet(DatedQuerySet):
    """Reads of memberships."""

    def current(self, day: date) -> Self:
        """Active memberships whose mandate holds on the day, in organisations that are not suspended."""
        return self.dated(day).filter(state=MembershipState.ACTIVE, organisation__state=OrganisationState.VERIFIED)

    def visible_to(self, user: Any) -> Self:
        """All for convenors; for others their own, and those of organisations they act for."""
        standing = standing_of(user)
        if standing.convenor:
            return self
        return self.filter(Q(user=user.pk) | Q(organisation__in=standing.organisations))

    def answerable_by(self, user: Any) -> Self:
        """Open requests that the person may answer: a convenor all, a lead those of their own, nobody themselves."""
        standing = standing_of(user)
        others = self.open_requests().exclude(user=user.pk)
        return others if standing.convenor else others.filter(organisation__in=standing.leads)

    def open_requests(self) -> Self:
        """People who ask to join and wait for an answer."""
        return self.filter(state=MembershipState.REQUESTED).select_related("user", "organisation")


class AppointmentQuerySet(DatedQuerySet):
    """Reads of liaison appointments."""

    def current(self, day: date) -> Self:
        """Active appointments that hold on the day."""
        return self.dated(day).filter(state=AppointmentState.ACTIVE)


class OrganisationQuerySet(models.QuerySet):
    """Reads of the register."""

    def visible_to(self, user: Any) -> Self:
        """Organisations whose page the person may open.

        Withheld ones exist for convenors and for their own people only; for everybody else they are a description.
        """
        standing = standing_of(user)
        if standing.convenor:
            return self
        seen = Q(visibility=Visibility.PUBLIC)
        if standing.member:
            seen |= Q(visibility=Visibility.MEMBERS)
        return self.filter(seen & Q(state=OrganisationState.VERIFIED) | Q(pk__in=standing.organisations))

    def invitable(self) -> Self:
        """Verified organisations of groups that may be seated at all."""
        return self.filter(state=OrganisationState.VERIFIED).exclude(groups__hearing="never")

    def of_group(self, group: Any) -> Self:
        """Those of the group; all where there is none."""
        return self.filter(groups=group) if group else self

    def of_country(self, country: Any) -> Self:
        """Those of the country; all where there is none."""
        return self.filter(country=country) if country else self

    def for_list(self) -> Self:
        """With what a row of a list shows, in a fixed number of queries."""
        return self.select_related("country").prefetch_related("groups").order_by("name_key", "pk")


class PublicBodyQuerySet(models.QuerySet):
    """Reads of public bodies, which are public themselves."""

    def visible_to(self, _user: Any) -> Self:
        """Everybody may see every public body."""
        return self

    def standing_on(self, day: date) -> Self:
        """Bodies that existed on the day: an old edition keeps the old name."""
        return self.filter(
            Q(since__isnull=True) | Q(since__lte=day),
            Q(until__isnull=True) | Q(until__gte=day),
        )

    def for_list(self) -> Self:
        """With country, successor and predecessors; those of today before those of the past."""
        return (
            self.select_related("country", "successor")
            .prefetch_related("predecessors")
            .order_by(models.F("until").desc(nulls_first=True), "name")
        )


class NameQuerySet(models.QuerySet):
    """Reads of the table of names, and its renewal."""

    def renew(self, organisations: Iterable[Any]) -> None:
        """Write the names of the organisations anew. What did not change is not written again."""
        organisations = list(organisations)
        wanted = {
            (one.pk, kind, language, name): None for one in organisations for kind, language, name in one.all_names()
        }
        for row in self.filter(organisation__in=organisations):
            if wanted.pop((row.organisation_id, row.kind, row.language, row.text), row) is row:
                row.delete()
        self.bulk_create(
            self.model(
                organisation_id=pk,
                kind=kind,
                language=language,
                text=name[:300],
                key=text.comparison_key(name)[:400],
                skeleton=text.skeleton(name)[:400],
            )
            for pk, kind, language, name in wanted
        )


class LinkQuerySet(models.QuerySet):
    """Reads of ties between organisations."""

    def visible_to(self, user: Any) -> Self:
        """Ties of which the person may see both ends: a tie to a withheld organisation would point at it."""
        seen = self.model._meta.get_field("organisation").related_model.objects.visible_to(user)
        return self.filter(Q(other__isnull=True) | Q(other__in=seen), organisation__in=seen)


class TermsQuerySet(models.QuerySet):
    """Reads of the terms of reference."""

    def visible_to(self, _user: Any) -> Self:
        """Everybody may read every version."""
        return self

    def in_force(self, day: date) -> Any:
        """Return the version in force on the day; None where there is none yet."""
        return self.filter(since__lte=day).order_by("-number").first()


class ImportQuerySet(models.QuerySet):
    """Reads of imports."""

    def visible_to(self, user: Any) -> Self:
        """Each convenor sees their own: a list may hold names that its uploader alone was given."""
        return self.filter(by=user.pk) if standing_of(user).convenor else self.none()

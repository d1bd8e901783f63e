"""Named reads: which organisations and bodies a person may see, and what a person is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

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

SUCCESSIONS = 3  # an office is followed through this many reforms of the government


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is today, by mandate: convenor, administrator, member of which organisations, liaison of what."""

    convenor: bool = False
    administrator: bool = False
    organisations: frozenset[int] = frozenset()
    speaks_for: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()
    body: int | None = None

    @property
    def trusted(self) -> bool:
        """Whether the person's account opens what others must not see, or speaks for an office: two factors."""
        return self.convenor or self.administrator or self.body is not None

    @property
    def member(self) -> bool:
        """Whether the person belongs to an organisation, or convenes: what members may see."""
        return self.convenor or bool(self.organisations)


NOBODY = Standing()


def standing_of(user: Any) -> Standing:
    """Return what the person is today. Three small queries, once per user object (that is, once a request)."""
    if not user.is_authenticated:
        return NOBODY
    if not hasattr(user, "_standing"):
        user._standing = _standing(user)  # noqa: SLF001 - the cache lives on the user object on purpose
    return user._standing  # noqa: SLF001


def _standing(user: Any) -> Standing:
    today = timezone.localdate()
    roles = list(user.memberships.current(today).values_list("organisation_id", "role"))
    terms = set(user.convenorships.current(today).values_list("role", flat=True))
    return Standing(
        convenor=ConvenorRole.CONVENOR in terms,
        administrator=ConvenorRole.ADMINISTRATOR in terms,
        organisations=frozenset(pk for pk, _role in roles),
        speaks_for=frozenset(pk for pk, role in roles if role != "drafter"),
        leads=frozenset(pk for pk, role in roles if role == "lead"),
        body=user.appointments.current(today).values_list("body_id", flat=True).first(),
    )


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

    def visible_to(self, user: Any) -> Self:
        """Terms are kept by administrators."""
        return self if standing_of(user).administrator else self.none()

    def not_over(self, day: date) -> Self:
        """Terms that hold or are still to begin, with their people; administrators after convenors."""
        open_end = Q(until__isnull=True) | Q(until__gte=day)
        return self.filter(open_end).select_related("user").order_by("-role", "user__full_name", "pk")


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

    def visible_to(self, user: Any) -> Self:
        """All for administrators; for others their own, once an administrator stands behind it."""
        if standing_of(user).administrator:
            return self
        return self.with_approval().filter(user=user.pk, approved=True)

    def with_approval(self) -> Self:
        """With `approved`: whether it was made or approved by an administrator, not only asked for by a colleague."""
        left_since = Q(state=AppointmentState.ENDED, updated_at__gte=OuterRef("created_at"))
        there = Q(state=AppointmentState.ACTIVE) | left_since
        colleague = self.model.objects.filter(there, body=OuterRef("body"), user=OuterRef("by"))
        waits = Q(state=AppointmentState.PROPOSED) & (Q(by=None) | Exists(colleague))
        return self.annotate(approved=models.ExpressionWrapper(~waits, output_field=models.BooleanField()))

    def ran_out(self, day: date) -> Self:
        """Active appointments whose last day is over."""
        return self.filter(state=AppointmentState.ACTIVE, until__lt=day)

    def not_over(self) -> Self:
        """Proposed and active ones, with office and person."""
        return self.exclude(state=AppointmentState.ENDED).select_related(
            "body__successor", "body__country", "user", "by"
        )


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

    def with_successors(self, bodies: Any) -> Self:
        """The given bodies (their ids, as a subquery), and those that took over from them."""
        found = Q(pk__in=bodies)
        for step in range(1, SUCCESSIONS + 1):
            found |= Q(**{"__".join(["predecessors"] * step) + "__in": bodies})
        return self.filter(pk__in=self.model.objects.filter(found).order_by().values("pk"))

    def standing_today(self) -> Self:
        """Bodies that nobody took over from and that have not ended."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()), successor=None)

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

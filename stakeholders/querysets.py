"""Named reads: which organisations and bodies a person may see, and what a person is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
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
        return self.filter(seen_by(user))

    def invitable(self) -> Self:
        """Verified organisations of groups that may be seated at all."""
        return self.filter(state=OrganisationState.VERIFIED).exclude(groups__hearing="never")

    def went_elsewhere(self, user: Any) -> Self:
        """Records that went into another one, and whose name the person might see: old addresses lead on for them."""
        seen = {Visibility.PUBLIC, Visibility.MEMBERS} if standing_of(user).member else {Visibility.PUBLIC}
        return self.filter(state=OrganisationState.MERGED, visibility__in=seen)

    def register_of(self, user: Any) -> Self:
        """Those that the person's register lists: what went into another record is found under that one."""
        found = self.visible_to(user)
        return found.exclude(state=OrganisationState.MERGED) if standing_of(user).convenor else found

    def of_groups(self, groups: Iterable[Any]) -> Self:
        """Those of one of the groups, each once."""
        through = self.model.groups.through.objects.filter(stakeholdergroup__in=list(groups))
        return self.filter(pk__in=through.values("organisation"))

    def seated(self) -> Self:
        """Those that count on the stakeholder map: what was only applied for, or is over, does not."""
        return self.filter(state=OrganisationState.VERIFIED)

    def called(self, typed: str) -> Self:
        """Those of which one name, in whatever language, holds all that was typed; all where nothing was.

        The words are looked for inside the comparison key: Thai, Lao, Khmer and Burmese have no spaces to split at.
        """
        words = text.comparison_key(typed).split()
        if not words:
            return self
        names = self._related("names")
        for word in words:
            names = names.filter(key__contains=word)
        return self.filter(pk__in=names.values("organisation"))

    def with_trait(self, kind: str, code: str) -> Self:
        """Those with the trait."""
        return self.filter(pk__in=self._related("traits").filter(kind=kind, code=code).values("organisation"))

    def working_in(self, language: str) -> Self:
        """Those that work in the language. Their languages stand in one field, parted by spaces."""
        first, last, between = Q(languages__startswith=f"{language} "), f" {language}", f" {language} "
        inside = Q(languages__endswith=last) | Q(languages__contains=between)
        return self.filter(Q(languages=language) | first | inside)

    def _related(self, name: str) -> models.QuerySet:
        return self.model._meta.get_field(name).related_model.objects.all()

    def for_file(self) -> Self:
        """With what a row of an export holds in its own table."""
        return self.select_related("country").defer("evidence", "introduction")

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
        other = Q(other__isnull=True) | seen_by(user, "other__") if seen_by(user) else Q()
        return self.filter(seen_by(user, "organisation__") & other)


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

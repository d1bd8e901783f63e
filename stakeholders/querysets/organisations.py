"""Reads of the register: organisations, their names and ties, the terms, imports."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower

from portal import text
from stakeholders.querysets.standing import (
    seen_by,
    standing_of,
)
from stakeholders.states import (
    ELSEWHERE,
    ImportState,
    Level,
    LinkKind,
    NameKind,
    OrganisationState,
    Visibility,
)


class OrganisationQuerySet(models.QuerySet):
    """Reads of the register."""

    def visible_to(self, user: Any) -> Self:
        """Organisations whose page the person may open.

        Withheld ones exist for convenors and for their own people only; for everybody else they are a description.
        A record that was merged has no page any more: its address leads to the one that was kept.
        """
        return self.filter(seen_by(user)).exclude(state=OrganisationState.MERGED)

    def invitable(self) -> Self:
        """Verified organisations of groups that may be seated at all."""
        return self.filter(state=OrganisationState.VERIFIED).exclude(groups__hearing="never")

    def networks(self) -> Self:
        """Organisations that others belong to: above one country, or tied to as a network."""
        found = Q(level__in=(Level.REGIONAL, Level.GLOBAL)) | Q(linked_from__kind=LinkKind.NETWORK)
        return self.filter(found).distinct()

    def applied_by(self, user: Any) -> Self:
        """Applications that are the person's business: who sent it signed in, or has proved the contact address."""
        proved = user.emailaddress_set.filter(verified=True).values(lowered=Lower("email"))
        return self.filter(Q(applicant=user.pk) | Q(contact_email__in=proved), applied_at__isnull=False)

    def civil_society(self) -> Self:
        """Those that may speak as civil society: the others are heard on their own bench and adopt nothing."""
        return self.filter(conflict="").exclude(groups__hearing__in=ELSEWHERE)

    def waiting(self) -> Self:
        """Applications that nobody decided on yet."""
        return self.filter(~self._appealed(), state=OrganisationState.APPLIED)

    def appealing(self) -> Self:
        """Refused ones that appealed and wait for another convenor."""
        return self.filter(self._appealed(), state=OrganisationState.APPLIED)

    def _appealed(self) -> models.Exists:
        decisions = self.model._meta.get_field("decisions").related_model.objects
        return models.Exists(decisions.filter(organisation=models.OuterRef("pk"), appeal__isnull=False))

    def to_retest(self, day: date) -> Self:
        """Verified ones that were to be looked at again by the day."""
        return self.filter(state=OrganisationState.VERIFIED, retest_on__lte=day)

    def desk_counts(self, day: date) -> dict[str, int]:
        """Return what waits for the convenors, in one query: applications, appeals, tests due, the rest."""
        of_state = {
            name: models.Count("pk", filter=Q(state=state))
            for name, state in (("suspended", OrganisationState.SUSPENDED), ("refused", OrganisationState.REFUSED))
        }
        applied = Q(state=OrganisationState.APPLIED)
        return self.aggregate(
            applications=models.Count("pk", filter=applied & ~Q(self._appealed())),
            appeals=models.Count("pk", filter=applied & Q(self._appealed())),
            retests=models.Count("pk", filter=Q(state=OrganisationState.VERIFIED, retest_on__lte=day)),
            **of_state,
        )

    def oldest_first(self) -> Self:
        """Those that applied or were written down first on top."""
        return self.order_by(Coalesce("applied_at", "created_at"), "pk")

    def went_elsewhere(self, user: Any) -> Self:
        """Records that went into another one, and whose name the person might see: old addresses lead on for them."""
        standing = standing_of(user)
        shown = [Visibility.PUBLIC, Visibility.MEMBERS] if standing.member else [Visibility.PUBLIC]
        gone = self.filter(state=OrganisationState.MERGED, merged_into__isnull=False)
        return gone if standing.convenor else gone.filter(visibility__in=shown)

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
        return self.defer("evidence", "introduction")

    def for_list(self) -> Self:
        """With what a row of a list shows, in a fixed number of queries."""
        return self.select_related("country").prefetch_related("groups").order_by("name_key", "pk")


class NameQuerySet(models.QuerySet):
    """Reads of the table of names, and its renewal."""

    def standing(self) -> Self:
        """Names of organisations that still are one: neither merged nor dissolved."""
        gone = (OrganisationState.MERGED, OrganisationState.DISSOLVED)
        # As the few that are gone, not as a join: who searches inside names reads this table alone, from end to end.
        organisations = self.model._meta.get_field("organisation").related_model.objects
        return self.exclude(organisation__in=organisations.filter(state__in=gone).order_by().values("pk"))

    def doubles(self) -> Self:
        """Who meets under one skeleton: the oldest record and the newest. Acronyms do not count."""
        # First, out of the index alone, what is there more than once: that is little in a long register.
        often = self.order_by().values("skeleton").annotate(often=models.Count("pk")).filter(often__gt=1)
        named = self.standing().filter(skeleton__in=often.values("skeleton")).order_by()
        named = named.exclude(kind=NameKind.ACRONYM).exclude(skeleton="")
        met = named.values("skeleton").annotate(first=models.Min("organisation"), last=models.Max("organisation"))
        # Two records that share two names are one row.
        return met.filter(last__gt=models.F("first")).values("first", "last").distinct().order_by("first", "last")

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

    def due(self, now: datetime) -> Self:
        """Imports at which a worker has something to do, and none is: its claim is over where it was killed."""
        waiting = self.filter(state__in=(ImportState.UPLOADED, ImportState.MAPPED, ImportState.APPROVED))
        return waiting.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))

    def forgotten(self, before: datetime) -> Self:
        """Imports that were begun before and never ended."""
        ended = (ImportState.DONE, ImportState.REFUSED, ImportState.DROPPED)
        return self.filter(created_at__lt=before).exclude(state__in=ended)

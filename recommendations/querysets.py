"""Named reads from submissions to the trail: visible to whom, due when, with which counts."""

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Prefetch, Q
from django.utils import timezone

from recommendations.states import StatementState, SubmissionState
from stakeholders.querysets import standing_of

SENT_IN = (
    SubmissionState.SUBMITTED,
    SubmissionState.LATE,
    SubmissionState.IN_TREATMENT,
)
PUBLIC = (StatementState.PUBLISHED,)


class SubmissionQuerySet(models.QuerySet):
    """Reads of submissions."""

    def visible_to(self, user: Any) -> Self:
        """Own organisations' ones; for convenors also all that were sent in."""
        standing = standing_of(user)
        own = Q(organisation__in=standing.organisations)
        return (
            self.filter(own | ~Q(state=SubmissionState.DRAFT))
            if standing.convenor
            else self.filter(own)
        )

    def sent_in(self) -> Self:
        """What may be worked into the common text."""
        return self.filter(state__in=SENT_IN)

    def untreated(self) -> Self:
        """Sent in and not yet decided on."""
        return self.sent_in().filter(treatment="")

    def for_list(self) -> Self:
        """With what a row shows, in a fixed number of queries."""
        return self.select_related(
            "section", "theme", "organisation", "consultation"
        ).prefetch_related("addressees", "organisation__groups")


class StatementQuerySet(models.QuerySet):
    """Reads of statements."""

    def visible_to(self, user: Any) -> Self:
        """Published ones for everybody; drafts for convenors; tabled ones also for organisations that accepted."""
        standing = standing_of(user)
        if standing.convenor:
            return self
        seen = Q(state__in=PUBLIC)
        if standing.organisations:
            there = Q(
                consultation__invitations__organisation__in=standing.organisations
            ) & Q(consultation__invitations__state="accepted")
            seen |= Q(
                pk__in=self.model.objects.filter(
                    there, state__in=["tabled", "adopted"]
                ).values("pk")
            )
        return self.filter(seen)

    def published(self) -> Self:
        """What everybody may read, the latest adoption first."""
        return self.filter(state__in=PUBLIC).order_by("-adoption__adopted_on", "-id")

    def for_list(self) -> Self:
        """With what a row of the public list shows."""
        return self.select_related("consultation__country", "adoption").annotate(
            item_count=Count(
                "editions__items", filter=Q(editions__number=F("current_edition"))
            )
        )


class EditionQuerySet(models.QuerySet):
    """Reads of editions."""

    def visible_to(self, user: Any) -> Self:
        """Editions of statements that are published; for convenors all."""
        return (
            self
            if standing_of(user).convenor
            else self.filter(published_at__isnull=False)
        )

    def for_reading(self) -> Self:
        """With its items, their addressees and published responses, in a fixed number of queries."""
        items = self.model.items.rel.related_model.objects.for_reading()
        return self.select_related(
            "statement__consultation__country", "statement__adoption"
        ).prefetch_related(Prefetch("items", queryset=items))


class ItemQuerySet(models.QuerySet):
    """Reads of adopted items."""

    def visible_to(self, user: Any) -> Self:
        """Items of visible editions."""
        return (
            self
            if standing_of(user).convenor
            else self.filter(edition__published_at__isnull=False)
        )

    def for_reading(self) -> Self:
        """With section, theme, addressees and published responses."""
        responses = (
            self.model.responses.rel.related_model.objects.published().select_related(
                "body"
            )
        )
        return self.select_related("section", "theme").prefetch_related(
            "addressees",
            Prefetch("responses", queryset=responses, to_attr="published_responses"),
        )


class ConveyanceQuerySet(models.QuerySet):
    """Reads of conveyances."""

    def visible_to(self, user: Any) -> Self:
        """All for convenors; those addressed to the own office for liaisons; published ones for everybody."""
        standing = standing_of(user)
        if standing.convenor:
            return self
        seen = Q(public=True) & ~Q(state="prepared")
        if standing.body:
            seen |= Q(body_id=standing.body) & ~Q(state="prepared")
        return self.filter(seen)

    def addressed_to(self, body: int | None) -> Self:
        """Conveyances to one office, that were sent."""
        return self.filter(body_id=body).exclude(state="prepared")

    def overdue(self, today: date | None = None) -> Self:
        """Sent so long ago that an answer should be here."""
        day = (today or timezone.localdate()) - timedelta(
            days=settings.REPLY_EXPECTED_DAYS
        )
        return self.filter(sent_on__lte=day).exclude(
            state__in=["prepared", "answered", "returned"]
        )


class ResponseQuerySet(models.QuerySet):
    """Reads of responses."""

    def visible_to(self, user: Any) -> Self:
        """Published ones for everybody; drafts for the own office."""
        standing = standing_of(user)
        own = Q(body_id=standing.body) if standing.body else Q(pk__in=[])
        return self.filter(Q(published_at__isnull=False) | own)

    def published(self) -> Self:
        """What everybody may read, the latest first: a later answer is a new entry, the old one stays."""
        return self.filter(published_at__isnull=False).order_by("-published_at", "-id")

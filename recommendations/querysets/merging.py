"""Reads of what is alike, and of what organisations were told."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from consultations.querysets import convened_by
from recommendations.states import (
    FateState,
)
from stakeholders.querysets import standing_of


class GroupingQuerySet(models.QuerySet):
    """Reads of searches for what is alike."""

    def due(self, now: datetime) -> Self:
        """Asked for and not finished, and no worker is at it: a killed worker's claim runs out."""
        return self.filter(asked_at__isnull=False).filter(Q(claimed_until=None) | Q(claimed_until__lt=now))

    def behind(self) -> Self:
        """Finished, and something came in since that was compared with nothing, or was translated since."""
        submission = self.model.consultation.field.related_model.submissions.rel.related_model
        sent = submission.objects.sent_in().filter(consultation=OuterRef("consultation"))
        new = sent.filter(Q(likeness=None) | Q(likeness__digest=""))
        return self.filter(Exists(new), asked_at=None, failed=False)


class LikeGroupQuerySet(models.QuerySet):
    """Reads of groups of submissions that are alike."""

    def with_members(self, within: Any) -> Self:
        """Those with two members or more among the submissions, with `size`, `undecided` and `alike` read.

        Those with most that nobody decided on stand first, and what is done stands last.
        """
        member = self.model.members.rel.related_model
        read = within.select_related("section", "theme", "organisation").order_by("id")
        found = member.objects.filter(submission__in=within).prefetch_related(Prefetch("submission", read))
        counted = Q(members__submission__in=within)
        sizes = self.annotate(
            size=Count("members", filter=counted),
            undecided=Count("members", filter=counted & Q(members__submission__treatment="")),
        ).filter(size__gte=2)
        return sizes.order_by("-undecided", "-size", "id").prefetch_related(
            Prefetch("members", found.order_by("submission"), "alike")
        )


class FateQuerySet(models.QuerySet):
    """Reads of what organisations were told of their points."""

    def visible_to(self, user: Any) -> Self:
        """Of the own organisations; for the convenors of the consultation all."""
        own = Q(letter__organisation__in=standing_of(user).organisations)
        return self.filter(own | convened_by(user, "letter__consultation"))

    def with_newer(self) -> Self:
        """With whether something newer was told of the same point (`newer`)."""
        newer = self.model.objects.filter(submission=OuterRef("submission"), pk__gt=OuterRef("pk"))
        return self.annotate(newer=Exists(newer))

    def newest(self) -> Self:
        """The newest of each submission."""
        return self.with_newer().filter(newer=False)

    def objections(self) -> Self:
        """Objections that the desk has not settled."""
        return self.filter(state=FateState.OBJECTED)

    def for_list(self) -> Self:
        """With the point, its section and sender, the words as told and the recommendations they are of."""
        related = ("letter__consultation", "letter__organisation", "submission__section", "submission__organisation")
        told = ("revisions__recommendation__section", "submission__organisation__groups", "submission__referral__body")
        read = self.with_newer().select_related(*related)
        return read.prefetch_related(*told, "submission__referral__consultation")

"""Reads of what follows an edition: who signed on, corrections, items proposed upward."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from consultations.querysets import convened_by


class EndorsementQuerySet(models.QuerySet):
    """Reads of what was signed on later."""

    def visible_to(self, user: Any) -> Self:
        """Those of published editions for everybody; an organisation's name is asked of the organisation itself."""
        return self.filter(
            Q(edition__published_at__isnull=False) | convened_by(user, "edition__statement__consultation")
        )

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def for_list(self) -> Self:
        """With the organisation and what describes it."""
        return self.select_related("organisation").prefetch_related("organisation__groups")


class CorrigendumQuerySet(models.QuerySet):
    """Reads of corrigenda."""

    def visible_to(self, user: Any) -> Self:
        """Issued ones for everybody; all for the statement's own convenors."""
        return self.filter(Q(state="issued") | convened_by(user, "statement__consultation"))

    def open(self) -> Self:
        """What is being prepared: one at most of each statement."""
        return self.filter(state__in=["draft", "proposed"])

    def for_desk(self) -> Self:
        """With the statement, its consultation with the convenors, and the edition that is corrected."""
        related = self.select_related("statement__consultation", "corrects", "by")
        return related.prefetch_related("statement__consultation__convenors")


class ProposalQuerySet(models.QuerySet):
    """Reads of items that were proposed upward."""

    def visible_to(self, user: Any) -> Self:
        """Taken up ones for everybody once adopted there; all for the convenors of either side."""
        adopted = Q(state="taken_up", recommendation__items__edition__published_at__isnull=False)
        seen = adopted | convened_by(user) | convened_by(user, "item__edition__statement__consultation")
        return self.filter(pk__in=self.model.objects.filter(seen).values("pk"))

    def waiting(self) -> Self:
        """Proposed, and not settled yet."""
        return self.filter(state="proposed")

    def for_desk(self) -> Self:
        """With the item and where it comes from, and where it is proposed to."""
        return self.select_related(
            "item__edition__statement__consultation__country", "item__section", "consultation", "recommendation"
        )

    def origins_and_ends(self, recommendation: int | None, item: dict[str, Any]) -> Self:
        """What went into the recommendation, and what became of the item, in whichever edition it was proposed."""
        origin = Q(recommendation=recommendation) if recommendation else Q(pk__in=[])
        return self.filter(origin | Q(**item))

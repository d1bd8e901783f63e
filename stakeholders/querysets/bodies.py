"""Reads of public bodies, which are public themselves."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

SUCCESSIONS = 3  # an office is followed through this many reforms of the government


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

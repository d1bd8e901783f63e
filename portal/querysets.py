"""Named reads of the kit's own tables."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, Max, Q


class LogQuerySet(models.QuerySet):
    """Reads of the log."""

    def done_by(self, person: Any) -> Self:
        """What the person did."""
        return self.filter(actor=person)

    def under(self, topic: str) -> Self:
        """What is listed under one thing, such as a consultation."""
        return self.filter(topic=topic)


class MessageQuerySet(models.QuerySet):
    """Reads of the outbox."""

    def due(self, at: datetime) -> Self:
        """Messages to try now: queued, deferred, or left `sending` by a worker that is gone."""
        return self.filter(
            Q(leased_until__isnull=True) | Q(leased_until__lt=at),
            state__in=["queued", "deferred", "sending"],
            next_try_at__lte=at,
        )

    def waiting(self) -> Self:
        """Messages that are still to be sent, at whatever hour."""
        return self.filter(state__in=["queued", "deferred", "sending"])

    def about(self, topic: str) -> Self:
        """Messages that belong to one thing, such as one consultation."""
        return self.filter(topic=topic)

    def next_version(self, purpose: str, subjects: Iterable[int]) -> int:
        """Return the number of the next mail of the purpose about these things: each sending is an event of its own."""
        before = self.filter(purpose=purpose, subject_id__in=list(subjects))
        return (before.aggregate(last=Max("version"))["last"] or 0) + 1

    def tally(self) -> dict[str, int]:
        """Return how many messages are in each state, in one query."""
        return dict(self.order_by().values_list("state").annotate(Count("id")))

"""Named reads of the programme and of the official calendar."""

from datetime import date
from typing import Any, Self

from django.db import models

from consultations.querysets.consultations import convened_by
from stakeholders.querysets import standing_of


class SessionQuerySet(models.QuerySet):
    """Reads of sessions."""

    def visible_to(self, user: Any) -> Self:
        """Those of consultations that the person may see."""
        consultations = self.model._meta.get_field("consultation").related_model.objects.visible_to(user)
        return self.filter(consultation__in=consultations.order_by().values("pk"))

    def convened_by(self, user: Any) -> Self:
        """Those of consultations that the person convenes, today."""
        return self.filter(convened_by(user))

    def for_programme(self) -> Self:
        """In the order of the programme, each with its country and its points of the agenda in `items.all`."""
        return (
            self.select_related("country", "rapporteur").prefetch_related("items").order_by(*self.model._meta.ordering)
        )


class MeetingQuerySet(models.QuerySet):
    """Reads of the official calendar."""

    def visible_to(self, user: Any) -> Self:
        """All for convenors, who keep the list; others read on a page what the consultation works towards."""
        return self if standing_of(user).convenor else self.none()

    def ahead(self, day: date) -> Self:
        """Not over on the day, the next one first."""
        return self.filter(ends_on__gte=day).order_by("starts_on", "id")

    def over(self, day: date) -> Self:
        """Over on the day, the latest first."""
        return self.filter(ends_on__lt=day).order_by("-starts_on", "-id")

    def for_list(self) -> Self:
        """With what a row of the list shows, and how many consultations work towards each."""
        return self.select_related("body", "country").annotate(works=models.Count("consultations"))

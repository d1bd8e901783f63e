"""Named reads of papers: those for everybody, and those for who takes part."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from consultations.querysets.consultations import convened_by


class PaperQuerySet(models.QuerySet):
    """Reads of papers."""

    def visible_to(self, user: Any) -> Self:
        """Public ones where the person sees the consultation; the rest for its participants and its convenors."""
        consultations = self.model._meta.get_field("consultation").related_model.objects
        seen = consultations.visible_to(user).exclude(state="draft").order_by().values("pk")
        part = consultations.with_part_of(user).order_by().values("pk")
        return self.filter(Q(public=True, consultation__in=seen) | Q(consultation__in=part) | convened_by(user))

    def for_everybody(self) -> Self:
        """Those that are public."""
        return self.filter(public=True)

    def for_page(self) -> Self:
        """In the order in which they were added, each with its session."""
        return self.select_related("session").order_by("at", "pk")

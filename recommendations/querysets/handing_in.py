"""Reads of what goes with a submission: sources with their senders, co-submitters, evidence, late codes."""

from typing import Any, Self

from django.db import models
from django.db.models import F

from consultations.querysets import convened_by
from recommendations.states import IN_IT, UNSENT, CoSubmissionState


class CoSubmitterQuerySet(models.QuerySet):
    """Reads of co-submitters."""

    def visible_to(self, user: Any) -> Self:
        """Those of submissions that the person sees."""
        seen = self.model.submission.field.related_model.objects.visible_to(user)
        return self.filter(submission__in=seen)

    def in_it(self) -> Self:
        """Those that are asked or agreed."""
        return self.filter(state__in=IN_IT)

    def open_to(self, organisations: Any) -> Self:
        """What the organisations are asked and did not answer yet, of what is still to be sent in."""
        asked = self.filter(organisation__in=organisations, state=CoSubmissionState.ASKED, asked_version__gt=0)
        return asked.filter(submission__state__in=UNSENT).order_by("pk")

    def for_list(self) -> Self:
        """With what a row shows."""
        return self.select_related("submission__consultation", "organisation")

    def missing(self) -> Self:
        """Those that have not agreed to the words as they are."""
        return self.in_it().exclude(state=CoSubmissionState.AGREED, agreed_version=F("submission__version"))


class EvidenceQuerySet(models.QuerySet):
    """Reads of evidence."""

    def visible_to(self, user: Any) -> Self:
        """That of submissions that the person sees: the own organisations', and for convenors what was sent in."""
        seen = self.model.submission.field.related_model.objects.visible_to(user)
        return self.filter(submission__in=seen)


class LateCodeQuerySet(models.QuerySet):
    """Reads of late codes."""

    def visible_to(self, user: Any) -> Self:
        """Those of the convenors' own consultations."""
        return self.filter(convened_by(user))

    def standing(self) -> Self:
        """Those that were not revoked; their time may be over."""
        return self.filter(revoked_at=None)

"""Reads of circulated versions, of comments on them, and of amendments."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from consultations.querysets import convened_by
from recommendations.states import AmendmentState, CommentState
from stakeholders.querysets import standing_of

WITHDRAWN = Q(state=CommentState.WITHDRAWN)  # amendments have the same word


def taking_part(user: Any, path: str) -> Q:
    """Where an own organisation accepted the invitation to the consultation at the path, or the person convenes it."""
    organisations = standing_of(user).organisations
    seen = convened_by(user, path)
    if organisations:
        here = {f"{path}__invitations__organisation__in": organisations, f"{path}__invitations__state": "accepted"}
        seen |= Q(**here)
    return seen


class CirculatedVersionQuerySet(models.QuerySet):
    """Reads of circulated versions."""

    def visible_to(self, user: Any) -> Self:
        """For the convenors of the consultation, and for everybody of an organisation that accepted."""
        seen = self.model.objects.order_by().filter(taking_part(user, "statement__consultation"))
        return self.filter(pk__in=seen.values("pk"))

    def with_newer(self) -> Self:
        """With whether a newer version was circulated (`newer`)."""
        newer = self.model.objects.filter(statement=OuterRef("statement"), number__gt=OuterRef("number"))
        return self.annotate(newer=Exists(newer))

    def for_page(self) -> Self:
        """With its statement, and the consultation with its convenors, by whom rights are judged."""
        related = self.with_newer().select_related("statement__consultation__country")
        return related.prefetch_related("statement__consultation__convenors")

    def with_counts(self) -> Self:
        """With how many texts it holds (`text_count`)."""
        return self.annotate(text_count=Count("texts"))


class CirculatedTextQuerySet(models.QuerySet):
    """Reads of the texts of a circulated version."""

    def visible_to(self, user: Any) -> Self:
        """Those of versions that the person may see."""
        versions = self.model.version.field.related_model.objects.visible_to(user)
        return self.filter(version__in=versions.order_by().values("pk"))

    def for_page(self) -> Self:
        """With the version and what its page needs."""
        version = self.model.version.field.related_model
        return self.select_related("recommendation", "section").prefetch_related(
            Prefetch("version", version.objects.for_page())
        )

    def with_all_said(self) -> Self:
        """With the comments that stand, and the amendments, each with its organisation."""
        comment = self.model.comments.rel.related_model
        amendment = self.model.amendments.rel.related_model
        said = comment.objects.standing().select_related("organisation").prefetch_related("organisation__groups")
        return self.select_related("section").prefetch_related(
            Prefetch("comments", said.order_by("paragraph", "id"), to_attr="said"),
            Prefetch("amendments", amendment.objects.standing().for_list().order_by("id"), to_attr="proposed"),
        )


class SaidQuerySet(models.QuerySet):
    """Reads of what organisations say to a circulated text: comments and amendments."""

    def visible_to(self, user: Any) -> Self:
        """Of versions that the person may see; a withdrawn one for its own organisation only."""
        texts = self.model.text.field.related_model.objects.visible_to(user)
        own = Q(organisation__in=standing_of(user).organisations)
        return self.filter(text__in=texts.order_by().values("pk")).filter(~WITHDRAWN | own)

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.exclude(WITHDRAWN)


class CommentQuerySet(SaidQuerySet):
    """Reads of comments."""

    def open(self) -> Self:
        """Those that wait for an answer."""
        return self.filter(state=CommentState.OPEN)

    def for_list(self) -> Self:
        """With the passage, its version and consultation, and the organisation."""
        related = self.select_related("organisation", "text__section", "text__version__statement__consultation")
        return related.prefetch_related("organisation__groups", "text__version__statement__consultation__convenors")


class AmendmentQuerySet(SaidQuerySet):
    """Reads of amendments."""

    def open(self) -> Self:
        """Those on which nobody decided."""
        return self.filter(state=AmendmentState.PROPOSED)

    def for_list(self) -> Self:
        """With the text it changes, the recommendation as it stands now, the organisation, and who supports it."""
        related = self.select_related(
            "organisation",
            "text__section",
            "text__version__statement__consultation",
            "text__recommendation__joined_into__joined_into",
        )
        support = self.model.supports.rel.related_model
        supports = support.objects.select_related("organisation").prefetch_related("organisation__groups")
        return related.prefetch_related(
            "organisation__groups",
            "text__version__statement__consultation__convenors",
            Prefetch("supports", supports.order_by("id")),
        )

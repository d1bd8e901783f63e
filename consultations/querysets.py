"""Named reads: what is open when, who may see which consultation, with which counts."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, Q, Sum
from django.utils import timezone

from consultations.states import NO_ANSWER, ConsultationState, InvitationState
from stakeholders.querysets import standing_of

HIDDEN_INVITATIONS = (
    InvitationState.DRAFTED,
    InvitationState.APPROVED,
    InvitationState.REVOKED,
)


class ConsultationQuerySet(models.QuerySet):
    """Reads of consultations."""

    def visible_to(self, user: Any) -> Self:
        """Announced ones for everybody; discreet ones for those invited; drafts for convenors."""
        standing = standing_of(user)
        if standing.convenor:
            return self
        seen = Q(discreet=False)
        if standing.organisations:
            mine = self.model.invitations.rel.related_model.objects.of(
                standing.organisations
            ).reached()
            seen |= Q(pk__in=mine.values("consultation"))
        return self.exclude(state=ConsultationState.DRAFT).filter(seen)

    def upcoming(self) -> Self:
        """Announced or in session, the next one first."""
        return self.filter(state__in=["announced", "in_session"]).order_by(
            "starts_on", "id"
        )

    def past(self) -> Self:
        """Concluded, archived or cancelled, the latest first."""
        return self.exclude(state__in=["draft", "announced", "in_session"]).order_by(
            "-starts_on", "-id"
        )

    def open_for_input(self) -> Self:
        """Where submissions may be sent in now."""
        now = timezone.now()
        return self.filter(
            state__in=["announced", "in_session"],
            input_opens__lte=now,
            input_closes__gte=now,
        )

    def for_list(self) -> Self:
        """With what a row of a list shows."""
        return self.select_related("country")

    def with_progress(self) -> Self:
        """With the counts of its invitations: invited, accepted, seats, declined, unanswered, undeliverable."""
        reached = ~Q(invitations__state__in=HIDDEN_INVITATIONS)
        return self.annotate(
            invited=Count("invitations", filter=reached),
            accepted=Count("invitations", filter=Q(invitations__state="accepted")),
            seats_taken=Sum(
                "invitations__seats_accepted",
                filter=Q(invitations__state="accepted"),
                default=0,
            ),
            declined=Count("invitations", filter=Q(invitations__state="declined")),
            unsure=Count("invitations", filter=Q(invitations__state="tentative")),
            unanswered=Count("invitations", filter=Q(invitations__state__in=NO_ANSWER)),
            undeliverable=Count(
                "invitations", filter=Q(invitations__state="undeliverable")
            ),
        )


class InvitationQuerySet(models.QuerySet):
    """Reads of invitations."""

    def visible_to(self, user: Any) -> Self:
        """All for convenors; for others those of their own organisations that were sent."""
        standing = standing_of(user)
        return self if standing.convenor else self.of(standing.organisations).reached()

    def of(self, organisations: Any) -> Self:
        """Invitations of the given organisations (their ids)."""
        return self.filter(organisation__in=organisations)

    def reached(self) -> Self:
        """Invitations that were sent and not revoked."""
        return self.exclude(state__in=HIDDEN_INVITATIONS)

    def unanswered(self) -> Self:
        """Sent and without an answer."""
        return self.filter(state__in=NO_ANSWER)

    def for_desk(self) -> Self:
        """With what the convenor's list shows, the organisation and its groups."""
        return self.select_related("organisation__country").prefetch_related(
            "organisation__groups"
        )

    def for_mail(self) -> Self:
        """With what the invitation mail says: organisation, consultation, country, organisers."""
        return self.select_related(
            "organisation", "consultation__country"
        ).prefetch_related(
            "consultation__organisers__organisation__groups", "organisation__groups"
        )

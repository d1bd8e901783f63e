"""Named reads: what is open when, who may see which consultation, with which counts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.utils import timezone

from consultations.states import NO_ANSWER, ConsultationState, InvitationState
from portal.models import OutgoingMessage
from stakeholders.querysets import standing_of
from stakeholders.states import OrganisationState

HIDDEN_INVITATIONS = (InvitationState.DRAFTED, InvitationState.APPROVED, InvitationState.REVOKED)
AHEAD = (ConsultationState.DRAFT, ConsultationState.ANNOUNCED, ConsultationState.IN_SESSION)
ANSWERED = (InvitationState.ACCEPTED, InvitationState.TENTATIVE, InvitationState.DECLINED)
INVITATION_MAIL = "consultations.invitation_sent"


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """How many organisations of one group were invited and accepted; None where that must not be told."""

    group: Any
    invited: int | None
    accepted: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """How many organisations were invited and accepted, as everybody may know it."""

    invited: int | None
    accepted: int | None
    groups: list[GroupFigures]
    some_hidden: bool


def publishable(counts: list[int], total: int) -> list[int | None]:
    """Return the counts without those that could point at somebody, also by subtracting from the total."""
    smallest = settings.SMALLEST_PUBLISHED_COUNT
    shown: list[int | None] = [count if count >= smallest else None for count in counts]
    while None in shown and 0 <= total - sum(known := [count for count in shown if count]) < smallest and known:
        shown[shown.index(min(known))] = None
    return shown


def convened_by(user: Any, path: str = "consultation") -> Q:
    """Where the person convenes the consultation at the path, today. Convenors of other consultations do not."""
    if not standing_of(user).convenor:
        return Q(pk__in=[])
    return Q(**{f"{path}__in": user.consultations.order_by().values("pk")})


class ConsultationQuerySet(models.QuerySet):
    """Reads of consultations."""

    def visible_to(self, user: Any) -> Self:
        """Announced ones for everybody; discreet ones for those invited; drafts for convenors."""
        standing = standing_of(user)
        if standing.convenor:
            return self
        seen = Q(discreet=False)
        if standing.organisations:
            mine = self.model.invitations.rel.related_model.objects.of(standing.organisations).reached()
            seen |= Q(pk__in=mine.values("consultation"))
        return self.exclude(state=ConsultationState.DRAFT).filter(seen)

    def upcoming(self) -> Self:
        """Announced or in session, the next one first."""
        return self.filter(state__in=["announced", "in_session"]).order_by("starts_on", "id")

    def past(self) -> Self:
        """Concluded, archived or cancelled, the latest first."""
        return self.exclude(state__in=["draft", "announced", "in_session"]).order_by("-starts_on", "-id")

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

    def ahead_first(self) -> Self:
        """Those ahead of us first, the next one on top; then the past, the latest on top. `is_past` tells which."""
        ahead = Q(state__in=AHEAD)
        return self.annotate(
            is_past=Case(When(ahead, then=Value(0)), default=Value(1), output_field=IntegerField())
        ).order_by("is_past", Case(When(ahead, then=F("starts_on"))).asc(nulls_last=True), "-starts_on", "-id")

    def for_page(self) -> Self:
        """With what its own page shows: country, organisers, convenors, and the statement where there is one."""
        return self.select_related("country", "statement").prefetch_related(
            "convenors", "organisers__organisation__groups"
        )

    def with_points(self) -> Self:
        """With the number of points that were sent in, whatever became of them."""
        return self.annotate(points=Count("submissions", filter=Q(submissions__submitted_at__isnull=False)))

    def with_answers(self) -> Self:
        """With `is_answered`: whether an addressed body has published an answer to any item of its statement."""
        answered = self.model.objects.filter(
            pk=OuterRef("pk"), statement__editions__items__responses__published_at__isnull=False
        )
        return self.annotate(is_answered=Exists(answered))

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
            undeliverable=Count("invitations", filter=Q(invitations__state="undeliverable")),
        )


class InvitationQuerySet(models.QuerySet):
    """Reads of invitations."""

    def visible_to(self, user: Any) -> Self:
        """Those of consultations that the person convenes, and those sent to organisations that the person acts for."""
        own = Q(organisation__in=standing_of(user).organisations) & ~Q(state__in=HIDDEN_INVITATIONS)
        return self.filter(own | convened_by(user))

    def of(self, organisations: Any) -> Self:
        """Invitations of the given organisations (their ids)."""
        return self.filter(organisation__in=organisations)

    def reached(self) -> Self:
        """Invitations that were sent and not revoked."""
        return self.exclude(state__in=HIDDEN_INVITATIONS)

    def unanswered(self) -> Self:
        """Sent and without an answer."""
        return self.filter(state__in=NO_ANSWER)

    def remindable(self) -> Self:
        """Sent to an address and without an answer. What came back is repaired, not reminded.

        Nor are organisations that were suspended or dissolved since, nor what stayed with a record that was merged.
        """
        seated = self.filter(organisation__state=OrganisationState.VERIFIED)
        return seated.filter(state=InvitationState.SENT).exclude(address="")

    def not_reminded_since(self, at: datetime) -> Self:
        """Never reminded, or last reminded before the moment."""
        return self.filter(Q(reminded_at__isnull=True) | Q(reminded_at__lt=at))

    def mark_reminded(self, at: datetime) -> int:
        """Write down one more reminder; return on how many rows. Only the action calls it."""
        return self.update(reminded_at=at, updated_at=at, reminders=F("reminders") + 1)

    def answered(self) -> Self:
        """With an answer of any kind."""
        return self.filter(state__in=ANSWERED)

    def with_delivery(self) -> Self:
        """With the state of the latest invitation mail, None where there is none."""
        latest = OutgoingMessage.objects.filter(purpose=INVITATION_MAIL, subject_id=OuterRef("pk"))
        return self.annotate(delivery=Subquery(latest.order_by("-version", "-id").values("state")[:1]))

    def came_back(self) -> Self:
        """Sent, but the latest mail failed or came back, and nobody marked it yet."""
        lost = (OutgoingMessage.State.FAILED, OutgoingMessage.State.BOUNCED)
        return self.with_delivery().filter(state=InvitationState.SENT, delivery__in=lost)

    def overtaken(self, day: date) -> Self:
        """Without a firm answer although the consultation's last day is before the given one."""
        waiting = (*NO_ANSWER, InvitationState.TENTATIVE)
        return self.filter(state__in=waiting, consultation__ends_on__lt=day).select_related("consultation")

    def figures(self) -> Figures:
        """Return who was invited and who accepted, by group, without small counts. Three queries."""
        accepted = Count("organisation", filter=Q(state=InvitationState.ACCEPTED), distinct=True)
        invited = Count("organisation", distinct=True)
        reached = self.reached().order_by()
        total = reached.aggregate(invited=invited, accepted=accepted)
        rows = list(
            reached.exclude(organisation__groups=None)
            .values("organisation__groups")
            .annotate(invited=invited, accepted=accepted)
            .order_by("organisation__groups__position", "organisation__groups")
        )
        first = publishable([row["invited"] for row in rows], total["invited"])
        second = publishable([row["accepted"] for row in rows], total["accepted"])
        organisations = self.model._meta.get_field("organisation").related_model
        groups = organisations._meta.get_field("groups").related_model.objects.in_bulk(
            [row["organisation__groups"] for row in rows]
        )
        shown = [
            GroupFigures(groups[row["organisation__groups"]], some, others if some else None)
            for row, some, others in zip(rows, first, second, strict=True)
            if some
        ]
        whole = publishable([total["invited"], total["accepted"]], 10**9)
        return Figures(whole[0], whole[1], shown, len(shown) < len(rows))

    def for_desk(self) -> Self:
        """With what the convenor's list shows, the organisation and its groups."""
        return self.select_related("organisation__country").prefetch_related("organisation__groups")

    def for_mail(self) -> Self:
        """With what the invitation mail says: organisation, consultation, country, organisers."""
        return self.select_related("organisation", "consultation__country").prefetch_related(
            "consultation__organisers__organisation__groups", "organisation__groups"
        )

    def for_mailing(self) -> Self:
        """As `for_mail`, for many at once: invitations to one consultation share one consultation object."""
        return self.select_related("organisation").prefetch_related(
            "consultation__country", "consultation__organisers__organisation__groups", "organisation__groups"
        )

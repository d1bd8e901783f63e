"""Named reads of consultations: what is open when, who may see which, with which counts."""

from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, F, IntegerField, Min, OuterRef, Q, Subquery, Sum, Value, When
from django.utils import timezone

from consultations.states import NO_ANSWER, ConsultationState, InvitationState, SeatState
from stakeholders.querysets import standing_of
from stakeholders.states import MembershipState

HIDDEN_INVITATIONS = (InvitationState.DRAFTED, InvitationState.APPROVED, InvitationState.REVOKED)
ANSWERED = (
    *(InvitationState.ACCEPTED, InvitationState.TENTATIVE, InvitationState.DECLINED),
    *(InvitationState.WAITLISTED, InvitationState.OFFERED),
)
# Who agreed takes part, also while the new day has to be confirmed.
AGREED = (InvitationState.ACCEPTED, InvitationState.TO_RECONFIRM)
AHEAD = (ConsultationState.DRAFT, ConsultationState.ANNOUNCED, ConsultationState.IN_SESSION)

PLAN_AHEAD = timedelta(days=90)  # how long before the next one of a series is due its planning begins


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
        if standing.organisations or standing.body:
            mine = self.model.invitations.rel.related_model.objects.to_any_of(standing).reached()
            seen |= Q(pk__in=mine.order_by().values("consultation"))
        return self.exclude(state=ConsultationState.DRAFT).filter(seen)

    def with_part_of(self, user: Any) -> Self:
        """Those in which the person takes part: an own organisation, or the own office, agreed to come or came."""
        standing = standing_of(user)
        if not standing.organisations and not standing.body:
            return self.none()
        agreed = (
            self.model.invitations.rel.related_model.objects.to_any_of(standing).at_table().filter(state__in=AGREED)
        )
        here = Q(organisation__in=standing.organisations) | Q(body=standing.body, body__isnull=False)
        came = self.model.delegates.rel.related_model.objects.filter(here, state=SeatState.PRESENT)
        return self.exclude(state=ConsultationState.DRAFT).filter(
            Q(pk__in=agreed.order_by().values("consultation")) | Q(pk__in=came.order_by().values("consultation"))
        )

    def announced(self) -> Self:
        """What everybody may know of: announced at some time, and not discreet."""
        return self.filter(discreet=False).exclude(state=ConsultationState.DRAFT)

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

    def next_due(self, day: date) -> Self:
        """Whose next one of the series is to be planned on the day, and is not there yet."""
        planned = self.model.objects.filter(follows=OuterRef("pk")).exclude(state=ConsultationState.CANCELLED)
        due = self.filter(next_due_on__lte=day + PLAN_AHEAD).exclude(state=ConsultationState.CANCELLED)
        return due.filter(~Exists(planned)).order_by("next_due_on", "id")

    def with_waiting_list(self) -> Self:
        """Announced or in session, where somebody is in the line for a seat."""
        line = Q(invitations__state=InvitationState.WAITLISTED, invitations__waiting_since__isnull=False)
        return self.filter(line, state__in=["announced", "in_session"]).distinct()

    def copied_by(self, user: Any) -> Self:
        """Which the person may plan again: those that the person convened and that were announced, the latest first."""
        return self.filter(convenors=user).exclude(state=ConsultationState.DRAFT).order_by("-starts_on", "-id")

    def asked_by(self, user: Any) -> Self:
        """With what the rules ask first: whether this person (`asking_person`) is one of its convenors (`convenes`)."""
        through = self.model.convenors.through.objects.filter(consultation=OuterRef("pk"), user=user.pk)
        return self.annotate(asking_person=Value(user.pk, IntegerField()), convenes=Exists(through))

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
        """With what its own page shows: country, organisers, and the statement where there is one."""
        return self.select_related("country", "statement").prefetch_related("organisers__organisation__groups")

    def for_reading(self) -> Self:
        """With what its public page shows. Groups of organisers only where a name is withheld: see `described`."""
        organisers = self.model.organisers.rel.related_model.objects.select_related("organisation")
        related = self.select_related("country", "statement", "target", "minutes", "follows")
        return related.prefetch_related(models.Prefetch("organisers", organisers))

    def with_next_in_series(self) -> Self:
        """With `next_slug` and `next_on` of the one that follows, where everybody may know of it."""
        following = self.model.objects.announced().filter(follows=OuterRef("pk")).order_by("starts_on", "pk")
        return self.annotate(
            next_slug=Subquery(following.values("slug")[:1]), next_on=Subquery(following.values("starts_on")[:1])
        )

    def with_requests(self) -> Self:
        """With how many ask for a seat (`asking`), and how many to join an invited organisation (`joining`)."""
        asked = self.model.seat_requests.rel.related_model.objects.open().filter(consultation=OuterRef("pk")).order_by()
        organisations = self.model.invitations.rel.related_model._meta.get_field("organisation").related_model
        there = "organisation__invitations__consultation"
        people = organisations.memberships.rel.related_model.objects
        joining = people.filter(state=MembershipState.REQUESTED, **{there: OuterRef("pk")}).order_by().values(there)
        return self.annotate(
            asking=Subquery(asked.values("consultation").annotate(found=Count("pk")).values("found")),
            joining=Subquery(joining.annotate(found=Count("pk", distinct=True)).values("found")),
        )

    def with_turnout(self) -> Self:
        """With how many organisations were invited and agreed, and when the first invitation went out."""
        sent = self.model.invitations.rel.related_model.objects.filter(consultation=OuterRef("pk")).reached().order_by()
        invited = sent.values("consultation").annotate(found=Count("organisation", distinct=True)).values("found")
        accepted = sent.filter(state=InvitationState.ACCEPTED).values("consultation")
        return self.annotate(
            invited=Subquery(invited),
            accepted=Subquery(accepted.annotate(found=Count("organisation", distinct=True)).values("found")),
            first_sent_at=Subquery(sent.values("consultation").annotate(found=Min("sent_at")).values("found")),
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
            answered=Count("invitations", filter=Q(invitations__state__in=ANSWERED)),
            declined=Count("invitations", filter=Q(invitations__state="declined")),
            unsure=Count("invitations", filter=Q(invitations__state="tentative")),
            unanswered=Count("invitations", filter=Q(invitations__state__in=NO_ANSWER)),
            undeliverable=Count("invitations", filter=Q(invitations__state="undeliverable")),
        )

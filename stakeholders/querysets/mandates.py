"""Reads of the dated mandates of people: convenors, members, liaisons."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from portal.models import User
from stakeholders.querysets.standing import standing_of
from stakeholders.states import (
    AppointmentState,
    ConvenorRole,
    MembershipState,
    OrganisationState,
    Role,
)


class DatedQuerySet(models.QuerySet):
    """Rows that hold from one day to another."""

    def dated(self, day: date) -> Self:
        """Rows that hold on the day: a mandate ends with its last day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class ConvenorshipQuerySet(DatedQuerySet):
    """Reads of convenorships."""

    def current(self, day: date) -> Self:
        """Convenorships that hold on the day, of convenors and of administrators."""
        return self.dated(day)

    def convening(self, day: date) -> Self:
        """Convenorships of convenors that hold on the day."""
        return self.dated(day).filter(role=ConvenorRole.CONVENOR)

    def visible_to(self, user: Any) -> Self:
        """Terms are kept by administrators."""
        return self if standing_of(user).administrator else self.none()

    def not_over(self, day: date) -> Self:
        """Terms that hold or are still to begin, with their people; administrators after convenors."""
        open_end = Q(until__isnull=True) | Q(until__gte=day)
        return self.filter(open_end).select_related("user").order_by("-role", "user__full_name", "pk")


class MembershipQuerySet(DatedQuerySet):
    """Reads of memberships."""

    def current(self, day: date) -> Self:
        """Active memberships whose mandate holds on the day, in organisations that are not suspended."""
        return self.dated(day).filter(state=MembershipState.ACTIVE, organisation__state=OrganisationState.VERIFIED)

    def acting(self, day: date) -> Self:
        """Mandates that hold on the day or begin later."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), state=MembershipState.ACTIVE)

    def former(self, day: date) -> Self:
        """Mandates that held for a day at least and are over.

        Those who never began have a first day after their last one: who declined, was declined or left before.
        """
        over = Q(state=MembershipState.LEFT) | Q(state=MembershipState.ACTIVE, until__lt=day)
        return self.filter(over, until__gte=F("since"))

    def leading(self, day: date) -> Self:
        """Mandates of lead representatives that hold on the day."""
        return self.current(day).filter(role=Role.LEAD)

    def offered(self) -> Self:
        """People who were invited and have not answered."""
        return self.filter(state=MembershipState.INVITED)

    def waiting_for(self, user: Any) -> Self:
        """What the person asked for or was invited to, with what the desk says about it."""
        mine = self.filter(user=user.pk, state__in=[MembershipState.REQUESTED, MembershipState.INVITED])
        return mine.select_related("organisation", "by").prefetch_related("organisation__groups")

    def offered_before(self, moment: datetime) -> Self:
        """Invitations from before the moment that nobody answered, the oldest first."""
        return self.offered().filter(created_at__lt=moment).order_by("created_at", "pk")

    def unused_accounts(self, before: datetime) -> models.QuerySet[User]:
        """Accounts from before the moment that invitations made, of which none is open, and that nobody ever used."""
        mine = self.model.objects.filter(user=OuterRef("pk"))
        never_held = Q(state=MembershipState.LEFT, until__lt=F("since"))
        accounts = User.objects.filter(Exists(mine), ~Exists(mine.exclude(never_held)), last_login=None)
        idle = accounts.filter(joined_at__lt=before, is_staff=False, appointments=None, convenorships=None)
        return idle.exclude(emailaddress__verified=True)

    def visible_to(self, user: Any) -> Self:
        """All for convenors; for others their own, and those of organisations they act for."""
        standing = standing_of(user)
        if standing.convenor:
            return self
        return self.filter(Q(user=user.pk) | Q(organisation__in=standing.organisations))

    def answerable_by(self, user: Any) -> Self:
        """Open requests that the person may answer: a convenor all, a lead those of their own, nobody themselves."""
        standing = standing_of(user)
        others = self.open_requests().exclude(user=user.pk)
        return others if standing.convenor else others.filter(organisation__in=standing.leads)

    def open_requests(self) -> Self:
        """People who ask to join and wait for an answer."""
        return self.filter(state=MembershipState.REQUESTED).select_related("user", "organisation")


class AppointmentQuerySet(DatedQuerySet):
    """Reads of liaison appointments."""

    def current(self, day: date) -> Self:
        """Active appointments that hold on the day."""
        return self.dated(day).filter(state=AppointmentState.ACTIVE)

    def barring(self, day: date) -> Self:
        """Appointments, proposed ones too, that hold on the day or later: they keep a person off the other side."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day)).exclude(state=AppointmentState.ENDED)

    def visible_to(self, user: Any) -> Self:
        """All for administrators; for others their own, once an administrator stands behind it."""
        if standing_of(user).administrator:
            return self
        return self.with_approval().filter(user=user.pk, approved=True)

    def with_approval(self) -> Self:
        """With `approved`: whether it was made or approved by an administrator, not only asked for by a colleague."""
        left_since = Q(state=AppointmentState.ENDED, updated_at__gte=OuterRef("created_at"))
        there = Q(state=AppointmentState.ACTIVE) | left_since
        colleague = self.model.objects.filter(there, body=OuterRef("body"), user=OuterRef("by"))
        waits = Q(state=AppointmentState.PROPOSED) & (Q(by=None) | Exists(colleague))
        return self.annotate(approved=models.ExpressionWrapper(~waits, output_field=models.BooleanField()))

    def ran_out(self, day: date) -> Self:
        """Active appointments whose last day is over."""
        return self.filter(state=AppointmentState.ACTIVE, until__lt=day)

    def not_over(self) -> Self:
        """Proposed and active ones, with office and person."""
        return self.exclude(state=AppointmentState.ENDED).select_related(
            "body__successor", "body__country", "user", "by"
        )

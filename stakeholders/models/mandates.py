"""The dated mandates of people: who acts for an organisation, for the task force, for a public body."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import Stateful, Timestamped, state_constraint
from stakeholders import querysets, states
from stakeholders.models.places import PublicBody
from stakeholders.models.register import Organisation


class Dated(models.Model):
    """Holds from one day to another; no last day means until further notice."""

    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True


class Membership(Timestamped, Stateful, Dated):
    """A person's mandate to act for an organisation."""

    lifecycle = states.MEMBERSHIP

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(
        _("role"),
        max_length=16,
        choices=states.Role.choices,
        default=states.Role.REPRESENTATIVE,
    )
    mandate = models.CharField(
        _("mandate"),
        max_length=12,
        choices=states.Mandate.choices,
        default=states.Mandate.APPOINTED,
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=states.MembershipState.choices,
        default="requested",
    )
    # Who invited, where somebody did.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = querysets.MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("organisation", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=~models.Q(state="left"),
                name="membership_once",
            ),
            state_constraint(states.MEMBERSHIP, "membership_state"),
        )

    def __str__(self) -> str:
        return f"membership {self.pk}"

    @property
    def offer_ends_at(self) -> datetime:
        """Return until when an invitation can be answered."""
        return self.created_at + timedelta(days=settings.MANDATE_OFFER_DAYS)


class Convenorship(Timestamped, Dated):
    """A person's term as convenor or as administrator of the task force."""

    role = models.CharField(
        _("role"), max_length=14, choices=states.ConvenorRole.choices, default=states.ConvenorRole.CONVENOR
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="convenorships")

    objects = querysets.ConvenorshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("convenorship")
        verbose_name_plural = _("convenorships")
        ordering = ("user", "since")

    def __str__(self) -> str:
        return f"convenorship {self.pk}"


class LiaisonAppointment(Timestamped, Stateful, Dated):
    """A person's term as liaison of one public body. The office is the addressee, never the person."""

    lifecycle = states.APPOINTMENT

    body = models.ForeignKey(PublicBody, models.PROTECT, related_name="appointments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=states.AppointmentState.choices,
        default="proposed",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = querysets.AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("liaison appointment")
        verbose_name_plural = _("liaison appointments")
        ordering = ("body", "since")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state="active"),
                name="liaison_of_one_body",
            ),
            state_constraint(states.APPOINTMENT, "appointment_state"),
        )

    def __str__(self) -> str:
        return f"appointment {self.pk}"

    @property
    def is_approved(self) -> bool:
        """Whether an administrator stands behind it: what a colleague asks for is no appointment yet."""
        return LiaisonAppointment.objects.with_approval().filter(pk=self.pk, approved=True).exists()

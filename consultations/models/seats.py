"""Who sits where: the seats kept for a group or bench, the delegates, and who came to which session."""

import secrets
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations import querysets, states
from consultations.models.consultation import Consultation
from consultations.models.invitations import Invitation
from consultations.models.programme import Session
from portal import text
from portal.models import Stateful, Timestamped, User, state_constraint
from stakeholders.models import Organisation, PublicBody, StakeholderGroup
from stakeholders.states import Bench, Mandate

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that look alike on a printed badge


def new_code() -> str:
    """Return the short code of a badge; it opens nothing, it only finds a seat on the door's list."""
    return "".join(secrets.choice(CODE_LETTERS) for _letter in range(6))


class SeatQuota(models.Model):
    """How many of the seats are kept for one group, or for one bench."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="quotas")
    group = models.ForeignKey(
        StakeholderGroup, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("group")
    )
    bench = models.CharField(_("bench"), max_length=16, choices=Bench.choices, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"))

    class Meta:
        verbose_name = _("seats of a group or bench")
        verbose_name_plural = _("seats of groups and benches")
        ordering = ("group__position", "bench", "id")
        constraints = (
            models.UniqueConstraint(fields=["consultation", "group"], name="quota_once_a_group"),
            models.UniqueConstraint(
                fields=["consultation", "bench"], name="quota_once_a_bench", condition=~Q(bench="")
            ),
            models.CheckConstraint(
                condition=Q(group__isnull=False, bench="") | (Q(group__isnull=True) & ~Q(bench="")),
                name="quota_of_one",
            ),
        )

    def __str__(self) -> str:
        return f"quota {self.pk}"


class Seat(Timestamped, Stateful):
    """One place of one delegate: named before, or taken by somebody who walked in."""

    lifecycle = states.SEAT

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="delegates")
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True, blank=True, related_name="delegates")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="delegates")
    body = models.ForeignKey(PublicBody, models.PROTECT, null=True, blank=True, related_name="delegates")
    state = models.CharField(_("state"), max_length=12, choices=states.SeatState.choices, default="nominated")
    full_name = models.CharField(_("full name"), max_length=200, blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    email = models.EmailField(_("e-mail address"), blank=True)
    bench = models.CharField(_("bench"), max_length=16, choices=Bench.choices, blank=True)
    mandate = models.CharField(_("mandate"), max_length=10, choices=Mandate.choices, blank=True)
    office = models.CharField(_("office"), max_length=200, blank=True)
    part = models.CharField(_("part"), max_length=12, choices=states.SeatPart.choices, default="delegate")
    mode = models.CharField(_("comes"), max_length=10, choices=states.SeatMode.choices, default="on-site")
    listing = models.CharField(_("on lists"), max_length=12, choices=states.Listing.choices, default="organisation")
    walk_in = models.BooleanField(_("walked in"), default=False)
    replaces = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by", verbose_name=_("sits in place of")
    )
    code = models.CharField(_("code on the badge"), max_length=6, default=new_code, editable=False)
    # The same delegate for two organisations is one person: rows of one person share it.
    person_key = models.UUIDField(default=uuid.uuid4, editable=False)
    arrived_at = models.DateTimeField(_("came at"), null=True, blank=True)
    # What the door looks for: the name and the office, as `text.comparison_key` writes them. It goes when they go.
    name_key = models.CharField(max_length=400, blank=True, editable=False)

    objects = querysets.SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ("consultation", "id")
        constraints = (
            state_constraint(states.SEAT, "seat_state"),
            models.UniqueConstraint(fields=["consultation", "code"], name="seat_code_once"),
        )

    def __str__(self) -> str:
        return f"seat {self.pk}"

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Keep the comparison key beside the name and the office."""
        self.name_key = self.key_of_name()
        if update_fields is not None and not {"full_name", "office"}.isdisjoint(update_fields):
            update_fields = {*update_fields, "name_key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def key_of_name(self) -> str:
        """Return the key under which the door finds the delegate."""
        return text.comparison_key(f"{self.full_name} {self.office}")[:400]

    @property
    def is_living(self) -> bool:
        """Whether the delegate is to come, or came."""
        return self.state in querysets.LIVING


class Presence(models.Model):
    """That a delegate was at one session, or came at all. A telephone without a line keeps it under its own key."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="presences")
    session = models.ForeignKey(Session, models.CASCADE, null=True, blank=True, related_name="presences")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(fields=["seat", "session"], name="presence_once_a_session"),
            models.UniqueConstraint(
                fields=["seat"], name="presence_once_without_session", condition=Q(session__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"presence {self.pk}"

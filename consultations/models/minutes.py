"""The minutes: drafted per point of the agenda, corrected by those who were there, approved, locked."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations import states
from consultations.models.consultation import Consultation
from consultations.models.programme import AgendaItem
from portal.models import Stateful, Timestamped, User, state_constraint
from stakeholders.models import Organisation


class Minutes(Timestamped, Stateful):
    """Where the minutes of one consultation stand. The words stand with the points of the agenda."""

    lifecycle = states.MINUTES

    consultation = models.OneToOneField(Consultation, models.CASCADE, related_name="minutes")
    state = models.CharField(_("state"), max_length=10, choices=states.MinutesState.choices, default="draft")
    corrections_until = models.DateField(_("corrections until"), null=True, blank=True)
    circulated_at = models.DateTimeField(_("circulated at"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    locked_at = models.DateTimeField(_("locked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        constraints = (state_constraint(states.MINUTES, "minutes_state"),)

    def __str__(self) -> str:
        return f"minutes {self.pk}"


class Correction(models.Model):
    """What an organisation that was there wants changed in the minutes, and what became of it."""

    class Outcome(models.TextChoices):
        OPEN = "open", _("open")
        TAKEN = "taken", _("taken over")
        DECLINED = "declined", _("not taken over")

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="corrections")
    item = models.ForeignKey(AgendaItem, models.CASCADE, null=True, blank=True, related_name="corrections")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="corrections")
    text = models.TextField(_("what should be changed"))
    outcome = models.CharField(_("what became of it"), max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"correction {self.pk}"

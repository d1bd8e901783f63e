"""The convenors' own words in mails and letters, and what was promised to happen next."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations import querysets, states
from consultations.models.consultation import Consultation
from portal import languages
from portal.models import User


class Wording(models.Model):
    """The words of one kind of mail or letter, in one language, with placeholders. Without it the usual words stand."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="wordings")
    kind = models.CharField(_("kind"), max_length=10, choices=states.WordingKind.choices)
    language = models.CharField(_("language"), max_length=10, choices=languages.writing_choices)
    subject = models.CharField(_("subject"), max_length=100, blank=True)
    body = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ("kind", "language")
        constraints = (models.UniqueConstraint(fields=["consultation", "kind", "language"], name="wording_once"),)

    def __str__(self) -> str:
        return f"wording {self.pk}"


class FollowUp(models.Model):
    """What happens next, by when: told in the summary, and on the desk when it is due."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="follow_ups")
    due_on = models.DateField(_("by"))
    text = models.CharField(_("what happens"), max_length=300)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = querysets.FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("next step")
        verbose_name_plural = _("next steps")
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return f"next step {self.pk}"

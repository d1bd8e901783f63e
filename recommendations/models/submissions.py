"""What organisations send in."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from portal import clock, languages
from portal.models import Stateful, Timestamped, state_constraint
from recommendations import querysets, states
from stakeholders.models import Country, Organisation, PublicBody
from stakeholders.querysets import Standing


class Theme(models.Model):
    """A subject under which recommendations are found."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name


class Submission(Timestamped, Stateful):
    """One point of one organisation for one consultation. Only its owner changes its words."""

    lifecycle = states.SUBMISSION

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="submissions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="submissions")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="submissions")
    kind = models.CharField(
        _("kind"),
        max_length=14,
        choices=states.SubmissionKind.choices,
        default=states.SubmissionKind.RECOMMENDATION,
    )
    section = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("section"),
    )
    addressees = models.ManyToManyField(PublicBody, blank=True, related_name="+", verbose_name=_("addressees"))
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("theme"),
    )
    text = models.TextField(_("text"))
    reason = models.TextField(_("reason"), blank=True)
    # The law, treaty or plan that it is about, and where in it.
    instrument = models.CharField(_("instrument"), max_length=200, blank=True)
    paragraph = models.CharField(_("paragraph"), max_length=60, blank=True)
    concerned = models.TextField(_("who is concerned"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=languages.writing_choices, default="en")
    attribution = models.CharField(
        _("how you are shown"),
        max_length=10,
        choices=states.Attribution.choices,
        default=states.Attribution.NONE,
    )
    state = models.CharField(
        _("state"),
        max_length=14,
        choices=states.SubmissionState.choices,
        default="draft",
    )
    treatment = models.CharField(
        _("what became of it"),
        max_length=10,
        choices=states.Treatment.choices,
        blank=True,
    )
    treatment_reason = models.TextField(_("why"), blank=True)
    returned_because = models.TextField(_("why it was given back to its writer"), blank=True)
    submitted_at = models.DateTimeField(_("sent in at"), null=True, blank=True)
    # With the code of a convenor after the deadline: it stays marked, whatever becomes of it.
    late = models.BooleanField(_("sent in late"), default=False)
    joint = models.BooleanField(_("sent in together with others"), default=False)
    version = models.PositiveIntegerField(default=1)
    # The one-time keys of the forms that began it and that wrote it last: the same form, sent again on a bad line,
    # begins no second draft, and is not in conflict with itself.
    form_key = models.CharField(max_length=64, blank=True, editable=False)
    last_form_key = models.CharField(max_length=64, blank=True, editable=False)

    objects = querysets.SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ("consultation", "id")
        constraints = (
            state_constraint(states.SUBMISSION, "submission_state"),
            models.UniqueConstraint(
                fields=["author", "form_key"], condition=~Q(form_key=""), name="submission_once_per_form"
            ),
        )
        indexes = (models.Index(fields=["consultation", "state"], name="submission_by_state"),)

    def __str__(self) -> str:
        return f"submission {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the address of the owner's page."""
        return reverse("submission_detail", args=[self.pk])

    @property
    def corrections_close_at(self) -> datetime | None:
        """Return the last moment for a correction of its words: the end of that day in the consultation's zone."""
        day = self.consultation.corrections_until
        return clock.end_of_day(day, self.consultation.time_zone) if day else None

    def can_be_corrected(self, at: datetime) -> bool:
        """Whether its words can be corrected at the moment: the day is not over, and nobody decided on it."""
        close = self.corrections_close_at
        return self.can("correct") and not self.treatment and close is not None and at <= close

    def shown_sender(self, standing: Standing) -> str:
        """Return the sender as this reader may see it: as attributed, and never more than the name's own class."""
        return self.shown_as(self.organisation, self.attribution, standing)

    @staticmethod
    def shown_as(organisation: Organisation, attribution: str, standing: Standing) -> str:
        """Return one of its organisations as this reader may see it, by how that one chose to be shown."""
        if standing.convenor or organisation.pk in standing.organisations:
            return organisation.name
        if attribution == states.Attribution.NAMED:
            return organisation.shown_name(standing)
        if attribution == states.Attribution.DESCRIBED:
            return organisation.description
        return str(_("a participating organisation"))

"""What goes with a submission: who sends it in together, its evidence, its earlier words, leave to be late."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from consultations.states import PaperKind
from portal.models import Stateful, state_constraint
from recommendations import states
from recommendations.models.submissions import Submission
from recommendations.querysets.handing_in import CoSubmitterQuerySet, EvidenceQuerySet, LateCodeQuerySet
from stakeholders.models import Organisation
from stakeholders.querysets import Standing

ENDINGS = {PaperKind.JPEG: "jpg"}


class LateCode(models.Model):
    """Leave for one organisation to send in after the deadline. Only the code's hash is kept; a new one ends it."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="late_codes")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="late_codes")
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = LateCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("late code")
        verbose_name_plural = _("late codes")
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["consultation", "organisation"],
                condition=Q(revoked_at=None),
                name="late_code_one_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"late code {self.pk}"

    @property
    def opens(self) -> bool:
        """Whether it still opens the door: neither revoked nor over."""
        return self.revoked_at is None and self.until >= timezone.now()


class EarlierWords(models.Model):
    """The words of a submission before its organisation corrected them."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="earlier_words")
    text = models.TextField(_("text"))
    reason = models.TextField(_("reason"), blank=True)
    concerned = models.TextField(_("who is concerned"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")  # who corrected them
    at = models.DateTimeField(_("corrected at"), default=timezone.now)

    class Meta:
        verbose_name = _("earlier words")
        verbose_name_plural = _("earlier words")
        ordering = ("submission", "-at", "-id")

    def __str__(self) -> str:
        return f"earlier words {self.pk}"


class Evidence(models.Model):
    """One file that bears a submission out: checked by its content, for its organisations and the convenors alone."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="evidence")
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to="evidence/", max_length=200)
    kind = models.CharField(_("kind"), max_length=8, choices=PaperKind.choices)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("submission", "id")

    def __str__(self) -> str:
        return f"evidence {self.pk}"

    @property
    def file_name(self) -> str:
        """Return the name under which it is handed out: numbers, nobody's words."""
        return f"evidence-{self.submission_id}-{self.pk}.{ENDINGS.get(PaperKind(self.kind), self.kind)}"


class CoSubmitter(Stateful):
    """Another organisation that sends a submission in together with the one that wrote it, once it agreed to it."""

    lifecycle = states.CO_SUBMISSION

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="co_submitters")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="co_submissions")
    state = models.CharField(
        _("state"), max_length=10, choices=states.CoSubmissionState.choices, default=states.CoSubmissionState.ASKED
    )
    attribution = models.CharField(
        _("how you are shown"),
        max_length=10,
        choices=states.Attribution.choices,
        default=states.Attribution.NONE,
    )
    # Of which words the organisation was asked, and to which it agreed: 0 is none.
    asked_version = models.PositiveIntegerField(default=0)
    agreed_version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = CoSubmitterQuerySet.as_manager()

    class Meta:
        verbose_name = _("co-submitter")
        verbose_name_plural = _("co-submitters")
        ordering = ("submission", "id")
        constraints = (
            state_constraint(states.CO_SUBMISSION, "co_submitter_state"),
            models.UniqueConstraint(fields=["submission", "organisation"], name="co_submitter_once"),
        )

    def __str__(self) -> str:
        return f"co-submitter {self.pk}"

    @property
    def agrees_now(self) -> bool:
        """Whether the organisation agreed to the words as they are."""
        return self.state == states.CoSubmissionState.AGREED and self.agreed_version == self.submission.version

    def shown_sender(self, standing: Standing) -> str:
        """Return the organisation as this reader may see it beside the text."""
        return self.submission.shown_as(self.organisation, self.attribution, standing)

"""The workspace: what is alike, versions, rival wordings, and what organisations were told of their points."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from portal import languages
from portal.models import Stateful, Timestamped, state_constraint
from recommendations import states
from recommendations.models.statements import Recommendation
from recommendations.models.submissions import Submission
from recommendations.models.wording import InMoreLanguages
from recommendations.querysets.merging import FateQuerySet, GroupingQuerySet, LikeGroupQuerySet
from stakeholders.models import Country, Organisation, PublicBody

NOTHING = "–"  # stands in a bracket for leaving the passage out


class Grouping(Timestamped):
    """The search for near-duplicates in one consultation: asked for, claimed by a worker, how far it is."""

    consultation = models.OneToOneField(Consultation, models.CASCADE, related_name="grouping")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked for at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.BooleanField(_("the last search failed"), default=False)

    objects = GroupingQuerySet.as_manager()

    class Meta:
        verbose_name = _("search for what is alike")
        verbose_name_plural = _("searches for what is alike")

    def __str__(self) -> str:
        return f"grouping {self.pk}"

    @property
    def is_at_work(self) -> bool:
        """Whether a search is asked for and not finished."""
        return self.asked_at is not None


class LikeGroup(Timestamped):
    """Submissions that say nearly the same. Found by a worker; a convenor may dissolve it."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="like_groups")

    objects = LikeGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group of submissions that are alike")
        verbose_name_plural = _("groups of submissions that are alike")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"group {self.pk}"


class Likeness(models.Model):
    """That a submission was compared with the others, with which words, and the group that was found for it."""

    submission = models.OneToOneField(Submission, models.CASCADE, related_name="likeness")
    group = models.ForeignKey(LikeGroup, models.SET_NULL, null=True, blank=True, related_name="members")
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("likeness")
        verbose_name_plural = _("likenesses")
        ordering = ("submission",)

    def __str__(self) -> str:
        return f"likeness {self.pk}"


class Apart(models.Model):
    """That a convenor said: these two are not the same point. No later search brings them together."""

    one = models.ForeignKey(Submission, models.CASCADE, related_name="+")
    other = models.ForeignKey(Submission, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("pair that is not alike")
        verbose_name_plural = _("pairs that are not alike")
        constraints = (models.UniqueConstraint(fields=["one", "other"], name="apart_once"),)

    def __str__(self) -> str:
        return f"apart {self.pk}"


class WorkingTranslation(Timestamped):
    """A translation of a submission for the desk. It is never shown in place of the sender's own words."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=10, choices=languages.interface_choices)
    text = models.TextField(_("text"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("working translation")
        verbose_name_plural = _("working translations")
        ordering = ("submission", "language")
        constraints = (models.UniqueConstraint(fields=["submission", "language"], name="translation_once"),)

    def __str__(self) -> str:
        return f"working translation {self.pk}"


class Referral(models.Model):
    """Where a submission was referred to: another consultation, a public body, or only what the reason says."""

    submission = models.OneToOneField(Submission, models.CASCADE, related_name="referral")
    consultation = models.ForeignKey(Consultation, models.PROTECT, null=True, blank=True, related_name="+")
    body = models.ForeignKey(PublicBody, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = (models.CheckConstraint(condition=Q(consultation=None) | Q(body=None), name="referral_to_one"),)

    def __str__(self) -> str:
        return f"referral {self.pk}"


class Revision(InMoreLanguages):
    """The words of a recommendation as they stood in one version. Written once, never changed."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("version"))
    kind = models.CharField(_("what was done"), max_length=10, choices=states.RevisionKind.choices)
    section = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(_("text"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("version of a recommendation")
        verbose_name_plural = _("versions of recommendations")
        ordering = ("recommendation", "number")
        constraints = (models.UniqueConstraint(fields=["recommendation", "number"], name="revision_once"),)

    def __str__(self) -> str:
        return f"revision {self.pk}"


class Bracket(Timestamped):
    """A passage of a recommendation with rival wordings. It stands in the text as [one / other] until it is settled."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="brackets")
    language = models.CharField(_("language"), max_length=10, choices=languages.writing_choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    chosen = models.ForeignKey("RivalWording", models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("bracket")
        verbose_name_plural = _("brackets")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"bracket {self.pk}"

    @property
    def shown(self) -> str:
        """Return the bracket as it stands in the text."""
        return "[" + " / ".join(one.text or NOTHING for one in self.wordings.all()) + "]"


class RivalWording(models.Model):
    """One wording of a bracketed passage, and the submissions it comes from. An empty one leaves the passage out."""

    bracket = models.ForeignKey(Bracket, models.CASCADE, related_name="wordings")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(_("text"), blank=True)
    submissions = models.ManyToManyField(Submission, blank=True, related_name="+", verbose_name=_("comes from"))

    class Meta:
        verbose_name = _("rival wording")
        verbose_name_plural = _("rival wordings")
        ordering = ("bracket", "position")
        constraints = (models.UniqueConstraint(fields=["bracket", "position"], name="rival_wording_once"),)

    def __str__(self) -> str:
        return f"rival wording {self.pk}"


class FateLetter(Timestamped):
    """One telling: what became of the points of one organisation, as one mail."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="fate_letters")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="fate_letters")
    number = models.PositiveIntegerField(_("number"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("letter about fates")
        verbose_name_plural = _("letters about fates")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["consultation", "number"], name="fate_letter_once"),)

    def __str__(self) -> str:
        return f"letter about fates {self.pk}"


class Fate(Timestamped, Stateful):
    """What an organisation was told of one of its points, what it said to that, and how an objection was settled."""

    lifecycle = states.FATE

    letter = models.ForeignKey(FateLetter, models.PROTECT, related_name="fates")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="fates")
    treatment = models.CharField(_("what became of it"), max_length=10, choices=states.Treatment.choices)
    reason = models.TextField(_("why"), blank=True)
    revisions = models.ManyToManyField(Revision, blank=True, related_name="+", verbose_name=_("words as told"))
    key = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=states.FateState.choices, default="told")
    words = models.TextField(_("words of the objection"), blank=True)
    wants_alone = models.BooleanField(_("wants to stand alone"), default=False)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    settlement = models.CharField(_("how it was settled"), max_length=8, choices=states.Settlement.choices, blank=True)
    settlement_reason = models.TextField(_("answer to the objection"), blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = FateQuerySet.as_manager()

    class Meta:
        verbose_name = _("fate of a submission")
        verbose_name_plural = _("fates of submissions")
        ordering = ("id",)
        constraints = (
            state_constraint(states.FATE, "fate_state"),
            models.UniqueConstraint(fields=["letter", "submission"], name="fate_once"),
        )

    def __str__(self) -> str:
        return f"fate {self.pk}"

    @property
    def is_latest(self) -> bool:
        """Whether nothing newer was told of the point since."""
        if hasattr(self, "newer"):
            return not self.newer
        return not Fate.objects.filter(submission=self.submission_id, pk__gt=self.pk).exists()

    @property
    def told_at(self) -> Any:
        """Return when it was told."""
        return self.created_at

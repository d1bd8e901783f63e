"""What becomes of an adopted text: documents, steps of the trail, pledges, conveyances, responses."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import languages
from portal.models import Stateful, Timestamped, state_constraint
from recommendations import querysets, states
from recommendations.models.statements import Edition, Item, Statement
from stakeholders.models import PublicBody


class Document(models.Model):
    """A paper that is handed over: an edition of ours, or a document named by title and date."""

    title = models.CharField(_("title"), max_length=200)
    dated = models.DateField(_("date"), null=True, blank=True)
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="documents")

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("dated", "id")

    def __str__(self) -> str:
        return self.title


class TrailStep(Timestamped):
    """One step that followed an adoption: a dialogue, a handover with its bundle, a meeting, an effect, a report."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="steps")
    kind = models.CharField(_("kind"), max_length=10, choices=states.StepKind.choices)
    happened_on = models.DateField(_("date"))
    actor = models.CharField(_("who"), max_length=200)
    counterpart = models.CharField(_("with whom"), max_length=300, blank=True)
    body = models.ForeignKey(PublicBody, models.PROTECT, null=True, blank=True, related_name="steps")
    text = models.TextField(_("what happened"), blank=True)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="steps")
    bundle = models.ManyToManyField(Document, blank=True, related_name="steps", verbose_name=_("documents"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("step of the trail")
        verbose_name_plural = _("steps of the trail")
        ordering = ("happened_on", "id")

    def __str__(self) -> str:
        return f"step {self.pk}"


class Pledge(models.Model):
    """Who promised what at a step, and whether it was kept."""

    step = models.ForeignKey(TrailStep, models.CASCADE, related_name="pledges")
    who = models.CharField(_("who"), max_length=200)
    text = models.TextField(_("what"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=states.PledgeState.choices, default="open")

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"pledge {self.pk}"


class Conveyance(Timestamped, Stateful):
    """The formal transmission of an edition to one public body."""

    lifecycle = states.CONVEYANCE

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="conveyances")
    body = models.ForeignKey(PublicBody, models.PROTECT, related_name="conveyances")
    state = models.CharField(
        _("state"),
        max_length=14,
        choices=states.ConveyanceState.choices,
        default="prepared",
    )
    channel = models.CharField(
        _("channel"),
        max_length=8,
        choices=states.ConveyanceChannel.choices,
        default="portal",
    )
    letter = models.TextField(_("covering letter"), blank=True)
    reference = models.CharField(_("our reference"), max_length=60, blank=True)
    their_reference = models.CharField(_("their reference"), max_length=60, blank=True)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    evidence = models.CharField(_("evidence of receipt"), max_length=300, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    reply_due = models.DateField(_("reply expected by"), null=True, blank=True)
    public = models.BooleanField(_("public"), default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = querysets.ConveyanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("conveyance")
        verbose_name_plural = _("conveyances")
        ordering = ("-sent_on", "-id")
        constraints = (
            models.UniqueConstraint(fields=["edition", "body"], name="conveyance_once"),
            state_constraint(states.CONVEYANCE, "conveyance_state"),
        )

    def __str__(self) -> str:
        return f"conveyance {self.pk}"

    @property
    def is_overdue(self) -> bool:
        """Whether an answer should be here by now."""
        waiting = self.state in {"sent", "received", "acknowledged"}
        return waiting and self.reply_due is not None and self.reply_due < timezone.localdate()


class Response(Timestamped):
    """A public body's position on one item. A later answer is a new entry; the old one stays."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="responses")
    body = models.ForeignKey(PublicBody, models.PROTECT, related_name="responses")
    conveyance = models.ForeignKey(Conveyance, models.PROTECT, null=True, blank=True, related_name="responses")
    kind = models.CharField(_("answer"), max_length=18, choices=states.ResponseKind.choices)
    text = models.TextField(_("words of the answer"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=languages.writing_choices, default="en")
    until = models.DateField(_("under examination until"), null=True, blank=True)
    passed_to = models.ForeignKey(PublicBody, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = querysets.ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering: Any = ("-published_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["item", "body"],
                condition=models.Q(published_at=None),
                name="response_one_draft",
            ),
        )

    def __str__(self) -> str:
        return f"response {self.pk}"

"""The plenary: its rule and roll, proxies, what was decided item by item, secret ballots, and later endorsements."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import Stateful, Timestamped, state_constraint
from recommendations import majorities, states
from recommendations.models.statements import Edition, Recommendation, Statement
from recommendations.querysets.editions import EndorsementQuerySet
from stakeholders.models import Organisation


class Plenary(Timestamped):
    """How a statement is decided on: the rule stated before, what is on the floor now, until when others sign on."""

    statement = models.OneToOneField(Statement, models.PROTECT, related_name="plenary")
    kind = models.CharField(
        _("who must join"), max_length=16, choices=states.RuleKind.choices, default=states.RuleKind.CONSENSUS
    )
    percent = models.PositiveSmallIntegerField(
        _("share in per cent"), default=0, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    base = models.CharField(
        _("of whom"), max_length=10, choices=states.RuleBase.choices, default=states.RuleBase.POSITIONS
    )
    abstentions = models.BooleanField(_("abstentions are counted"), default=False)
    parts = models.CharField(
        _("in each part by itself"), max_length=6, choices=states.RuleParts.choices, blank=True, default=""
    )
    quorum = models.PositiveSmallIntegerField(
        _("quorum in per cent"), default=0, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    quorum_parts = models.BooleanField(_("the quorum holds for each group too"), default=False)
    floor = models.ForeignKey(
        Recommendation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("on the floor")
    )
    sign_on_until = models.DateField(_("others sign on until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("plenary")
        verbose_name_plural = _("plenaries")

    def __str__(self) -> str:
        return f"plenary {self.pk}"

    @property
    def rule(self) -> majorities.Rule:
        """Return the rule as it is worked out."""
        names = ("kind", "percent", "base", "abstentions", "parts", "quorum", "quorum_parts")
        return majorities.Rule(**{name: getattr(self, name) for name in names})


class RollEntry(models.Model):
    """Whether one organisation is in the room, as the roll was called."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="roll")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="roll_entries")
    present = models.BooleanField(_("present"), default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("entry of the roll")
        verbose_name_plural = _("entries of the roll")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["statement", "organisation"], name="roll_once"),)

    def __str__(self) -> str:
        return f"entry of the roll {self.pk}"


class Proxy(models.Model):
    """That one organisation carries the voice of another. Revoked ones stay on record."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="proxies")
    giver = models.ForeignKey(Organisation, models.PROTECT, related_name="proxies_given")
    holder = models.ForeignKey(Organisation, models.PROTECT, related_name="proxies_held")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(_("given at"), default=timezone.now)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("proxy")
        verbose_name_plural = _("proxies")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["statement", "giver"], condition=Q(revoked_at__isnull=True), name="proxy_one_voice_each"
            ),
            models.CheckConstraint(condition=~Q(giver=F("holder")), name="proxy_of_another"),
        )

    def __str__(self) -> str:
        return f"proxy {self.pk}"


class Outcome(models.Model):
    """What the plenary did, with one item or with the whole text, and the numbers as they stood. Never rewritten."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="outcomes")
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, null=True, blank=True, related_name="outcomes")
    verdict = models.CharField(_("outcome"), max_length=10, choices=states.Verdict.choices)
    # The rule and the numbers: what `recommendations.majorities` worked out, without any name.
    figures = models.JSONField(default=dict, blank=True)
    # The words before and after an amendment, per language.
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    note = models.TextField(_("note"), blank=True)
    secret = models.BooleanField(_("by secret ballot"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"outcome {self.pk}"


class Ballot(Stateful):
    """A secret ballot on one item or on the whole. It knows no hour: nothing here tells when a choice was made."""

    lifecycle = states.BALLOT

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="ballots")
    recommendation = models.ForeignKey(Recommendation, models.CASCADE, null=True, blank=True, related_name="ballots")
    state = models.CharField(_("state"), max_length=8, choices=states.BallotState.choices, default="open")
    name = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    cast = models.PositiveIntegerField(_("organisations that took part"), default=0)

    class Meta:
        verbose_name = _("secret ballot")
        verbose_name_plural = _("secret ballots")
        ordering = ("id",)
        constraints = (
            state_constraint(states.BALLOT, "ballot_state"),
            models.UniqueConstraint(
                fields=["statement"], condition=Q(state="open", recommendation=None), name="ballot_open_once_whole"
            ),
            models.UniqueConstraint(
                fields=["recommendation"],
                condition=Q(state="open", recommendation__isnull=False),
                name="ballot_open_once_each",
            ),
        )

    def __str__(self) -> str:
        return f"ballot {self.pk}"


class SealedVoice(models.Model):
    """That an organisation took part; its choice, sealed until the count and empty after it. It knows no hour."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="voices")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="sealed_voices")
    sealed = models.BinaryField(default=bytes)

    class Meta:
        verbose_name = _("sealed choice")
        verbose_name_plural = _("sealed choices")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["ballot", "organisation"], name="sealed_voice_once"),)

    def __str__(self) -> str:
        return f"sealed choice {self.pk}"


class OpenedChoice(models.Model):
    """One choice of a counted ballot: a random key, and nothing that leads to an organisation, a person or an hour."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="choices")
    stance = models.CharField(_("choice"), max_length=12, choices=states.Stance.choices)

    class Meta:
        verbose_name = _("counted choice")
        verbose_name_plural = _("counted choices")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"counted choice {self.pk}"


class Endorsement(models.Model):
    """That an organisation signed on to an edition after the day. Withdrawn, it stays in the history."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="endorsements")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="endorsements")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="endorsements")
    given_at = models.DateTimeField(_("given at"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["edition", "organisation"], condition=Q(withdrawn_at__isnull=True), name="endorsement_once"
            ),
        )

    def __str__(self) -> str:
        return f"endorsement {self.pk}"

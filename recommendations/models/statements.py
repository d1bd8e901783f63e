"""The common text: recommendations with their sources, the statement, its adoption, and frozen editions."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from portal import languages
from portal.models import Stateful, Timestamped, state_constraint
from portal.states import Refusal
from recommendations import querysets, states
from recommendations.models.submissions import Submission, Theme
from recommendations.models.wording import Worded
from stakeholders.models import Country, Organisation, PublicBody


class Statement(Timestamped, Stateful, Worded):
    """The document of one consultation."""

    lifecycle = states.STATEMENT

    consultation = models.OneToOneField(Consultation, models.PROTECT, related_name="statement")
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=200)
    official_title = models.CharField(_("official title"), max_length=300, blank=True)
    preamble = models.TextField(_("preamble"), blank=True)
    note = models.TextField(_("note to readers"), blank=True)
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=states.StatementState.choices,
        default="draft",
    )
    prevailing_language = models.CharField(
        _("prevailing language"),
        max_length=10,
        choices=languages.writing_choices,
        default=languages.DEFAULT,
    )
    current_edition = models.PositiveSmallIntegerField(_("current edition"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    illustrative = models.BooleanField(_("made up for the demonstration"), default=False)

    objects = querysets.StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ("-id",)
        constraints = (state_constraint(states.STATEMENT, "statement_state"),)

    def __str__(self) -> str:
        return self.title

    @property
    def prevails(self) -> str:
        """Return the code of the language that decides in case of doubt."""
        return self.prevailing_language

    def get_absolute_url(self) -> str:
        """Return the address of the statement's public page."""
        return reverse("statement_detail", args=[self.slug])


class Recommendation(Timestamped, Stateful, Worded):
    """A working item of the common text, merged from submissions."""

    lifecycle = states.RECOMMENDATION

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="recommendations")
    section = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("section"),
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    text = models.TextField(_("text"))
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name=_("theme"),
    )
    addressees = models.ManyToManyField(PublicBody, blank=True, related_name="+", verbose_name=_("addressees"))
    state = models.CharField(
        _("state"),
        max_length=28,
        choices=states.RecommendationState.choices,
        default="drafting",
    )
    flagged = models.BooleanField(_("a source was withdrawn"), default=False)
    joined_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joined", verbose_name=_("joined into")
    )
    version = models.PositiveIntegerField(default=1)
    submissions = models.ManyToManyField(Submission, through="Source", related_name="recommendations")

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ("statement", "section", "position", "id")
        constraints = (state_constraint(states.RECOMMENDATION, "recommendation_state"),)

    def __str__(self) -> str:
        return f"recommendation {self.pk}"

    @property
    def prevails(self) -> str:
        """Return the code of the language that decides in case of doubt."""
        return self.statement.prevailing_language


class Source(models.Model):
    """That a recommendation comes from a submission."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="sources")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="sources")
    evidence = models.BooleanField(_("as evidence, not for its words"), default=False)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["recommendation", "submission"], name="source_once"),)

    def __str__(self) -> str:
        return f"source {self.pk}"


class Position(Timestamped):
    """What one organisation says to the tabled statement, whole or on one recommendation. One voice each."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="positions")
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, null=True, blank=True, related_name="positions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="positions")
    stance = models.CharField(_("position"), max_length=12, choices=states.Stance.choices)
    text = models.TextField(_("words of the reservation"), blank=True)
    # The organisation that carried this voice, where it was not its own.
    carried_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="carried_positions"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["statement", "organisation"],
                condition=Q(recommendation=None),
                name="position_once_whole",
            ),
            models.UniqueConstraint(
                fields=["recommendation", "organisation"],
                condition=Q(recommendation__isnull=False),
                name="position_once_each",
            ),
        )

    def __str__(self) -> str:
        return f"position {self.pk}"


class Adoption(Timestamped):
    """The act of a plenary: when, where, in what manner, by which organisations."""

    statement = models.OneToOneField(Statement, models.PROTECT, related_name="adoption")
    adopted_on = models.DateField(_("adopted on"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    manner = models.CharField(_("manner"), max_length=28, choices=states.Manner.choices)
    invited_count = models.PositiveIntegerField(_("organisations invited"), default=0)
    present_count = models.PositiveIntegerField(_("organisations that took a position"), default=0)
    adopters = models.ManyToManyField(Organisation, related_name="adoptions", verbose_name=_("adopters"))
    # Of an imported text: whoever it names and the register does not know, as the document wrote it.
    named_adopters = models.JSONField(_("adopters by the document's words"), default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("adoption")
        verbose_name_plural = _("adoptions")
        ordering = ("-adopted_on",)

    def __str__(self) -> str:
        return f"adoption {self.pk}"


class Frozen(models.Model):
    """Written once. The database refuses later changes too (see the migration `freeze_editions`)."""

    class Meta:
        abstract = True

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise Refusal: an adopted text stays."""
        raise Refusal(_("An adopted text cannot be deleted."))


class Edition(Timestamped, Frozen):
    """An immutable, numbered, fingerprinted text of a statement. Who adopted it is kept apart from the text."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField(_("number"))
    canonical = models.TextField(_("canonical form"))
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    adopted_on = models.DateField(_("adopted on"))
    prevailing_language = models.CharField(_("prevailing language"), max_length=10)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    imported = models.BooleanField(_("taken over from an older document"), default=False)

    objects = querysets.EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ("statement", "-number")
        constraints = (models.UniqueConstraint(fields=["statement", "number"], name="edition_number_once"),)

    def __str__(self) -> str:
        return f"edition {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the permanent address of this edition."""
        return reverse("edition_detail", args=[self.statement.slug, self.number])


class Item(Frozen, Worded):
    """One numbered recommendation of an edition. Numbers run per section and are never used twice."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="items")
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, null=True, related_name="items")
    section = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveIntegerField(_("number"))
    text = models.TextField(_("text"))
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="items")
    addressees = models.ManyToManyField(PublicBody, blank=True, related_name="items")

    objects = querysets.ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ("edition", models.F("section").asc(nulls_first=True), "number")
        constraints = (
            models.UniqueConstraint(
                fields=["edition", "section", "number"],
                name="item_number_once_national",
            ),
            models.UniqueConstraint(
                fields=["edition", "number"],
                condition=Q(section=None),
                name="item_number_once_asean",
            ),
        )

    def __str__(self) -> str:
        return f"item {self.pk}"

    @property
    def prevails(self) -> str:
        """Return the code of the language that decides in case of doubt."""
        return self.edition.prevailing_language

    @property
    def label(self) -> str:
        """Return the number with its section, such as “ASEAN 3” or “ID 7”: unique in the edition."""
        return f"{self.section_id or 'ASEAN'} {self.number}"

    @property
    def anchor_section(self) -> str:
        """Return the section as addresses name it."""
        return (self.section_id or "asean").lower()

    @property
    def anchor(self) -> str:
        """Return the part of the address after the hash."""
        return f"{self.anchor_section}-{self.number}"

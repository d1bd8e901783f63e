"""Circulated versions of the draft, and what participants say to them: comments, amendments, supports."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal import languages
from portal.models import Stateful, Timestamped, state_constraint
from recommendations import paragraphs, states
from recommendations.models.statements import Recommendation, Statement
from recommendations.models.wording import in_each_language
from recommendations.querysets.circulating import (
    AmendmentQuerySet,
    CirculatedTextQuerySet,
    CirculatedVersionQuerySet,
    CommentQuerySet,
)
from stakeholders.models import Country, Organisation

JOINS = 2  # how often a text may have been joined into another one since it was circulated; the queryset reads as many


class CirculatedVersion(Timestamped):
    """The draft as it went to participants: numbered, never changed, open for comments until a moment."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="circulated")
    number = models.PositiveIntegerField(_("version"))
    note = models.TextField(_("note to readers"), blank=True)
    closes_at = models.DateTimeField(_("open for comments until"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = CirculatedVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("circulated version")
        verbose_name_plural = _("circulated versions")
        ordering: Any = ("statement", "-number")
        constraints = (models.UniqueConstraint(fields=["statement", "number"], name="circulated_once"),)

    def __str__(self) -> str:
        return f"circulated version {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("circulated_detail", args=[self.statement.consultation.slug, self.number])

    @property
    def is_latest(self) -> bool:
        """Whether no newer version was circulated."""
        if hasattr(self, "newer"):
            return not self.newer
        return not CirculatedVersion.objects.filter(statement=self.statement_id, number__gt=self.number).exists()

    def takes_words(self, now: datetime) -> bool:
        """Whether comments and amendments are taken: it is the latest, not closed, and the text is still a draft."""
        return now <= self.closes_at and self.statement.state == "draft" and self.is_latest


class CirculatedText(models.Model):
    """The words of one recommendation in a circulated version, in each language that it had then."""

    version = models.ForeignKey(CirculatedVersion, models.CASCADE, related_name="texts")
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="circulated")
    section = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.PositiveIntegerField(_("number in its section"))
    texts = models.JSONField(_("texts"), default=dict)

    objects = CirculatedTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a circulated version")
        verbose_name_plural = _("texts of circulated versions")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["version", "recommendation"], name="circulated_text_once"),)

    def __str__(self) -> str:
        return f"circulated text {self.pk}"

    @property
    def label(self) -> str:
        """Return how it stands in the version, such as “ASEAN 3”."""
        return f"{self.section_id or 'ASEAN'} {self.place}"

    @property
    def anchor(self) -> str:
        """Return the part of the address after the hash."""
        return f"{(self.section_id or 'asean').lower()}-{self.place}"


class Comment(Timestamped, Stateful):
    """What an organisation says to one passage, or to a whole recommendation (paragraph 0)."""

    lifecycle = states.COMMENT

    text = models.ForeignKey(CirculatedText, models.PROTECT, related_name="comments")
    language = models.CharField(_("language of the passage"), max_length=10, choices=languages.writing_choices)
    paragraph = models.PositiveIntegerField(_("paragraph"), default=0)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="comments")
    words = models.TextField(_("comment"))
    state = models.CharField(_("state"), max_length=9, choices=states.CommentState.choices, default="open")
    answer = models.TextField(_("answer"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ("id",)
        constraints = (state_constraint(states.COMMENT, "comment_state"),)

    def __str__(self) -> str:
        return f"comment {self.pk}"

    @property
    def passage(self) -> str:
        """Return the words that it is about."""
        words = self.text.texts.get(self.language, "")
        found = paragraphs.paragraphs(words)
        return found[self.paragraph - 1] if 0 < self.paragraph <= len(found) else words


class Amendment(Timestamped, Stateful):
    """Changed words that an organisation proposes for one recommendation in one language.

    It stands on the words of its version. What it is on top of the draft as it stands now is worked out when asked.
    """

    lifecycle = states.AMENDMENT

    text = models.ForeignKey(CirculatedText, models.PROTECT, related_name="amendments")
    language = models.CharField(_("language"), max_length=10, choices=languages.writing_choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="amendments")
    proposal = models.TextField(_("text as it should be"))
    reason = models.TextField(_("reason"))
    state = models.CharField(_("state"), max_length=9, choices=states.AmendmentState.choices, default="proposed")
    answer = models.TextField(_("answer"), blank=True)
    # The words that went into the draft, and the version of the recommendation that they made.
    written = models.TextField(_("words taken over"), blank=True)
    written_version = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ("id",)
        constraints = (state_constraint(states.AMENDMENT, "amendment_state"),)

    def __str__(self) -> str:
        return f"amendment {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("amendment_detail", args=[self.pk])

    @property
    def base(self) -> str:
        """Return the words it was written on."""
        return self.text.texts.get(self.language, "")

    @property
    def target(self) -> Recommendation:
        """Return the recommendation that it would change now: what its own one was joined into, if it was."""
        one: Recommendation = self.text.recommendation
        for _step in range(JOINS):
            if one.joined_into_id:
                one = one.joined_into
        return one

    @property
    def now(self) -> str:
        """Return the words of the draft as they stand now."""
        return in_each_language(self.target, "text").get(self.language, "")

    @property
    def on_draft(self) -> paragraphs.Merged:
        """Return what it is on top of the draft as it stands now: carried, rebased, collided, or there already."""
        return paragraphs.merged(self.base, self.proposal, self.now)


class Support(models.Model):
    """That another organisation supports an amendment. One voice each."""

    amendment = models.ForeignKey(Amendment, models.CASCADE, related_name="supports")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="supports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("support of an amendment")
        verbose_name_plural = _("supports of amendments")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["amendment", "organisation"], name="support_once"),)

    def __str__(self) -> str:
        return f"support {self.pk}"


class LanguageState(Timestamped):
    """How far the text of a recommendation is in a language other than the prevailing one.

    `source` are the words of the prevailing language that it follows. Where those moved since, it is behind.
    """

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="language_states")
    language = models.CharField(_("language"), max_length=10, choices=languages.writing_choices)
    state = models.CharField(
        _("state"), max_length=8, choices=states.TranslationState.choices, default=states.TranslationState.DRAFT
    )
    source = models.TextField(_("words that it follows"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("state of a language")
        verbose_name_plural = _("states of languages")
        ordering = ("recommendation", "language")
        constraints = (models.UniqueConstraint(fields=["recommendation", "language"], name="language_state_once"),)

    def __str__(self) -> str:
        return f"state of a language {self.pk}"

"""Consultations, who organises them, and the official meetings that they work towards."""

import uuid
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations import querysets, states
from portal import clock
from portal.models import Stateful, Timestamped, state_constraint
from stakeholders.models import Country, Organisation, PublicBody
from stakeholders.states import Level


class OfficialMeeting(models.Model):
    """One entry of the official calendar, such as a senior labour officials' meeting: plans count back from it."""

    name = models.CharField(_("name"), max_length=200)
    body = models.ForeignKey(
        PublicBody, models.SET_NULL, null=True, blank=True, related_name="meetings", verbose_name=_("body that meets")
    )
    country = models.ForeignKey(
        Country, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("country")
    )
    city = models.CharField(_("city"), max_length=80, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    papers_by = models.DateField(_("papers are taken until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = querysets.MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("official meeting")
        verbose_name_plural = _("official meetings")
        ordering = ("starts_on", "id")
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="meeting_ends_after_start"),
        )

    def __str__(self) -> str:
        return self.name


class Consultation(Timestamped, Stateful):
    """One event or process in which stakeholders are consulted."""

    lifecycle = states.CONSULTATION

    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=200)
    official_title = models.CharField(_("official title"), max_length=300, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    outcome = models.TextField(_("what came out"), blank=True)
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=states.ConsultationState.choices,
        default="draft",
    )
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, default=Level.NATIONAL)
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name=_("country"),
    )
    form_of_dialogue = models.CharField(
        _("form of dialogue"),
        max_length=14,
        choices=states.FormOfDialogue.choices,
        default=states.FormOfDialogue.CONSULTATION,
    )
    mode = models.CharField(
        _("where people meet"),
        max_length=10,
        choices=states.Mode.choices,
        default="on-site",
    )
    city = models.CharField(_("city"), max_length=80, blank=True)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    begins_at = models.TimeField(_("begins at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Jakarta")
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    input_opens = models.DateTimeField(_("submissions open"), null=True, blank=True)
    input_closes = models.DateTimeField(_("submissions close"), null=True, blank=True)
    corrections_until = models.DateField(_("corrections until"), null=True, blank=True)
    hear_back_by = models.DateField(_("hear back by"), null=True, blank=True)
    # The sentence to invitees about their input, where the one that goes with the form of dialogue does not fit.
    own_promise = models.CharField(_("what is done with the input"), max_length=500, blank=True)
    resting_on = models.CharField(_("mandate it rests on"), max_length=300, blank=True)
    target = models.ForeignKey(
        OfficialMeeting,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name=_("meeting it works towards"),
    )
    follows = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("the one before in the series"),
    )
    next_due_on = models.DateField(_("next one due"), null=True, blank=True)
    # Days before the last day for answers on which those who are silent are reminded, such as "14 7 2".
    reminder_days = models.CharField(_("reminders"), max_length=40, blank=True)
    moved_at = models.DateTimeField(_("moved at"), null=True, blank=True)
    moved_because = models.CharField(_("why it was moved"), max_length=300, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancelled_because = models.CharField(_("why it was cancelled"), max_length=300, blank=True)
    discreet = models.BooleanField(_("discreet"), default=False)
    declared_participants = models.CharField(_("participants, as declared"), max_length=80, blank=True)
    declared_organisations = models.CharField(_("organisations, as declared"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    illustrative = models.BooleanField(_("made up for the demonstration"), default=False)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    concluded_at = models.DateTimeField(_("concluded at"), null=True, blank=True)
    convenors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="consultations",
        verbose_name=_("convenors"),
    )

    objects = querysets.ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ("-starts_on", "-id")
        constraints = (
            state_constraint(states.CONSULTATION, "consultation_state"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="consultation_ends_after_start",
            ),
        )
        indexes = (models.Index(fields=["state", "starts_on"], name="consultation_by_state"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the public page."""
        return reverse("consultation_detail", args=[self.slug])

    @property
    def is_open_for_input(self) -> bool:
        """Whether submissions may be sent in at this moment."""
        return self.input_is_open_at(timezone.now())

    def input_is_open_at(self, at: datetime) -> bool:
        """Whether submissions could be sent in at the moment."""
        if self.state not in {"announced", "in_session"} or not self.input_opens or not self.input_closes:
            return False
        return self.input_opens <= at <= self.input_closes

    @property
    def answers_close_at(self) -> datetime:
        """Return the last moment for an answer: the end of that day in the consultation's zone."""
        return clock.end_of_day(self.answer_by or self.ends_on, self.time_zone)

    @property
    def reminders_on(self) -> list[date]:
        """Return the days on which the silent are reminded, the first one first. They count back from the last day."""
        if self.answer_by is None:
            return []
        back = (int(days) for days in self.reminder_days.split() if days.isdecimal())
        return sorted(self.answer_by - timedelta(days=days) for days in back)

    def reminder_due_on(self, today: date) -> date | None:
        """Return the latest day for reminders that has come. Those before it are over."""
        return max((day for day in self.reminders_on if day <= today), default=None)

    def next_reminder_on(self, today: date) -> date | None:
        """Return the next day for reminders after today."""
        return min((day for day in self.reminders_on if day > today), default=None)

    @property
    def promise(self) -> str:
        """Return the sentence that tells invitees what is done with their input.

        Of a discreet consultation the usual one: own words could tell what it is about to whoever reads the mail.
        """
        own = "" if self.discreet else self.own_promise
        return own or str(states.PROMISES[states.FormOfDialogue(self.form_of_dialogue)])

    @property
    def public_title(self) -> str:
        """Return the title that a link alone may show: a discreet consultation has a neutral one."""
        return str(_("A consultation")) if self.discreet else self.title


class Organiser(models.Model):
    """Who convenes, co-organises or pays, in the agreed order."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="organisers")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="organised")
    name = models.CharField(_("name, where it is not in the register"), max_length=200, blank=True)
    kind = models.CharField(
        _("part"),
        max_length=14,
        choices=states.OrganiserKind.choices,
        default="co-organiser",
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"organiser {self.pk}"

    @property
    def public_name(self) -> str:
        """Return the name as everybody may see it."""
        return self.organisation.public_name if self.organisation else self.name

"""Consultations, who convenes and organises them, the invitations, and each answer that came."""

import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations import querysets, states
from portal import clock, languages
from portal.models import Stateful, Timestamped, User, state_constraint
from stakeholders.models import Country, Organisation
from stakeholders.states import Level, OrganisationState


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
    hear_back_by = models.DateField(_("hear back by"), null=True, blank=True)
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
    def promise(self) -> str:
        """Return the sentence that tells invitees what is done with their input."""
        return str(states.PROMISES[states.FormOfDialogue(self.form_of_dialogue)])

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


def new_nonce() -> str:
    """Return 128 random bits for an invitation link."""
    return secrets.token_hex(16)


class Invitation(Timestamped, Stateful):
    """The convening of one organisation, with a number of seats, to one consultation."""

    lifecycle = states.INVITATION

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="invitations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    state = models.CharField(
        _("state"),
        max_length=14,
        choices=states.InvitationState.choices,
        default="drafted",
    )
    seats_offered = models.PositiveSmallIntegerField(_("seats offered"), default=2)
    seats_accepted = models.PositiveSmallIntegerField(_("seats accepted"), default=0)
    address = models.EmailField(_("sent to"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=languages.writing_choices, default="en")
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("link works until"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    objects = querysets.InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("consultation", "id")
        constraints = (
            models.UniqueConstraint(fields=["consultation", "organisation"], name="invitation_once"),
            state_constraint(states.INVITATION, "invitation_state"),
        )

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def token(self) -> str:
        """Return the secret of the link: worked out from the row's random bits and the server's key.

        Neither the database nor the key alone gives a link away; the database keeps only the token's hash.
        """
        key = settings.SECRET_KEY.encode()
        return hmac.new(key, f"invitation:{self.nonce}".encode(), hashlib.sha256).hexdigest()[:40]

    def renew_token(self) -> None:
        """Give the link a new secret, which voids the old one. Does not save."""
        self.nonce = new_nonce()
        self.seal()

    def seal(self) -> None:
        """Write the token's hash and the day on which the link ends. Does not save."""
        self.token_hash = hash_token(self.token)
        end = clock.end_of_day(self.consultation.ends_on, self.consultation.time_zone)
        self.expires_at = end + timedelta(days=settings.INVITATION_LINK_DAYS)

    @property
    def link_works(self) -> bool:
        """Whether the link still leads somewhere: never for an organisation that is not at the table at the moment."""
        seated = self.organisation.state == OrganisationState.VERIFIED
        return seated and self.state not in querysets.HIDDEN_INVITATIONS and timezone.now() <= self.expires_at


def hash_token(token: str) -> str:
    """Return the form in which a link's secret is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


class Answer(models.Model):
    """One answer to an invitation: each is kept, the last one counts."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="answers")
    verb = models.CharField(_("answer"), max_length=10)
    seats = models.PositiveSmallIntegerField(_("seats"), default=0)
    delegates = models.TextField(_("delegates"), blank=True)
    needs = models.TextField(_("needs"), blank=True)
    note = models.TextField(_("note"), blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=states.Channel.choices)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering: ClassVar[Any] = ("-at", "-id")

    def __str__(self) -> str:
        return f"answer {self.pk}"

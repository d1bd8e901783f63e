"""The invitations, each answer that came, and what those who come need."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations import querysets, states
from consultations.models.consultation import Consultation
from portal import clock, languages
from portal.models import Stateful, Timestamped, User, state_constraint
from stakeholders.models import Organisation, PublicBody
from stakeholders.states import Bench, OrganisationState


def new_nonce() -> str:
    """Return 128 random bits for an invitation link."""
    return secrets.token_hex(16)


class Invitation(Timestamped, Stateful):
    """The convening of one organisation, public body or person, with a number of seats, to one consultation."""

    lifecycle = states.INVITATION

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="invitations")
    # Exactly one of these three says who is convened.
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="invitations")
    body = models.ForeignKey(PublicBody, models.PROTECT, null=True, blank=True, related_name="invitations")
    full_name = models.CharField(_("person"), max_length=200, blank=True)
    # The office and role in which an official or a person in a personal capacity is asked.
    office = models.CharField(_("office or role"), max_length=200, blank=True)
    bench = models.CharField(_("bench"), max_length=16, choices=Bench.choices, blank=True)
    state = models.CharField(
        _("state"),
        max_length=14,
        choices=states.InvitationState.choices,
        default="drafted",
    )
    seats_offered = models.PositiveSmallIntegerField(_("seats offered"), default=2)
    seats_accepted = models.PositiveSmallIntegerField(_("seats accepted"), default=0)
    way = models.CharField(_("way"), max_length=8, choices=states.Way.choices, default=states.Way.MAIL)
    reference = models.CharField(_("reference of the letter"), max_length=80, blank=True)
    address = models.EmailField(_("sent to"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=languages.writing_choices, default="en")
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("link works until"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    waiting_since = models.DateTimeField(_("on the waiting list since"), null=True, blank=True)
    waiting_seats = models.PositiveSmallIntegerField(_("seats asked for"), default=0)
    offered_until = models.DateTimeField(_("offer stands until"), null=True, blank=True)

    objects = querysets.InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("consultation", "id")
        constraints = (
            models.UniqueConstraint(fields=["consultation", "organisation"], name="invitation_once"),
            models.UniqueConstraint(fields=["consultation", "body"], name="invitation_once_a_body"),
            models.CheckConstraint(
                condition=(
                    Q(organisation__isnull=False, body__isnull=True, full_name="")
                    | Q(organisation__isnull=True, body__isnull=False, full_name="")
                    | (Q(organisation__isnull=True, body__isnull=True) & ~Q(full_name=""))
                ),
                name="invitation_of_one",
            ),
            state_constraint(states.INVITATION, "invitation_state"),
        )

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def shown_name(self, standing: Any) -> str:
        """Return who is convened, as such a reader may see it. A person's name is for the convenors alone."""
        if self.organisation:
            return self.organisation.shown_name(standing)
        return str(self.body) if self.body else self.full_name

    @property
    def by_trusted(self) -> bool:
        """Whether a trusted contact stands between: an answer from there is marked so."""
        known = bool(self.organisation and self.organisation.trusted_contact)
        return known or self.way == states.Way.TRUSTED

    @property
    def offer_stands(self) -> bool:
        """Whether a seat is offered and the time to take it is not over."""
        return self.state == "offered" and self.offered_until is not None and timezone.now() <= self.offered_until

    @property
    def goes_by_mail(self) -> bool:
        """Whether a mail carries it: to the invited, or to their trusted contact."""
        return bool(self.address) and self.way != states.Way.LETTER

    @property
    def goes_on_paper(self) -> bool:
        """Whether a letter carries it: to an official, or to somebody without an address."""
        return self.way == states.Way.LETTER or (self.way == states.Way.MAIL and not self.address)

    @property
    def waits_for_its_hour(self) -> bool:
        """Whether it was started for later, and can be held back until then."""
        return self.state == "sent" and self.sent_at is not None and self.sent_at > timezone.now()

    @property
    def is_at_table(self) -> bool:
        """Whether the invited still may come: an organisation that was suspended or dissolved since may not."""
        return self.organisation is None or self.organisation.state == OrganisationState.VERIFIED

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
        return self.is_at_table and self.state not in querysets.HIDDEN_INVITATIONS and timezone.now() <= self.expires_at


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


class Need(models.Model):
    """What somebody who comes needs, by kind. Only organisers see it. Replaced as a whole with each answer."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="needs")
    kind = models.CharField(_("kind"), max_length=16, choices=states.NeedKind.choices)
    language = models.CharField(_("language"), max_length=10, choices=languages.writing_choices, blank=True)
    detail = models.CharField(_("what exactly"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ("kind", "id")

    def __str__(self) -> str:
        return f"need {self.pk}"


class SeatRequest(models.Model):
    """Somebody to whom a link was forwarded asks for a seat: a request, never a seat."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        GRANTED = "granted", _("granted")
        DECLINED = "declined", _("declined")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="seat_requests")
    invitation = models.ForeignKey(Invitation, models.SET_NULL, null=True, blank=True, related_name="requests")
    full_name = models.CharField(_("full name"), max_length=200)
    organisation_name = models.CharField(_("organisation"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=languages.writing_choices, default="en")
    reason = models.TextField(_("why"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = querysets.SeatRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a seat")
        verbose_name_plural = _("requests for seats")
        ordering = ("asked_at", "id")

    def __str__(self) -> str:
        return f"request for a seat {self.pk}"

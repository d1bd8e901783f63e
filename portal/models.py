"""What every app stands on: people who sign in, rows with a lifecycle, the log, the outbox, one-time keys."""

import hashlib
from typing import Any, ClassVar, Self

import rules
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import languages, text
from portal.querysets import LogQuerySet, MessageQuerySet
from portal.states import Lifecycle, Refusal


class Timestamped(models.Model):
    """Knows when it was made and last changed."""

    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        abstract = True


class Stateful(models.Model):
    """Has a lifecycle. The state changes only through `move`, which only actions call."""

    lifecycle: ClassVar[Lifecycle]

    class Meta:
        abstract = True

    def can(self, verb: str) -> bool:
        """Whether the lifecycle allows the verb now."""
        return self.lifecycle.can(verb, self.state)

    def demand(self, verb: str) -> None:
        """Raise Refusal where the lifecycle does not allow the verb now."""
        self.lifecycle.target(verb, self.state)

    def move(self, verb: str, *, save: bool = True, **values: Any) -> None:
        """Take the step and save only the state and the given values. Raises Refusal. Call it on a locked row."""
        self.state = self.lifecycle.target(verb, self.state)
        for name, value in values.items():
            setattr(self, name, value)
        if save:
            self.save(update_fields=["state", *values, *self._changed_at()])

    def _changed_at(self) -> list[str]:
        return ["updated_at"] if isinstance(self, Timestamped) else []

    @classmethod
    def locked(cls, pk: int) -> Self:
        """Return the row, locked until the transaction ends. On SQLite the write transaction is the lock."""
        return cls._base_manager.select_for_update().get(pk=pk)


def state_constraint(lifecycle: Lifecycle, name: str) -> models.CheckConstraint:
    """Return the database check that limits a state column to the lifecycle's states."""
    return models.CheckConstraint(condition=models.Q(state__in=lifecycle.states.values), name=name)


class UserManager(BaseUserManager["User"]):
    """Makes accounts. Nobody has a password: people sign in with a code sent by mail."""

    def create_user(self, email: str, **fields: Any) -> "User":
        """Make an account for the address, cleaned and in lower case."""
        user = self.model(email=text.clean_address(email), **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, **fields: Any) -> "User":
        """Make an account that may enter the back office."""
        return self.create_user(email, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find an account by its address in any case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What the person may do comes from mandates, never from this row."""

    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("This address is taken.")},
    )
    full_name = models.CharField(_("full name"), max_length=200, blank=True)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=languages.interface_choices,
        default=languages.DEFAULT,
    )
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Jakarta")
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may enter the back office"), default=False)
    joined_at = models.DateTimeField(_("joined at"), default=timezone.now)
    wants_digest = models.BooleanField(_("a weekly summary by mail"), default=True)
    digest_sent_at = models.DateTimeField(_("last weekly summary"), null=True, blank=True)
    # The person asked to be forgotten: the row stays because acts of organisations stand on it, with nothing personal.
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        if self.deleted_at:
            return str(_("a former member"))
        return self.full_name or self.email

    def get_full_name(self) -> str:
        """Return the name as the person writes it; there is no first and last name to take apart."""
        return self.full_name

    def get_short_name(self) -> str:
        """Return the full name: many people here have one name only."""
        return self.full_name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Ask the rules where they know the permission: an administrator has no part in a consultation."""
        if rules.perm_exists(perm):
            return self.is_active and rules.has_perm(perm, self, obj)
        return super().has_perm(perm, obj)


class LogHead(models.Model):
    """The end of the log's chain: one row, locked while an entry is added. Also the age of the whole world."""

    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"log up to {self.number}"


class LogEntry(models.Model):
    """One act: who did what to what, when. Written once, never changed, chained to the entry before by its digest."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    topic = models.CharField(max_length=80, blank=True, db_index=True)
    detail = models.CharField(max_length=200, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects = LogQuerySet.as_manager()

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log")
        ordering = ("-number",)
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="log_subject"),)

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.subject_type} {self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new entry. Raises Refusal for one that exists: the log is append-only."""
        if self.pk:
            raise Refusal(_("The log cannot be changed."))
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Raise Refusal: the log is append-only."""
        raise Refusal(_("The log cannot be changed."))

    def expected_digest(self) -> str:
        """Return the SHA-256 of the entry before and this entry's content, in hexadecimal."""
        parts = (
            self.previous,
            self.number,
            self.at.isoformat(),
            self.actor_id,
            self.verb,
            self.subject_type,
        )
        content = "\x1f".join(str(part) for part in (*parts, self.subject_id, self.topic, self.detail))
        return hashlib.sha256(content.encode()).hexdigest()


class OutgoingMessage(Timestamped):
    """One mail to one person, from the moment it was decided. The database is the queue of record.

    The body is not stored: it is made when it is sent, in the reader's language, after the reader's rights and
    the mail's relevance were looked at again.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        DEFERRED = "deferred", _("will be tried again")
        BOUNCED = "bounced", _("came back")
        FAILED = "failed", _("could not be sent")
        WITHHELD = "withheld", _("held back")
        SUPERSEDED = "superseded", _("no longer needed")

    purpose = models.CharField(_("kind"), max_length=80)
    subject_id = models.BigIntegerField(_("about number"), default=0)
    version = models.PositiveIntegerField(_("version"), default=1)
    topic = models.CharField(_("topic"), max_length=80, blank=True, db_index=True)
    recipient = models.CharField(_("recipient"), max_length=254)
    recipient_key = models.CharField(max_length=64)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("person")
    )
    language = models.CharField(_("language"), max_length=10, default=languages.DEFAULT)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Jakarta")
    payload = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("not before"), default=timezone.now)
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(_("being sent until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    last_error = models.CharField(_("what went wrong"), max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outbox")
        constraints = (
            models.UniqueConstraint(
                fields=["purpose", "subject_id", "version", "recipient_key"],
                name="message_once_per_event",
            ),
        )
        indexes = (
            models.Index(
                fields=["next_try_at"],
                name="message_due",
                condition=models.Q(state__in=["queued", "sending", "deferred"]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject_id} ({self.get_state_display()})"

    @property
    def message_id(self) -> str:
        """The same for every attempt, so that a mail which arrives twice folds into one.

        It is sealed: a report that names it was written about a mail of ours. See `portal.bounces.find`.
        """
        words = f"{self.pk}:{self.purpose}:{self.subject_id}:{self.version}:{self.recipient_key}"
        seal = salted_hmac("portal.message_id", words, algorithm="sha256").hexdigest()[:32]
        return f"<{self.pk or 0}.{seal}@{settings.MAIL_DOMAIN}>"

    @property
    def reason(self) -> str:
        """Why it was not sent, in the language that is active. What a server said stays in brackets."""
        words, bracket, rest = self.last_error.partition(" (")
        return f"{gettext(words)}{bracket}{rest}" if words else ""


class MailBreaker(models.Model):
    """One row: how often in a row the mail server refused us, and until when nothing is tried."""

    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    open_until = models.DateTimeField(_("nothing is sent until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("pause in sending")
        verbose_name_plural = _("pauses in sending")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class BlockedAddress(models.Model):
    """An address that gets no more mail, or no more notices. Only its digest is kept."""

    class Reason(models.TextChoices):
        BOUNCED = "bounced", _("mail came back")
        COMPLAINED = "complained", _("reported as unwanted")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed from notices")
        BY_HAND = "by-hand", _("blocked by hand")

    key = models.CharField(max_length=64, unique=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    notices_only = models.BooleanField(_("only notices"), default=False)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("blocked address")
        verbose_name_plural = _("blocked addresses")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class OneTimeKey(models.Model):
    """The key of a form that was sent in. Sending it again leads to the first result."""

    key = models.CharField(max_length=64, unique=True)
    result = models.CharField(max_length=500, blank=True)
    used_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("one-time key")
        verbose_name_plural = _("one-time keys")

    def __str__(self) -> str:
        return f"one-time key {self.pk}"

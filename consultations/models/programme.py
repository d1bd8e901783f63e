"""What happens when and where: sessions, their agenda, and the papers."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations import querysets, states
from consultations.models.consultation import Consultation
from portal import dates, languages
from portal.models import User
from stakeholders.models import Country

ENDINGS = {states.PaperKind.JPEG: "jpg"}


class Session(models.Model):
    """One sitting with its own time, zone and place. A consultation's days need not be adjacent."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="sessions")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("title"), max_length=200)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Jakarta")
    mode = models.CharField(_("where people meet"), max_length=10, choices=states.Mode.choices, default="on-site")
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("country")
    )
    city = models.CharField(_("city"), max_length=80, blank=True)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    call_link = models.URLField(_("link of the call"), max_length=300, blank=True)
    interpreters = models.CharField(_("interpretation into"), max_length=120, blank=True)  # language codes, spaced
    closed = models.BooleanField(_("closed: no observers, no media"), default=False)
    rapporteur = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("rapporteur")
    )
    rapporteur_name = models.CharField(_("rapporteur without an account"), max_length=200, blank=True)
    output = models.TextField(_("what came out of it"), blank=True)
    output_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = querysets.SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("starts_at", "position", "id")
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"),
        )

    def __str__(self) -> str:
        return f"session {self.pk}"

    @property
    def languages(self) -> list[str]:
        """Return the codes of the languages into which it is interpreted."""
        return self.interpreters.split()

    @property
    def spoken(self) -> list[str]:
        """Return the languages into which it is interpreted, each by its own name."""
        return [languages.own_name(code) for code in self.languages]

    @property
    def when(self) -> str:
        """Return its day and hours with the zone named, as the reader writes them."""
        return dates.hours(self.starts_at, self.ends_at, self.time_zone)


class AgendaItem(models.Model):
    """One point of a session's agenda, and its part of the minutes."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("point"), max_length=300)
    minutes = models.TextField(_("minutes"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("point of the agenda")
        verbose_name_plural = _("points of the agenda")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"point {self.pk}"


class Paper(models.Model):
    """One file for those who take part: checked by its content, never served but through a check of rights."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="papers")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="papers")
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=10, choices=languages.writing_choices, default="en")
    file = models.FileField(_("file"), upload_to="papers/", max_length=200)
    kind = models.CharField(_("kind"), max_length=8, choices=states.PaperKind.choices)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    digest = models.CharField(_("SHA-256"), max_length=64, blank=True)
    public = models.BooleanField(_("public"), default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = querysets.PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"paper {self.pk}"

    @property
    def file_name(self) -> str:
        """Return the name under which it is handed out: an address and a number, nobody's words."""
        return f"{self.consultation.slug}-{self.pk}.{ENDINGS.get(self.kind, self.kind)}"

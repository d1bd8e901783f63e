"""Countries, stakeholder groups, and the public bodies that are addressed and answer."""

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stakeholders import querysets, states


class Country(models.Model):
    """A member state of ASEAN."""

    code = models.CharField(_("code"), max_length=2, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    own_name = models.CharField(_("own name"), max_length=80, blank=True)
    member_since = models.DateField(_("member since"))
    languages = models.CharField(_("languages"), max_length=40, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60)
    row = models.PositiveSmallIntegerField(default=0)
    column = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def was_member(self, day: date) -> bool:
        """Whether the state belonged to ASEAN on the day (Timor-Leste: from 26 October 2025)."""
        return self.member_since <= day


class StakeholderGroup(models.Model):
    """A kind of actor around labour migration, and in what way its members may be heard."""

    slug = models.SlugField(unique=True, max_length=60)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    withheld_name = models.CharField(_("how one is called when its name is withheld"), max_length=120)
    hearing = models.CharField(_("how it is heard"), max_length=20, choices=states.Hearing.choices)
    bench = models.CharField(_("bench"), max_length=20, choices=states.Bench.choices)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("stakeholder group")
        verbose_name_plural = _("stakeholder groups")
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name


class PublicBody(models.Model):
    """An office that is addressed and answers: a ministry, an ASEAN body, an international organisation."""

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=states.BodyKind.choices)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="bodies")
    matter = models.CharField(_("matter"), max_length=16, choices=states.Matter.choices, blank=True)
    reports_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subsidiaries")
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = querysets.PublicBodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("public body")
        verbose_name_plural = _("public bodies")
        ordering = ("kind", "name")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the body's page."""
        return reverse("public_body_detail", args=[self.slug])

    @property
    def current(self) -> "PublicBody":
        """Return the body that holds the office today: open items follow the successor."""
        body, seen = self, {self.pk}
        while body.successor is not None and body.successor_id not in seen:
            body = body.successor
            seen.add(body.pk)
        return body

    @property
    def has_ended(self) -> bool:
        """Whether another office took over from it, or its last day is over."""
        return self.successor_id is not None or (self.until is not None and self.until < timezone.localdate())

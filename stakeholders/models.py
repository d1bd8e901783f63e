"""Groups, countries, organisations, public bodies, and the dated mandates of people."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import languages, text
from portal.models import Stateful, Timestamped, state_constraint
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
    reports_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subsidiaries")
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = querysets.PublicBodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("public body")
        verbose_name_plural = _("public bodies")
        ordering = ("kind", "name")

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "PublicBody":
        """Return the body that holds the office today: open items follow the successor."""
        body = self
        while body.successor is not None:
            body = body.successor
        return body


class Organisation(Timestamped, Stateful):
    """One body of a group: the actor that is invited, submits, adopts and endorses."""

    lifecycle = states.ORGANISATION

    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    other_names = models.JSONField(_("other names"), default=list, blank=True)
    name_key = models.CharField(max_length=400, db_index=True, editable=False)
    slug = models.SlugField(unique=True, max_length=80)
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=states.OrganisationState.choices,
        default="applied",
    )
    visibility = models.CharField(
        _("how it is shown"),
        max_length=10,
        choices=states.Visibility.choices,
        default=states.Visibility.MEMBERS,
    )
    groups = models.ManyToManyField(StakeholderGroup, related_name="organisations", verbose_name=_("groups"))
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="organisations")
    level = models.CharField(
        _("level"),
        max_length=10,
        choices=states.Level.choices,
        default=states.Level.NATIONAL,
    )
    side = models.CharField(
        _("side of the corridor"),
        max_length=12,
        choices=states.Side.choices,
        blank=True,
    )
    language = models.CharField(
        _("language of its mail"),
        max_length=10,
        choices=languages.writing_choices,
        default=languages.DEFAULT,
    )
    contact_email = models.EmailField(_("contact address"), blank=True)
    limb = models.CharField(_("eligible because it"), max_length=12, choices=states.Limb.choices, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    illustrative = models.BooleanField(_("made up for the demonstration"), default=False)

    objects = querysets.OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name",)
        constraints = (state_constraint(states.ORGANISATION, "organisation_state"),)

    def __str__(self) -> str:
        return f"organisation {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the comparison key beside the name."""
        self.name_key = text.comparison_key(self.name)[:400]
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Return the address of the organisation's page."""
        return reverse("organisation_detail", args=[self.slug])

    @property
    def description(self) -> str:
        """Return what stands in place of a withheld name, such as “a migrants' association, origin side”."""
        groups = list(self.groups.all())
        kind = groups[0].withheld_name if groups else str(_("an organisation"))
        return f"{kind}, {self.get_side_display()}" if self.side else kind

    def shown_name(self, standing: querysets.Standing) -> str:
        """Return the name as this reader may see it. `str()` of an organisation never tells its name."""
        if standing.convenor or self.pk in standing.organisations or self.visibility == states.Visibility.PUBLIC:
            return self.name
        if self.visibility == states.Visibility.MEMBERS and standing.member:
            return self.name
        return self.description

    @property
    def public_name(self) -> str:
        """Return the name as everybody may see it."""
        return self.shown_name(querysets.NOBODY)


class Dated(models.Model):
    """Holds from one day to another; no last day means until further notice."""

    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True


class Membership(Timestamped, Stateful, Dated):
    """A person's mandate to act for an organisation."""

    lifecycle = states.MEMBERSHIP

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(
        _("role"),
        max_length=16,
        choices=states.Role.choices,
        default=states.Role.REPRESENTATIVE,
    )
    mandate = models.CharField(
        _("mandate"),
        max_length=12,
        choices=states.Mandate.choices,
        default=states.Mandate.APPOINTED,
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=states.MembershipState.choices,
        default="requested",
    )

    objects = querysets.MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("organisation", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=~models.Q(state="left"),
                name="membership_once",
            ),
            state_constraint(states.MEMBERSHIP, "membership_state"),
        )

    def __str__(self) -> str:
        return f"membership {self.pk}"


class Convenorship(Timestamped, Dated):
    """A person's term as convenor of the task force."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="convenorships")

    objects = querysets.ConvenorshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("convenorship")
        verbose_name_plural = _("convenorships")
        ordering = ("user", "since")

    def __str__(self) -> str:
        return f"convenorship {self.pk}"


class LiaisonAppointment(Timestamped, Stateful, Dated):
    """A person's term as liaison of one public body. The office is the addressee, never the person."""

    lifecycle = states.APPOINTMENT

    body = models.ForeignKey(PublicBody, models.PROTECT, related_name="appointments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments")
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=states.AppointmentState.choices,
        default="proposed",
    )

    objects = querysets.AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("liaison appointment")
        verbose_name_plural = _("liaison appointments")
        ordering = ("body", "since")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state="active"),
                name="liaison_of_one_body",
            ),
            state_constraint(states.APPOINTMENT, "appointment_state"),
        )

    def __str__(self) -> str:
        return f"appointment {self.pk}"

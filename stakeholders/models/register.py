"""Organisations: the actors that are invited, submit, adopt and endorse; their names, traits, links and decisions."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from portal import languages, text
from portal.models import Stateful, Timestamped, state_constraint
from stakeholders import querysets, states
from stakeholders.models.places import Country, StakeholderGroup


class TermsOfReference(models.Model):
    """One version of the terms that an organisation accepts when it applies. A version in force is never rewritten."""

    number = models.PositiveSmallIntegerField(_("version"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    since = models.DateField(_("since"), default=timezone.localdate)

    objects = querysets.TermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms of reference")
        verbose_name_plural = _("terms of reference")
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"terms of reference {self.number}"


def described(kind: str, side: str) -> str:
    """Return what stands in place of a withheld name: how one of its first group is called, and its side."""
    called = kind or str(_("an organisation"))
    return f"{called}, {states.Side(side).label}" if side else called


class Organisation(Timestamped, Stateful):
    """One body of a group: the actor that is invited, submits, adopts and endorses."""

    lifecycle = states.ORGANISATION

    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    # Each {"text", "lang", "kind"}; the kinds are those of states.NameKind, without one it is another language's name.
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
    # Besides the seat: where it works as well.
    countries = models.ManyToManyField(Country, blank=True, related_name="+", verbose_name=_("works in"))
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
    languages = models.CharField(_("languages it works in"), max_length=80, blank=True)  # codes, parted by spaces
    speaks_for_omitted = models.BooleanField(_("speaks for people whom the instruments leave out"), default=False)
    website = models.URLField(_("web address"), max_length=300, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=200, blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=60, blank=True)
    # Who answers for a group that has no address of its own. Answers are then marked as given by somebody else.
    trusted_contact = models.CharField(_("trusted contact"), max_length=200, blank=True)
    registration = models.CharField(_("legal form and registration"), max_length=200, blank=True)
    introduction = models.TextField(_("what it does, in its own words"), blank=True)
    terms = models.ForeignKey(TermsOfReference, models.PROTECT, null=True, blank=True, related_name="+")
    terms_accepted_at = models.DateTimeField(_("terms accepted at"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="applications"
    )
    sign_off = models.BooleanField(_("the lead representative approves what is sent in"), default=False)
    conflict = models.CharField(
        _("heard on its own bench because it"), max_length=10, choices=states.ConflictKind.choices, blank=True
    )
    retest_on = models.DateField(_("to be looked at again on"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    version = models.PositiveIntegerField(default=1)
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
        # Counts by country and by group are read from the index alone, also where one's own organisation counts.
        indexes = (models.Index(fields=["country", "state", "visibility", "id"], name="organisation_seen_where"),)

    def __str__(self) -> str:
        return f"organisation {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the comparison key beside the name, and the table of all names in step."""
        self.name_key = self.key_of_name()
        super().save(*args, **kwargs)
        OrganisationName.objects.renew([self])

    def key_of_name(self) -> str:
        """Return the key of its name in the default language, else in the first that it has one in.

        Whoever saves it may read another language: the order of the register must not hang on that.
        """
        fields = [build_localized_fieldname("name", language.code) for language in languages.SHIPPED]
        names = (getattr(self, name) for name in fields)
        return text.comparison_key(next(filter(None, names), ""))[:400]

    def get_absolute_url(self) -> str:
        """Return the address of the organisation's page."""
        return reverse("organisation_detail", args=[self.slug])

    @property
    def description(self) -> str:
        """Return what stands in place of a withheld name, such as “a migrants' association, origin side”."""
        groups = list(self.groups.all())
        return described(groups[0].withheld_name if groups else "", self.side)

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

    @property
    def is_civil_society(self) -> bool:
        """Whether it may speak as civil society. Others are heard on their own bench, and adopt nothing."""
        return not self.conflict and not self._hearings & set(states.ELSEWHERE)

    @property
    def may_be_eligible(self) -> bool:
        """Whether its groups let it be verified as civil society; one group that does not is enough against it."""
        return bool(self._hearings) and not self._hearings & set(states.ELSEWHERE)

    @property
    def is_never_seated(self) -> bool:
        """Whether it belongs to a group that is on the map and never seated."""
        return states.Hearing.NEVER in self._hearings

    @property
    def in_personal_capacity(self) -> bool:
        """Whether its people speak for themselves: academics, religious leaders."""
        return self.is_civil_society and states.Hearing.PERSONAL in self._hearings

    @property
    def bench(self) -> str:
        """Return the bench on which it is heard, as a code. One group that is heard elsewhere decides for all."""
        groups = list(self.groups.all())
        elsewhere = [group for group in groups if group.hearing in states.ELSEWHERE]
        if self.conflict and not elsewhere:
            return states.CONFLICT_BENCHES.get(self.conflict, states.Bench.PRIVATE_SECTOR)
        return (elsewhere or groups)[0].bench if groups else states.Bench.CIVIL_SOCIETY

    @property
    def hearing_bench(self) -> str:
        """Return the bench on which it is heard, in the reader's language."""
        return str(states.Bench(self.bench).label)

    @property
    def _hearings(self) -> set[str]:
        return {group.hearing for group in self.groups.all()}

    def concerns(self, user: Any) -> bool:
        """Whether it is the person's own: member in any state of the record, applicant, or its contact.

        Mandates in a record that is not verified give no rights, but nobody decides on it all the same.
        """
        if self.applicant_id == user.pk:
            return True
        own = models.Q(models.Exists(self.memberships.exclude(state="left").filter(user=user)))
        if self.contact_email:
            own |= models.Q(
                models.Exists(user.emailaddress_set.filter(verified=True, email__iexact=self.contact_email))
            )
        return Organisation.objects.filter(own, pk=self.pk).exists()

    def all_names(self) -> list[tuple[str, str, str]]:
        """Return every name as (kind, language, text), each text once: in each language, former ones, the acronym."""
        found = {}
        for language in languages.SHIPPED:
            text_there = getattr(self, build_localized_fieldname("name", language.code)) or ""
            found.setdefault(text_there, (states.NameKind.NAME, language.code, text_there))
        for other in self.other_names:
            named = other if isinstance(other, dict) else {"text": other}
            kind = named.get("kind") or states.NameKind.OTHER
            found.setdefault(named["text"], (kind, named.get("lang") or "", named["text"]))
        found.setdefault(self.acronym, (states.NameKind.ACRONYM, "", self.acronym))
        return [name for typed, name in found.items() if typed]


class OrganisationName(models.Model):
    """One name of an organisation, with the keys under which it is searched and look-alikes meet. Derived."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    kind = models.CharField(max_length=8, choices=states.NameKind.choices)
    language = models.CharField(max_length=10, blank=True)
    text = models.CharField(max_length=300)
    key = models.CharField(max_length=400, db_index=True)
    skeleton = models.CharField(max_length=400, db_index=True)

    objects = querysets.NameQuerySet.as_manager()

    class Meta:
        verbose_name = _("name of an organisation")
        verbose_name_plural = _("names of organisations")
        ordering = ("organisation", "id")

    def __str__(self) -> str:
        return f"name {self.pk}"


class Trait(models.Model):
    """One line along which an organisation is described: a membership basis, an issue, a service, a role."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="traits")
    kind = models.CharField(max_length=8, choices=states.TraitKind.choices)
    code = models.CharField(max_length=20)
    reach = models.CharField(max_length=8, choices=states.Reach.choices, blank=True)

    class Meta:
        verbose_name = _("trait")
        verbose_name_plural = _("traits")
        ordering = ("organisation", "kind", "id")
        constraints = (models.UniqueConstraint(fields=["organisation", "kind", "code"], name="trait_once"),)
        indexes = (models.Index(fields=["kind", "code"], name="trait_by_code"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"

    @property
    def label(self) -> str:
        """Return the trait in the reader's language."""
        return str(states.TRAITS[self.kind](self.code).label)


class OrganisationLink(models.Model):
    """A tie of an organisation: to a network, a parent, a federation; in the register or only by its name."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="links")
    kind = models.CharField(_("tie"), max_length=10, choices=states.LinkKind.choices)
    other = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="linked_from")
    other_name = models.CharField(_("its name, where it is not in the register"), max_length=200, blank=True)

    objects = querysets.LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("tie between organisations")
        verbose_name_plural = _("ties between organisations")
        ordering = ("organisation", "id")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=["organisation", "other"], condition=models.Q(other__isnull=False), name="link_once"
            ),
            models.CheckConstraint(condition=~models.Q(organisation=models.F("other")), name="link_to_another"),
        )

    def __str__(self) -> str:
        return f"link {self.pk}"


class Decision(models.Model):
    """What was decided about an organisation, by whom, when and why. Decisions are added, never rewritten."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="decisions")
    verdict = models.CharField(_("decision"), max_length=10, choices=states.Verdict.choices)
    limb = models.CharField(_("eligible because it"), max_length=12, choices=states.Limb.choices, blank=True)
    conflict = models.CharField(
        _("heard on its own bench because it"), max_length=10, choices=states.ConflictKind.choices, blank=True
    )
    evidence = models.TextField(_("evidence"), blank=True)
    reasons = models.TextField(_("reasons"), blank=True)
    retest_on = models.DateField(_("to be looked at again on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("decided at"), default=timezone.now)

    class Meta:
        verbose_name = _("decision on an organisation")
        verbose_name_plural = _("decisions on organisations")
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Appeal(models.Model):
    """What a refused organisation says against the refusal. Another convenor decides than the one who refused."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="appeal")
    text = models.TextField(_("what speaks against the refusal"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"appeal {self.pk}"

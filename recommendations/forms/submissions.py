"""What an organisation sends in, and the choices that the common text shares with it: section and addressees."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from portal.forms import TextField, VersionedForm
from recommendations.models import Submission
from recommendations.states import Attribution, SubmissionKind
from stakeholders.models import Country, Organisation, PublicBody
from stakeholders.states import BodyKind, Visibility

ASEAN = "asean"
HEADINGS = {
    BodyKind.ASEAN: _("ASEAN"),
    BodyKind.INTERNATIONAL: _("International organisations"),
    BodyKind.NATIONAL: _("Others"),
}
FEW = 3
# What goes into a submission, in the order of the form.
WORDS = (
    *("kind", "text", "reason", "concerned", "section", "addressees", "theme", "instrument", "paragraph"),
    *("language", "attribution"),
)


class SectionField(forms.ChoiceField):
    """The ASEAN section, or a country's. Its value is the country, or None for ASEAN."""

    def __init__(self, countries: Sequence[Country], **kwargs: Any) -> None:
        self.countries = {country.pk: country for country in countries}
        choices = [(ASEAN, _("ASEAN: what the whole region should do")), *((one.pk, one.name) for one in countries)]
        widget = forms.RadioSelect if len(choices) <= FEW else forms.Select
        super().__init__(choices=choices, widget=widget, label=_("Section"), **kwargs)

    def clean(self, value: Any) -> Country | None:
        """Return the country, or None for the ASEAN section."""
        return self.countries.get(super().clean(value))


class GroupedChoices(forms.models.ModelChoiceIterator):
    """Public bodies under the heading of their country or kind."""

    def __iter__(self) -> Iterator[tuple[str, list[tuple[Any, str]]]]:
        """Yield heading and choices; the query is made once."""
        groups: dict[str, list[tuple[Any, str]]] = {}
        for body in self.queryset:
            heading = body.country.name if body.country else str(HEADINGS[BodyKind(body.kind)])
            groups.setdefault(heading, []).append(self.choice(body))
        yield from groups.items()


class GroupedCheckboxes(forms.CheckboxSelectMultiple):
    """Checkboxes under headings that fold; those with a choice in them are open, else the first one."""

    template_name = "recommendations/widgets/grouped_checkboxes.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add, per group, whether it is open."""
        context = super().get_context(name, value, attrs)
        groups = [(heading, options) for heading, options, _index in context["widget"]["optgroups"]]
        chosen = [any(option["selected"] for option in options) for _heading, options in groups]
        opened = chosen if any(chosen) else [index == 0 for index in range(len(groups))]
        context["widget"]["groups"] = [(*group, is_open) for group, is_open in zip(groups, opened, strict=True)]
        return context


class AddresseesField(forms.ModelMultipleChoiceField):
    """The public bodies that a text speaks to, of those that exist today."""

    iterator = GroupedChoices
    widget = GroupedCheckboxes

    def label_from_instance(self, obj: PublicBody) -> str:
        """Return the body's name with its acronym."""
        return f"{obj.name} ({obj.acronym})" if obj.acronym and obj.acronym not in obj.name else obj.name


def bodies_for(consultation: Consultation) -> QuerySet[PublicBody]:
    """Return the bodies that may be addressed today: the country's own, ASEAN's and international ones."""
    bodies = PublicBody.objects.standing_on(timezone.localdate()).select_related("country")
    if consultation.country_id:
        bodies = bodies.filter(Q(country=None) | Q(country=consultation.country_id))
    return bodies.order_by(F("country__name").asc(nulls_last=True), "kind", "name")


def countries_for(consultation: Consultation) -> list[Country]:
    """Return the countries that have a section: the consultation's own, or all where it has none."""
    country = consultation.country
    return [country] if country else list(Country.objects.all())


class SubmissionForm(VersionedForm):
    """One point of one organisation."""

    kind = forms.ChoiceField(
        label=_("What do you send in?"),
        choices=SubmissionKind.choices,
        initial=SubmissionKind.RECOMMENDATION,
        help_text=_("A recommendation says who should do what. Testimony says what happened, without anybody's name."),
    )
    text = TextField(
        label=_("What should be done, or known?"),
        help_text=_("One point, in any language. Do not name people who could be harmed."),
        max_characters=settings.SUBMISSION_TEXT_MAX,
        rows=8,
    )
    reason = TextField(
        label=_("Why?"),
        help_text=_("What happens today, to whom. Do not name people who could be harmed."),
        max_characters=settings.SUBMISSION_TEXT_MAX,
        rows=4,
        required=False,
    )
    concerned = TextField(
        label=_("Who is concerned?"),
        help_text=_(
            "Groups, never persons: domestic workers, fishers, families. Also those whom the law leaves out, such as "
            "people without papers. Do not name people who could be harmed."
        ),
        max_characters=500,
        rows=2,
        required=False,
    )
    instrument = TextField(
        label=_("Law, treaty or plan it is about"),
        help_text=_("For example: ASEAN Declaration of 2007."),
        max_characters=200,
        required=False,
    )
    paragraph = TextField(
        label=_("Article or paragraph"), help_text=_("For example: 15, or 7 (b)."), max_characters=60, required=False
    )

    class Meta:
        model = Submission
        fields = ("organisation", *WORDS)

    def __init__(
        self, *args: Any, consultation: Consultation, organisations: Sequence[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hats = {organisation.pk: organisation for organisation in organisations}
        self._offer_hats()
        self.fields["section"] = SectionField(countries_for(consultation))
        if not self.instance.pk:
            self.fields["version"].initial = 0
        if self.instance.pk:
            self.initial["section"] = self.instance.section_id or ASEAN
        self.fields["addressees"] = AddresseesField(
            bodies_for(consultation), label=_("Who should act?"), required=False
        )
        self.fields["theme"].empty_label = _("No theme")
        self.fields["attribution"] = forms.ChoiceField(
            label=_("How are you shown to others?"),
            choices=attribution_choices(organisations),
            widget=forms.RadioSelect,
            help_text=_("The convenors know who sent it. This is what everybody else reads beside your text."),
        )

    def _offer_hats(self) -> None:
        """Ask for whom the person writes, where there is a choice; a draft stays with its organisation."""
        if self.instance.pk or len(self.hats) == 1:
            del self.fields["organisation"]
            return
        self.fields["organisation"] = forms.TypedChoiceField(
            label=_("For which organisation do you write?"),
            choices=[(pk, organisation.name) for pk, organisation in self.hats.items()],
            coerce=lambda pk: self.hats[int(pk)],
            widget=forms.RadioSelect,
        )

    @property
    def writes_for(self) -> str:
        """Return for whom the person writes, where there is no choice to make."""
        return "" if "organisation" in self.fields else str(next(iter(self.hats.values())).name)

    @property
    def organisation(self) -> Organisation:
        """Return for whom the person writes."""
        return self.cleaned_data.get("organisation") or next(iter(self.hats.values()))

    @property
    def words(self) -> dict[str, Any]:
        """Return what goes into the text, as the actions take it."""
        return {name: self.cleaned_data[name] for name in WORDS}


class KeptForm(SubmissionForm):
    """The same form while somebody is still writing: where no section is chosen yet, the nearest one stands in."""

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, consultation=consultation, **kwargs)
        self.nearest = consultation.country
        self.fields["section"].required = False

    def clean_section(self) -> Country | None:
        """Return what was chosen, or the section of the consultation's own country where nothing was."""
        chosen = self.data.get(self.add_prefix("section"))
        section: Country | None = self.cleaned_data["section"] if chosen else self.nearest
        return section


class ReturnForm(forms.Form):
    """What should change before a text is sent in."""

    reason = TextField(
        label=_("What should change?"),
        help_text=_("People of your organisation read it, nobody else."),
        max_characters=2000,
        rows=4,
    )


def attribution_choices(organisations: Sequence[Organisation]) -> list[tuple[str, str]]:
    """Return the ways of being shown, the least exposing first, each with what others would read."""
    descriptions = " / ".join(dict.fromkeys(f"“{one.description}”" for one in organisations))
    choices = [
        (Attribution.NONE, _("Not at all. Others read: “a participating organisation”")),
        (Attribution.DESCRIBED, _("As a description. Others read: %(example)s") % {"example": descriptions}),
    ]
    named = [one for one in organisations if one.visibility != Visibility.WITHHELD]
    if not named:
        return choices
    names = " / ".join(f"“{one.name}”" for one in named)
    members_only = any(one.visibility == Visibility.MEMBERS for one in named)
    sentence = (
        _("With the name, for members of this portal. They read: %(example)s. Everybody else reads the description.")
        if members_only
        else _("With the name. Others read: %(example)s")
    )
    return [*choices, (Attribution.NAMED, sentence % {"example": names})]

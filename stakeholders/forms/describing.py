"""The parts of an organisation's profile, one thing per page: the same for whoever applies and for later changes."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal import languages, text
from portal.forms import AddressField, TextField
from stakeholders import states
from stakeholders.forms.lines import LinesField, no_web_address
from stakeholders.forms.naming import NamesForm, RenamingForm
from stakeholders.forms.parts import PartForm
from stakeholders.models import Country, Organisation, OrganisationName, StakeholderGroup
from stakeholders.querysets import standing_of
from stakeholders.states import TraitKind

LONGEST_NUMBER = 15  # digits
MOST_NETWORKS_SHOWN = 40  # more boxes than that do not fit a phone: the rest is found by typing its name


class NumbersField(forms.ModelMultipleChoiceField):
    """Boxes for rows by their numbers. A number that no database can hold is no choice, not an error of ours."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        """Return the rows. Raises ValidationError for what is not on the page."""
        for one in value or ():
            if not is_number(str(one)):
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": one})
        return super().clean(value)


def is_number(value: str) -> bool:
    """Whether the text is the number of a row as we write it into a page."""
    return value.isascii() and value.isdecimal() and len(value) <= LONGEST_NUMBER


class GroupsField(NumbersField):
    """The kinds of actor that may be heard: those that are never seated, and public bodies, do not apply."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(StakeholderGroup.objects.exclude(hearing__in=states.NOT_APPLYING), **kwargs)


def _boxes(choices: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
    return forms.MultipleChoiceField(choices=choices, required=False, **kwargs)


class WhoForm(PartForm):
    """Who it is: its groups, and along which lines it organises."""

    title = _("Who it is")
    stage = _("Who")
    groups = GroupsField(
        label=_("What kind of organisation is it?"), error_messages={"required": _("Tick at least one.")}
    )
    bases = _boxes(
        states.Basis.choices,
        label=_("Whose organisation is it?"),
        help_text=_("Who its members are. Answer this one, or the next, or both."),
    )
    issues = _boxes(states.Issue.choices, label=_("Around which issues does it work?"))
    speaks_for_omitted = forms.BooleanField(
        label=_("It speaks for people whom laws and agreements leave out, such as workers without papers"),
        required=False,
    )

    def stored(self, organisation: Organisation) -> dict[str, Any]:
        """Return groups and codes on record."""
        found = super().stored(organisation)
        codes = _codes(organisation)
        return {
            **found,
            "groups": list(organisation.groups.all()),
            "bases": codes[TraitKind.BASIS],
            "issues": codes[TraitKind.ISSUE],
        }

    def clean(self) -> dict[str, Any]:
        """Ask for a line along which it organises: its members, its issues, or both."""
        data = super().clean() or self.cleaned_data
        if not data.get("bases") and not data.get("issues") and not {"bases", "issues"} & set(self.errors):
            self.add_error("bases", _("Tick whose organisation it is, or an issue below, or both."))
        return data

    def values(self) -> dict[str, Any]:
        """Return groups and traits. A group that only a convenor can give stays."""
        values = super().values()
        traits = {TraitKind.BASIS: values.pop("bases"), TraitKind.ISSUE: values.pop("issues")}
        given = self.organisation.groups.filter(hearing__in=states.NOT_APPLYING) if self.organisation else []
        return {
            **values,
            "groups": [*values["groups"], *given],
            "traits": {kind: dict.fromkeys(codes, "") for kind, codes in traits.items()},
        }


def _codes(organisation: Organisation) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {kind: [] for kind in TraitKind}
    for trait in organisation.traits.all():
        found[trait.kind].append(trait.code)
    return found


def _service_fields() -> dict[str, forms.Field]:
    choices = [("", _("does not provide it")), *states.Reach.choices]
    return {
        f"service_{code}": forms.ChoiceField(choices=choices, label=label, required=False)
        for code, label in states.Service.choices
    }


class WorkForm(PartForm):
    """What it does: services, each with what it adds; other roles; its own words."""

    title = _("What it does")
    stage = _("What")
    lead = _("Leave out what does not fit. Answer at least one of these.")
    locals().update(_service_fields())
    roles = _boxes(states.ActorRole.choices, label=_("What else does it do?"))
    introduction = TextField(
        label=_("What it does, in its own words"), required=False, rows=6, max_characters=2000,
        help_text=_("A few sentences, in any language."),
    )  # fmt: skip

    def stored(self, organisation: Organisation) -> dict[str, Any]:
        """Return services with what they add, and roles."""
        services = {f"service_{one.code}": one.reach for one in organisation.traits.all() if one.kind == "service"}
        return {**super().stored(organisation), **services, "roles": _codes(organisation)[TraitKind.ROLE]}

    def clean(self) -> dict[str, Any]:
        """Ask for anything at all."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(value for name, value in data.items() if name != "version"):
            self.add_error("introduction", _("Say what the organisation does: choose above, or write it here."))
        return data

    def values(self) -> dict[str, Any]:
        """Return traits and the introduction."""
        values = super().values()
        services = {code: values.pop(f"service_{code}") for code in states.Service.values}
        given = {code: reach for code, reach in services.items() if reach}
        roles = dict.fromkeys(values.pop("roles"), "")
        return {**values, "traits": {TraitKind.SERVICE: given, TraitKind.ROLE: roles}}


def _in_pairs() -> forms.CheckboxSelectMultiple:
    """Return boxes with short names, two beside each other on a phone."""
    return forms.CheckboxSelectMultiple(attrs={"class": "pairs"})


class NetworksField(NumbersField):
    """Networks of the register that this reader may see; each under the name that this reader may read."""

    def label_from_instance(self, obj: Organisation) -> str:
        """Return the name as this reader may see it."""
        return obj.shown_name(self.standing)

    def open_to(self, user: Any, linked: Iterable[int], own: Organisation | None) -> None:
        """Offer the networks that the person may see, and those that are ticked already."""
        self.standing = standing_of(user)
        seen = Organisation.objects.visible_to(user).exclude(pk=own.pk if own else None)
        first = seen.networks().order_by("name_key").values_list("pk", flat=True)[:MOST_NETWORKS_SHOWN]
        self.queryset = seen.filter(pk__in=[*first, *linked]).prefetch_related("groups").order_by("name_key", "pk")


class WhereForm(PartForm):
    """Where it works, on which level, in which languages, in which networks."""

    title = _("Where it works")
    stage = _("Where")
    side = forms.ChoiceField(
        choices=states.Side.choices, widget=forms.RadioSelect, label=_("On which side of the migration?")
    )
    country = forms.ModelChoiceField(
        Country.objects.all(), required=False, empty_label=_("No single country"), label=_("Country of its seat")
    )
    countries = forms.ModelMultipleChoiceField(
        Country.objects.all(), required=False, widget=_in_pairs(), label=_("Works in, besides")
    )
    level = forms.ChoiceField(
        choices=states.Level.choices, label=_("Works on the level"), initial=states.Level.NATIONAL
    )
    languages = _boxes(languages.writing_choices, label=_("Languages it works in"), widget=_in_pairs())
    networks = NetworksField(queryset=Organisation.objects.none(), required=False, label=_("Networks it belongs to"))
    other_networks = LinesField(
        label=_("Other networks"), most=10, help_text=_("One a line."), validators=[no_web_address]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        linked = [one.pk for one in self.initial.get("networks") or [] if isinstance(one, Organisation)]
        self.fields["networks"].open_to(self.by, linked, self.organisation)

    def stored(self, organisation: Organisation) -> dict[str, Any]:
        """Return countries, languages and the networks that this person may see."""
        ties = list(organisation.links.filter(kind="network").select_related("other"))
        seen = Organisation.objects.visible_to(self.by).filter(pk__in=[one.other_id for one in ties if one.other_id])
        return {
            **super().stored(organisation),
            "countries": list(organisation.countries.all()),
            "languages": organisation.languages.split(),
            "networks": list(seen),
            "other_networks": [one.other_name for one in ties if not one.other_id],
        }

    def values(self) -> dict[str, Any]:
        """Return columns and networks. A typed name that this person may find in the register becomes a tie to it."""
        values = super().values()
        picked, typed = list(values.pop("networks")), values.pop("other_networks")
        found = registered(typed, self.by)
        ties = [(one, "") for one in picked] + [(found.get(line), "" if line in found else line) for line in typed]
        values["networks"] = list(dict.fromkeys(ties))
        values["languages"] = " ".join(values["languages"])
        values["countries"] = [one for one in values["countries"] if one != values["country"]]
        return values


def registered(lines: list[str], user: Any) -> dict[str, Organisation]:
    """Return the organisations that the lines name, among those whose page the person may open."""
    keys = {text.comparison_key(line): line for line in lines}
    if not keys:
        return {}
    seen = Organisation.objects.visible_to(user)
    names = OrganisationName.objects.filter(key__in=keys, organisation__in=seen).select_related("organisation")
    return {keys[name.key]: name.organisation for name in names.order_by("-pk")}


class ContactForm(PartForm):
    """Whom to write to, in which language, and in what form it exists."""

    title = _("Contact")
    stage = _("Contact")
    lead = _("Only the convenors and the organisation’s own people see this. The web address is shown with the name.")
    contact_name = TextField(
        label=_("Contact person"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_email = AddressField(label=_("E-mail address"), help_text=_("Invitations and the decision go there."))
    contact_phone = TextField(
        label=_("Telephone"), required=False, max_length=60, max_characters=60,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    language = forms.ChoiceField(choices=languages.interface_choices, label=_("Language of its mail"))
    website = forms.URLField(
        label=_("Web address"), required=False, max_length=300, assume_scheme="https",
        error_messages={"invalid": _("Write a web address, for example www.example.org.")},
        widget=forms.URLInput(attrs={"inputmode": "url"}),
    )  # fmt: skip
    registration = TextField(
        label=_("Legal form and registration"), required=False, max_length=200,
        help_text=_("For example “registered association”, or “not registered”. Nobody needs a registration."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.organisation.language if self.organisation else ""
        if stored and stored not in dict(languages.interface_choices()):
            self.fields["language"].choices = [*languages.interface_choices(), (stored, languages.own_name(stored))]


class ShownForm(PartForm):
    """How it is shown, with an example of each built from its own name."""

    title = _("How it is shown")
    stage = _("Shown how")
    lead = _("It can be changed at any time, and a change takes effect at once.")
    visibility = forms.ChoiceField(
        widget=forms.RadioSelect, label=_("How shall others see the organisation?"),
        error_messages={"required": _("Choose one. If you are not sure, choose “withheld”.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visibility"].choices = shown_choices(*(self.examples or (_("the name"), _("an organisation"))))


def shown_choices(name: Any, description: Any) -> list[tuple[str, Any]]:
    """Return the three ways of being shown, each with what readers would read."""
    words = {"name": name, "description": description}
    public = _("Public. Everybody reads “%(name)s”.")
    members = _("Members only. Organisations of the register read “%(name)s”; everybody else reads “%(description)s”.")
    withheld = _("Withheld. The convenors and its own people read the name; everybody else reads “%(description)s”.")
    return [
        (states.Visibility.PUBLIC, public % words),
        (states.Visibility.MEMBERS, members % words),
        (states.Visibility.WITHHELD, withheld % words),
    ]


def described(groups: Iterable[StakeholderGroup], side: str) -> str:
    """Return what would stand in place of the name: the description of an organisation that is not on record yet."""
    kind = next((one.withheld_name for one in groups), str(_("an organisation")))
    return f"{kind}, {states.Side(side).label}" if side else kind


PARTS: dict[str, type[PartForm]] = {
    "names": NamesForm,
    "who": WhoForm,
    "work": WorkForm,
    "where": WhereForm,
    "contact": ContactForm,
    "shown": ShownForm,
}
EDITED: dict[str, type[PartForm]] = {**PARTS, "names": RenamingForm}

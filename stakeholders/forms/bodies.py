"""What is typed about public bodies: names in each language, place, reporting line, dates, succession."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from portal import dates, differences, languages
from portal.days import DayField
from portal.forms import TextField, VersionedForm
from stakeholders.models import Country, PublicBody
from stakeholders.states import BodyKind, Matter

OLDEST = 1800  # ministries and international organisations are older than ASEAN
NOTE_MAX = 2000  # characters of a note


def in_each_language(name: str, label: Any, *, needed: bool = False, **options: Any) -> dict[str, TextField]:
    """Return one field per shipped language, named after the column; the first one may be needed."""
    found = {}
    for language in languages.SHIPPED:
        titled = format_lazy("{label} ({language})", label=label, language=language.own)
        required = needed and language.code == languages.DEFAULT
        field = TextField(label=titled, required=required, **options)
        field.widget.attrs["lang"] = language.code
        found[build_localized_fieldname(name, language.code)] = field
    return found


class BodyChoice(forms.ModelChoiceField):
    """A public body by its name, with its country."""

    def label_from_instance(self, obj: PublicBody) -> str:
        """Return the name and where it belongs."""
        return f"{obj.name} ({obj.country_id})" if obj.country_id else obj.name


class BodyForm(VersionedForm):
    """A public body. What cannot be (a loop, a wrong order of days) the action says."""

    locals().update(in_each_language("name", _("Name"), needed=True, max_characters=200, max_length=200))
    acronym = TextField(label=_("Acronym"), required=False, max_characters=40, max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=BodyKind.choices)
    country = forms.ModelChoiceField(
        Country.objects.all(),
        label=_("Country"),
        required=False,
        empty_label=_("No single country"),
        help_text=_("A national body has one; several bodies of a country may hold or claim the same matter."),
    )
    matter = forms.ChoiceField(label=_("Matter"), required=False, choices=[("", _("Not said")), *Matter.choices])
    reports_to = BodyChoice(
        PublicBody.objects.select_related("country"),
        label=_("Reports to"),
        required=False,
        empty_label=_("Nobody on this list"),
    )
    since = DayField(label=_("Since"), required=False, first_year=OLDEST)
    until = DayField(
        label=_("Until"),
        required=False,
        first_year=OLDEST,
        help_text=_("Its last day. Where another body took over, use “Another body takes over” instead."),
    )
    locals().update(in_each_language("note", _("Note"), rows=4, max_characters=NOTE_MAX))

    field_order: ClassVar = (
        *(build_localized_fieldname("name", language.code) for language in languages.SHIPPED),
        *("acronym", "kind", "country", "matter", "reports_to", "since", "until"),
    )

    class Meta:
        model = PublicBody
        fields = ("acronym", "kind", "country", "matter", "reports_to", "since", "until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [name for name in self.fields if hasattr(self.instance, name)]
        if self.instance.pk:
            self.fields["reports_to"].queryset = self.fields["reports_to"].queryset.exclude(pk=self.instance.pk)
            self.initial = {**{name: getattr(self.instance, name) for name in columns}, **self.initial}

    def values(self) -> dict[str, Any]:
        """Return the new values by column. A language that was left empty has no name of its own."""
        names = {build_localized_fieldname("name", one.code) for one in languages.SHIPPED}
        words = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return {name: value or None if name in names else value for name, value in words.items()}

    def _post_clean(self) -> None:
        """Leave the row alone: the action writes it, on the locked one."""

    def clash(self, current: PublicBody) -> list[dict[str, Any]]:
        """Return each field that differs: what is saved now, what was typed, the difference.

        The form moves on to the saved version, so that sending it again is a decision and not an accident.
        """
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(current.version)
        rows = []
        for name, field in self.fields.items():
            theirs, mine = as_words(field, getattr(current, name, "")), as_words(field, self.cleaned_data.get(name))
            if name != "version" and theirs != mine:
                difference = differences.marked(theirs, mine)
                rows.append({"label": field.label, "theirs": theirs, "mine": mine, "difference": difference})
        return rows


def as_words(field: forms.Field, value: Any) -> str:
    """Return a value as a person would read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return dates.day(value)
    if isinstance(field, forms.ModelChoiceField):
        return field.label_from_instance(value)
    return str(dict(getattr(field, "choices", ())).get(value, value))


class SuccessionForm(forms.Form):
    """Which body took over, from when, and what becomes of the liaisons."""

    new = BodyChoice(PublicBody.objects.none(), label=_("The body that takes over"), empty_label=_("Choose one"))
    on = DayField(
        label=_("From"),
        first_year=OLDEST,
        help_text=_("The first day of the new body. The old one ends the day before."),
    )
    liaisons = forms.ChoiceField(
        label=_("Its liaisons"),
        choices=[("end", _("Their appointments end")), ("move", _("They go on at the new office"))],
        widget=forms.RadioSelect,
        initial="end",
    )

    def __init__(self, *args: Any, old: PublicBody, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        near = PublicBody.objects.filter(kind=old.kind, country=old.country_id).exclude(pk=old.pk)
        self.fields["new"].queryset = near.select_related("country")

"""What every page of a profile has: a title, what is on record, what changed, two versions side by side."""

from typing import Any, ClassVar

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal import differences
from stakeholders.forms.lines import LinesField
from stakeholders.models import Organisation


class PartForm(forms.Form):
    """Some fields of an organisation, with the version that the writer started from.

    `organisation` is the one on record, None for an application. `examples` are the names it could be shown under.
    """

    title: ClassVar[Any] = ""
    stage: ClassVar[Any] = ""  # the title in a word, for the stage bar
    lead: ClassVar[Any] = ""
    not_on_record: ClassVar[frozenset[str]] = frozenset({"version"})
    hide_optional = True  # most answers are: what has to be answered says so
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self, *args: Any, by: Any, organisation: Organisation | None = None, examples: Any = None, **kwargs: Any
    ) -> None:
        self.by, self.organisation, self.examples = by, organisation, examples
        initial = {**(self.stored(organisation) if organisation else {}), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)

    def stored(self, organisation: Organisation) -> dict[str, Any]:
        """Return what is on record, by field name."""
        found = {name: getattr(organisation, name) for name in self.base_fields if hasattr(organisation, name)}
        return {**found, "version": organisation.version}

    def values(self) -> dict[str, Any]:
        """Return the new values: columns by name, and `groups`, `countries`, `traits`, `networks`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def rows(self) -> list[dict[str, Any]]:
        """Return label and value of each answer, for a page to check them on."""
        shown = [(name, field) for name, field in self.fields.items() if name not in self.not_on_record]
        return [
            {"label": capfirst(one.label), "value": as_words(one, self.cleaned_data.get(name))} for name, one in shown
        ]

    def clash(self, current: Organisation) -> list[dict[str, Any]]:
        """Return each field that differs: label, what is saved now, what was typed, the difference.

        The form moves on to the saved version, so that sending it again is a decision and not an accident.
        """
        self.data = self.data.copy()
        self.data["version"] = str(current.version)
        stored, rows = self.stored(current), []
        for name, field in self.fields.items():
            theirs, mine = as_words(field, stored.get(name)), as_words(field, self.cleaned_data.get(name))
            if name not in self.not_on_record and theirs != mine:
                difference = differences.marked(theirs, mine)
                rows.append({"label": field.label, "theirs": theirs, "mine": mine, "difference": difference})
        return rows


def as_words(field: forms.Field, value: Any) -> str:
    """Return a value as a person would read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(field.label_from_instance(one) for one in value)
    if isinstance(field, forms.ModelChoiceField):
        return str(value)
    labels = dict(getattr(field, "choices", ()))
    if isinstance(value, list | tuple):
        return (
            "\n".join(value) if isinstance(field, LinesField) else ", ".join(str(labels.get(one, one)) for one in value)
        )
    return str(labels.get(value, value))

"""Forms that offer the shipped languages, the one that prevails, those that have a text, and one more on request."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from portal import languages
from portal.forms import TextField, VersionedForm
from recommendations.models.wording import as_columns, in_each_language

ANOTHER = "another_language"
ADD = "add_language"


def is_adding(request: HttpRequest) -> bool:
    """Whether the person asked for the fields of one more language, and not yet to save."""
    return request.method == "POST" and ADD in request.POST


def typed_so_far(request: HttpRequest) -> dict[str, Any]:
    """Return what stands in the form, as the initial values of one with more fields: nothing typed is lost."""
    return {name: values if len(values) > 1 else values[0] for name, values in request.POST.lists() if values}


class MultilingualForm(VersionedForm):
    """A form with one field per language for each multilingual text."""

    multilingual: tuple[str, ...] = ()

    def __init__(self, *args: Any, prevailing: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spoken = self._spoken(prevailing)
        shown = {language.code for language in self.spoken}
        others = [choice for choice in languages.writing_choices() if choice[0] not in shown]
        self.fields[ANOTHER] = forms.ChoiceField(
            label=_("Another language"), choices=[("", _("None")), *others], required=False
        )

    def _spoken(self, prevailing: str) -> list[languages.Language]:
        """Return the languages that have fields, in the order of `portal.languages`."""
        wanted = {prevailing, self.data.get("prevailing_language"), self.initial.get("prevailing_language")}
        wanted.add(self.initial.get(ANOTHER))
        if self.instance.pk:
            wanted |= {code for field in self.multilingual for code in in_each_language(self.instance, field)}
        return [one for one in languages.LANGUAGES if one.shipped or one.code in wanted or self._holds(one.code)]

    def _holds(self, code: str) -> bool:
        """Whether fields of the language were sent, or asked for."""
        names = [build_localized_fieldname(field, code) for field in self.multilingual]
        return any(name in self.data or self.initial.get(name) for name in names)

    def write_in_each_language(self, name: str, label: Any, **options: Any) -> None:
        """Put a field per language where the model's columns stand, none apart; the choice of one more stays last."""
        stored = in_each_language(self.instance, name) if self.instance.pk else {}
        before, columns = list(self.fields), [build_localized_fieldname(name, one.code) for one in self.spoken]
        for language, column in zip(self.spoken, columns, strict=True):
            self.fields[column] = TextField(label=f"{label}: {language.own}", required=False, **options)
            self.fields[column].widget.attrs["lang"] = language.code
            self.initial.setdefault(column, stored.get(language.code, ""))
        first = next((place for place, one in enumerate(before) if one in columns), len(before))
        self.order_fields([*before[:first], *columns])
        self.fields[ANOTHER] = self.fields.pop(ANOTHER)

    def column(self, name: str, code: str) -> str:
        """Return the name of the field that holds the text in the language."""
        return build_localized_fieldname(name, code)

    def texts(self, name: str) -> dict[str, str]:
        """Return what was typed, by language."""
        typed = {one.code: self.cleaned_data.get(self.column(name, one.code), "") for one in self.spoken}
        return {code: text for code, text in typed.items() if text}

    def columns(self, names: Iterable[str]) -> dict[str, Any]:
        """Return what was typed, as a row holds it."""
        values: dict[str, Any] = {}
        more: dict[str, Any] = {}
        for name in names:
            found = as_columns(name, self.texts(name))
            more |= found.pop("more_texts")
            values |= found
        return {**values, "more_texts": more}

    def saved(self, current: Any) -> dict[str, str]:
        """Return the texts of the row as it now stands, by field: what a clash is shown against."""
        return {
            self.column(name, code): text
            for name in self.multilingual
            for code, text in in_each_language(current, name).items()
        }

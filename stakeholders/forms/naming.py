"""How an organisation is called: in each language, formerly, in short; and what becomes of a name that is replaced."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from portal import languages
from portal.forms import TextField
from stakeholders.forms.lines import LinesField, entries, language_of, no_web_address
from stakeholders.forms.parts import PartForm
from stakeholders.models import Organisation
from stakeholders.states import NameKind

NAME_COLUMNS = {language.code: build_localized_fieldname("name", language.code) for language in languages.SHIPPED}


def _name_fields() -> dict[str, forms.Field]:
    """Return one field per shipped language. One name is enough, in whichever of them."""
    fields = {}
    for language in languages.SHIPPED:
        label = format_lazy("{} ({})", _("Name"), language.own)
        field = TextField(label=label, required=False, max_length=200, validators=[no_web_address])
        field.widget.attrs["lang"] = language.code
        fields[NAME_COLUMNS[language.code]] = field
    return fields


class NamesForm(PartForm):
    """How it is called."""

    title = _("Names")
    stage = _("Names")
    lead = _("One name is enough, as the organisation itself writes it.")
    locals().update(_name_fields())
    acronym = TextField(
        label=_("Acronym"), required=False, max_length=40, max_characters=40, validators=[no_web_address]
    )
    other = LinesField(
        label=_("Names in other languages"), help_text=_("One a line, in any script."), validators=[no_web_address]
    )
    former = LinesField(label=_("Former names"), help_text=_("One a line."), validators=[no_web_address])

    def stored(self, organisation: Organisation) -> dict[str, Any]:
        """Return the names in the columns, and the others as lines."""
        by_kind = {kind: [one["text"] for one in entries(organisation, kind)] for kind in ("other", "former")}
        return {**super().stored(organisation), **by_kind}

    def clean(self) -> dict[str, Any]:
        """Ask for a name in one of the languages of these pages."""
        data = super().clean() or self.cleaned_data
        columns = list(NAME_COLUMNS.values())
        if not any(data.get(column) for column in columns) and not any(column in self.errors for column in columns):
            self.add_error(columns[0], _("Write the name in at least one of these languages."))
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns; names of other kinds, and the language of a name that was there, stay."""
        values = super().values()
        typed = {NameKind.OTHER: values.pop("other"), NameKind.FORMER: values.pop("former")}
        there = entries(self.organisation) if self.organisation else []
        known = {(one["kind"], one["text"]): one for one in there}
        kept = [one for one in there if one["kind"] not in typed]
        for kind, lines in typed.items():
            new = ({"text": line, "lang": language_of(line), "kind": str(kind)} for line in lines)
            kept += [known.get((one["kind"], one["text"]), one) for one in new]
        return {**values, "other_names": kept}


class RenamingForm(NamesForm):
    """The names on record, with what becomes of a name that is replaced."""

    not_on_record = frozenset({"version", "keep_former"})
    keep_former = forms.BooleanField(
        label=_("If a name above changes, keep the old one as a former name"), required=False, initial=True
    )

    def values(self) -> dict[str, Any]:
        """Return the columns; a replaced name goes on as a former name where the person wants that."""
        values = super().values()
        if not values.pop("keep_former"):
            return values
        there = {one["text"] for one in values["other_names"]} | {values[column] for column in NAME_COLUMNS.values()}
        for code, column in NAME_COLUMNS.items():
            old = getattr(self.organisation, column) or ""
            if old and old not in there:
                former = {"text": old, "lang": code, "kind": str(NameKind.FORMER)}
                values["other_names"] = [*values["other_names"], former]
        return values

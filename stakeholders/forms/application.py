"""What an applicant has typed so far, page by page, and the last page on which it is sent."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal import once
from stakeholders.forms.describing import PARTS, described, is_number
from stakeholders.forms.naming import NAME_COLUMNS
from stakeholders.forms.parts import PartForm

KEPT_CHARACTERS = 60_000  # anybody may type here, and what is kept is a row of ours


class CheckForm(forms.Form):
    """The terms, accepted by a tick: the version that was shown, and no other."""

    terms = forms.IntegerField(widget=forms.HiddenInput)
    accept = forms.BooleanField(
        label=_("The organisation accepts the terms of reference"),
        error_messages={"required": _("An organisation takes part once it has accepted the terms.")},
    )


class Draft:
    """An application that is being typed: raw answers per page, so that also a wrong one is there on the way back."""

    def __init__(self, kept: dict[str, Any] | None, *, by: Any) -> None:
        self.kept = kept or {"key": once.new_key(), "parts": {}}
        self.by = by

    @property
    def key(self) -> str:
        """Return the one-time key of the whole application: however many tabs send it, it counts once."""
        return self.kept["key"]

    def keep(self, part: str, data: QueryDict) -> None:
        """Keep the answers of one page as they were typed. More than a long text is not kept."""
        wanted = {name: data.getlist(name) for name in self.blank(part).fields if name in data}
        parts = {**self.kept["parts"], part: wanted}
        size = sum(len(one) for answers in parts.values() for values in answers.values() for one in values)
        if size <= KEPT_CHARACTERS:
            self.kept["parts"] = parts

    def blank(self, part: str, data: QueryDict | None = None) -> PartForm:
        """Return the form of a page: filled with what is posted, else with what was typed before."""
        kind, typed = PARTS[part], self.kept["parts"].get(part, {})
        several = forms.MultipleChoiceField | forms.ModelMultipleChoiceField
        fields = kind.base_fields
        initial = {
            name: values if isinstance(fields[name], several) else values[0]
            for name, values in typed.items()
            if name in fields and values
        }
        return kind(data, by=self.by, initial=initial, examples=self.examples() if part == "shown" else None)

    def answered(self, part: str) -> PartForm:
        """Return the form of a page bound to what was typed there."""
        data = QueryDict(mutable=True)
        for name, values in self.kept["parts"].get(part, {}).items():
            data.setlist(name, values)
        return PARTS[part](data, by=self.by, examples=self.examples() if part == "shown" else None)

    def examples(self) -> tuple[Any, Any]:
        """Return the name and the description under which it would be shown, from what was typed."""
        names, who, where = (self.kept["parts"].get(part, {}) for part in ("names", "who", "where"))
        typed = [names.get(column, [""])[0].strip() for column in NAME_COLUMNS.values()]
        name = next((one for one in typed if one), _("the name"))
        numbers = [one for one in who.get("groups", []) if is_number(one)]
        chosen = PARTS["who"].base_fields["groups"].queryset.filter(pk__in=numbers)
        side = where.get("side", [""])[0]
        sides = dict(PARTS["where"].base_fields["side"].choices)
        return name, described(chosen, side if side in sides else "")

    def missing(self) -> Iterator[str]:
        """Yield the pages that are not answered yet, or not rightly."""
        yield from (part for part in PARTS if not self.answered(part).is_valid())

    def values(self) -> dict[str, Any]:
        """Return all answers together, traits of two pages in one. The pages have to be answered rightly."""
        together: dict[str, Any] = {"traits": {}}
        for part in PARTS:
            form = self.answered(part)
            form.is_valid()
            values = form.values()
            together["traits"].update(values.pop("traits", {}))
            together.update(values)
        return together

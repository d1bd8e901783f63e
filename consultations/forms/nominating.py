"""Who comes: one delegate, and the rows of delegates beneath an answer."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.actions import Delegate
from consultations.models import Invitation
from consultations.states import Listing, Mode, SeatMode
from portal.forms import AddressField, TextField
from stakeholders.states import Mandate

LONGEST_NAME = 200  # what the column holds
MOST_ROWS = 4  # beneath an answer; the page of those who come has room for all


class DelegateForm(forms.Form):
    """One person who comes. The least exposing way of standing on lists is the usual one."""

    full_name = TextField(label=_("Name"), error_messages={"required": _("Write the name.")})
    office = TextField(label=_("Office or role"), required=False)
    mandate = forms.ChoiceField(label=_("Who sends this person"), required=False)
    mode = forms.ChoiceField(label=_("Comes"), choices=SeatMode.choices, required=False)
    listing = forms.ChoiceField(
        label=_("On lists that others read"), choices=Listing.choices, initial=Listing.NOBODY, required=False
    )
    email = AddressField(
        label=_("E-mail address"),
        required=False,
        help_text=_("If the same person comes for two organisations, we know it by the address."),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mode = invitation.consultation.mode
        self.fixed_mode = "" if mode == Mode.HYBRID else mode
        self.fields["mandate"].choices = [("", _("not said")), *Mandate.choices]
        if self.fixed_mode:
            del self.fields["mode"]
        if invitation.organisation_id:
            del self.fields["office"]
        elif not self.initial.get("office"):
            self.initial = {**self.initial, "office": invitation.office}

    def delegate(self) -> Delegate:
        """Return the person as the actions take it."""
        data = self.cleaned_data
        return Delegate(
            full_name=data["full_name"],
            mandate=data["mandate"],
            mode=self.fixed_mode or data["mode"] or SeatMode.ON_SITE,
            listing=data["listing"] or Listing.NOBODY,
            office=data.get("office", ""),
            email=data["email"],
        )


class DelegateRow(DelegateForm):
    """The same beneath an answer, where a row may stay empty: whoever comes can be named later."""

    hide_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = False
        self.fields["email"].help_text = ""

    @property
    def is_filled(self) -> bool:
        """Whether somebody is named in it."""
        return bool(self.cleaned_data.get("full_name"))

    def clean(self) -> dict[str, Any]:
        """Ask for the name where anything else was written."""
        data = super().clean() or self.cleaned_data
        if data.get("email") and not data.get("full_name") and "full_name" not in self.errors:
            self.add_error("full_name", _("Write the name."))
        return data


class DelegateRows:
    """As many rows as seats are without a name, up to a few. Nothing has to be written in any of them."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, invitation: Invitation, initial: Mapping[str, Any], names: list[str]
    ) -> None:
        left = invitation.seats_offered - invitation.delegates.living().count()
        self.count = max(min(left, MOST_ROWS), 0)
        self.rows = [
            DelegateRow(data, invitation=invitation, prefix=f"who-{number}", initial=_row(initial, names, number))
            for number in range(self.count)
        ]

    def __iter__(self) -> Iterator[DelegateRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return self.count

    def is_valid(self) -> bool:
        """Whether every row holds."""
        return all(row.is_valid() for row in self.rows)

    @property
    def is_open(self) -> bool:
        """Whether something stands in a row already, or has to be corrected."""
        return any(row["full_name"].value() or (row.is_bound and row.errors) for row in self.rows)

    def delegates(self) -> tuple[Delegate, ...]:
        """Return those who were named."""
        return tuple(row.delegate() for row in self.rows if row.is_filled)


def _row(initial: Mapping[str, Any], names: list[str], number: int) -> dict[str, Any]:
    """Return what stands in a row at first: what was typed before the session ran out, or named before."""
    prefix = f"who-{number}-"
    kept = {name.removeprefix(prefix): value for name, value in initial.items() if name.startswith(prefix)}
    return kept or ({"full_name": names[number]} if number < len(names) else {})

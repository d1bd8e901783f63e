"""Picking organisations out of the register."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms.fields import SeatsField
from stakeholders.models import Organisation

MOST_SEATS = 50


class PickForm(forms.Form):
    """Which organisations of the page, and how many seats each."""

    seats = SeatsField(most=MOST_SEATS, label=_("Seats for each"), initial=2)
    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        error_messages={
            "required": _("Choose at least one organisation."),
            "invalid_choice": _("One of these can no longer be invited. Choose again."),
        },
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisations"].queryset = Organisation.objects.invitable().distinct()

    def chosen(self) -> dict[int, int]:
        """Return the seats by organisation."""
        return {one.pk: self.cleaned_data["seats"] for one in self.cleaned_data["organisations"]}

    def picked(self) -> set[int]:
        """Return what is ticked, also when the form is shown again."""
        return (
            {int(value) for value in self.data.getlist("organisations") if value.isdigit()} if self.is_bound else set()
        )

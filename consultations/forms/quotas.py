"""How many seats there are, and how many of them are kept for whom."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.quotas import demand_fitting
from consultations.balance import shares
from consultations.forms.fields import SeatsField
from consultations.models import Consultation
from portal.states import Refusal
from stakeholders.models import StakeholderGroup
from stakeholders.states import Bench, Hearing


class QuotaForm(forms.Form):
    """The seats in total, and a number for each bench and each group of it; empty keeps none."""

    hide_optional = True

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    seats = SeatsField(
        label=gettext_lazy("Seats in total"), required=False, help_text=gettext_lazy("Empty: as many as come.")
    )

    def __init__(
        self, *args: Any, consultation: Consultation, taken: Mapping[str, tuple[int, int]], **kwargs: Any
    ) -> None:
        there = consultation.quotas.all()
        stored = {f"group_{one.group_id}" if one.group_id else f"bench_{one.bench}": one.seats for one in there}
        first = {"version": consultation.version, "seats": consultation.seats, **stored}
        super().__init__(*args, **{**kwargs, "initial": {**first, **(kwargs.get("initial") or {})}})
        self.taken = taken
        self.groups = list(StakeholderGroup.objects.exclude(hearing=Hearing.NEVER))
        for bench in Bench:
            self._add(f"bench_{bench.value}", _("The whole bench"))
            for group in self.groups:
                if group.bench == bench:
                    self._add(f"group_{group.pk}", group.name)

    def _add(self, name: str, label: str) -> None:
        offered, accepted = self.taken.get(name, (0, 0))
        said = _("%(offered)d offered, %(accepted)d accepted.") % {"offered": offered, "accepted": accepted}
        self.fields[name] = SeatsField(label=label, required=False, help_text=said if offered else "")

    def benches(self) -> list[dict[str, Any]]:
        """Return the fields of each bench, with how many seats it takes by what is typed or stored."""
        kept = {share.bench: share.total for share in shares(*self.kept())}
        return [
            {
                "name": bench.label,
                "fields": [
                    self[f"bench_{bench.value}"],
                    *(self[f"group_{group.pk}"] for group in self.groups if group.bench == bench),
                ],
                "kept": kept.get(bench.value, 0),
            }
            for bench in Bench
        ]

    def kept(self) -> tuple[dict[StakeholderGroup, int], dict[str, int]]:
        """Return what is kept for groups and for benches, by what was typed where that can be read."""
        values = self.cleaned_data if self.is_bound and hasattr(self, "cleaned_data") else self.initial
        groups = {group: values.get(f"group_{group.pk}") for group in self.groups}
        benches = {bench.value: values.get(f"bench_{bench.value}") for bench in Bench}
        return (
            {group: count for group, count in groups.items() if count},
            {bench: count for bench, count in benches.items() if count},
        )

    def total(self) -> int:
        """Return how many seats are kept in all."""
        return sum(share.total for share in shares(*self.kept()))

    def clean(self) -> dict[str, Any]:
        """Set the sum against the total."""
        data = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                demand_fitting(data.get("seats"), *self.kept())
            except Refusal as refusal:
                self.add_error(refusal.field, str(refusal.reason))
        return data

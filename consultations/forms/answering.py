"""Answers to invitations, and the address of one that came back."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.actions import Needed
from consultations.forms.fields import SeatsField
from consultations.forms.nominating import DelegateRows
from consultations.models import Invitation
from consultations.states import Channel, NeedKind
from portal import languages
from portal.forms import AddressField, TextField

# One field a kind: what is left empty is not needed.
NEEDS = {
    NeedKind.ACCESS: (_("Access"), _("A ramp, a reader, signs: what the room must have.")),
    NeedKind.TRAVEL: (_("Travel support"), _("From where, for how many.")),
    NeedKind.CHILDCARE: (_("Childcare"), _("How many children, how old.")),
    NeedKind.DIET: (_("Diet"), _("What somebody does not eat.")),
    NeedKind.OTHER: (_("Something else"), ""),
}
PREFIX = "need_"


class AnswerForm(forms.Form):
    """One page, no account: yes, not sure or no; how many; who; what they need."""

    hide_optional = True

    answer = forms.ChoiceField(
        label=_("Will you come?"),
        choices=[("yes", _("Yes")), ("maybe", _("Not sure yet")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one: yes, not sure yet, or no.")},
    )
    note = TextField(
        label=_("A word to the convenors"),
        required=False,
        rows=3,
        max_characters=2000,
        help_text=_("If you cannot come: why, if you want to say it."),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        said, kept = last_said(invitation), kwargs.pop("initial", None) or {}
        super().__init__(*args, initial={**said, **kept}, **kwargs)
        offered = invitation.seats_offered
        self.fields["seats"] = SeatsField(
            most=offered,
            label=_("How many people"),
            required=False,
            initial=offered,
            help_text=_("Up to %(most)d. Needed only if you say yes.") % {"most": offered},
        )
        self.fields.update(_need_fields())
        self.order_fields(["channel", "answer", "seats"])
        self.rows = DelegateRows(
            self.data if self.is_bound else None, invitation=invitation, initial=kept, names=_names_kept(invitation)
        )

    @property
    def first(self) -> list[forms.BoundField]:
        """Return the fields that everybody fills in."""
        return [self[name] for name in ("channel", "answer", "seats") if name in self.fields]

    @property
    def needs(self) -> list[forms.BoundField]:
        """Return the fields of what is needed."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    @property
    def needs_open(self) -> bool:
        """Whether something stands in them already, or has to be corrected."""
        return any(field.value() or field.errors for field in self.needs)

    def clean(self) -> dict[str, Any]:
        """Ask for the number only where somebody comes; forget it, and who was named, where nobody does."""
        data = super().clean() or self.cleaned_data
        if data.get("answer") == "yes" and not data.get("seats") and "seats" not in self.errors:
            self.add_error("seats", _("Say how many people will come."))
        if data.get("answer") != "yes" and "seats" in self.errors:
            del self.errors["seats"]
        if data.get("answer") == "yes" and not self.rows.is_valid():
            self.add_error(None, _("Look again at who will come: something is missing or wrong there."))
        return data

    def said(self) -> dict[str, Any]:
        """Return the answer as the action takes it."""
        data, comes = self.cleaned_data, self.cleaned_data["answer"] == "yes"
        return {
            "answer": data["answer"],
            "note": data["note"],
            "seats": data.get("seats") or 0,
            "needs": _needed(data) if data["answer"] != "no" else (),
            "delegates": self.rows.delegates() if comes else (),
        }


def _need_fields() -> dict[str, forms.Field]:
    into = forms.ChoiceField(
        label=_("Interpretation into"),
        required=False,
        choices=[("", _("not needed")), *languages.writing_choices()],
    )
    fields: dict[str, forms.Field] = {PREFIX + NeedKind.INTERPRETATION: into}
    for kind, (label, help_text) in NEEDS.items():
        fields[PREFIX + kind] = TextField(label=label, required=False, max_characters=300, help_text=help_text)
    return fields


def _needed(data: Mapping[str, Any]) -> tuple[Needed, ...]:
    into = data[PREFIX + NeedKind.INTERPRETATION]
    found = [Needed(NeedKind.INTERPRETATION, language=into)] if into else []
    return (*found, *(Needed(kind, data[PREFIX + kind]) for kind in NEEDS if data[PREFIX + kind]))


def last_said(invitation: Invitation) -> dict[str, Any]:
    """Return the answer that counts now, as the form's initial values. What is offered counts as asked for."""
    last = invitation.answers.first() if invitation.answered_at else None
    if last is None:
        return {}
    needs = {PREFIX + one.kind: one.language or one.detail for one in invitation.needs.all()}
    if last.needs and PREFIX + NeedKind.OTHER not in needs:
        needs[PREFIX + NeedKind.OTHER] = last.needs  # as it was written before needs had kinds
    offered = invitation.waiting_seats if invitation.state == "offered" else 0
    return {"answer": last.verb, "seats": offered or last.seats or invitation.seats_offered, "note": last.note, **needs}


def _names_kept(invitation: Invitation) -> list[str]:
    """Return the names that were given when no seat was free, so that nobody types them twice."""
    last = invitation.answers.first() if invitation.state in {"waitlisted", "offered"} else None
    return [name.strip() for name in last.delegates.splitlines() if name.strip()] if last else []


class RecordForm(AnswerForm):
    """The same answer, taken by a convenor, with how it came."""

    channel = forms.ChoiceField(
        label=_("How the answer came"),
        choices=[(channel.value, channel.label) for channel in (Channel.PHONE, Channel.LETTER, Channel.PERSON)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )


class RepairForm(forms.Form):
    """Another address for an invitation that came back."""

    address = AddressField(label=_("New e-mail address"))

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation

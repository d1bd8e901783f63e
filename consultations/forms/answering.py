"""Answers to invitations, and the address of one that came back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms.fields import SeatsField
from consultations.models import Invitation
from consultations.states import Channel
from portal.forms import AddressField, TextField


class AnswerForm(forms.Form):
    """One page, no account: yes, not sure or no; how many; who; what they need."""

    answer = forms.ChoiceField(
        label=_("Will you come?"),
        choices=[("yes", _("Yes")), ("maybe", _("Not sure yet")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one: yes, not sure yet, or no.")},
    )
    delegates = TextField(
        label=_("Who will come"),
        required=False,
        rows=3,
        max_characters=1000,
        help_text=_("Names can follow later. Only the convenors read them."),
    )
    needs = TextField(
        label=_("What you need"),
        required=False,
        rows=3,
        max_characters=1000,
        help_text=_("Interpretation and into which language, access, travel support, childcare."),
    )
    note = TextField(
        label=_("A word to the convenors"),
        required=False,
        rows=3,
        max_characters=2000,
        help_text=_("If you cannot come: why, if you want to say it."),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        initial = {**last_said(invitation), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        offered = invitation.seats_offered
        self.fields["seats"] = SeatsField(
            most=offered,
            label=_("How many people"),
            required=False,
            initial=offered,
            help_text=_("Up to %(most)d. Needed only if you say yes.") % {"most": offered},
        )
        self.order_fields(["channel", "answer", "seats", "delegates", "needs", "note"])

    def clean(self) -> dict[str, Any]:
        """Ask for the number only where somebody comes; forget it where nobody does."""
        data = super().clean() or self.cleaned_data
        if data.get("answer") == "yes" and not data.get("seats") and "seats" not in self.errors:
            self.add_error("seats", _("Say how many people will come."))
        if data.get("answer") != "yes" and "seats" in self.errors:
            del self.errors["seats"]
        return data

    def said(self) -> dict[str, Any]:
        """Return the answer as the action takes it."""
        words = {name: self.cleaned_data[name] for name in ("answer", "delegates", "needs", "note")}
        return {**words, "seats": self.cleaned_data.get("seats") or 0}


def last_said(invitation: Invitation) -> dict[str, Any]:
    """Return the answer that counts now, as the form's initial values."""
    last = invitation.answers.first() if invitation.answered_at else None
    if last is None:
        return {}
    said = {name: getattr(last, name) for name in ("delegates", "needs", "note")}
    return {"answer": last.verb, "seats": last.seats or invitation.seats_offered, **said}


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

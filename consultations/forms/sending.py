"""When a mailing goes, when the silent are reminded, how a letter was handed over."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.forms.fields import HourField
from consultations.states import HandedBy
from portal.days import DayField, plain_digits
from portal.forms import AddressField, TextField


class SendForm(forms.Form):
    """Now, or at an hour in each recipient's own zone; over several days only when that was asked and answered."""

    when = forms.ChoiceField(
        label=_("When"),
        choices=[("now", _("Now")), ("later", _("Later, at an hour where each recipient is"))],
        widget=forms.RadioSelect,
        initial="now",
        required=False,
    )
    day = DayField(label=_("Day"), required=False)
    hour = HourField(label=_("Hour"), required=False)
    paced = forms.BooleanField(label=_("Spread them over several days"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hide_optional = True

    def clean(self) -> dict[str, Any]:
        """Whoever sends later says when."""
        data = super().clean() or self.cleaned_data
        if data.get("when") == "later":
            for name, sentence in (("day", _("Say on which day.")), ("hour", _("Say at what hour."))):
                if name not in self.errors and not data.get(name):
                    self.add_error(name, sentence)
        return data

    def start(self) -> dict[str, Any]:
        """Return day and hour; nothing for a mailing that goes at once."""
        if self.cleaned_data.get("when") != "later":
            return {}
        return {"day": self.cleaned_data["day"], "hour": self.cleaned_data["hour"]}


class DaysBeforeField(forms.CharField):
    """Some numbers of days, such as “14 7 2”."""

    def to_python(self, value: Any) -> list[int]:
        """Return the numbers, in the digits of any script."""
        typed = plain_digits(super().to_python(value) or "") if isinstance(value, str) else ""
        parts = typed.replace(",", " ").replace(";", " ").split()
        if any(not part.isascii() or not part.isdigit() or len(part) > 3 for part in parts):  # noqa: PLR2004 - of digits
            raise ValidationError(_("Write numbers of days, for example: 14 7 2"))
        return [int(part) for part in parts]


class ReminderForm(forms.Form):
    """On which days before the last one for answers the silent are reminded."""

    days = DaysBeforeField(
        label=_("Days before the last day for answers"),
        help_text=_("For example: 14 7 2. Empty: nobody is reminded by itself."),
        required=False,
        max_length=40,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)


class HandOverForm(forms.Form):
    """When and how a letter reached the invited."""

    on = DayField(label=_("Handed over on"), initial=timezone.localdate)
    handed_by = forms.ChoiceField(
        label=_("How"),
        choices=HandedBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how it was handed over.")},
    )
    reference = TextField(
        label=_("Reference of the letter"),
        max_characters=80,
        required=False,
        help_text=_("The number in your own register of letters."),
    )


class SummaryResendForm(forms.Form):
    """The address that a summary goes to once more; nothing to choose where it goes to an account."""

    address = AddressField(
        label=_("Address"),
        help_text=_(
            "Another address takes the place of this one. The link of an invitation ends with its old address."
        ),
    )

    def __init__(self, *args: Any, fixed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed:
            del self.fields["address"]


class ResendForm(forms.Form):
    """The address that an invitation goes to once more."""

    address = AddressField(
        label=_("Address"),
        help_text=_("The same address keeps its link. Another one gets a new link, and the old one ends."),
    )

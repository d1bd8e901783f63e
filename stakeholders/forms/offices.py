"""What is typed about terms of office: whom, from when, until when."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import languages
from portal.days import DayField
from portal.forms import AddressField, TextField
from stakeholders.states import ConvenorRole


class PersonForm(forms.Form):
    """A person by address and name. Whether there is an account for the address, nobody is told."""

    address = AddressField(label=_("Email address"), help_text=_("The person signs in with it."))
    full_name = TextField(label=_("Name"), help_text=_("As the person writes it."), max_characters=200, max_length=200)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=languages.interface_choices)


class AppointForm(PersonForm):
    """A liaison for a term."""

    since = DayField(label=_("First day"), initial=timezone.localdate)
    until = DayField(label=_("Last day"), help_text=_("A term can be extended before it ends."))


class TermForm(PersonForm):
    """A convenor or an administrator for a term."""

    role = forms.ChoiceField(label=_("Named as"), choices=ConvenorRole.choices, widget=forms.RadioSelect)
    since = DayField(label=_("First day"), initial=timezone.localdate)
    until = DayField(label=_("Last day"), required=False, help_text=_("Leave it empty for “until further notice”."))
    field_order = ("role", "address", "full_name", "language", "since", "until")


class ExtendForm(forms.Form):
    """Another last day."""

    until = DayField(label=_("Last day"))


class EndTermForm(forms.Form):
    """The end of a term, today or later."""

    until = DayField(label=_("Last day"), required=False, help_text=_("Leave it empty to end the term now."))


class AcceptForm(forms.Form):
    """The answer of the person who was proposed."""

    seats = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    understood = forms.BooleanField(
        label=_("I have read what ends today."),
        error_messages={"required": _("Confirm that you have read it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if str(self["seats"].value() or 0) == "0":
            del self.fields["understood"]

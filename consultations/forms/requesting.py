"""Asking for a seat with a link that was meant for somebody else, and what a convenor makes of it."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consultations.actions import Asking
from consultations.forms.fields import SeatsField
from consultations.models import SeatRequest
from portal import languages
from portal.forms import AddressField, TextField
from stakeholders.models import Organisation

MOST_SEATS = 50
MOST_FOUND = 30


class SeatRequestForm(forms.Form):
    """Who asks, for whom, and why. Only the convenors read it."""

    full_name = TextField(label=_("Your name"), error_messages={"required": _("Write your name.")})
    organisation_name = TextField(label=_("Organisation"), required=False)
    email = AddressField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Without one we cannot write to you: then a convenor has to reach you another way."),
    )
    reason = TextField(label=_("Why you should be there"), required=False, rows=3, max_characters=1000)

    def asking(self) -> Asking:
        """Return the request as the action takes it, in the language in which the page was read."""
        language = languages.shipped_or_default(get_language() or "")
        return Asking(language=language, **self.cleaned_data)


class GrantForm(forms.Form):
    """To whom the invitation goes: to the person who asked, or to an organisation of the register."""

    hide_optional = True

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Whom to invite"),
        required=False,
        error_messages={"invalid_choice": _("This organisation cannot be invited.")},
    )
    seats = SeatsField(most=MOST_SEATS, label=_("Seats"), initial=1)

    def __init__(self, *args: Any, asked: SeatRequest, sought: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Organisation.objects.invitable().exclude(invitations__consultation=asked.consultation_id).distinct()
        field = self.fields["organisation"]
        field.queryset = free
        found = free.called(sought).order_by("name", "pk")[:MOST_FOUND] if sought else []
        person = _("%(name)s, as a person") % {"name": asked.full_name}
        # The register is long: only those that carry the name are offered, and each of the register is taken.
        field.widget.choices = [("", person), *((one.pk, one.name) for one in found)]

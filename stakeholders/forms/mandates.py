"""What a lead says about a colleague: who, in which role, since when, until when; and who leads from now on."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.forms import AddressField, TextField
from stakeholders.models import Membership
from stakeholders.states import Mandate, Role

FURTHEST = 20  # years; beyond, a year is a slip or of another calendar
ROLES = [
    (Role.LEAD, _("Lead representative: sends in, answers invitations, says who acts for the organisation")),
    (Role.REPRESENTATIVE, _("Representative: sends in, and answers invitations")),
    (Role.DRAFTER, _("Drafter: writes, and does not send in")),
]
# What an organisation itself can give. Others come with an invitation or an appointment.
GIVEN = (Mandate.CHOSEN, Mandate.APPOINTED, Mandate.PERSONAL)


class MandateDay(forms.DateField):
    """A day on which a mandate begins or ends."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"],
            error_messages={"invalid": _("Write a day, for example 2027-05-12.")},
            **kwargs,
        )

    def validate(self, value: date | None) -> None:
        """Refuse a year that cannot be meant."""
        super().validate(value)
        if value and abs(value.year - clock.today_here().year) > FURTHEST:
            raise ValidationError(_("Is this the right year? Write it as in 2027."))


class MandateForm(forms.Form):
    """Role, kind and last day of a colleague's mandate."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect)
    mandate = forms.ChoiceField(label=_("Where does the mandate come from?"), widget=forms.RadioSelect)
    until = MandateDay(label=_("Until"), required=False, help_text=_("The last day. Empty means until further notice."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [Mandate(kind) for kind in dict.fromkeys([*GIVEN, self.initial.get("mandate") or Mandate.APPOINTED])]
        self.fields["mandate"].choices = [(kind.value, kind.label) for kind in kinds]

    @classmethod
    def of(cls, membership: Membership, *args: Any) -> "MandateForm":
        """Return the form as the mandate stands."""
        names = ("role", "mandate", "until")
        return cls(*args, initial={name: getattr(membership, name) for name in names})


class OfferForm(MandateForm):
    """Who is invited, and to what."""

    field_order = ("full_name", "address", "role", "mandate", "since", "until")
    full_name = TextField(label=_("Name"), help_text=_("As the person writes it. One name is enough."))
    address = AddressField(
        label=_("Email address"), help_text=_("Of this one person: whoever reads its mail can accept.")
    )
    since = MandateDay(label=_("From"))


class LeadForm(forms.Form):
    """Who leads from now on."""

    to = forms.TypedChoiceField(label=_("Who leads from now on?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {one.pk: one for one in people}
        self.fields["to"].choices = [
            (one.pk, f"{one.user.full_name or one.user.email}, {one.get_role_display()}") for one in people
        ]
        self.fields["to"].coerce = lambda pk: known[int(pk)]


class HandOverForm(LeadForm):
    """Who leads from now on, and what becomes of oneself."""

    leave = forms.TypedChoiceField(
        label=_("And you?"),
        choices=[("no", _("I stay as a representative")), ("yes", _("I leave the organisation today"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="no",
    )

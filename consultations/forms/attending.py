"""What is typed at the door: arrivals of a telephone, somebody who walks in, somebody who sits in."""

import json
import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation, Seat
from consultations.querysets import HIDDEN_INVITATIONS
from consultations.states import Listing, SeatMode, SeatPart
from portal.forms import TextField
from stakeholders.models import Organisation, PublicBody
from stakeholders.states import Bench

MOST_ARRIVALS = 1000
_LISTING_HELP = _("Ask. It decides what stands on the badge and on lists that others read.")


class ArrivalsField(forms.CharField):
    """A batch of arrivals as a telephone sends it: a JSON list of key, seat, session and time."""

    def to_python(self, value: Any) -> Any:
        """Return the arrivals; a batch that cannot be read is refused as a whole, nothing of it is written."""
        try:
            rows = json.loads(super().to_python(value) or "[]")
            return [self._arrival(row) for row in rows[:MOST_ARRIVALS]]
        except (TypeError, ValueError, KeyError, AttributeError):
            raise ValidationError(_("This list of arrivals cannot be read.")) from None

    def _arrival(self, row: dict[str, Any]) -> dict[str, Any]:
        at = datetime.fromisoformat(row["at"]) if row.get("at") else None
        if at and timezone.is_naive(at):
            raise ValueError
        session = int(row["session"]) if row.get("session") else None
        return {"key": uuid.UUID(row["key"]), "seat": int(row["seat"]), "session": session, "at": at}


class ArrivalsForm(forms.Form):
    """What a telephone sends when the line is back."""

    arrivals = ArrivalsField(required=False, max_length=400_000, empty_value="[]")


class OrganisationOfTableField(forms.ModelChoiceField):
    """One of the invited organisations, by the name that convenors read."""

    def label_from_instance(self, obj: Organisation) -> str:
        """Return the name: only convenors stand at the door."""
        return obj.name


def _full_name(**kwargs: Any) -> TextField:
    return TextField(label=_("Full name"), max_length=200, max_characters=200, **kwargs)


def _listing() -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=Listing.choices,
        label=_("On lists"),
        initial=Listing.ORGANISATION,
        widget=forms.RadioSelect,
        help_text=_LISTING_HELP,
    )


class WalkInForm(forms.Form):
    """Somebody whom the list does not name."""

    full_name = _full_name()
    bench = forms.ChoiceField(choices=[("", _("Choose a bench")), *Bench.choices], label=_("Bench"))
    part = forms.ChoiceField(choices=SeatPart.choices, label=_("Part"), initial=SeatPart.DELEGATE)
    organisation = OrganisationOfTableField(
        None, label=_("Invited organisation"), required=False, empty_label=_("None of these")
    )
    other = TextField(
        label=_("Another organisation of the register"),
        required=False,
        max_length=200,
        help_text=_("Its name or acronym as it stands in the register. Leave it empty for one that is not there."),
    )
    body = forms.ModelChoiceField(
        None, label=_("Public body"), required=False, empty_label=_("None"), help_text=_("For officials.")
    )
    office = TextField(
        label=_("Office and role"),
        required=False,
        max_length=200,
        help_text=_("Of an official; or for whom somebody is here whose organisation is not in the register."),
    )
    mode = forms.ChoiceField(choices=SeatMode.choices, label=_("Comes"), initial=SeatMode.ON_SITE)
    listing = _listing()

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reached = consultation.invitations.exclude(state__in=HIDDEN_INVITATIONS)
        invited = Organisation.objects.invitable().filter(invitations__in=reached)
        self.fields["organisation"].queryset = invited.distinct().order_by("name_key", "pk")
        self.fields["body"].queryset = PublicBody.objects.filter(successor=None).order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        """Find the organisation, and check that somebody is there for one side only."""
        data = super().clean() or self.cleaned_data
        if data.get("other") and data.get("organisation"):
            self.add_error("other", _("Choose one organisation: above, or here."))
        elif data.get("other"):
            data["organisation"] = self._registered(data["other"])
        if data.get("organisation") and data.get("body"):
            self.add_error("body", _("Somebody sits for an organisation or for a public body, not for both."))
        if data.get("part") == SeatPart.OFFICIAL and not (data.get("body") or data.get("office")):
            self.add_error("body", _("Say for which public body, or write the office and role."))
        return data

    def _registered(self, typed: str) -> Organisation | None:
        """Return the one organisation that is called so; an error where none is, or several are."""
        found = list(Organisation.objects.invitable().called(typed).distinct().order_by("pk")[:2])
        if len(found) == 1:
            return found[0]
        several = _("Several organisations are called so. Write more of the name.")
        none = _("No organisation at the table is called so. Leave this empty and write it under office and role.")
        self.add_error("other", several if found else none)
        return None

    def who(self) -> dict[str, Any]:
        """Return who it is, without the name that was looked for."""
        return {name: value for name, value in self.cleaned_data.items() if name != "other"}


class SubstituteForm(forms.Form):
    """Somebody who sits in for a delegate."""

    full_name = _full_name(help_text=_("Who sits here now. What was kept of the first delegate is deleted."))
    office = TextField(label=_("Office and role"), required=False, max_length=200)
    listing = _listing()


class ChangeSeatForm(forms.Form):
    """How somebody is called, where they sit, and how they are listed."""

    full_name = _full_name(required=False)
    bench = forms.ChoiceField(
        choices=[("", _("As the organisation")), *Bench.choices], label=_("Bench"), required=False
    )
    part = forms.ChoiceField(choices=SeatPart.choices, label=_("Part"))
    office = TextField(label=_("Office and role"), required=False, max_length=200)
    mode = forms.ChoiceField(choices=SeatMode.choices, label=_("Comes"))
    listing = _listing()

    @classmethod
    def stored(cls, seat: Seat) -> dict[str, Any]:
        """Return what is on record, by field name."""
        return {name: getattr(seat, name) for name in cls.base_fields}


class SeatOfPersonField(forms.ModelChoiceField):
    """Another seat of the consultation, by the person's name and for whom they sit."""

    def label_from_instance(self, obj: Seat) -> str:
        """Return the name, and the organisation: only convenors read it."""
        behind = obj.organisation.name if obj.organisation else str(obj.body or "")
        return " · ".join(part for part in (obj.full_name, behind, obj.code) if part)


class JoinForm(forms.Form):
    """The other seat of a person who sits for two organisations."""

    other = SeatOfPersonField(None, label=_("The other seat of this person"))

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = seat.consultation.delegates.exclude(person_key=seat.person_key).exclude(state="substituted")
        self.fields["other"].queryset = others.select_related("organisation", "body").order_by("full_name", "pk")

"""What is typed about sessions and the points of their agenda."""

from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations import states
from consultations.forms.fields import HourField, ZoneField, in_each_language
from consultations.forms.planning import CountryField, OtherConvenorField, PartForm, current_convenors
from consultations.models import AgendaItem, Consultation, Session
from consultations.querysets import CONCERNED
from portal import languages
from portal.days import DayField
from portal.forms import TextField
from portal.models import User
from stakeholders.states import MembershipState


class CallField(TextField):
    """The way into a call: an https address, so that nobody on the way reads along."""

    def clean(self, value: Any) -> str:
        """Return the address. Raises ValidationError where it is none, or not https."""
        address = super().clean(value)
        if not address:
            return ""
        if urlsplit(address).scheme.lower() != "https":
            raise ValidationError(_("Write an address that begins with https://."))
        URLValidator(["https"], message=_("This is not an address that a browser could open."))(address)
        return address


class SpokenField(forms.MultipleChoiceField):
    """Languages, kept as their codes with spaces between."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=languages.writing_choices, required=False, **kwargs)


def hours(day: date, begins: time, ends: time, zone: str) -> dict[str, Any]:
    """Return the columns of a session that say when it is."""
    info = ZoneInfo(zone)
    return {
        "starts_at": datetime.combine(day, begins, info),
        "ends_at": datetime.combine(day, ends, info),
        "time_zone": zone,
    }


def told_hours(session: Session) -> dict[str, Any]:
    """Return day and hours of a session by the clock of its own zone."""
    zone = ZoneInfo(session.time_zone)
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    return {"day": starts.date(), "begins": starts.time(), "ends": ends.time()}


def check_hours(form: forms.Form) -> None:
    """Put a sentence beside the end where it does not come after the beginning."""
    begins, ends = form.cleaned_data.get("begins"), form.cleaned_data.get("ends")
    if begins and ends and ends <= begins:
        form.add_error("ends", _("It ends before it begins."))


class SessionForm(PartForm):
    """One sitting: its own day, hours, zone and place, and how it is held."""

    locals().update(in_each_language("title", _("Title"), max_length=200, max_characters=200))
    day = DayField(label=_("Day"))
    begins = HourField(label=_("Begins at"))
    ends = HourField(label=_("Ends at"))
    time_zone = ZoneField(label=_("Time zone"), help_text=_("The hours above are meant in it."))
    mode = forms.ChoiceField(label=_("Where people meet"), choices=states.Mode.choices)
    country = CountryField()
    locals().update(
        in_each_language(
            "city",
            _("City"),
            required=False,
            max_length=80,
            max_characters=80,
            help_text=_("Empty means: where the consultation is."),
        )
    )
    venue = TextField(
        label=_("Venue"), required=False, max_length=200, help_text=_("Shown to those who take part, to nobody else.")
    )
    call_link = CallField(
        label=_("Link of the call"),
        required=False,
        max_length=300,
        max_characters=300,
        help_text=_("Shown to those who take part, never in a mail or a calendar entry."),
    )
    interpreters = SpokenField(label=_("Interpretation into"))
    closed = forms.BooleanField(label=_("Closed: no observers, no media"), required=False)
    rapporteur = OtherConvenorField(
        None, label=_("Rapporteur"), required=False, empty_label=_("Nobody yet, or somebody without an account")
    )
    rapporteur_name = TextField(label=_("Rapporteur without an account"), required=False, max_length=200)

    def __init__(self, *args: Any, of: Consultation, session: Session | None = None, **kwargs: Any) -> None:
        self.of = of
        kwargs["initial"] = {**({} if session else self._usual()), **(kwargs.get("initial") or {})}
        super().__init__(*args, consultation=session, **kwargs)  # type: ignore[arg-type]
        self.fields["rapporteur"].queryset = self._people(session)

    def _usual(self) -> dict[str, Any]:
        """Return what a new session most likely has: the first day and the ways of the consultation."""
        one = self.of
        usual = {"day": one.starts_on, "begins": one.begins_at, "ends": one.ends_at, "time_zone": one.time_zone}
        return {**usual, "mode": one.mode, "country": one.country_id}

    def _people(self, session: Session | None) -> Any:
        """Return who can report: convenors, and people of invited organisations."""
        invited = Q(
            memberships__state=MembershipState.ACTIVE,
            memberships__organisation__invitations__consultation=self.of,
            memberships__organisation__invitations__state__in=CONCERNED,
        )
        there = Q(pk=session.rapporteur_id) if session and session.rapporteur_id else Q(pk__in=[])
        convenors = Q(pk__in=current_convenors().values("pk"))
        return User.objects.filter(convenors | invited | there, is_active=True).distinct().order_by("full_name", "pk")

    def stored(self, consultation: Any) -> dict[str, Any]:
        """Return what is on record of the session."""
        session: Session = consultation
        return {**super().stored(session), **told_hours(session), "interpreters": session.languages}

    def clean(self) -> dict[str, Any]:
        """Check the hours; that the day is one of the consultation's the action says."""
        data = super().clean() or self.cleaned_data
        check_hours(self)
        if data.get("rapporteur") and data.get("rapporteur_name"):
            self.add_error("rapporteur_name", _("Name one rapporteur: a person with an account, or somebody without."))
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns."""
        values = super().values()
        when = hours(values.pop("day"), values.pop("begins"), values.pop("ends"), values["time_zone"])
        return {**values, **when, "interpreters": " ".join(values["interpreters"])}


class ItemForm(PartForm):
    """One point of an agenda."""

    locals().update(in_each_language("title", _("Point"), rows=2, max_length=300, max_characters=300))

    def __init__(self, *args: Any, item: AgendaItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, consultation=item, **kwargs)  # type: ignore[arg-type]

"""What is written after the talk: outputs of sessions, minutes, corrections."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import AgendaItem, Correction, Minutes, Session
from consultations.querysets import reporters
from portal import clock, differences
from portal.days import DayField
from portal.forms import TextField
from portal.models import User
from stakeholders.models import Organisation


class OneTextForm(forms.Form):
    """One text with the version that its writer started from."""

    text_name: ClassVar[str] = "text"
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clash(self, current: Any) -> list[dict[str, Any]]:
        """Return what is saved now beside what was typed. The form moves on to the saved version."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(current.version)
        theirs, mine = getattr(current, self.text_name), self.cleaned_data[self.text_name]
        label = self.fields[self.text_name].label
        return [{"label": label, "theirs": theirs, "mine": mine, "difference": differences.marked(theirs, mine)}]


class MinutesForm(OneTextForm):
    """What was said to one point of the agenda."""

    text_name = "minutes"
    minutes = TextField(
        label=_("What was said, and what was agreed"),
        required=False,
        rows=10,
        max_characters=10_000,
        help_text=_(
            "Name nobody who asked not to be named: an organisation that is withheld, a delegate not on lists."
        ),
    )


class OutputForm(OneTextForm):
    """What came out of a session."""

    text_name = "output"
    output = TextField(
        label=_("What came out of it"),
        required=False,
        rows=12,
        max_characters=10_000,
        help_text=_("What was agreed, what stays open, who does what. Those who took part read it with the minutes."),
    )


class RapporteurField(forms.ModelChoiceField):
    """Somebody who may report, by name."""

    def label_from_instance(self, obj: User) -> str:
        """Return the person's name."""
        return str(obj)


class RapporteurForm(forms.Form):
    """Who reports from a session."""

    rapporteur = RapporteurField(
        None,
        label=_("Rapporteur"),
        required=False,
        empty_label=_("Nobody with an account"),
        help_text=_(
            "A convenor, or somebody who speaks for an invited organisation. They hand the output in themselves."
        ),
    )
    rapporteur_name = TextField(
        label=_("Rapporteur without an account"),
        required=False,
        max_length=200,
        help_text=_("A convenor writes the output down for them."),
    )

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rapporteur"].queryset = reporters(session.consultation, timezone.localdate())
        self.fields["rapporteur"].initial = session.rapporteur_id
        self.fields["rapporteur_name"].initial = session.rapporteur_name

    def clean(self) -> dict[str, Any]:
        """Check that one is named, not two."""
        data = super().clean() or self.cleaned_data
        if data.get("rapporteur") and data.get("rapporteur_name"):
            self.add_error("rapporteur_name", _("Name one rapporteur: with an account, or without."))
        return data


class CirculateForm(forms.Form):
    """Until when corrections are taken."""

    corrections_until = DayField(
        label=_("Corrections until"), help_text=_("The day counts to its end, in the consultation’s zone.")
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_corrections_until(self) -> Any:
        """Refuse a day that has passed."""
        day = self.cleaned_data["corrections_until"]
        if day < clock.today_in(self.zone):
            raise forms.ValidationError(_("This day has passed."))
        return day


class OwnOrganisationField(forms.ModelChoiceField):
    """One of the own organisations that were there."""

    def label_from_instance(self, obj: Organisation) -> str:
        """Return the name: they are the reader's own."""
        return obj.name


class PointField(forms.ModelChoiceField):
    """One point of the agenda."""

    def label_from_instance(self, obj: AgendaItem) -> str:
        """Return the title of the point."""
        return obj.title


class CorrectionForm(forms.Form):
    """What an organisation that was there wants changed."""

    organisation = OwnOrganisationField(None, label=_("For which organisation"))
    item = PointField(None, label=_("Point of the agenda"), required=False, empty_label=_("The minutes as a whole"))
    text = TextField(
        label=_("What should be changed"),
        rows=6,
        max_characters=3000,
        help_text=_("The convenors read it with the name of your organisation; nobody else does."),
    )

    def __init__(self, *args: Any, minutes: Minutes, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        points = AgendaItem.objects.filter(session__consultation=minutes.consultation_id)
        self.fields["item"].queryset = points.order_by("session__starts_at", "position", "pk")
        self.fields["organisation"].queryset = organisations
        if len(organisations) == 1:
            self.fields["organisation"].initial = organisations[0].pk
            self.fields["organisation"].widget = forms.HiddenInput()


class SettleForm(forms.Form):
    """What becomes of a correction."""

    outcome = forms.ChoiceField(
        choices=[one for one in Correction.Outcome.choices if one[0] != Correction.Outcome.OPEN],
        label=_("What becomes of it"),
        widget=forms.RadioSelect,
        help_text=_("To take it over, change the minutes of the point as well."),
    )
    reason = TextField(
        label=_("Reason"),
        required=False,
        max_length=300,
        max_characters=300,
        help_text=_("Needed where it is not taken over. The organisation reads it."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where the correction is not taken over."""
        data = super().clean() or self.cleaned_data
        if (
            data.get("outcome") == Correction.Outcome.DECLINED
            and not data.get("reason")
            and "reason" not in self.errors
        ):
            self.add_error("reason", _("Say why it is not taken over: the organisation reads it."))
        return data

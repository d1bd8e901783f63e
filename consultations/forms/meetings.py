"""What is typed about a meeting of the official calendar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms.fields import in_each_language
from consultations.forms.planning import CountryField, PartForm
from consultations.models import OfficialMeeting
from portal.days import DayField
from portal.forms import TextField
from stakeholders.models import PublicBody


class BodyField(forms.ModelChoiceField):
    """A public body, with the country it belongs to."""

    def label_from_instance(self, obj: PublicBody) -> str:
        """Return the name and the country's code."""
        return f"{obj.name} ({obj.country_id})" if obj.country_id else obj.name


class MeetingForm(PartForm):
    """One meeting: its name, who meets, when and where, until when papers are taken, and how we know."""

    locals().update(in_each_language("name", _("Name"), max_length=200, max_characters=200))
    body = BodyField(
        PublicBody.objects.all(), label=_("Body that meets"), required=False, empty_label=_("Not on our list")
    )
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), help_text=_("The same day again, if it is one day."))
    papers_by = DayField(
        label=_("Papers are taken until"),
        required=False,
        help_text=_("Plans count back from this day. Leave it empty where it is not known yet."),
    )
    country = CountryField()
    locals().update(in_each_language("city", _("City"), required=False, max_length=80, max_characters=80))
    source = TextField(
        label=_("Source"), required=False, max_length=300, max_characters=300, help_text=_("Where these days are from.")
    )

    def __init__(self, *args: Any, meeting: OfficialMeeting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, consultation=meeting, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> dict[str, Any]:
        """Check the order of the days."""
        data = super().clean() or self.cleaned_data
        starts, ends, papers = data.get("starts_on"), data.get("ends_on"), data.get("papers_by")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day is before the first day."))
        if papers and ends and papers > ends:
            self.add_error("papers_by", _("This is after the last day of the meeting."))
        return data

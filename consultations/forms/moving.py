"""What is typed where a consultation is moved, called off or copied."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from consultations import states
from consultations.forms.fields import HourField, ZoneField, in_each_language
from consultations.forms.planning import WhenForm, as_words
from consultations.forms.programme import check_hours, hours, told_hours
from consultations.models import Consultation, Session
from portal import clock, differences
from portal.days import DayField
from portal.forms import TextField

REASON_MAX = 300
YEAR = timedelta(days=364)  # the same day of the week
REASON_HELP = _("Those invited read it. Of a discreet consultation it is not in the mail.")


class LineForm(forms.Form):
    """When and where one session is now, or that it is taken out."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    out = forms.BooleanField(label=_("Take this session out"), required=False)
    day = DayField(label=_("Day"))
    begins = HourField(label=_("Begins at"))
    ends = HourField(label=_("Ends at"))
    time_zone = ZoneField(label=_("Time zone"))
    mode = forms.ChoiceField(label=_("Where people meet"), choices=states.Mode.choices)
    locals().update(in_each_language("city", _("City"), required=False, max_length=80, max_characters=80))

    def __init__(self, data: QueryDict | None, session: Session) -> None:
        prefix = f"session-{session.pk}"
        # A session that was added meanwhile was not on the page that is sent.
        there = data if data is not None and f"{prefix}-version" in data else None
        super().__init__(there, prefix=prefix, initial=stored_line(session))
        self.session = session

    def clean(self) -> dict[str, Any]:
        """Check the hours."""
        data = super().clean() or self.cleaned_data
        if not data.get("out"):
            check_hours(self)
        return data

    def line(self, shift: timedelta) -> dict[str, Any]:
        """Return what becomes of the session; a day that was left as it is goes along by so many days."""
        data, stored = self.cleaned_data, stored_line(self.session)
        if data["out"]:
            return {"session": self.session, "version": data["version"], "out": True, "values": {}}
        day = data["day"] + shift if data["day"] == stored["day"] else data["day"]
        places = {name: data[name] for name in data if name == "mode" or name.startswith("city_")}
        values = {**hours(day, data["begins"], data["ends"], data["time_zone"]), **places}
        return {"session": self.session, "version": data["version"], "out": False, "values": values}


def stored_line(session: Session) -> dict[str, Any]:
    """Return what is on record of the session, by field."""
    names = [name for name in LineForm.base_fields if name == "mode" or name.startswith("city_")]
    found = {name: getattr(session, name) for name in (*names, "time_zone", "version")}
    return {**found, **told_hours(session)}


class MoveForm(WhenForm):
    """When and where it is now, the deadlines that go with it, its sessions, and why."""

    mode = forms.ChoiceField(label=_("Where people meet"), choices=states.Mode.choices)
    locals().update(in_each_language("city", _("City"), required=False, max_length=80, max_characters=80))
    venue = TextField(
        label=_("Venue"), required=False, max_length=200, help_text=_("Shown to those who take part, to nobody else.")
    )
    locals().update(
        in_each_language(
            "moved_because",
            _("Why"),
            required=False,
            max_length=REASON_MAX,
            max_characters=REASON_MAX,
            help_text=REASON_HELP,
        )
    )
    along = forms.BooleanField(
        label=_("Sessions go along by as many days as the first day moves"), required=False, initial=True
    )

    def __init__(self, *args: Any, out: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitations_out = out
        sessions = list(self.consultation.sessions.all())
        if not sessions:
            del self.fields["along"]
        self.lines = [LineForm(self.data if self.is_bound else None, session) for session in sessions]

    def stored(self, consultation: Consultation) -> dict[str, Any]:
        """Return what is on record; the reason of an earlier move is not this one's."""
        found = super().stored(consultation)
        return {name: value for name, value in found.items() if not name.startswith("moved_because")}

    def is_valid(self) -> bool:
        """Whether the page and each of its sessions make sense."""
        return all([super().is_valid(), *[line.is_valid() for line in self.lines if line.is_bound]])

    def clean(self) -> dict[str, Any]:
        """Those who are asked again need a day until which they can answer."""
        data = super().clean() or self.cleaned_data
        day, zone = data.get("answer_by"), data.get("time_zone")
        if self.invitations_out and day and zone and "answer_by" not in self.errors and day < clock.today_in(zone):
            self.add_error("answer_by", _("This day has passed, and people are asked to answer again."))
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns of the consultation."""
        return {name: value for name, value in super().values().items() if name != "along"}

    def moved_lines(self) -> list[dict[str, Any]]:
        """Return what becomes of each session."""
        shift = timedelta()
        if self.cleaned_data.get("along"):
            shift = self.cleaned_data["starts_on"] - self.consultation.starts_on
        return [line.line(shift) for line in self.lines if line.is_bound]

    def clash(self, current: Consultation) -> list[dict[str, Any]]:
        """As for every part, with the sessions that somebody changed."""
        rows = [row for row in super().clash(current) if row["label"] != self.base_fields["along"].label]
        for line in self.lines:
            line.data = self.data
            if line.is_bound and line.cleaned_data.get("version") != line.session.version:
                rows += _differences(line)
                self.data[line.add_prefix("version")] = str(line.session.version)
        return rows


def _differences(line: LineForm) -> list[dict[str, Any]]:
    stored, rows = stored_line(line.session), []
    for name, field in line.fields.items():
        theirs, mine = as_words(field, stored.get(name)), as_words(field, line.cleaned_data.get(name))
        if name not in {"version", "out"} and theirs != mine:
            label = f"{line.session.title}: {field.label}"
            rows.append(
                {"label": label, "theirs": theirs, "mine": mine, "difference": differences.marked(theirs, mine)}
            )
    return rows


class CancelForm(forms.Form):
    """Why it does not take place."""

    locals().update(
        in_each_language(
            "cancelled_because", _("Why"), max_length=REASON_MAX, max_characters=REASON_MAX, help_text=REASON_HELP
        )
    )


class CopyForm(forms.Form):
    """When the next one begins."""

    starts_on = DayField(
        label=_("First day of the new one"),
        help_text=_("Everything else keeps its distance from this day. You can change all of it afterwards."),
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        day, today = consultation.next_due_on or consultation.starts_on + YEAR, clock.today_in(consultation.time_zone)
        while day < today:
            day += YEAR
        kwargs["initial"] = {"starts_on": day, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

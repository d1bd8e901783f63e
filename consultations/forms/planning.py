"""The parts of a consultation, one thing per page."""

from datetime import date, datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from consultations import states
from consultations.forms.fields import HourField, SeatsField, ZoneField, in_each_language
from consultations.models import Consultation, Organiser
from portal import clock, differences, languages, text
from portal.days import DayField
from portal.forms import TextField
from portal.models import User
from stakeholders.models import Country, Organisation
from stakeholders.states import ConvenorRole, Level

MOST_ORGANISERS = 30


class PartForm(forms.Form):
    """Some fields of a consultation, with the version that the writer started from."""

    title: ClassVar[Any] = ""
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, consultation: Consultation | None = None, **kwargs: Any) -> None:
        self.consultation = consultation
        initial = {**(self.stored(consultation) if consultation else {}), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)

    def stored(self, consultation: Consultation) -> dict[str, Any]:
        """Return what is on record, by field name."""
        found = {name: getattr(consultation, name) for name in self.base_fields if hasattr(consultation, name)}
        return {**found, "version": consultation.version}

    def values(self) -> dict[str, Any]:
        """Return the new values by column."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def clash(self, current: Consultation) -> list[dict[str, Any]]:
        """Return each field that differs: label, what is saved now, what was typed, the difference.

        The form moves on to the saved version, so that sending it again is a decision and not an accident.
        """
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(current.version)
        stored, rows = self.stored(current), []
        for name, field in self.fields.items():
            theirs, mine = as_words(field, stored.get(name)), as_words(field, self.cleaned_data.get(name))
            if name != "version" and theirs != mine:
                difference = differences.marked(theirs, mine)
                rows.append({"label": field.label, "theirs": theirs, "mine": mine, "difference": difference})
        return rows


def as_words(field: forms.Field, value: Any) -> str:
    """Return a value as a person would read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(str(one) for one in value)
    if isinstance(field, forms.ModelChoiceField):
        return str(value)
    names = dict(getattr(field, "choices", ()))
    if isinstance(value, list):
        return ", ".join(str(names.get(one, one)) for one in value)
    return str(names.get(value, value))


def not_past(form: forms.Form, name: str, day: date | None, zone: str, before: date | None) -> None:
    """Refuse a day that has passed, unless it stood there already."""
    if day and day != before and day < clock.today_in(zone):
        form.add_error(name, _("This day has passed."))


def _choice(field: str, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, label=Consultation._meta.get_field(field).verbose_name, **kwargs)


class CountryField(forms.ModelChoiceField):
    """A member state, or none for the region as a whole."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Country.objects.all(), required=False, label=_("Country"), empty_label=_("No single country"), **kwargs
        )


def _check_level(form: forms.Form) -> None:
    data = form.cleaned_data
    if data.get("level") == Level.NATIONAL and not data.get("country") and "country" not in form.errors:
        form.add_error("country", _("A national consultation has a country."))


class OtherConvenorField(forms.ModelChoiceField):
    """Somebody who convenes for the task force today."""

    def label_from_instance(self, obj: User) -> str:
        """Return the person's name."""
        return str(obj)


def current_convenors() -> Any:
    """Return the people who convene today."""
    today = timezone.localdate()
    holds = Q(convenorships__role=ConvenorRole.CONVENOR, convenorships__since__lte=today) & (
        Q(convenorships__until__isnull=True) | Q(convenorships__until__gte=today)
    )
    return User.objects.filter(holds, is_active=True).distinct().order_by("full_name", "pk")


_TITLE_HELP = _("What it is about and for whom, in a few words.")


class CreateForm(PartForm):
    """The few things that every consultation needs from its first moment."""

    locals().update(in_each_language("title", _("Title"), max_length=200, max_characters=200, help_text=_TITLE_HELP))
    level = _choice("level", Level.choices, initial=Level.NATIONAL)
    country = CountryField()
    form_of_dialogue = _choice(
        "form_of_dialogue", states.FormOfDialogue.choices, initial=states.FormOfDialogue.CONSULTATION
    )
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), help_text=_("The same day again, if it is one day."))
    time_zone = ZoneField(label=_("Time zone"), help_text=_("All times and deadlines are meant in it."))
    second_convenor = OtherConvenorField(
        None,
        label=_("Second convenor"),
        required=False,
        empty_label=_("Later"),
        help_text=_("You need one before you announce: no consultation depends on one person."),
    )
    discreet = forms.BooleanField(
        label=_("Discreet: not public, and mails and calendar files tell no title"), required=False
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second_convenor"].queryset = current_convenors().exclude(pk=by.pk)
        self.fields["time_zone"].initial = by.time_zone

    def clean(self) -> dict[str, Any]:
        """Check that the days are in order and ahead."""
        data = super().clean() or self.cleaned_data
        _check_level(self)
        _check_days(self, self.consultation)
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns, without the second convenor."""
        return {name: value for name, value in super().values().items() if name != "second_convenor"}


def _check_days(form: forms.Form, before: Consultation | None) -> None:
    data = form.cleaned_data
    starts, ends, zone = data.get("starts_on"), data.get("ends_on"), data.get("time_zone")
    if starts and ends and ends < starts:
        form.add_error("ends_on", _("The last day is before the first day."))
    if zone:
        not_past(form, "starts_on", starts, zone, before.starts_on if before else None)


class WhatForm(PartForm):
    """What it is."""

    title = _("What it is")
    locals().update(in_each_language("title", _("Title"), max_length=200, max_characters=200, help_text=_TITLE_HELP))
    locals().update(
        in_each_language(
            "purpose",
            _("Purpose"),
            required=False,
            rows=5,
            max_characters=2000,
            help_text=_("What is to come out, and what happens with it afterwards."),
        )
    )
    level = _choice("level", Level.choices)
    country = CountryField()
    form_of_dialogue = _choice("form_of_dialogue", states.FormOfDialogue.choices)
    discreet = forms.BooleanField(
        label=_("Discreet: not public, and mails and calendar files tell no title"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Check that a national one has a country."""
        data = super().clean() or self.cleaned_data
        _check_level(self)
        return data


class WhenForm(PartForm):
    """Days, hours, zone and deadlines. Deadlines are days that end with that day in the zone."""

    title = _("When it is, and the deadlines")
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    begins_at = HourField(label=_("Begins at"), required=False)
    ends_at = HourField(label=_("Ends at"), required=False)
    time_zone = ZoneField(label=_("Time zone"), help_text=_("All times and deadlines are meant in it."))
    answer_by = DayField(
        label=_("Answers to invitations by"), required=False, help_text=_("The day counts to its end, in that zone.")
    )
    input_opens_on = DayField(label=_("Points may be sent in from"), required=False)
    input_closes_on = DayField(
        label=_("Points may be sent in until"), required=False, help_text=_("The day counts to its end, in that zone.")
    )
    hear_back_by = DayField(
        label=_("Those who took part hear back by"), required=False, help_text=_("A promise that everybody sees.")
    )

    def stored(self, consultation: Consultation) -> dict[str, Any]:
        """Return what is on record, moments as days in the zone."""
        zone = ZoneInfo(consultation.time_zone)
        opens, closes = consultation.input_opens, consultation.input_closes
        return {
            **super().stored(consultation),
            "input_opens_on": opens.astimezone(zone).date() if opens else None,
            "input_closes_on": closes.astimezone(zone).date() if closes else None,
        }

    def clean(self) -> dict[str, Any]:
        """Check that everything is in order: the meeting, the deadlines before it, the promise after it."""
        data = super().clean() or self.cleaned_data
        _check_days(self, self.consultation)
        self._check_hours(data)
        self._check_deadlines(data)
        return data

    def _check_hours(self, data: dict[str, Any]) -> None:
        begins, ends = data.get("begins_at"), data.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("It ends before it begins."))
        if ends and not begins and "begins_at" not in self.errors:
            self.add_error("begins_at", _("Say when it begins, too."))

    def _check_deadlines(self, data: dict[str, Any]) -> None:
        ends, stored = data.get("ends_on"), self.stored(self.consultation)
        for name in ("answer_by", "input_closes_on"):
            day = data.get(name)
            if day and ends and day > ends:
                self.add_error(name, _("This is after the last day of the consultation."))
            elif data.get("time_zone"):
                not_past(self, name, day, data["time_zone"], stored[name])
        opens, closes, back = data.get("input_opens_on"), data.get("input_closes_on"), data.get("hear_back_by")
        if opens and closes and closes < opens:
            self.add_error("input_closes_on", _("It closes before it opens."))
        if closes and not opens and "input_opens_on" not in self.errors:
            self.add_error("input_opens_on", _("Say from which day on."))
        if opens and not closes and "input_closes_on" not in self.errors:
            self.add_error("input_closes_on", _("Say until which day."))
        if back and ends and back < ends:
            self.add_error("hear_back_by", _("This is before the last day of the consultation."))

    def values(self) -> dict[str, Any]:
        """Return the columns: the window opens with its first day and closes with the end of its last."""
        values = super().values()
        opens, closes, zone = values.pop("input_opens_on"), values.pop("input_closes_on"), values["time_zone"]
        values["input_opens"] = datetime.combine(opens, time(), ZoneInfo(zone)) if opens else None
        values["input_closes"] = clock.end_of_day(closes, zone) if closes else None
        return values


class WhereForm(PartForm):
    """Where people meet, and how many seats there are."""

    title = _("Where it is, and how many seats")
    mode = _choice("mode", states.Mode.choices)
    locals().update(in_each_language("city", _("City"), required=False, max_length=80, max_characters=80))
    venue = TextField(
        label=_("Venue"),
        required=False,
        max_length=200,
        help_text=_("Shown to those who take part, never to somebody who only has a link."),
    )
    seats = SeatsField(label=_("Seats in all"), required=False, help_text=_("Empty means: no limit."))


class ConvenorsField(forms.ModelMultipleChoiceField):
    """People who convene for the task force today, by name."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: User) -> str:
        """Return the person's name."""
        return str(obj)


_LINES_HELP = _("One a line, in the agreed order. Names of the register are found; others are shown as you write them.")


class PeopleForm(PartForm):
    """Who convenes, who organises, who pays."""

    title = _("Who convenes and organises")
    convenors = ConvenorsField(None, label=_("Convenors"), help_text=_("At least two, before you announce."))
    convening = TextField(label=_("Convened by"), rows=2, required=False, max_characters=2000, help_text=_LINES_HELP)
    co_organisers = TextField(
        label=_("Together with"), rows=4, required=False, max_characters=4000, help_text=_LINES_HELP
    )
    funders = TextField(label=_("Paid by"), rows=2, required=False, max_characters=2000, help_text=_LINES_HELP)
    kinds: ClassVar[dict[str, str]] = {"convening": "convening", "co_organisers": "co-organiser", "funders": "funder"}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = Q(pk__in=current_convenors()) | Q(consultations=self.consultation)
        self.fields["convenors"].queryset = User.objects.filter(named, is_active=True).distinct().order_by("full_name")
        self.by = by

    def stored(self, consultation: Consultation) -> dict[str, Any]:
        """Return the people on record, organisers as lines."""
        organisers = list(consultation.organisers.select_related("organisation"))
        lines = {
            name: "\n".join(_line(one) for one in organisers if one.kind == kind) for name, kind in self.kinds.items()
        }
        return {"version": consultation.version, "convenors": list(consultation.convenors.all()), **lines}

    def clean(self) -> dict[str, Any]:
        """Find the named organisations in the register."""
        data = super().clean() or self.cleaned_data
        rows = [(kind, line) for name, kind in self.kinds.items() for line in _lines(data.get(name, ""))]
        if len(rows) > MOST_ORGANISERS:
            self.add_error("co_organisers", _("Up to %(most)d organisers are possible.") % {"most": MOST_ORGANISERS})
        for name in self.kinds:
            if any(len(line) > 200 for line in _lines(data.get(name, ""))):  # noqa: PLR2004 - the column's length
                self.add_error(name, _("A name is longer than 200 characters. Write one name a line."))
        found = _registered([line for _kind, line in rows])
        self.organisers = [(kind, line, found.get(text.comparison_key(line))) for kind, line in rows]
        return data


def _lines(value: str) -> list[str]:
    return [line.strip() for line in value.splitlines() if not text.is_blank(line)]


def _line(organiser: Organiser) -> str:
    return organiser.organisation.name if organiser.organisation else organiser.name


def _registered(lines: list[str]) -> dict[str, Organisation]:
    """Return the verified organisations that the lines name, by comparison key, in one query."""
    keys = [text.comparison_key(line) for line in lines]
    names = [build_localized_fieldname("name", language.code) for language in languages.SHIPPED]
    same = Q(name_key__in=keys) | Q(acronym__in=lines)
    for name in names:
        same |= Q(**{f"{name}__in": lines})
    found = {}
    for organisation in Organisation.objects.filter(same, state="verified").order_by("-pk"):
        for known in (*[getattr(organisation, name) for name in names], organisation.acronym):
            if known:
                found[text.comparison_key(known)] = organisation
    return found


class ConcludeForm(forms.Form):
    """What came out, as the convenor puts it; what was counted stands beside it, from the record."""

    locals().update(in_each_language("outcome", _("What came out"), required=False, rows=4, max_characters=2000))
    locals().update(
        in_each_language(
            "declared_participants",
            _("Participants, as you would put it"),
            required=False,
            max_length=80,
            max_characters=80,
            help_text=_("For example “more than 50 participants”. It is kept apart from what is counted."),
        )
    )
    hear_back_by = DayField(label=_("Those who took part hear back by"), required=False)
    tell = forms.ChoiceField(
        label=_("When all invited are told"),
        choices=[
            ("later", _("I read the summary first, and add to it")),
            ("now", _("Send the summary at once")),
        ],
        initial="later",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )

    def clean_hear_back_by(self) -> date | None:
        """Refuse a promise for a day that has passed, unless it stood there already."""
        day = self.cleaned_data["hear_back_by"]
        if day and day != self.initial.get("hear_back_by") and day < clock.today_here():
            raise forms.ValidationError(_("This day has passed."))
        return day


PARTS: dict[str, type[PartForm]] = {"what": WhatForm, "when": WhenForm, "where": WhereForm, "people": PeopleForm}

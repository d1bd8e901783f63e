"""What a consultation rests on and promises, what it works towards, and what comes after it."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.forms.fields import in_each_language
from consultations.forms.planning import PARTS as FIRST_PARTS
from consultations.forms.planning import PartForm, not_past
from consultations.models import Consultation, OfficialMeeting
from portal import clock, dates
from portal.days import DayField, plain_digits
from portal.forms import TextField

MOST_REMINDERS, EARLIEST_REMINDER = 6, 90
PROMISE_MAX, MANDATE_MAX = 500, 300  # what the columns hold


class PromiseForm(PartForm):
    """The own promise to those who take part, and the mandate."""

    title = _("What it rests on, and what is promised")
    locals().update(
        in_each_language(
            "resting_on",
            _("Mandate it rests on"),
            required=False,
            max_length=MANDATE_MAX,
            max_characters=MANDATE_MAX,
            help_text=_("For example an article of a declaration, or a decision of an earlier consultation."),
        )
    )
    locals().update(
        in_each_language(
            "own_promise",
            _("What is done with what people send in"),
            required=False,
            rows=3,
            max_length=PROMISE_MAX,
            max_characters=PROMISE_MAX,
            help_text=_(
                "Empty means: the sentence that goes with the form of dialogue. Of a discreet consultation that one "
                "stands in all mails."
            ),
        )
    )


class ReminderDaysField(TextField):
    """Days before the last day for answers, in any order, kept from the first to the last."""

    def clean(self, value: Any) -> str:
        """Return the numbers with a space between. Raises ValidationError that names what is none."""
        words = plain_digits(super().clean(value)).replace(",", " ").replace(";", " ").split()
        wrong = [word for word in words if not (word.isdecimal() and word.isascii())]
        if wrong:
            sentence = _("“%(word)s” is not a number of days. Write numbers with spaces between, for example 14 7 2.")
            raise ValidationError(sentence % {"word": wrong[0]})
        numbers = sorted({int(word[:6]) for word in words}, reverse=True)
        if any(not 1 <= number <= EARLIEST_REMINDER for number in numbers):
            raise ValidationError(_("Each is between 1 and %(most)d days.") % {"most": EARLIEST_REMINDER})
        if len(numbers) > MOST_REMINDERS:
            raise ValidationError(_("Up to %(most)d reminders are possible.") % {"most": MOST_REMINDERS})
        return " ".join(str(number) for number in numbers)


class MeetingChoice(forms.ModelChoiceField):
    """An official meeting by name and days."""

    def label_from_instance(self, obj: OfficialMeeting) -> str:
        """Return the name and the days."""
        return f"{obj.name}, {dates.span(obj.starts_on, obj.ends_on)}"


class EarlierChoice(forms.ModelChoiceField):
    """A consultation by title and year."""

    def label_from_instance(self, obj: Consultation) -> str:
        """Return the title and the days."""
        return f"{obj.title}, {dates.span(obj.starts_on, obj.ends_on)}"


class AheadForm(PartForm):
    """The meeting it works towards, corrections, reminders, and the series it belongs to."""

    title = _("What it works towards, and what comes after")
    target = MeetingChoice(
        OfficialMeeting.objects.none(),
        label=_("Meeting it works towards"),
        required=False,
        empty_label=_("None"),
        help_text=_("From the list of official meetings. The plan counts back from it."),
    )
    corrections_until = DayField(
        label=_("Corrections are taken until"),
        required=False,
        help_text=_("The day counts to its end, in the consultation's zone."),
    )
    reminder_days = ReminderDaysField(
        label=_("Remind so many days before the last day for answers"),
        required=False,
        max_characters=40,
        max_length=40,
        help_text=_("For example 14 7 2. Empty means: no reminder goes out by itself."),
    )
    follows = EarlierChoice(
        Consultation.objects.none(), label=_("The one before in the series"), required=False, empty_label=_("None")
    )
    next_due_on = DayField(
        label=_("Next one due on"), required=False, help_text=_("Your desk reminds you in time to plan it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one = self.consultation
        ahead = Q(ends_on__gte=clock.today_in(one.time_zone)) | Q(pk=one.target_id)
        self.fields["target"].queryset = OfficialMeeting.objects.filter(ahead)
        self.fields["follows"].queryset = Consultation.objects.filter(starts_on__lt=one.starts_on).exclude(pk=one.pk)

    def clean(self) -> dict[str, Any]:
        """Check the order of the days."""
        data = super().clean() or self.cleaned_data
        corrections, due = data.get("corrections_until"), data.get("next_due_on")
        closes = self.consultation.input_closes
        if corrections and closes and corrections < self._day(closes):
            self.add_error("corrections_until", _("This is before the last day for points."))
        else:
            not_past(
                self, "corrections_until", corrections, self.consultation.time_zone, self.consultation.corrections_until
            )
        if due and due <= self.consultation.ends_on:
            self.add_error("next_due_on", _("This is before this one is over."))
        return data

    def _day(self, at: Any) -> date:
        return at.astimezone(ZoneInfo(self.consultation.time_zone)).date()


PARTS: dict[str, type[PartForm]] = {**FIRST_PARTS, "promise": PromiseForm, "ahead": AheadForm}

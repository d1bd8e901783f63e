"""The convenors' own words of a summary, and the next steps."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consultations import summaries
from consultations.forms.fields import in_each_language
from consultations.models import Consultation, FollowUp
from portal import clock, differences, languages
from portal.days import DayField
from portal.forms import TextField

LONGEST_WORDS = 2000
_ELSEWHERE = _("“%(link)s” leads to another site. Name it in words, or put it on a page of this portal.")


class SafeTextField(TextField):
    """Words that go out in our name: they lead to no other site."""

    def validate(self, value: str) -> None:
        """Refuse links to elsewhere, each by name."""
        super().validate(value)
        found = summaries.foreign_links(value)
        if found:
            raise ValidationError([ValidationError(_ELSEWHERE % {"link": link}) for link in found])


class Clashing(forms.Form):
    """A form that shows what somebody else saved meanwhile, and moves on to it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def stored(self, current: Any) -> dict[str, Any]:
        """Return what is saved, by field and with its version."""
        raise NotImplementedError

    def clash(self, current: Any) -> list[dict[str, Any]]:
        """Return each field that differs: label, what is saved now, what was typed, the difference."""
        stored, rows = self.stored(current), []
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(stored["version"])
        for name, field in self.fields.items():
            theirs, mine = (str(value or "") for value in (stored.get(name), self.cleaned_data.get(name)))
            if name != "version" and theirs != mine:
                marked = differences.marked(theirs, mine)
                rows.append({"label": field.label, "theirs": theirs, "mine": mine, "difference": marked})
        return rows


class SummaryForm(Clashing):
    """What the convenors add to the record, one text per language. All of them may stay empty."""

    def __init__(self, *args: Any, words: summaries.Words, **kwargs: Any) -> None:
        super().__init__(*args, initial={**self.stored(words), **(kwargs.pop("initial", None) or {})}, **kwargs)
        for language in languages.SHIPPED:
            field = SafeTextField(label=language.own, rows=6, required=False, max_characters=LONGEST_WORDS)
            field.widget.attrs["lang"] = language.code
            self.fields[language.code] = field

    def stored(self, current: summaries.Words) -> dict[str, Any]:
        """Return the words by language."""
        return {**current.texts, "version": current.version}

    def texts(self) -> dict[str, str]:
        """Return the words by language."""
        return {language.code: self.cleaned_data[language.code] for language in languages.SHIPPED}


class StepForm(Clashing):
    """What happens next, and by when."""

    due_on = DayField(label=_("By"), help_text=_("The day counts to its end where people met."))
    locals().update(
        in_each_language(
            "text",
            _("What happens"),
            max_length=300,
            max_characters=300,
            help_text=_("One sentence. Those invited read it in the summary."),
        )
    )

    def __init__(self, *args: Any, consultation: Consultation, step: FollowUp | None = None, **kwargs: Any) -> None:
        self.consultation, self.step = consultation, step
        stored = self.stored(step) if step else {}
        super().__init__(*args, initial={**stored, **(kwargs.pop("initial", None) or {})}, **kwargs)

    def stored(self, current: FollowUp) -> dict[str, Any]:
        """Return the columns of a step."""
        return {name: getattr(current, name) for name in self.base_fields}

    def clean_due_on(self) -> Any:
        """Refuse a day that has passed, unless it stood there already."""
        day = self.cleaned_data["due_on"]
        before = self.step.due_on if self.step else None
        if day != before and day < clock.today_in(self.consultation.time_zone):
            raise ValidationError(_("This day has passed."))
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse links to elsewhere."""
        data = super().clean() or self.cleaned_data
        for name in [name for name in self.fields if name.startswith("text_")]:
            for link in summaries.foreign_links(data.get(name) or ""):
                self.add_error(name, _ELSEWHERE % {"link": link})
        return data

    def values(self) -> dict[str, Any]:
        """Return the columns."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

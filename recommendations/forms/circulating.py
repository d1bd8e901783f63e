"""Forms around circulated versions: circulate, comment, answer, amend, decide, and a translation beside its source."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from consultations.forms.fields import HourField
from consultations.forms.minuting import OneTextForm, OwnOrganisationField
from portal import clock, differences, text
from portal.days import DayField
from portal.forms import TextField
from recommendations import paragraphs
from recommendations.models import Amendment, CirculatedText
from recommendations.models.wording import in_each_language
from recommendations.states import TranslationState
from stakeholders.models import Organisation

LIMIT = 10_000  # characters of a recommendation in one language
OPENING = 60
LAST_MINUTE = time(23, 59)


class CirculateForm(forms.Form):
    """Until when comments and amendments are taken, and what readers should know."""

    last = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    closes_on = DayField(label=_("Comments and amendments until"))
    closes_hour = HourField(label=_("Time"), help_text=_("In the consultation’s zone."), initial=LAST_MINUTE)
    note = TextField(
        label=_("Note to readers"),
        help_text=_("What you ask of them. It stands above the text and in the mail."),
        max_characters=2000,
        rows=5,
        required=False,
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        """Make one moment of day and time, and refuse one that has passed."""
        data = super().clean() or self.cleaned_data
        day, hour = data.pop("closes_on", None), data.pop("closes_hour", None)
        if day and hour:
            data["closes_at"] = datetime.combine(day, hour, tzinfo=ZoneInfo(self.zone))
            if data["closes_at"] <= clock.database_now():
                self.add_error("closes_on", _("This moment has passed."))
        return data


class OwnForm(forms.Form):
    """For one of the own organisations; where there is one only, nobody has to say so."""

    organisation = OwnOrganisationField(None, label=_("For which organisation"))

    def __init__(self, *args: Any, own: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = own
        self.only = own[0] if len(own) == 1 else None
        if self.only:
            self.fields["organisation"].required = False
            self.fields["organisation"].widget = forms.HiddenInput()

    def clean_organisation(self) -> Organisation:
        """Return the one that was chosen, else the only one."""
        return self.cleaned_data["organisation"] or self.only


class SpeakingForm(OwnForm):
    """What is said to a text in one language, for one of the own organisations."""

    language = forms.ChoiceField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, about: CirculatedText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, code) for code in about.texts]


class CommentForm(SpeakingForm):
    """A comment on a paragraph, or on the whole recommendation."""

    paragraph = forms.TypedChoiceField(label=_("Passage"), coerce=int)
    words = TextField(
        label=_("Comment"),
        help_text=_("Those who take part read it with the name of your organisation, as it may be shown."),
        max_characters=3000,
        rows=6,
    )

    def __init__(self, *args: Any, about: CirculatedText, language: str, **kwargs: Any) -> None:
        super().__init__(*args, about=about, **kwargs)
        found = paragraphs.paragraphs(about.texts[language])
        rows = [(number, f"{number}. {text.opening(words, OPENING)}") for number, words in enumerate(found, 1)]
        self.fields["paragraph"].choices = [(0, _("The whole recommendation")), *rows]


class AmendmentForm(SpeakingForm):
    """The words as they should be, and why."""

    proposal = TextField(
        label=_("The text as it should be"),
        help_text=_("Change the words in place and leave the rest as it is. The difference is shown by paragraph."),
        max_characters=LIMIT,
        rows=12,
    )
    reason = TextField(label=_("Reason"), max_characters=2000, rows=4)

    def __init__(self, *args: Any, about: CirculatedText, language: str, **kwargs: Any) -> None:
        super().__init__(*args, about=about, **kwargs)
        self.fields["proposal"].widget.attrs["lang"] = language
        self.fields["proposal"].initial = about.texts[language]


class AnswerForm(forms.Form):
    """The answer to a comment."""

    answer = TextField(label=_("Answer"), help_text=_("Those who take part read it."), max_characters=3000, rows=5)


class DecideForm(OneTextForm):
    """What becomes of an amendment: accepted, taken over in own words, or declined with a reason."""

    text_name = "words"
    verdict = forms.ChoiceField(label=_("What becomes of it"), widget=forms.RadioSelect)
    words = TextField(
        label=_("The text as it will stand"),
        help_text=_("Only read where you take it over in other words."),
        max_characters=LIMIT,
        rows=10,
        required=False,
    )
    answer = TextField(
        label=_("Answer"),
        help_text=_("Needed where you decline. Those who take part read it."),
        max_characters=2000,
        rows=4,
        required=False,
    )

    def __init__(self, *args: Any, amendment: Amendment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.amendment = amendment
        found = amendment.on_draft
        accept = [("accept", _("Accept it"))] if found.kind != paragraphs.COLLIDED else []
        verdict: Any = self.fields["verdict"]
        verdict.choices = [*accept, ("adapt", _("Take it over in other words")), ("decline", _("Decline it"))]
        self.fields["words"].widget.attrs["lang"] = amendment.language
        self.initial.setdefault("words", found.text or amendment.now)
        self.initial.setdefault("version", amendment.target.version)

    def clean(self) -> dict[str, Any]:
        """Ask for the words where they are other ones, and for the reason where it is declined."""
        data = super().clean() or self.cleaned_data
        if data.get("verdict") == "adapt" and not data.get("words") and "words" not in self.errors:
            self.add_error("words", _("Write the text as it will stand."))
        if data.get("verdict") == "decline" and not data.get("answer") and "answer" not in self.errors:
            self.add_error("answer", _("Say why: the organisation reads it."))
        return data

    def clash(self, current: Any) -> list[dict[str, Any]]:
        """Return the draft as it stands now beside what was typed. The form moves on to that version."""
        return clash_in(self, current, self.amendment.language)


class LanguageForm(OneTextForm):
    """A translation beside its source, and how far it is."""

    text_name = "words"
    words = TextField(label=_("The words in this language"), max_characters=LIMIT, rows=14)
    state = forms.ChoiceField(label=_("State"), choices=TranslationState.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language
        self.fields["words"].widget.attrs["lang"] = language

    def clash(self, current: Any) -> list[dict[str, Any]]:
        """Return what is saved now beside what was typed. The form moves on to the saved version."""
        return clash_in(self, current, self.language)


def clash_in(form: OneTextForm, current: Any, language: str) -> list[dict[str, Any]]:
    """Return the recommendation's words in the language as they stand now, beside what was typed."""
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = str(current.version)
    theirs, mine = in_each_language(current, "text").get(language, ""), form.cleaned_data["words"]
    label = form.fields["words"].label
    return [{"label": label, "theirs": theirs, "mine": mine, "difference": differences.marked(theirs, mine)}]


def own_in(consultation: Any, speaks_for: Any) -> Any:
    """Return those of the organisations that accepted the invitation to the consultation."""
    accepted = {"invitations__consultation": consultation, "invitations__state": "accepted"}
    return Organisation.objects.filter(pk__in=speaks_for, **accepted).distinct().order_by("pk")

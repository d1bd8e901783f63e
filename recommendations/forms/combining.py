"""The shape of the common text: place, join, split, further sources, brackets; and the desk's other forms."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from portal import languages, text
from portal.forms import TextField
from recommendations.forms.statements import SHIPPED
from recommendations.forms.submissions import SectionField, countries_for
from recommendations.forms.wording import ANOTHER, MultilingualForm
from recommendations.models import Bracket, Fate, Recommendation, Source, Submission
from recommendations.states import Settlement, SplitPlace, Treatment

OTHER = "other_"
RIVALS = 4
OPENING = 120  # characters of a source that tell which it is
LIMIT = settings.SUBMISSION_TEXT_MAX


class PlaceForm(forms.Form):
    """Where a recommendation goes: a section, and the place in it."""

    place = forms.IntegerField(
        label=_("Place"),
        min_value=1,
        max_value=9999,
        help_text=_("1 is the first. Too high a number is the last place."),
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"] = SectionField(countries_for(consultation))
        self.order_fields(["section", "place"])


class WordsForm(MultilingualForm):
    """The words of one recommendation, with its version."""

    multilingual = ("text",)

    class Meta:
        model = Recommendation
        fields = tuple(SHIPPED["text"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.write_in_each_language("text", _("Text"), rows=6, max_characters=LIMIT)
        del self.fields[ANOTHER]


class JoinForm(WordsForm):
    """The words of two recommendations that become one."""

    other_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, other: Recommendation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other_version"].initial = other.version

    @property
    def versions(self) -> tuple[int, int]:
        """Return the versions that the person saw."""
        return self.cleaned_data["version"], self.cleaned_data["other_version"]


class SplitForm(WordsForm):
    """The words of one recommendation that becomes two, and where each source goes."""

    def __init__(self, *args: Any, sources: Sequence[Source], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in self.spoken:
            column = self.column("text", language.code)
            label = _("Text of the second: %(language)s") % {"language": language.own}
            field = TextField(label=label, required=False, rows=6, max_characters=LIMIT)
            field.widget.attrs["lang"] = language.code
            self.fields[OTHER + column] = field
        self.sources = sources
        for source in sources:
            self.fields[f"source_{source.pk}"] = forms.ChoiceField(
                label=_("Source %(number)s goes to") % {"number": source.submission_id},
                # What is typed is escaped here: the field's template shows help as it is.
                help_text=escape(text.opening(source.submission.text, OPENING)),
                choices=SplitPlace.choices,
                initial=SplitPlace.HERE,
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        """Ask for words of both."""
        for prefix in ("", OTHER):
            names = [prefix + self.column("text", one.code) for one in self.spoken]
            if not any(self.cleaned_data.get(name) for name in names):
                self.add_error(names[0], _("Write the text in one language at least."))
        return self.cleaned_data

    @property
    def other_words(self) -> dict[str, str]:
        """Return the words of the second one, by language."""
        typed = {one.code: self.cleaned_data.get(OTHER + self.column("text", one.code), "") for one in self.spoken}
        return {code: words for code, words in typed.items() if words}

    @property
    def places(self) -> dict[int, str]:
        """Return where each source goes."""
        return {source.pk: self.cleaned_data[f"source_{source.pk}"] for source in self.sources}


class AddSourcesForm(forms.Form):
    """To which recommendation the chosen submissions are added, and for what."""

    recommendation = forms.TypedChoiceField(label=_("Recommendation"))
    use = forms.ChoiceField(
        label=_("What are they used for?"),
        choices=[
            ("words", _("For its words: they want the same")),
            ("evidence", _("As evidence: testimony, data or a lesson that supports it")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, recommendations: Sequence[tuple[str, Recommendation]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {one.pk: one for _label, one in recommendations}
        field: Any = self.fields["recommendation"]
        field.choices = [("", _("Choose one")), *((one.pk, label) for label, one in recommendations)]
        field.coerce = lambda pk: known[int(pk)]


class BracketForm(forms.Form):
    """A passage of the text in one language, its rival wordings, and from which submissions each comes."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    language = forms.ChoiceField(label=_("Language"), widget=forms.RadioSelect)
    passage = TextField(
        label=_("Passage"),
        help_text=_("Copied from the text, letter by letter."),
        max_characters=LIMIT,
        rows=3,
    )
    leave_out = forms.BooleanField(
        label=_("One rival is to leave the passage out"), required=False, help_text=_("It is shown as “–”.")
    )

    def __init__(self, *args: Any, sources: Sequence[Source], spoken: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, languages.own_name(code)) for code in spoken]
        self.submissions = {source.submission_id: source.submission for source in sources}
        numbers = [(pk, _("No. %(number)s") % {"number": pk}) for pk in self.submissions]
        for index in range(RIVALS):
            if index:
                label = _("Rival wording %(number)s") % {"number": index}
                self.fields[f"rival_{index}"] = TextField(label=label, required=False, max_characters=LIMIT, rows=2)
            label = _("Comes from") if index else _("The passage itself comes from")
            self.fields[f"from_{index}"] = forms.TypedMultipleChoiceField(
                label=label, choices=numbers, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
            )
        self.order_fields(["version", "language", "passage", "from_0"])
        self.fields["leave_out"] = self.fields.pop("leave_out")

    @property
    def rivals(self) -> list[tuple[str, list[Submission]]]:
        """Return the wordings: the passage itself, its rivals, and where it is asked for nothing at all."""
        given = self.cleaned_data
        rows = [(given["passage"], self._from(0))]
        rows += [(given[f"rival_{index}"], self._from(index)) for index in range(1, RIVALS) if given[f"rival_{index}"]]
        return [*rows, ("", [])] if given["leave_out"] else rows

    def _from(self, index: int) -> list[Submission]:
        return [self.submissions[pk] for pk in self.cleaned_data[f"from_{index}"]]


class ChooseWordingForm(forms.Form):
    """The wording that takes the place of a bracket."""

    wording = forms.TypedChoiceField(label=_("Which wording stands?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, bracket: Bracket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {one.pk: one for one in bracket.wordings.all()}
        field: Any = self.fields["wording"]
        field.choices = [(pk, one.text or _("leave the passage out")) for pk, one in known.items()]
        field.coerce = lambda pk: known[int(pk)]


class MarkSourceForm(forms.Form):
    """What a source is used for."""

    treatment = forms.ChoiceField(
        label=_("How is it used?"),
        choices=[
            (Treatment.USED, _("Used as it is")),
            (Treatment.JOINED, _("Joined with others")),
            (Treatment.EVIDENCE, _("As evidence, not for its words")),
        ],
        widget=forms.RadioSelect,
    )


class SettlementForm(forms.Form):
    """How an objection is settled, other than by letting the point stand alone."""

    hide_optional = True

    settlement = forms.ChoiceField(
        label=_("How is it settled?"),
        choices=[
            (Settlement.REWORDED, _("The wording was changed")),
            (Settlement.ANSWERED, _("Answered with a reason")),
        ],
        widget=forms.RadioSelect,
    )
    reason = TextField(
        label=_("Answer"),
        help_text=_("The organisation reads it when it is told the next time."),
        max_characters=2000,
        rows=4,
        required=False,
    )

    def __init__(self, *args: Any, fate: Fate, reworded: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fate = fate
        if not reworded:
            self.fields["settlement"].choices = [(Settlement.ANSWERED, _("Answered with a reason"))]
            self.fields["settlement"].initial = Settlement.ANSWERED
            self.fields["settlement"].widget = forms.HiddenInput()


class ObjectionForm(forms.Form):
    """What an organisation objects to, in its own words."""

    words = TextField(
        label=_("What do you object to?"),
        help_text=_("The convenors read it, nobody else."),
        max_characters=2000,
        rows=5,
    )
    wants_alone = forms.BooleanField(label=_("We want our point to stand alone, in our own words"), required=False)


class TranslationForm(forms.Form):
    """A working translation of a submission."""

    language = forms.ChoiceField(label=_("Language"), widget=forms.RadioSelect)
    text = TextField(
        label=_("Translation"),
        help_text=_("For the desk only. An empty text takes the translation away."),
        max_characters=LIMIT,
        rows=6,
        required=False,
    )

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [row for row in languages.interface_choices() if row[0] != submission.language]
        self.fields["language"].choices = others
        self.fields["language"].initial = others[0][0]

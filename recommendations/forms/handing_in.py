"""What goes with a submission: leave to be late, a correction, files, a split, organisations that join."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consultations import papers
from consultations.models import Consultation
from consultations.papers.reading import too_large
from portal import clock
from portal.days import DayField
from portal.forms import TextField, VersionedForm
from portal.states import Refusal
from recommendations.forms.submissions import attribution_choices
from recommendations.models import Submission
from recommendations.states import Attribution
from stakeholders.models import Organisation

ACCEPTED = ".pdf,.docx,.odt,.xlsx,.pptx,.txt,.jpg,.jpeg,.png"
LONGEST_NAME = 400


class LateCodeForm(forms.Form):
    """Until when one organisation may be late, and why."""

    until = DayField(label=_("Until the end of"), help_text=_("That day ends in the time zone of the consultation."))
    reason = TextField(
        label=_("Why may it be late?"),
        help_text=_("The other convenors read it. The organisation does not."),
        max_characters=300,
        rows=2,
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = consultation.time_zone

    def clean_until(self) -> Any:
        """Return the last moment of the day."""
        return clock.end_of_day(self.cleaned_data["until"], self.zone)


class CodeForm(forms.Form):
    """The code of a convenor, as it was read out or written down."""

    code = TextField(
        label=_("Code of a convenor"),
        help_text=_("Sixteen letters and digits. Capitals, spaces and dashes do not matter."),
        max_characters=40,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update({"autocomplete": "off", "spellcheck": "false", "dir": "ltr"})


class CorrectionForm(VersionedForm):
    """The words of a submission, as they should have been sent in."""

    text = TextField(
        label=_("What should be done, or known?"),
        help_text=_("Do not name people who could be harmed."),
        max_characters=settings.SUBMISSION_TEXT_MAX,
        rows=8,
    )
    reason = TextField(label=_("Why?"), max_characters=settings.SUBMISSION_TEXT_MAX, rows=4, required=False)
    concerned = TextField(label=_("Who is concerned?"), max_characters=500, rows=2, required=False)

    class Meta:
        model = Submission
        fields = ("text", "reason", "concerned")

    @property
    def words(self) -> dict[str, str]:
        """Return the words, as the action takes them."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class SplitForm(forms.Form):
    """Two texts out of one."""

    first = TextField(
        label=_("First draft"),
        help_text=_("It keeps its number."),
        max_characters=settings.SUBMISSION_TEXT_MAX,
        rows=8,
    )
    second = TextField(
        label=_("Second draft"),
        help_text=_("A new draft, with section, addressees, theme and reason of the first."),
        max_characters=settings.SUBMISSION_TEXT_MAX,
        rows=8,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class EvidenceForm(forms.Form):
    """One file that bears a submission out: judged by its content, cleaned of what tells who wrote it."""

    title = TextField(
        label=_("What does it show?"),
        help_text=_("Do not name people who could be harmed, here or in the file."),
        max_characters=200,
    )
    file = forms.FileField(
        label=_("File"),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty. Choose another, or save it again."),
        },
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def clean_file(self) -> papers.Prepared:
        """Return the file as it may be kept. What is too large is not read at all."""
        file = self.cleaned_data["file"]
        if file.size > settings.PAPER_MAX_BYTES:
            raise ValidationError(too_large(file.size))
        try:
            return papers.prepare(file.read(), (file.name or "")[-LONGEST_NAME:])
        except Refusal as refusal:
            raise ValidationError(refusal.reason) from refusal


class JoinForm(forms.Form):
    """How an organisation that joins is shown to others."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attribution"] = forms.ChoiceField(
            label=_("How is your organisation shown to others?"),
            choices=attribution_choices(organisations),
            initial=Attribution.NONE,
            widget=forms.RadioSelect,
            help_text=_("The convenors and the organisations that send it in together know who you are."),
        )

"""Papers: the file, what it is called in each language, and who may read it."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from consultations import papers
from consultations.forms.fields import in_each_language
from consultations.models import Consultation, Session
from consultations.papers.reading import too_large
from portal import languages
from portal.states import Refusal

ACCEPTED = ".pdf,.docx,.odt,.xlsx,.pptx,.txt,.jpg,.jpeg,.png"
LONGEST_NAME = 400


class _Sessions(forms.ModelChoiceField):
    """A session of the consultation, by its title."""

    def label_from_instance(self, session: Session) -> str:
        """Return the title: the name of a row tells nothing."""
        return session.title


class PaperForm(forms.Form):
    """What stands about a paper."""

    field_order = ("file", "title_en", "title_ind", "language", "session", "public")

    language = forms.ChoiceField(label=_("Language of the paper"), choices=languages.writing_choices)
    session = _Sessions(
        Session.objects.none(), label=_("Belongs to the session"), required=False, empty_label=_("the whole")
    )
    public = forms.BooleanField(
        label=_("Everybody may read it"),
        required=False,
        help_text=_("Otherwise it is for those who take part, and for the convenors."),
    )

    locals().update(in_each_language("title", _("Title"), max_length=200, max_characters=200))

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = self._sessions(consultation)
        if consultation.discreet:
            self.fields["public"].help_text = _(
                "Of a discreet consultation, everybody means those who were invited. "
                "Otherwise it is for those who take part."
            )

    @staticmethod
    def _sessions(consultation: Consultation) -> QuerySet:
        return consultation.sessions.all()

    def values(self) -> dict[str, Any]:
        """Return the values by column."""
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}


class UploadForm(PaperForm):
    """As above, with the file: judged by its content, cleaned of what tells who wrote it."""

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

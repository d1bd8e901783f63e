"""A file or a text of which somebody wants to know whether it is an edition."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consultations.papers.reading import too_large

MOST_PASTED = 400_000  # characters: a statement of ninety items in two languages has a quarter of that


class CheckForm(forms.Form):
    """One of both: a file, or a text."""

    hide_optional = True  # one of both is needed

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        help_text=_("PDF, DOCX, ODT, XML, JSON or text, as it was downloaded here or came to you."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.odt,.xml,.json,.txt"}),
    )
    # Not cleaned: every letter counts.
    text = forms.CharField(
        label=_("Or a text, or a fingerprint"),
        required=False,
        strip=False,
        max_length=MOST_PASTED,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )

    def clean_file(self) -> bytes:
        """Return the content. What is too large is not read at all."""
        file = self.cleaned_data["file"]
        if file and file.size > settings.PAPER_MAX_BYTES:
            raise ValidationError(too_large(file.size))
        return file.read() if file else b""

    def clean(self) -> dict[str, Any]:
        """Ask for one of both."""
        given = self.cleaned_data.get("file") or self.cleaned_data.get("text", "").strip()
        if not given and not self.errors:
            raise ValidationError(_("Choose a file, or paste a text or a fingerprint."))
        return self.cleaned_data

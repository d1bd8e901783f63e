"""Fields and forms that the domain's forms stand on: cleaned text, counted length, versions, kept input."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import ngettext

from portal import access, text


class TextField(forms.CharField):
    """One line or a text that is cleaned, must be visible, and is limited by what a reader calls characters."""

    def __init__(self, *, max_characters: int = 200, rows: int = 0, **kwargs: Any) -> None:
        self.max_characters = max_characters
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "dir": "auto"}))
        else:
            kwargs.setdefault("widget", forms.TextInput(attrs={"dir": "auto"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Take out direction overrides and control characters."""
        return text.clean(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        """Refuse a text that shows nothing, or is too long, with a sentence that says by how much."""
        super().validate(value)
        if value:
            text.require_visible(value)
        over = text.length(value) - self.max_characters
        if over > 0:
            sentence = ngettext(
                "This is %(over)d character too long. Up to %(most)d are possible.",
                "This is %(over)d characters too long. Up to %(most)d are possible.",
                over,
            )
            raise ValidationError(sentence % {"over": over, "most": self.max_characters})


class AddressField(forms.CharField):
    """An e-mail address, without the invisible characters that copying brings along."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.EmailInput(attrs={"autocomplete": "email"}))
        super().__init__(max_length=254, **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the cleaned address in lower case."""
        typed = super().to_python(value)
        return text.clean_address(typed) if typed else ""


class VersionedForm(forms.ModelForm):
    """A form on a text that others may edit too: it carries the version that its writer started from."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version

    def clean_version(self) -> int:
        """Return the version the writer started from; 0 for a new text."""
        return self.cleaned_data["version"] or 0


def kept_initial(request: HttpRequest) -> dict[str, Any]:
    """Return what was typed before the session ran out, as a form's initial values."""
    kept = access.kept_input(request)
    return {name: values if len(values) > 1 else values[0] for name, values in kept.items() if values}

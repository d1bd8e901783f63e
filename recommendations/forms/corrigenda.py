"""A corrigendum: one passage in each of its languages; why, on whose authority, and that no meaning changes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal import languages
from portal.forms import TextField, VersionedForm
from recommendations.forms.statements import PREAMBLE_MAX
from recommendations.models import Corrigendum

ROWS = {"title": 0, "official_title": 2}


class PassageForm(forms.Form):
    """The words of one passage. All of its languages are there; none can be emptied."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, key: str, before: Mapping[str, str], now: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key, self.before = key, before
        self.codes = [one.code for one in languages.LANGUAGES if before.get(one.code)]
        most = PREAMBLE_MAX if key == "preamble" else 300 if key in ROWS else settings.SUBMISSION_TEXT_MAX
        for code in self.codes:
            self.fields[f"text_{code}"] = TextField(
                label=languages.own_name(code),
                initial=now.get(code, before[code]),
                max_characters=most,
                rows=ROWS.get(key, 6),
            )
            self.fields[f"text_{code}"].widget.attrs["lang"] = code

    def saved(self, current: Corrigendum) -> dict[str, str]:
        """Return the words as they now stand, by field: what a clash is shown against."""
        now = {**self.before, **current.texts.get(self.key, {})}
        return {f"text_{code}": text for code, text in now.items()}

    @property
    def texts(self) -> dict[str, str]:
        """Return what was typed, by language."""
        return {code: self.cleaned_data[f"text_{code}"] for code in self.codes}


class CorrigendumForm(VersionedForm):
    """Why, on whose authority, and the confirmation."""

    reason = TextField(
        label=_("Why is it corrected?"),
        help_text=_("Everybody reads this beside the new edition."),
        max_characters=2000,
        rows=3,
    )
    authority = TextField(
        label=_("On whose authority?"),
        help_text=_("For example: the drafting committee, on 3 June 2026."),
        max_characters=300,
    )
    keeps_meaning = forms.BooleanField(
        label=_("The correction changes no meaning"),
        help_text=_("Who wants another meaning lets a plenary adopt it: a corrigendum cannot do that."),
        required=False,
    )

    class Meta:
        model = Corrigendum
        fields = ("reason", "authority", "keeps_meaning")

    @property
    def words(self) -> dict[str, Any]:
        """Return the words as the action takes them."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

"""A list of whom to invite: uploaded or pasted, then checked row by row."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consultations import importing
from consultations.forms.fields import SeatsField
from consultations.forms.inviting import MOST_SEATS
from consultations.importing import Fit, Line, Match
from portal import languages
from stakeholders.forms.importing import UploadForm
from stakeholders.importing import notes, reading
from stakeholders.importing.workbooks import Unreadable

MOST_PASTED = 200_000  # characters; a longer list is uploaded


class ListForm(UploadForm):
    """A file, or names and addresses pasted from wherever they stand."""

    hide_optional = True
    pasted = forms.CharField(
        label=_("Or paste names and addresses"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("One on each line: the name in any language, an acronym, an e-mail address, or several of these."),
    )
    field_order = ("file", "pasted", "encoding", "delimiter")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = False

    def clean_file(self) -> Any:
        """Refuse what is too large or no list; nothing where the list is pasted."""
        return super().clean_file() if self.cleaned_data["file"] else None

    def clean_pasted(self) -> str:
        """Refuse more than a page carries."""
        typed: str = self.cleaned_data["pasted"]
        if len(typed) > MOST_PASTED:
            raise ValidationError(_("This is too much to paste. Save it as a file and upload it."))
        return typed

    def clean(self) -> dict[str, Any]:
        """Read the rows: the sentence stands beside the field that it is about."""
        data = super().clean() or self.cleaned_data
        self.lines: list[Line] = []
        self.first_sheet = ""  # where only that one of several was read
        if self.errors:
            return data
        field = "file" if data["file"] else "pasted"
        try:
            self.lines = self._uploaded(data) if data["file"] else importing.pasted(data["pasted"])
        except Unreadable as problem:
            self.add_error(field, notes.problem(problem.code))
        else:
            if not self.lines:
                self.add_error(field, _("Choose a file, or paste at least one name or address."))
        return data

    def _uploaded(self, data: dict[str, Any]) -> list[Line]:
        found = reading.read(data["file"].read(), encoding=data["encoding"], delimiter=data["delimiter"])
        first = found.sheets[0]
        self.first_sheet = first.name if len(found.sheets) > 1 else ""
        return importing.of_sheet(first)


class CheckForm(forms.Form):
    """The checked list: the rows come along folded, and where several could be meant one is chosen."""

    rows = forms.CharField(widget=forms.HiddenInput, error_messages={"required": _("Send the list once more.")})
    seats = SeatsField(most=MOST_SEATS, label=_("Seats for each"), initial=2)
    language = forms.ChoiceField(
        label=_("Language of the invitation"),
        required=False,
        choices=[("", _("each in its own")), *languages.writing_choices()],
    )
    hide_optional = True

    def clean_rows(self) -> list[Line]:
        """Return the rows. A list that lay too long, or was made up, is sent once more."""
        try:
            return importing.unfolded(self.cleaned_data["rows"])
        except (signing.BadSignature, ValueError, TypeError):
            raise ValidationError(_("This list lay too long. Send it once more.")) from None

    def chosen(self, found: list[Match]) -> dict[int, int]:
        """Return the seats by organisation: of rows that were found, and of those where one was chosen."""
        seats = self.cleaned_data["seats"]
        wanted = [one.organisation.pk for one in found if one.fit == Fit.FOUND and one.organisation]
        wanted += [pk for one in found if one.fit == Fit.SEVERAL and (pk := self.choice(one))]
        return dict.fromkeys(wanted, seats)

    def choice(self, match: Match) -> int:
        """Return which of several was chosen for the row; 0 for none of them."""
        typed = self.data.get(f"row_{match.line.number}", "") if self.is_bound else ""
        return next((one.pk for one in match.others if str(one.pk) == typed), 0)

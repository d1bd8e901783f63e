"""A statement of the past: where its words come from, what each line is, and when and by whom it was adopted."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consultations import papers
from consultations.models import Consultation
from consultations.papers.reading import too_large
from consultations.states import PaperKind
from portal import clock, languages
from portal.forms import TextField
from portal.models import User
from portal.states import Refusal
from recommendations import importing
from recommendations.documents import office
from recommendations.documents.office import Line
from recommendations.importing import MOST_LINES, SECTION, Role, Row
from recommendations.states import Manner
from stakeholders.models import Convenorship, Country

ROW_MAX = 6000


class SourceForm(forms.Form):
    """The text, pasted or as a file."""

    text = forms.CharField(
        label=_("Paste the text"), required=False, widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"})
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        required=False,
        help_text=_("DOCX, ODT or plain text. Of a PDF, copy the text and paste it."),
        widget=forms.FileInput(attrs={"accept": ".docx,.odt,.txt"}),
    )

    def clean(self) -> dict[str, Any]:
        """Read the lines of whichever was given."""
        file = self.cleaned_data.get("file")
        if self.errors:
            return self.cleaned_data
        try:
            lines = self._of_file(file) if file else importing.lines_of_text(self.cleaned_data.get("text", ""))
        except Refusal as refusal:
            self.add_error("file", ValidationError(refusal.reason))
            return self.cleaned_data
        if not lines:
            self.add_error("text", _("Paste a text, or choose a file."))
        elif len(lines) > MOST_LINES:
            sentence = _("This text has %(count)d lines. Up to %(most)d are possible.")
            self.add_error("file" if file else "text", sentence % {"count": len(lines), "most": MOST_LINES})
        self.cleaned_data["lines"] = lines
        return self.cleaned_data

    def _of_file(self, file: Any) -> list[Line]:
        if file.size > settings.PAPER_MAX_BYTES:
            raise Refusal(too_large(file.size))
        content = file.read()
        prepared = papers.prepare(content, file.name or "")
        if prepared.kind == PaperKind.TXT:
            return importing.lines_of_text(prepared.content.decode())
        return office.lines_of(content)


class RowsForm(forms.Form):
    """What each line is: a choice and its words. Nothing of it is kept on the server before the end."""

    hide_optional = True

    count = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_LINES)

    def __init__(self, *args: Any, rows: list[Row] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.size = len(rows) if rows is not None else self._sent()
        self.fields["count"].initial = self.size
        roles = [
            *Role.choices,
            (f"{SECTION}ASEAN", _("Section: ASEAN")),
            *((f"{SECTION}{one.code}", _("Section: %(name)s") % {"name": one.name}) for one in Country.objects.all()),
        ]
        for place in range(self.size):
            row = rows[place] if rows else None
            self.fields[f"role_{place}"] = forms.ChoiceField(
                choices=roles, initial=row.role if row else None, label=_("What is it?")
            )
            self.fields[f"text_{place}"] = TextField(
                initial=row.text if row else "", max_characters=ROW_MAX, rows=2, required=False, label=_("Words")
            )
            self.fields[f"to_{place}"] = TextField(
                initial=row.to if row else "",
                max_characters=600,
                required=False,
                label=_("Addressees"),
                help_text=_("Public bodies as the register names them, with a semicolon between them."),
            )
            self.fields[f"label_{place}"] = forms.CharField(
                initial=row.label if row else "", max_length=12, required=False, widget=forms.HiddenInput
            )

    def _sent(self) -> int:
        given = self.data.get("count", "")
        return min(int(given), MOST_LINES) if given.isascii() and given.isdigit() else 0

    def clean(self) -> dict[str, Any]:
        """Find each addressee in the register: what is not there stands beside its line."""
        given = [self._row(place) for place in range(self.size)]
        meant = importing.bodies_meant(name for row in given for name in importing.names_in(row))
        for place, row in enumerate(given):
            beside = f"text_{place}" if row.role == Role.ADDRESSEES else f"to_{place}"
            for name in importing.names_in(row):
                try:
                    importing.demand_one(name, meant[name])
                except Refusal as refusal:
                    self.add_error(beside, ValidationError(refusal.reason))
        return self.cleaned_data

    def _row(self, place: int) -> Row:
        return Row(*(self.cleaned_data.get(f"{name}_{place}", "") for name in ("role", "text", "label", "to")))

    @property
    def rows(self) -> list[Row]:
        """Return the rows as they were sent; those without words are left out."""
        found = [self._row(place) for place in range(self.size)]
        return [row for row in found if row.text or row.role.startswith(SECTION)]


class FactsForm(forms.Form):
    """When, where and how it was adopted, and to which consultation it belongs."""

    title = TextField(label=_("Title for lists and mails"), help_text=_("In English or Indonesian."))
    language = forms.ChoiceField(label=_("Language of the text"), choices=languages.writing_choices)
    adopted_on = forms.DateField(
        label=_("Adopted on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = TextField(label=_("Place"), max_characters=120, required=False)
    manner = forms.ChoiceField(label=_("Manner"), choices=Manner.choices)
    consultation = forms.ModelChoiceField(
        Consultation.objects.none(),
        label=_("Consultation"),
        required=False,
        empty_label=_("Write down a new one, concluded on that day"),
    )
    country = forms.ModelChoiceField(
        Country.objects.none(), label=_("Country of the new one"), required=False, empty_label=_("none: the region")
    )
    second = forms.ModelChoiceField(
        User.objects.none(), label=_("Second convenor of the new one"), required=False, empty_label=_("Choose one")
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Consultation.objects.filter(convenors=by, state__in=["concluded", "archived"], statement=None)
        self.fields["consultation"].queryset = own.order_by("-starts_on")
        self.fields["consultation"].label_from_instance = lambda one: one.title
        self.fields["country"].queryset = Country.objects.all()
        named = Convenorship.objects.convening(clock.today_here()).exclude(user=by)
        convenors = User.objects.filter(convenorships__in=named, is_active=True)
        self.fields["second"].queryset = convenors.distinct().order_by("full_name")

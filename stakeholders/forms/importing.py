"""Uploading a list, and saying what its columns stand for."""

from collections import Counter
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import text
from stakeholders.importing import columns, notes, reading, sheets
from stakeholders.models import ListImport, StakeholderGroup
from stakeholders.states import Visibility

MEGABYTE = 1024 * 1024
SAMPLES = 3


def too_large(size: int) -> str:
    """Return what is said about a file over the limit."""
    return gettext(
        "This file has %(size)d MB. Up to %(most)d MB are possible: split the list, or leave out pictures."
    ) % {
        "size": -(-size // MEGABYTE),
        "most": settings.IMPORT_MAX_BYTES // MEGABYTE,
    }


class UploadForm(forms.Form):
    """The file, and how to read it where guessing would fail."""

    file = forms.FileField(
        label=_("The list"),
        error_messages={"empty": notes.PROBLEMS["empty"], "required": _("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        help_text=_("XLSX, CSV or text separated by tabs. The file is deleted as soon as it is read."),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding of a CSV file"),
        required=False,
        choices=[
            ("", _("find out")),
            ("utf-8", "UTF-8"),
            ("utf-16", "UTF-16"),
            *((code, name) for code, name in reading.ENCODINGS.items()),
        ],
        help_text=_("If letters come out wrong, you can choose another on the next page."),
    )
    delimiter = forms.ChoiceField(
        label=_("What separates the columns of a CSV file"),
        required=False,
        choices=[("", _("find out")), (",", _("comma")), (";", _("semicolon")), ("\t", _("tab"))],
    )

    def clean_file(self) -> UploadedFile:
        """Refuse at once what is too large, or no list to judge by its content, whatever its name says."""
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            raise ValidationError(too_large(file.size))
        problem = reading.problem_of(file)
        if problem:
            raise ValidationError(notes.problem(problem))
        file.seek(0)
        return file

    def clean_delimiter(self) -> str:
        """Return the delimiter as chosen: a tab is not blank here."""
        return self.data.get("delimiter", "") if self.data.get("delimiter") in reading.DELIMITERS else ""


class ColumnsForm(forms.Form):
    """One choice a column, and what holds for the whole list."""

    hide_optional = True

    header = forms.BooleanField(label=_("The first row names the columns"), required=False)
    group = forms.ModelChoiceField(
        StakeholderGroup.objects.all(),
        label=_("Group of new organisations, where the list names none"),
        required=False,
        empty_label=_("none: such rows are left out"),
    )
    visibility = forms.ChoiceField(
        label=_("How new organisations are shown, where the list says nothing"),
        choices=Visibility.choices,
        initial=Visibility.MEMBERS,
    )
    zawgyi = forms.BooleanField(
        label=_("Convert Burmese in the old Zawgyi encoding to Unicode"),
        required=False,
        help_text=_("Only where it is certain. The result shows both; the old spelling stays findable."),
    )

    def __init__(self, *args: Any, run: ListImport, sheet: int, encoding: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run, self.sheet, self.encoding = run, sheet, encoding
        layout = run.layout["sheets"][sheet]
        head, *samples = [self._read(cells) for cells in (layout["head"], *layout["samples"])]
        self.headers = head if layout["header"] else []
        self.fields["header"].initial = run.options.get("header", layout["header"])
        for name in ("group", "visibility", "zawgyi"):
            self.fields[name].initial = run.options.get(name) or self.fields[name].initial
        rows = samples if layout["header"] else [head, *samples]
        self._add_columns(layout["width"], rows)

    def _read(self, cells: list[str]) -> list[str]:
        return reading.redecoded(cells, self.run.layout["encoding"], self.encoding)

    def _add_columns(self, width: int, samples: list[list[str]]) -> None:
        choices, kept = columns.choices(), self.run.mapping if self.run.options.get("sheet", 0) == self.sheet else {}
        guessed = columns.guessed([*self.headers, *[""] * (width - len(self.headers))])
        for index in range(width):
            shown = [text.opening(row[index], 40) for row in samples if index < len(row) and row[index].strip()]
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=self._name(index),
                choices=choices,
                required=False,
                initial=kept.get(str(index), "") if kept else guessed[index],
            )
            self.fields[f"column_{index}"].samples = shown[:SAMPLES]

    def _name(self, index: int) -> str:
        header = self.headers[index] if index < len(self.headers) else ""
        if text.is_blank(header):
            return gettext("Column %(number)d") % {"number": index + 1}
        return gettext("Column %(number)d: %(header)s") % {"number": index + 1, "header": text.opening(header, 40)}

    def column_fields(self) -> list[Any]:
        """Return the fields of the columns, in their order."""
        return [self[name] for name in self.fields if name.startswith("column_")]

    def mapping(self) -> dict[str, str]:
        """Return what each column stands for, by its number."""
        chosen = {name: value for name, value in self.cleaned_data.items() if name.startswith("column_") and value}
        return {name.removeprefix("column_"): field for name, field in chosen.items()}

    def options(self) -> dict[str, Any]:
        """Return what holds for the whole list."""
        group = self.cleaned_data["group"]
        return {
            "sheet": self.sheet,
            "encoding": self.encoding,
            "header": self.cleaned_data["header"],
            "group": group.pk if group else None,
            "visibility": self.cleaned_data["visibility"],
            "zawgyi": self.cleaned_data["zawgyi"],
        }

    def clean(self) -> dict[str, Any]:
        """Ask for a name, for the address of people, and for one column a field."""
        cleaned = super().clean() or {}
        mapping = self.mapping()
        found = Counter(mapping.values())
        for index, field in mapping.items():
            if found[field] > 1 and field not in columns.REPEATABLE:
                self.add_error(f"column_{index}", _("Two columns stand for the same. Leave one of them out."))
        if not any(field.startswith("name:") for field in found):
            self.add_error(None, _("Say which column holds the name of the organisation."))
        if {"person_name", "person_role"} & set(found) and not found["person_email"]:
            self.add_error(None, _("Say which column holds the e-mail address of the person, or leave people out."))
        return cleaned


def candidates(run: ListImport) -> list[tuple[str, str]]:
    """Return the encodings among which the reader of a CSV file may choose, each with its name."""
    layout = run.layout
    return [(code, reading.ENCODINGS[code]) for code in layout["encodings"]] if len(layout["encodings"]) > 1 else []


def sheet_names(run: ListImport) -> list[tuple[int, str]]:
    """Return the sheets among which one may choose."""
    found = run.layout["sheets"]
    return [(index, sheet["name"]) for index, sheet in enumerate(found)] if len(found) > 1 else []


def chosen_layout(run: ListImport, sheet: str, encoding: str) -> tuple[int, str]:
    """Return the sheet and the encoding that the address asks for, where there are such; else those of before."""
    known = {str(index) for index, _name in sheet_names(run)}
    codes = {code for code, _name in candidates(run)}
    return (
        int(sheet) if sheet in known else run.options.get("sheet", 0),
        encoding if encoding in codes else run.options.get("encoding") or run.layout["encoding"],
    )


def facts(run: ListImport) -> dict[str, Any]:
    """Return what is told about how the file was read."""
    layout = run.layout
    return {
        "kind": layout["kind"],
        "encoding": reading.ENCODINGS.get(layout["encoding"], layout["encoding"].upper()),
        "rows": sheets.sheet_of(run)["count"],
        **{name: layout[name] for name in ("hidden", "formulas", "merged")},
    }

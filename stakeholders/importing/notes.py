"""What is said about a file and about its rows: stored as codes with values, read as sentences in any language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import text
from stakeholders.importing import columns

PROBLEMS: dict[str, str | Promise] = {
    "empty": _("The file is empty."),
    "picture": _("This is a picture, whatever its name says. Choose the list itself, as XLSX or CSV."),
    "pdf": _("This is a PDF. Ask for the list as XLSX or CSV: a PDF cannot be read row by row."),
    "document": _("This is a text document, not a list. Copy the table into a spreadsheet and save it as XLSX or CSV."),
    "open-document": _("This is an OpenDocument spreadsheet. Open it and save it as XLSX or CSV."),
    "html": _("This is a web page, whatever its name says. Open it in a spreadsheet program and save it as XLSX."),
    "xml": _("This is an XML file, not a list. Open it in a spreadsheet program and save it as XLSX."),
    "old-excel": _("This is the old or binary format of Excel. Open it and save it as XLSX."),
    "password": _("This file is protected by a password. Save it without one and upload it again."),
    "macros": _("This workbook holds macros. Save it as XLSX, without macros, and upload it again."),
    "links": _("This workbook takes values from other files. Save a copy with values only and upload it again."),
    "bomb": _("Unpacked, this file would be far larger than a list can be. It was not opened."),
    "far-cells": _("This sheet has cells very far from the others. Delete the empty rows and columns between them."),
    "broken": _("This file is damaged and cannot be opened. Save it anew and upload it again."),
    "archive": _("This is a ZIP archive, not a list. Unpack it and upload the list alone."),
    "binary": _("This is no text and no spreadsheet. Choose the list as XLSX or CSV."),
    "encoding": _("The letters of this file cannot be read in that encoding. Choose another, or save it as UTF-8."),
    "broken-text": _("Some letters of this file are damaged. Save it anew as UTF-8 and upload it again."),
    "quotes": _("A quotation mark in this file is opened and never closed. Save it anew and upload it again."),
    "no-rows": _("There is no row with anything in it."),
    "too-many-rows": _("This list has too many rows. Split it and import one part after the other."),
    "too-many-columns": _("This list has too many columns. Leave only those that you need."),
    "long-cell": _("A cell holds more text than a spreadsheet allows. Save the list anew and upload it again."),
    "no-convenor": _("You were no longer a convenor when the work began. Nothing was written."),
    "late": _("This import waited for more than a day. It was dropped, and its rows are deleted."),
    "unexpected": _("Something went wrong on our side. Nothing was written. Upload the list again."),
}
ERROR, WARNING, HINT = "no", "wait", "info"
NOTES: dict[str, tuple[str, str | Promise]] = {
    "no-name": (ERROR, _("There is no name.")),
    "no-group": (ERROR, _("There is no group. Choose one for rows without, or fill in the column.")),
    "unknown-group": (ERROR, _("The group “%(value)s” is not known.")),
    "unknown-country": (ERROR, _("The country “%(value)s” is not one of the region's.")),
    "unknown-choice": (ERROR, _("%(field)s: “%(value)s” is not one of the choices.")),
    "bad-address": (ERROR, _("%(field)s: “%(value)s” is not one e-mail address.")),
    "bad-website": (ERROR, _("“%(value)s” is not a web address.")),
    "too-long": (ERROR, _("%(field)s is too long: up to %(most)s characters are possible.")),
    "invisible": (ERROR, _("%(field)s holds only invisible characters.")),
    "person-without-address": (ERROR, _("The person has no e-mail address.")),
    "duplicate-row": (ERROR, _("The same organisation stands in row %(row)s.")),
    "duplicate-differs": (ERROR, _("Row %(row)s says something else about the same organisation: %(field)s.")),
    "row-refused": (ERROR, _("Its organisation stands in row %(row)s, which is left out.")),
    "ambiguous": (ERROR, _("More than one organisation could be meant: %(names)s.")),
    "same-acronym": (ERROR, _("%(names)s has the same acronym in the same country, under another name.")),
    "withheld": (ERROR, _("This organisation's name is withheld. It is changed on its own page, never by a list.")),
    "suspended": (ERROR, _("This organisation is suspended.")),
    "refused": (ERROR, _("This organisation was refused. It can appeal.")),
    "dissolved": (ERROR, _("This organisation is dissolved.")),
    "own": (ERROR, _("You act for this organisation. Another convenor changes it.")),
    "liaison": (ERROR, _("%(value)s acts for a public body and cannot act for an organisation as well.")),
    "closed-account": (ERROR, _("The account of %(value)s is closed.")),
    "yourself": (ERROR, _("This is your own address. Another convenor gives you a seat.")),
    "phone-notation": (
        WARNING,
        _("The telephone number “%(value)s” lost its digits in a spreadsheet. It is left out."),
    ),
    "phone-zero": (WARNING, _("The telephone number “%(value)s” may have lost its first zero or country code.")),
    "name-kept": (WARNING, _("“%(old)s” stays in the register as another name.")),
    "visibility-kept": (WARNING, _("The organisation stays less visible, as it chose.")),
    "zawgyi": (
        WARNING,
        _("%(field)s is in Zawgyi: “%(value)s”. In Unicode: “%(converted)s”. Ask for that with the columns."),
    ),
    "zawgyi-converted": (HINT, _("%(field)s was in Zawgyi: “%(value)s”. It is converted to “%(converted)s”.")),
    "zawgyi-perhaps": (
        WARNING,
        _("%(field)s may be in Zawgyi: “%(value)s”, or else “%(converted)s”. It stays as it is."),
    ),
    "person-invited": (HINT, _("%(value)s is invited to act for it. No mail is sent.")),
    "person-there": (HINT, _("%(value)s has a seat already, or an invitation.")),
    "person-twice": (HINT, _("%(value)s stands in row %(row)s already.")),
    "same-organisation": (HINT, _("The organisation of row %(row)s.")),
    "formula": (HINT, _("%(field)s begins like a formula and is taken as text.")),
}
_ISOLATE = "\u2068{}\u2069"  # a value keeps its own direction inside the sentence
SHOWN = 80


@dataclass(frozen=True, slots=True)
class Note:
    """One thing said about a row."""

    code: str
    values: dict[str, Any]

    @property
    def level(self) -> str:
        """Return how bad it is."""
        return NOTES[self.code][0]

    @property
    def sentence(self) -> str:
        """Return it in the reader's language. What stood in a cell is shortened and kept apart; nothing is markup."""
        told = {name: _ISOLATE.format(text.opening(str(value), SHOWN)) for name, value in self.values.items()}
        if "field" in self.values:
            told["field"] = columns.label(self.values["field"])
        return str(NOTES[self.code][1]) % told


def stored(code: str, **values: Any) -> list[Any]:
    """Return a note as it is stored."""
    return [code, values]


def of(rows: Iterable[list[Any]]) -> list[Note]:
    """Return stored notes to be read, the worst first."""
    found = [Note(code, values) for code, values in rows]
    return sorted(found, key=lambda note: (ERROR, WARNING, HINT).index(note.level))


def refuses(rows: Iterable[list[Any]]) -> bool:
    """Whether one of them speaks against the row."""
    return any(NOTES[code][0] == ERROR for code, _values in rows)


def problem(code: str) -> str:
    """Return why a file could not be read."""
    return str(PROBLEMS.get(code, PROBLEMS["unexpected"]))

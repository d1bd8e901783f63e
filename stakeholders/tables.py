"""Spreadsheets out: which columns, and how a cell stays text, whatever it begins with."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _

from portal import languages
from stakeholders.models import Organisation
from stakeholders.querysets import Standing
from stakeholders.states import NameKind, TraitKind

CHUNK = 500  # organisations in memory at once
LONGEST_CELL = 32_767  # what a spreadsheet takes
# A spreadsheet takes a cell for a formula that begins like this; so do some with the wide forms of East Asia.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
# Kept in memory by nobody, written cell by cell as typed text: no formulas, no links, no numbers.
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header in the reader's language, and what stands in it."""

    header: str
    value: Callable[[Organisation], str]


def columns_for(standing: Standing, *, contacts: bool = False) -> list[Column]:
    """Return the columns for this reader. Contacts are for convenors, and only where they ask for them."""
    columns = [
        Column(_("Name"), lambda one: one.shown_name(standing)),
        Column(_("Acronym"), lambda one: one.acronym),
        Column(_("Other names"), _other_names),
        Column(_("Group"), lambda one: _listed(group.name for group in one.groups.all())),
        Column(_("Country"), lambda one: one.country.name if one.country else ""),
        Column(_("Works in"), lambda one: _listed(country.name for country in one.countries.all())),
        Column(_("Level"), lambda one: str(one.get_level_display())),
        Column(_("Side of the migration"), lambda one: str(one.get_side_display())),
        Column(_("Languages"), lambda one: _listed(map(languages.own_name, one.languages.split()))),
        Column(_("Whose members"), lambda one: _traits(one, TraitKind.BASIS)),
        Column(_("Issues"), lambda one: _traits(one, TraitKind.ISSUE)),
        Column(_("Services"), lambda one: _traits(one, TraitKind.SERVICE)),
        Column(_("Other roles"), lambda one: _traits(one, TraitKind.ROLE)),
        Column(_("Speaks for people left out"), lambda one: _("yes") if one.speaks_for_omitted else ""),
        Column(_("Web address"), lambda one: one.website),
    ]
    if standing.member:
        columns.append(Column(_("How it is shown"), lambda one: str(one.get_visibility_display())))
    return [*columns, *_contacts()] if contacts and standing.convenor else columns


def _contacts() -> list[Column]:
    return [
        Column(_("State"), lambda one: str(one.get_state_display())),
        Column(_("Contact person"), lambda one: one.contact_name),
        Column(_("Contact address"), lambda one: one.contact_email),
        Column(_("Telephone"), lambda one: one.contact_phone),
        Column(_("Trusted contact"), lambda one: one.trusted_contact),
    ]


def _other_names(one: Organisation) -> str:
    """Return every other name that searching finds, less the acronym, which has a column of its own."""
    return _listed(name for kind, _language, name in one.all_names() if kind != NameKind.ACRONYM and name != one.name)


def _traits(one: Organisation, kind: str) -> str:
    found = (trait for trait in one.traits.all() if trait.kind == kind)
    return _listed(f"{trait.label} ({trait.get_reach_display()})" if trait.reach else trait.label for trait in found)


def _listed(names: Iterable[str]) -> str:
    return "; ".join(names)


def rows_of(organisations: Iterable[Organisation], columns: Sequence[Column]) -> Iterator[list[str]]:
    """Yield the header, then a row an organisation."""
    yield [column.header for column in columns]
    for one in organisations:
        yield [(column.value(one) or "")[:LONGEST_CELL] for column in columns]


def write_spreadsheet(rows: Iterable[Sequence[str]], target: IO[bytes]) -> None:
    """Write the rows as XLSX. Every cell is text."""
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the rows as CSV, with the mark by which spreadsheets know UTF-8, each cell safe to open."""
    yield "\ufeff"
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow(map(safe, row))
        yield line.getvalue()


def safe(cell: str) -> str:
    """Return the cell with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA_STARTS) else cell

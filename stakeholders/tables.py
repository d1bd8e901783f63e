"""Spreadsheets out: which columns, and how a cell stays text, whatever it begins with."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

import xlsxwriter
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from portal.languages import own_name
from stakeholders.models import Country, Organisation, StakeholderGroup, Trait
from stakeholders.querysets import OrganisationQuerySet, Standing
from stakeholders.states import TRAITS, Level, NameKind, OrganisationState, Reach, Side, TraitKind, Visibility

CHUNK = 500  # organisations in memory at once
SEPARATOR = "; "
LONGEST_CELL = 32_767  # what a spreadsheet takes
# A spreadsheet takes a cell for a formula that begins like this; so do some with the wide forms of East Asia.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
# Kept in memory by nobody, written cell by cell as typed text: no formulas, no links, no numbers.
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(slots=True)
class Described:
    """An organisation with what stands beside it in other tables, in words."""

    organisation: Organisation
    country: str = ""
    groups: list[str] = field(default_factory=list)
    works_in: list[str] = field(default_factory=list)
    traits: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header in the reader's language, and what stands in it."""

    header: str
    value: Callable[[Described], str]


def columns_for(standing: Standing, *, contacts: bool = False) -> list[Column]:
    """Return the columns for this reader. Contacts are for convenors, and only where they ask for them."""
    # A long list says the same few words over and over: each is translated once.
    levels, sides, shown = _words(Level), _words(Side), _words(Visibility)
    columns = [
        Column(_("Name"), lambda row: row.organisation.shown_name(standing)),
        Column(_("Acronym"), lambda row: row.organisation.acronym),
        Column(_("Other names"), lambda row: _other_names(row.organisation)),
        Column(_("Group"), lambda row: SEPARATOR.join(row.groups)),
        Column(_("Country"), lambda row: row.country),
        Column(_("Works in"), lambda row: SEPARATOR.join(row.works_in)),
        Column(_("Level"), lambda row: levels[row.organisation.level]),
        Column(_("Side of the migration"), lambda row: sides.get(row.organisation.side, "")),
        Column(_("Languages"), lambda row: SEPARATOR.join(map(own_name, row.organisation.languages.split()))),
        Column(_("Whose members"), lambda row: SEPARATOR.join(row.traits[TraitKind.BASIS])),
        Column(_("Issues"), lambda row: SEPARATOR.join(row.traits[TraitKind.ISSUE])),
        Column(_("Services"), lambda row: SEPARATOR.join(row.traits[TraitKind.SERVICE])),
        Column(_("Other roles"), lambda row: SEPARATOR.join(row.traits[TraitKind.ROLE])),
        Column(_("Speaks for people left out"), lambda row: _("yes") if row.organisation.speaks_for_omitted else ""),
        Column(_("Web address"), lambda row: row.organisation.website),
    ]
    if standing.member:
        columns.append(Column(_("How it is shown"), lambda row: shown[row.organisation.visibility]))
    return [*columns, *_contacts()] if contacts and standing.convenor else columns


def _words(choices: type[TextChoices]) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices}


def _contacts() -> list[Column]:
    states = _words(OrganisationState)
    return [
        Column(_("State"), lambda row: states[row.organisation.state]),
        Column(_("Contact person"), lambda row: row.organisation.contact_name),
        Column(_("Contact address"), lambda row: row.organisation.contact_email),
        Column(_("Telephone"), lambda row: row.organisation.contact_phone),
        Column(_("Trusted contact"), lambda row: row.organisation.trusted_contact),
    ]


def _other_names(one: Organisation) -> str:
    """Return every other name that searching finds, less the acronym, which has a column of its own."""
    here = one.name
    names = (name for kind, _language, name in one.all_names() if kind != NameKind.ACRONYM and name != here)
    return SEPARATOR.join(names)


def rows_of(found: OrganisationQuerySet, columns: Sequence[Column]) -> Iterator[list[str]]:
    """Yield the header, then a row an organisation. A few hundred are in memory at once, whatever the size."""
    yield [column.header for column in columns]
    groups = {group.pk: group.name for group in StakeholderGroup.objects.all()}
    countries = {country.code: country.name for country in Country.objects.all()}
    labels = _Labels()
    # A chunk of the answer is read on before what stands beside it is asked for.
    organisations = found.iterator(chunk_size=CHUNK)
    while chunk := {one.pk: Described(one, countries.get(one.country_id, "")) for one in islice(organisations, CHUNK)}:
        _describe(chunk, groups, countries, labels)
        for row in chunk.values():
            yield [(column.value(row) or "")[:LONGEST_CELL] for column in columns]


class _Labels(dict[tuple[str, str, str], str]):
    """The words for a trait, each translated once."""

    def __missing__(self, trait: tuple[str, str, str]) -> str:
        kind, code, reach = trait
        label = str(TRAITS[kind](code).label)
        self[trait] = f"{label} ({Reach(reach).label})" if reach else label
        return self[trait]


def _describe(
    chunk: dict[int, Described], groups: dict[int, str], countries: dict[str, str], labels: dict[tuple, str]
) -> None:
    """Fill in what stands beside a chunk of organisations: three narrow queries instead of an object a line."""
    in_groups = Organisation.groups.through.objects.filter(organisation__in=chunk).order_by("stakeholdergroup")
    for pk, group in in_groups.values_list("organisation", "stakeholdergroup"):
        chunk[pk].groups.append(groups[group])
    works_in = Organisation.countries.through.objects.filter(organisation__in=chunk).order_by("country")
    for pk, code in works_in.values_list("organisation", "country"):
        chunk[pk].works_in.append(countries[code])
    traits = Trait.objects.filter(organisation__in=chunk).order_by("pk")
    for pk, kind, code, reach in traits.values_list("organisation", "kind", "code", "reach"):
        chunk[pk].traits[kind].append(labels[kind, code, reach])


def write_spreadsheet(rows: Iterable[Sequence[str]], target: IO[bytes]) -> None:
    """Write the rows as XLSX. Every cell is text."""
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell:  # what is empty need not be written
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

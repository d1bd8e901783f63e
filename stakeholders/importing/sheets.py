"""How the rows of a list are kept until it ends: which sheet, which header, which encoding the convenor chose."""

from typing import TYPE_CHECKING, Any

from stakeholders.importing import columns, reading
from stakeholders.importing.reading import Found
from stakeholders.models import ListImport

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Rows of the second sheet are numbered from here, of the third from twice that. More than a sheet can have.
STRIDE = 2_000_000
_SAMPLE_WIDTH = 60


def stored(found: Found) -> tuple[list[tuple[int, list[str]]], dict[str, Any]]:
    """Return all rows with their numbers, and the layout that goes with them."""
    rows = [
        (index * STRIDE + number, cells) for index, sheet in enumerate(found.sheets) for number, cells in sheet.rows
    ]
    layout = {
        "kind": found.kind,
        "encoding": found.encoding,
        "encodings": found.encodings,
        "hidden": found.hidden,
        "formulas": found.formulas,
        "merged": found.merged,
        "sheets": [_described(sheet.name, sheet.rows) for sheet in found.sheets],
    }
    return rows, layout


def _described(name: str, rows: list[tuple[int, list[str]]]) -> dict[str, Any]:
    first = rows[0][1]
    header = columns.is_header(first)
    samples = [cells for _number, cells in rows[1 if header else 0 :][: reading.SAMPLE]]
    return {
        "name": name,
        "count": len(rows),
        "first": rows[0][0],
        "head": first,
        "header": header,
        "width": max(len(cells) for _number, cells in rows),
        "samples": [[cell[:_SAMPLE_WIDTH] for cell in cells] for cells in samples],
    }


def sheet_of(run: ListImport) -> dict[str, Any]:
    """Return the layout of the sheet that was chosen."""
    return run.layout["sheets"][run.options.get("sheet", 0)]


def rows_of(run: ListImport) -> "QuerySet":
    """Return the rows that count: of the chosen sheet, without the one that names the columns."""
    index, sheet = run.options.get("sheet", 0), sheet_of(run)
    begin = index * STRIDE
    rows = run.rows.filter(number__gte=begin, number__lt=begin + STRIDE).order_by("number")
    return rows.exclude(number=begin + sheet["first"]) if run.options.get("header", sheet["header"]) else rows


def row_number(number: int) -> int:
    """Return the number of a row in its own sheet."""
    return number % STRIDE


def as_text(run: ListImport, cells: list[str]) -> list[str]:
    """Return the cells in the encoding that was chosen."""
    return reading.redecoded(cells, run.layout.get("encoding", ""), run.options.get("encoding", ""))

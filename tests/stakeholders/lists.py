"""Lists to import, made when they are needed: text in any encoding, workbooks, and files that are none."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.core.files.base import ContentFile

from portal.models import User
from stakeholders import actions, tasks
from stakeholders.importing import columns, sheets
from stakeholders.models import ListImport

HEAD = ["Name", "Nama", "Acronym", "Group", "Country", "E-mail", "Telephone"]


def csv_of(rows: Iterable[Iterable[str]], delimiter: str = ",", encoding: str = "utf-8", end: str = "\n") -> bytes:
    """Return the rows as text, every cell in quotes."""
    lines = (delimiter.join('"{}"'.format(cell.replace('"', '""')) for cell in row) for row in rows)
    return (end.join(lines) + end).encode(encoding)


def xlsx_of(*sheets_of_rows: list[list[Any]], hidden: Iterable[int] = ()) -> bytes:
    """Return a workbook with these sheets; the given ones are hidden."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for index, rows in enumerate(sheets_of_rows):
            sheet = book.add_worksheet(f"Sheet {index + 1}")
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if index in hidden:
                sheet.hide()
    return stream.getvalue()


def zip_of(parts: dict[str, bytes | str], base: bytes = b"") -> bytes:
    """Return a ZIP archive with these parts, over those of another archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        if base:
            with zipfile.ZipFile(io.BytesIO(base)) as before:
                for name in before.namelist():
                    if name not in parts:
                        archive.writestr(name, before.read(name))
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def uploaded(data: bytes, by: User, name: str = "list.csv", **how: str) -> ListImport:
    """Return an import of the file, uploaded and not yet read."""
    return actions.upload_list(ContentFile(data), by=by, file_name=name, **how)


def read(data: bytes, by: User, **how: str) -> ListImport:
    """Return an import whose file a worker has read."""
    run = uploaded(data, by, **how)
    tasks.work_imports()
    run.refresh_from_db()
    return run


def mapped(data: bytes, by: User, how: dict[str, str] | None = None, **options: Any) -> ListImport:
    """Return an import whose columns stand for what was guessed."""
    run = read(data, by, **(how or {}))
    assert run.state == "read", run.problem
    head = sheets.sheet_of(run)["head"]
    mapping = {str(index): field for index, field in enumerate(columns.guessed(head)) if field}
    return actions.map_columns(run, by=by, mapping=mapping, options=options)


def worked(run: ListImport) -> ListImport:
    """Let a worker do what waits. A long list takes it several turns on a slow machine."""
    while tasks.work_imports():
        pass
    run.refresh_from_db()
    return run


def checked(data: bytes, by: User, how: dict[str, str] | None = None, **options: Any) -> ListImport:
    """Return an import whose rows a worker has checked."""
    run = mapped(data, by, how, **options)
    return worked(run)


def done(data: bytes, by: User, how: dict[str, str] | None = None, **options: Any) -> ListImport:
    """Return an import that a worker has taken over."""
    run = checked(data, by, how, **options)
    actions.approve_import(run, by=by)
    return worked(run)


def verdicts(run: ListImport) -> list[tuple[int, str, list[str]]]:
    """Return of each row its number, its verdict, and the codes of what is said."""
    return [
        (sheets.row_number(row.number), row.verdict, [code for code, _values in row.notes])
        for row in sheets.rows_of(run)
    ]

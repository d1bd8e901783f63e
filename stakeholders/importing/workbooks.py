"""Reading an XLSX workbook: looked at before it is unpacked, packed again from what was looked at, then read.

What the spreadsheet library gets is exactly what was measured, so that neither a bomb nor a far-away cell can make it
take more memory than the limits below.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO
from xml.parsers import expat

from django.conf import settings
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from portal import text

MOST_UNPACKED = 50 * 1024 * 1024
MOST_RATIO = 100
MOST_ENTRIES = 1000
MOST_CELLS = 1_000_000  # of the rectangle that holds all cells with something in them
_SMALL = 64 * 1024  # a tiny part may be packed very tightly without being a bomb
_WHOLE = 1e15  # from here on a number has lost digits


class Unreadable(Exception):
    """The file cannot be read; `code` says why, see `notes.PROBLEMS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Sheet:
    """One sheet: its name and its rows, each with its number in the file."""

    name: str
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def workbook_problem(file: BinaryIO) -> str:
    """Return why this ZIP file is no workbook that can be read, as a code; empty where it is one. Unpacks nothing."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "broken"
    return _size_problem(entries) or _kind_problem({entry.filename for entry in entries})


def _size_problem(entries: list[zipfile.ZipInfo]) -> str:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        return "bomb"
    if any(
        entry.file_size > _SMALL and entry.file_size > MOST_RATIO * max(1, entry.compress_size) for entry in entries
    ):
        return "bomb"
    return "password" if any(entry.flag_bits & 1 for entry in entries) else ""


def _kind_problem(names: set[str]) -> str:
    lower = {name.lower() for name in names}
    if any("vbaproject" in name for name in lower):
        return "macros"
    if any(name.startswith("xl/externallinks/") for name in lower):
        return "links"
    if "xl/workbook.xml" in lower:
        return ""
    if "xl/workbook.bin" in lower:
        return "old-excel"
    if any(name.startswith(("word/", "ppt/")) for name in lower):
        return "document"
    return "open-document" if "content.xml" in lower and "mimetype" in lower else "archive"


class _Scan:
    """Walks the XML of a workbook's parts and adds up what reading them would cost."""

    def __init__(self) -> None:
        self.strings: list[int] = []
        self.formulas = self.merged = self.characters = 0
        self.rows = self.columns = 0
        self._type = ""
        self._row = self._column = 0
        self._in_value = False
        self._value: list[str] = []
        self._string = 0

    def part(self, content: bytes) -> None:
        """Walk one part. Raises Unreadable for entities, broken XML, or cells too far away."""
        self.rows = self.columns = self._row = self._column = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        try:
            parser.Parse(content, True)  # noqa: FBT003 - the C function takes no names
        except (expat.ExpatError, ValueError):
            raise Unreadable("broken") from None

    def _doctype(self, *_words: Any) -> None:
        raise Unreadable("broken")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "row":
            self._row, self._column = int(attributes.get("r") or self._row + 1), 0
        elif local == "c":
            self._type = attributes.get("t", "")
            self._place(attributes.get("r", ""))
        elif local in {"v", "t"}:
            self._in_value, self._value = True, []
        elif local == "f":
            self.formulas += 1
        elif local == "mergeCell":
            self.merged += 1
        elif local == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            _refuse_strange(attributes.get("Target", ""))

    def _data(self, data: str) -> None:
        if self._in_value:
            self._value.append(data)

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if local == "t":
            self._in_value = False
            self._string += sum(map(len, self._value))
            self._count(sum(map(len, self._value)))
            self._locate()
        elif local == "si":
            self.strings.append(self._string)
            self._string = 0
        elif local == "v":
            self._in_value = False
            self._count(self._length_of("".join(self._value)))
            self._locate()

    def _length_of(self, value: str) -> int:
        """Return how long a cell is; a shared string counts each time it is used."""
        if self._type != "s" or not value.isdecimal() or int(value) >= len(self.strings):
            return len(value)
        return self.strings[int(value)]

    def _count(self, characters: int) -> None:
        self.characters += characters
        if self.characters > MOST_UNPACKED:
            raise Unreadable("bomb")

    def _place(self, reference: str) -> None:
        """Note where the cell stands: by its reference, or after the one before."""
        letters = reference.rstrip("0123456789")
        self._column = _column(letters) if letters else self._column + 1
        self._row = int(reference[len(letters) :]) if reference[len(letters) :] else self._row

    def _locate(self) -> None:
        """Widen the rectangle by the cell at hand. Cells that hold nothing cost nothing and do not count."""
        self.rows, self.columns = max(self.rows, self._row), max(self.columns, self._column)
        if self.rows * self.columns > MOST_CELLS:
            raise Unreadable("far-cells")


def _column(letters: str) -> int:
    number = 0
    for letter in letters[:4].upper():
        number = number * 26 + ord(letter) - 64
    return number


def _refuse_strange(target: str) -> None:
    if not target.lower().endswith(".xml") or "://" in target:
        raise Unreadable("broken")


def read_workbook(data: bytes) -> tuple[list[Sheet], dict[str, int]]:
    """Return the visible sheets, and how many are hidden, how many formulas and merged cells. Raises Unreadable."""
    scan = _Scan()
    repacked = _repacked(data, scan)
    try:
        workbook = CalamineWorkbook.from_filelike(repacked)
        metadata = [one for one in workbook.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        visible = [one.name for one in metadata if one.visible == SheetVisibleEnum.Visible]
        sheets = [Sheet(name, list(_rows(workbook, name))) for name in visible]
    except (CalamineError, ValueError, OverflowError, OSError):
        raise Unreadable("broken") from None
    facts = {"hidden": len(metadata) - len(visible), "formulas": scan.formulas, "merged": scan.merged}
    return sheets, facts


def _repacked(data: bytes, scan: _Scan) -> BinaryIO:
    """Return the workbook with nothing but the parts that were walked, stored as they are."""
    result = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(result, "w") as clean:
            # Shared strings first: cells refer to them.
            for name in sorted(archive.namelist(), key=lambda one: "sharedstrings" not in one.lower()):
                if name.lower().endswith((".xml", ".rels")) and name not in clean.NameToInfo:
                    content = archive.read(name)
                    scan.part(content)
                    clean.writestr(name, content)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, RuntimeError, NotImplementedError, zipfile.error):
        raise Unreadable("broken") from None
    except zipfile.zlib.error:
        raise Unreadable("broken") from None
    result.seek(0)
    return result


def _rows(workbook: CalamineWorkbook, name: str) -> Iterator[tuple[int, list[str]]]:
    sheet = workbook.get_sheet_by_name(name)
    first = sheet.start[0] + 1 if sheet.start else 1
    found = 0
    for number, values in enumerate(sheet.to_python(skip_empty_area=True), first):
        cells = [as_text(value) for value in values]
        while cells and text.is_blank(cells[-1]):
            cells.pop()
        if cells:
            found += 1
            yield number, cells
        if found > settings.IMPORT_MAX_ROWS + 1:
            raise Unreadable("too-many-rows")


def as_text(value: Any) -> str:
    """Return a cell as text: whole numbers without a point, dates by ISO 8601. A formula gives the value it had."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _WHOLE else repr(value)
    if isinstance(value, datetime | date | time | timedelta):
        return str(value)
    return str(value).replace("\x00", "")

"""Reading a list: what kind of file it is by its content, which text encoding, which rows. Nothing is decided here."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from charset_normalizer import from_bytes
from django.conf import settings

from portal import text
from stakeholders.importing.workbooks import Sheet as Sheet  # noqa: PLC0414 - part of what this room gives
from stakeholders.importing.workbooks import Unreadable, read_workbook, workbook_problem

MOST_COLUMNS = 60
MOST_CHARACTERS = 32_767  # in a cell; more than a spreadsheet program takes
SAMPLE = 5  # rows that the page of columns shows
# The encodings that lists of the region come in, besides UTF-8 and UTF-16. The order is that of the choices.
ENCODINGS = {
    "cp1252": "Western (Windows-1252)",
    "cp874": "ไทย (Windows-874)",
    "cp1258": "Tiếng Việt (Windows-1258)",
    "gb18030": "简体中文 (GB18030)",
    "big5": "繁體中文 (Big5)",
}
DELIMITERS = (",", ";", "\t")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_FOREIGN = (
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0\0\0\0|II\*\0|MM\0\*|RIFF.{4}WEBP", re.DOTALL), "picture"),
    (re.compile(rb"%PDF"), "pdf"),
    (re.compile(rb"\{\\rtf"), "document"),
    (re.compile(rb"\s*<(!doctype\s+html|html|head|body|table|meta)", re.IGNORECASE), "html"),
    (re.compile(rb"\s*<\?xml"), "xml"),
)
_OLE = b"\xd0\xcf\x11\xe0"
_HEAD = 4096


@dataclass(slots=True)
class Found:
    """What was read: the sheets with their rows, and how it was read."""

    kind: str
    sheets: list[Sheet]
    encoding: str = ""
    delimiter: str = ""
    hidden: int = 0
    formulas: int = 0
    merged: int = 0
    # Other encodings in which the same bytes are a text as well.
    encodings: list[str] = field(default_factory=list)


def problem_of(file: BinaryIO) -> str:
    """Return why the file cannot be a list, as a code; empty where nothing speaks against it. Looks at the outside."""
    file.seek(0)
    head = file.read(_HEAD)
    if not head.strip(b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"):
        return "empty"
    if head.startswith(b"PK"):
        return workbook_problem(file)
    if head.startswith(_OLE):
        file.seek(0)
        return "password" if "EncryptedPackage".encode("utf-16-le") in file.read() else "old-excel"
    bare = head.removeprefix(b"\xef\xbb\xbf")
    problem = next((code for pattern, code in _FOREIGN if pattern.match(bare)), "")
    return problem or ("binary" if _is_binary(head) else "")


def _is_binary(head: bytes) -> bool:
    """Whether the bytes are no text: many zeros outside of UTF-16, or many control characters."""
    if _marked(head) or _unmarked_utf16(head):
        return False
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)  # noqa: PLR2004 - tab to carriage return are text
    return controls * 10 > len(head)


def read(data: bytes, *, encoding: str = "", delimiter: str = "") -> Found:
    """Return the rows of a list. Raises Unreadable with the code of the reason."""
    problem = problem_of(io.BytesIO(data))
    if problem:
        raise Unreadable(problem)
    if data.startswith(b"PK"):
        sheets, facts = read_workbook(data)
        found = Found("xlsx", sheets, **facts)
    else:
        found = _read_text(data, encoding, delimiter)
    _check(found)
    return found


def _check(found: Found) -> None:
    """Raise Unreadable where there is nothing, or too much."""
    found.sheets = [sheet for sheet in found.sheets if sheet.rows]
    if not found.sheets:
        raise Unreadable("no-rows")
    if sum(len(sheet.rows) for sheet in found.sheets) > settings.IMPORT_MAX_ROWS + len(found.sheets):
        raise Unreadable("too-many-rows")
    for sheet in found.sheets:
        for _number, cells in sheet.rows:
            if len(cells) > MOST_COLUMNS:
                raise Unreadable("too-many-columns")
            if any(len(cell) > MOST_CHARACTERS for cell in cells):
                raise Unreadable("long-cell")


def _read_text(data: bytes, encoding: str, delimiter: str) -> Found:
    read_as, others = (encoding, []) if encoding else guessed_encoding(data)
    try:
        whole = data.decode(read_as)
    except UnicodeError:
        raise Unreadable("encoding") from None
    whole = whole.lstrip("\ufeff").replace("\x00", "")
    named = re.match(r"sep=(.)\r?\n", whole, re.IGNORECASE)
    if named:
        whole, delimiter = whole[named.end() :], delimiter or named[1]
    delimiter = delimiter or guessed_delimiter(whole)
    rows = _numbered(_records(whole, delimiter), first=2 if named else 1)
    return Found("csv", [Sheet("", list(rows))], read_as, delimiter, encodings=others)


def guessed_encoding(data: bytes) -> tuple[str, list[str]]:
    """Return the likely encoding, and the others in which the bytes are a text too. Raises Unreadable."""
    certain = _marked(data) or _unmarked_utf16(data) or ("utf-8" if _fits(data, "utf-8") else "")
    if certain:
        return certain, []
    _refuse_broken_utf8(data)
    possible = [name for name in ENCODINGS if _fits(data, name)]
    if not possible:
        raise Unreadable("encoding")
    best = from_bytes(data, cp_isolation=possible).best()
    guess = best.encoding if best and best.encoding in possible else possible[0]
    return guess, possible


def _marked(data: bytes) -> str:
    return next((name for mark, name in _MARKS if data.startswith(mark)), "")


def _unmarked_utf16(data: bytes) -> str:
    """Return which UTF-16 it is without a byte-order mark: in Latin text every second byte is zero."""
    head = data[:_HEAD]
    half = max(1, len(head) // 2)
    even, odd = head[::2].count(0) / half, head[1::2].count(0) / half
    if max(even, odd) < 0.3 or min(even, odd) > 0.1:  # noqa: PLR2004 - shares of zeros
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _fits(data: bytes, encoding: str) -> bool:
    """Whether the bytes are text in the encoding, and come back from it as they were."""
    try:
        return data.decode(encoding).encode(encoding) == data
    except UnicodeError:
        return False


def _refuse_broken_utf8(data: bytes) -> None:
    """Raise Unreadable for what is UTF-8 but for a few bytes: guessing another encoding would garble all of it."""
    loose = data.decode("utf-8", errors="replace")
    broken = loose.count("\ufffd")
    whole = sum(char > "\x7f" for char in loose) - broken
    if whole > broken * 10:
        raise Unreadable("broken-text")


def redecoded(cells: list[str], read_as: str, wanted: str) -> list[str]:
    """Return the cells as the same bytes read in another encoding. The file itself is not kept for that."""
    if not wanted or wanted == read_as:
        return cells
    return [cell.encode(read_as, errors="replace").decode(wanted, errors="replace") for cell in cells]


def guessed_delimiter(whole: str) -> str:
    """Return what parts the cells: that which cuts the first rows into the same number of cells, more than one."""

    def fitness(delimiter: str) -> tuple[float, int]:
        reader = csv.reader(io.StringIO(whole[:20_000], newline=""), delimiter=delimiter)
        try:
            widths = [len(row) for _index, row in zip(range(20), reader, strict=False) if row]
        except csv.Error:
            return 0.0, 0
        usual = max(set(widths), key=widths.count) if widths else 1
        return (widths.count(usual) / len(widths), usual) if usual > 1 else (0.0, 1)

    return max(DELIMITERS, key=fitness)


def _records(whole: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the records. Raises Unreadable for a quote that is never closed, or a cell without an end."""
    strict = csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter, strict=True)
    try:
        for _record in strict:
            pass
    except csv.Error as error:
        if "unexpected end" in str(error) or "field larger" in str(error):
            raise Unreadable("quotes") from None
    yield from csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter)


def _numbered(records: Iterable[list[str]], first: int) -> Iterator[tuple[int, list[str]]]:
    """Yield what is not empty with its row number as a spreadsheet program counts; stop where it is too much."""
    count = 0
    for number, cells in enumerate(records, first):
        if any(not text.is_blank(cell) for cell in cells):
            count += 1
            yield number, trimmed(cells)
        if count > settings.IMPORT_MAX_ROWS + 1:
            raise Unreadable("too-many-rows")


def trimmed(cells: list[str]) -> list[str]:
    """Return the cells without the empty ones at the end."""
    end = len(cells)
    while end and text.is_blank(cells[end - 1]):
        end -= 1
    return cells[:end]

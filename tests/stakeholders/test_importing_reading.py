"""Files: told by their content, refused with a reason of their own, and never read beyond the limits."""

import io
import tracemalloc
import zipfile

import pytest
import xlsxwriter
from django.utils import translation

from stakeholders.importing import notes, reading
from stakeholders.importing.workbooks import Unreadable
from tests.stakeholders import lists

ROWS = [["Name", "Country"], ["Serikat Buruh Migran", "Indonesia"], ["Liên đoàn lao động", "Viet Nam"]]
BOOK = lists.xlsx_of(ROWS)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 200
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def cells(data: bytes, **how) -> list[list[str]]:
    """Return the rows of the first sheet."""
    return [row for _number, row in reading.read(data, **how).sheets[0].rows]


def encrypted() -> bytes:
    """Return an archive whose entries say that they are encrypted."""
    data = bytearray(BOOK)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def sheet_with(body: str) -> bytes:
    """Return the workbook with another first sheet."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{body}</sheetData></worksheet>'
    return lists.zip_of({"xl/worksheets/sheet1.xml": text}, BOOK)


def shared_bomb() -> bytes:
    """Return a workbook in which many cells use one long shared string."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = f'<sst xmlns="{space}"><si><t>{"lorem ipsum " * 2500}</t></si></sst>'
    body = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 4001))
    return lists.zip_of({"xl/sharedStrings.xml": strings}, sheet_with(body))


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
)
BAD = {
    "empty": b"",
    "only a byte-order mark": b"\xef\xbb\xbf\r\n",
    "picture": PNG,
    "photograph": b"\xff\xd8\xff\xe0" + b"\0" * 100,
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "web page": b"<html><table><tr><td>Name</td></tr></table></html>",
    "old excel": OLE,
    "password of office": OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100,
    "password of zip": encrypted(),
    "truncated": BOOK[: len(BOOK) // 2],
    "damaged within": BOOK[:60] + b"\xff" * 40 + BOOK[100:],
    "macros": lists.zip_of({"xl/vbaProject.bin": b"x"}, BOOK),
    "links": lists.zip_of({"xl/externalLinks/externalLink1.xml": "<a/>"}, BOOK),
    "word": lists.zip_of({"word/document.xml": "<a/>"}),
    "opendocument": lists.zip_of({"mimetype": "x", "content.xml": "<a/>"}),
    "archive": lists.zip_of({"list.csv": "Name\nA"}),
    "bomb": lists.zip_of({"xl/media/x.xml": b"0" * (30 * 1024 * 1024)}, BOOK),
    "too much unpacked": lists.zip_of({f"xl/x{n}.xml": b"<a/>" * (3 * 1024 * 1024) for n in range(5)}, BOOK),
    "thousand entries": lists.zip_of({f"x/{n}.xml": "<a/>" for n in range(1001)}, BOOK),
    "shared bomb": shared_bomb(),
    "entities": lists.zip_of({"xl/worksheets/sheet1.xml": ENTITIES}, BOOK),
    "far cells": sheet_with(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "binary": bytes(range(1, 9)) * 50,
    "broken letters": ("Tổ chức di cư Việt Nam " * 20).encode() + b"\xff\xfe" + ("Liên đoàn " * 20).encode(),
    "quotes": b'Name,Country\n"never closed,Indonesia\nB,C\n',
    "only blanks": "\u200b,\u3164\n , \n".encode(),
    "too many rows": b"Name\n" + b"A\n" * 5001,
    "too many columns": b",".join([b"x"] * 61),
    "long cell": b"Name\n" + b"x" * 40_000,
}
CODES = {
    "only a byte-order mark": "empty",
    "photograph": "picture",
    "web page": "html",
    "old excel": "old-excel",
    "password of office": "password",
    "password of zip": "password",
    "truncated": "broken",
    "damaged within": "broken",
    "word": "document",
    "opendocument": "open-document",
    "too much unpacked": "bomb",
    "thousand entries": "bomb",
    "shared bomb": "bomb",
    "entities": "broken",
    "far cells": "far-cells",
    "broken letters": "broken-text",
    "only blanks": "no-rows",
    "too many rows": "too-many-rows",
    "too many columns": "too-many-columns",
    "long cell": "long-cell",
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_says_why_and_costs_little(name) -> None:
    tracemalloc.start()
    with pytest.raises(Unreadable) as refused:
        reading.read(BAD[name])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.code == CODES.get(name, name)
    assert peak < 30 * 1024 * 1024


def test_each_reason_has_its_own_sentence() -> None:
    said = [notes.problem(code) for code in notes.PROBLEMS]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_unicode_with_and_without_a_mark(encoding, read_as) -> None:
    data = lists.csv_of(ROWS, encoding=encoding)
    assert cells(data) == ROWS
    assert reading.read(data).encoding == read_as


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp874", "สหภาพแรงงานข้ามชาติแห่งประเทศไทย เพื่อสิทธิของแรงงาน"),
        ("gb18030", "移民工人联合会 代表所有在马来西亚工作的移民工人和他们的家庭"),
        ("big5", "移工聯盟 代表所有在臺灣和馬來西亞工作的移民工人與他們的家庭"),
        ("cp1252", "Associação de trabalhadores migrantes de Timór-Leste – secção"),
    ],
)
def test_older_encodings_are_guessed_or_can_be_chosen(encoding, name) -> None:
    rows = [["Name", "Country"], *([name, "x"] for _count in range(8))]
    data = lists.csv_of(rows, encoding=encoding)
    found = reading.read(data)
    assert encoding in [found.encoding, *found.encodings]
    again = [reading.redecoded(row, found.encoding, encoding) for _number, row in found.sheets[0].rows]
    assert again == rows
    assert cells(data, encoding=encoding) == rows


def test_vietnamese_of_windows_can_be_chosen() -> None:
    rows = [["Name"], ["Liên đoàn lao động"]]
    assert cells("Name\nLiên đoàn".encode("cp1258", errors="ignore"), encoding="cp1258")[0] == rows[0]


def test_a_chosen_encoding_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        reading.read("ไทย".encode("cp874"), encoding="utf-8")
    assert refused.value.code == "encoding"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter, end) -> None:
    rows = [["Name", "Group; more"], ["A, B", "say yes"], ["two\nlines", ""]]
    expected = [["Name", "Group; more"], ["A, B", "say yes"], ["two\nlines"]]
    data = lists.csv_of(rows, delimiter=delimiter, end=end)
    assert cells(data) == expected
    assert reading.read(data).delimiter == delimiter


def test_mixed_line_ends_zeros_and_the_line_of_excel() -> None:
    assert cells(b"sep=;\r\nName;Country\rA\x00;ID\r\n\r\nB;MY\n") == [["Name", "Country"], ["A", "ID"], ["B", "MY"]]
    assert [number for number, _row in reading.read(b"Name,X\n\n\nA,B\n").sheets[0].rows] == [1, 4]


def test_a_quote_within_a_cell_is_kept() -> None:
    assert cells(b'Name,Country\nUnion "Maju",ID\n')[1] == ['Union "Maju"', "ID"]


def test_names_in_every_direction_and_script() -> None:
    names = ["اتحاد العمال المهاجرين", "ڤرساتوان ڤكرجا", "မြန်မာ အလုပ်သမား", "សហជីពកម្មករ", "ສະຫະພັນ", "தொழிலாளர்", "移工"]
    rows = [["Name", "Country"], *([name, "x"] for name in names)]
    assert cells(lists.csv_of(rows)) == rows
    assert cells(lists.xlsx_of(rows)) == rows


def test_a_workbook_whatever_it_is_made_of() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        bold = book.add_format({"bold": True})
        for name in ("Hidden", "Shown", "Very hidden", "Empty"):
            book.add_worksheet(name)
        hidden, shown, very, _empty = book.worksheets()
        hidden.write(0, 0, "secret")
        very.write(0, 0, "secret")
        hidden.hide()
        very.very_hidden()
        shown.activate()
        shown.write_row(2, 0, ["Name", "Phone", "Sum"])
        shown.write_row(3, 0, ["A", 60123456789])
        shown.write_formula(3, 2, "=1+1", value="two")
        shown.merge_range(4, 0, 4, 1, "Merged")
        shown.write_string(5, 0, "=danger()")
        shown.write_blank(1_048_575, 16_383, None, bold)  # the declared range reaches to the last cell
    found = reading.read(stream.getvalue())
    assert [(sheet.name, sheet.rows) for sheet in found.sheets] == [
        (
            "Shown",
            [(3, ["Name", "Phone", "Sum"]), (4, ["A", "60123456789", "two"]), (5, ["Merged"]), (6, ["=danger()"])],
        )
    ]
    assert (found.hidden, found.formulas, found.merged) == (2, 1, 1)


def test_a_name_that_lies_about_its_size_is_not_believed() -> None:
    content = b"<a>" + b"x" * 200_000 + b"</a>"
    data = bytearray(lists.zip_of({"xl/lie.xml": content}, BOOK))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo("xl/lie.xml").file_size.to_bytes(4, "little")
    for at in range(len(data) - 4):
        if data[at : at + 4] == size:
            data[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(Unreadable) as refused:
        reading.read(bytes(data))
    assert refused.value.code == "broken"


@pytest.mark.parametrize("language", ["en", "id"])
def test_sentences_hold_what_stood_in_a_cell_apart(language) -> None:
    with translation.override(language):
        for code, (_level, sentence) in notes.NOTES.items():
            values = dict.fromkeys(("value", "names", "row", "old", "converted", "most"), "أ<b>")
            said = notes.Note(code, {**values, "field": "acronym"}).sentence
            assert (
                said.count("\u2068")
                == said.count("\u2069")
                == str(sentence).count("%(") - ("%(field)s" in str(sentence))
            )

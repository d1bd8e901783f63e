"""What a file is, by its content; what is refused, with a sentence; what is taken out of it."""

import io
import time
import zipfile

import pytest
import xlsxwriter
from PIL import Image
from python_calamine import CalamineWorkbook

from consultations.papers import archives, prepare, reading
from portal.states import Refusal
from tests.consultations import papers as files

KHMER = "របៀបវារៈ.txt"
ENOUGH = "x" * 2_000_000


def parts(content: bytes) -> dict[str, bytes]:
    """Return the parts of an archive."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (files.PDF, "agenda.pdf", "pdf"),
        (files.office(), "agenda.docx", "docx"),
        (files.office(files.XLSX), "budget.XLSX", "xlsx"),
        (files.office(files.PPTX), "talk.pptx", "pptx"),
        (files.odt(), "agenda.odt", "odt"),
        (b"Agenda", "agenda.txt", "txt"),
        ("ព្រឹក ៩ ម៉ោង".encode(), KHMER, "txt"),
        ("Agenda".encode("utf-16"), "agenda.txt", "txt"),
        (files.picture("JPEG"), "hall.jpg", "jpeg"),
        (files.picture("JPEG"), "hall.JPEG", "jpeg"),
        (files.picture("PNG"), "hall.png", "png"),
        (files.PDF, "no ending", "pdf"),
        (files.PDF, "../../etc/agenda.pdf", "pdf"),
        (files.PDF, "agenda v1.2", "pdf"),
    ],
)
def test_what_is_taken(content, name, kind) -> None:
    assert prepare(content, name).kind == kind


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "agenda.pdf", "empty"),
        (b" \n\t", "agenda.txt", "no file that can be read"),
        (b"x" * (10 * 1024 * 1024 + 1), "agenda.txt", "This file has 11 MB. Up to 10 MB"),
        (files.picture(), "agenda.pdf", "By its name this is: PDF. By its content it is: photograph."),
        (files.PDF, "agenda.docx", "By its name this is: Word document. By its content it is: PDF."),
        (files.office(files.XLSX), "agenda.docx", "By its content it is: Excel workbook."),
        (b"MZ\x90\x00" + b"x" * 50, "agenda.exe", "no file that can be read"),
        (b"<html><script>alert(1)</script>", "agenda.txt", "no file that can be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg", "no file that can be read"),
        (b"a,b\n1,2\n", "list.csv", "no file that can be read"),
        (b"GIF89a" + b"x" * 50, "moving.gif", "no file that can be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "agenda.doc", "old or locked Office file"),
        (b"PK\x03\x04" + b"x" * 80, "agenda.docx", "damaged"),
        (files.packed({"readme.txt": "x"}), "agenda.zip", "no file that can be read"),
        (files.PDF.replace(b"/Producer (x)", b"/OpenAction << /S /JavaScript >>"), "agenda.pdf", "carries a program"),
        (files.PDF.replace(b"%%EOF", b""), "agenda.pdf", "cut off"),
        (files.picture()[:300], "hall.jpg", "damaged"),
        (files.picture("PNG", (9000, 9000), "1"), "hall.png", "too large to be opened"),
        (files.office(**{"word/vbaProject.bin": b"x"}), "agenda.docx", "a macro"),
        (files.office(**{"word/activeX/activeX1.xml": b"x"}), "agenda.docx", "a macro"),
        (files.office(**{"word/embeddings/oleObject1.bin": b"x"}), "agenda.docx", "a macro"),
        (files.odt(**{"Basic/Standard/Module1.xml": b"x"}), "agenda.odt", "a macro"),
        (files.office(("word/document.xml", "x.macroEnabled.main")), "agenda.docx", "a macro"),
        (files.office(**{"word/big.xml": ENOUGH * 60}), "agenda.docx", "unpacks to far more"),
        (files.office(**{"word/big.xml": ENOUGH * 3}), "agenda.docx", "unpacks to far more"),
        (files.office(**{"../../etc/passwd": b"x"}), "agenda.docx", "damaged"),
        (files.office(**{"word/document2.xml": b"\xff\xfex"}), "agenda.docx", "damaged"),
        (files.office(**{"word/_rels/document.xml.rels": b"<!DOCTYPE x>"}), "agenda.docx", "damaged"),
    ],
)
def test_what_is_refused(content, name, words) -> None:
    with pytest.raises(Refusal) as refused:
        prepare(content, name)
    assert words in str(refused.value.reason)


def test_a_locked_archive_is_refused() -> None:
    content = bytearray(files.office())
    for at in (i for i in range(len(content)) if content[i : i + 4] == b"PK\x01\x02"):
        content[at + 8] |= 1
    with pytest.raises(Refusal) as refused:
        prepare(bytes(content), "agenda.docx")
    assert "password" in str(refused.value.reason)


def test_a_bomb_is_refused_before_anything_is_unpacked(monkeypatch) -> None:
    def unpacked(*_args):
        raise AssertionError("it was unpacked")

    bomb = files.packed({"[Content_Types].xml": "x", **{f"word/{n}.xml": ENOUGH for n in range(10)}})
    monkeypatch.setattr(zipfile.ZipFile, "open", unpacked)
    with pytest.raises(Refusal) as refused:
        prepare(bomb, "agenda.docx")
    assert "unpacks to far more" in str(refused.value.reason)


def test_too_many_entries_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(archives, "MOST_ENTRIES", 4)
    with pytest.raises(Refusal):
        prepare(files.office(), "agenda.docx")


def link(kind: str, target: str) -> bytes:
    """Return the relations of a part that leads outside."""
    place = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    row = f'<Relationship Id="r1" Type="{place}{kind}" Target="{target}" TargetMode="External"/>'
    return files.RELATIONS.format(rows=row).encode()


@pytest.mark.parametrize(("kind", "taken"), [("hyperlink", True), ("attachedTemplate", False), ("image", False)])
def test_links_are_fine_and_what_is_fetched_by_itself_is_not(kind, taken) -> None:
    content = files.office(**{"word/_rels/document.xml.rels": link(kind, "https://elsewhere.example/x")})
    if taken:
        assert prepare(content, "agenda.docx").kind == "docx"
        return
    with pytest.raises(Refusal) as refused:
        prepare(content, "agenda.docx")
    assert "from outside" in str(refused.value.reason)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (files.PDF, "a.pdf"),
        (files.office(), "a.docx"),
        (
            files.office(**{"docProps/custom.xml": "<p>Rahasia</p>", "word/people.xml": '<p w15:author="Rahasia"/>'}),
            "a.docx",
        ),
        (files.office(files.XLSX, **{"xl/comments1.xml": "<author>Ibu Rahasia</author>"}), "a.xlsx"),
        (files.office(files.XLSX, **{"xl/persons/person.xml": "<person displayName='Ibu Rahasia'/>"}), "a.xlsx"),
        (files.office(files.PPTX, **{"ppt/commentAuthors.xml": '<p:cmAuthor name="Rahasia" id="1"/>'}), "a.pptx"),
        (files.odt(), "a.odt"),
        (files.picture("JPEG"), "a.jpg"),
        (files.picture("PNG"), "a.png"),
        (files.office(**{"word/media/image1.bin.jfif": files.picture()}), "a.docx"),
    ],
)
def test_who_wrote_it_is_taken_out(content, name) -> None:
    made = prepare(content, name)
    bodies = parts(made.content).values() if made.kind in reading.OFFICE else [made.content]
    assert [body for body in bodies if b"Rahasia" in body] == []
    assert made.told != ""


def test_the_words_of_an_office_file_stay_and_it_still_opens() -> None:
    found = parts(prepare(files.office(), "a.docx").content)
    assert b"Words stay" in found["word/document.xml"]
    assert b"<dc:title>Agenda</dc:title>" in found["docProps/core.xml"]
    assert list(parts(files.office())) == list(found)
    first = zipfile.ZipFile(io.BytesIO(prepare(files.odt(), "a.odt").content)).infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_a_workbook_of_a_real_program_still_opens() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.set_properties({"author": "Ibu Rahasia", "company": "Rahasia Corp", "comments": "Rahasia"})
        book.set_custom_property("Checked by", "Pak Rahasia")
        sheet = book.add_worksheet("Budget")
        sheet.write_row(0, 0, ["Hall", 250])
        sheet.write_comment(0, 0, "Too much", {"author": "Ibu Rahasia"})
        sheet.insert_image(2, 0, "hall.jpg", {"image_data": io.BytesIO(files.picture())})
    made = prepare(out.getvalue(), "budget.xlsx")
    assert [name for name, part in parts(made.content).items() if b"Rahasia" in part] == []
    book = CalamineWorkbook.from_filelike(io.BytesIO(made.content))
    assert book.get_sheet_by_name("Budget").to_python()[0] == ["Hall", 250.0]


def test_a_pdf_keeps_its_length() -> None:
    assert len(prepare(files.PDF, "a.pdf").content) == len(files.PDF)
    assert b"/Title (Agenda)" in prepare(files.PDF, "a.pdf").content


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (files.PDF.replace(b"/Producer (x)", b"<dc:creator>" * 400_000), "a.pdf"),
        (files.PDF.replace(b"/Producer (x)", b"/Author (" * 400_000), "a.pdf"),
        (files.office(**{"docProps/app.xml": "<Company " * 100_000 + "x" * 4}), "a.docx"),
        (files.office(**{"word/people.xml": ' w:author="' * 100_000}), "a.docx"),
    ],
)
def test_a_file_made_to_take_long_does_not(content, name, monkeypatch) -> None:
    monkeypatch.setattr(archives, "MOST_RATIO", 10_000)
    started = time.monotonic()
    prepare(content, name)
    assert time.monotonic() - started < 5


def test_a_picture_inside_that_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(Refusal):
        prepare(files.office(**{"word/media/image1.jpe": files.picture()[:300]}), "a.docx")


def test_a_signed_pdf_stays_as_it_is_and_its_uploader_is_told() -> None:
    signed = files.PDF.replace(b"/Producer (x)", b"/ByteRange [0 1]")
    made = prepare(signed, "a.pdf")
    assert made.content == signed
    assert "may still name somebody" in made.told


def test_a_picture_is_turned_upright_and_tells_nothing() -> None:
    for kind in ("JPEG", "PNG"):
        with Image.open(io.BytesIO(prepare(files.picture(kind), "x").content)) as drawn:
            assert drawn.size == (20, 40)
            assert dict(drawn.getexif()) == {}
            assert set(drawn.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_pictures_of_every_mode(mode) -> None:
    made = prepare(files.picture("PNG", mode=mode), "x.png")
    with Image.open(io.BytesIO(made.content)) as drawn:
        assert drawn.format == "PNG"


def test_a_text_is_kept_as_typed_in_one_encoding() -> None:
    made = prepare("ព្រឹក\u200bថ្ងៃ\r\n".encode("utf-16"), "a.txt")
    assert made.content.decode() == "ព្រឹក\u200bថ្ងៃ"

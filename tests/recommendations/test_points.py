"""How a text stands on paper: its points hang, two languages stand row by row, each script is told; no word changes."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from recommendations import canonical, documents
from recommendations.documents.points import blocks, rows
from recommendations.documents.scripts import spoken
from recommendations.models.wording import Passage
from stakeholders.models import PublicBody
from tests.recommendations.worded import DAY, edition_of

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("A", [0]),
        ("A\nb", [0]),
        ("A\n\nb", [0, 0]),
        ("A\n(a) b\n(b) c", [0, 1, 1]),
        ("A\n(a) b\n(i) c\n(ii) d\n(b) e", [0, 1, 2, 2, 1]),
        ("A\n(g) x\n(h) y\n(i) z", [0, 1, 1, 1]),
        ("A\n1.1 b\n1.1.1 c\n1.2 d", [0, 1, 2, 1]),
        ("A\n• b\n– c", [0, 1, 1]),
        ("ก\n(ก) ข\n(ข) ค", [0, 1, 1]),
        ("ក\n១. ខ\n២. គ", [0, 1, 1]),
        ("က\n၁။ ခ\n၂။ ဂ", [0, 1, 1]),
        ("A\n12 countries took part.\n2007 was the year.", [0]),
        ("A\netc. and so on", [0]),
        ("A\n(a) b\nstill b", [0, 1]),
    ],
)
def test_points_hang_as_deep_as_their_numbers_say(text, levels):
    assert [one.level for one in blocks(text)] == levels


@given(st.text(st.sampled_from("aก(i).1 \n•é"), max_size=60))
def test_no_word_is_lost_and_none_changes_its_place(text):
    assert "".join("".join(one.words for one in blocks(text)).split()) == "".join(text.split())


def test_two_languages_stand_row_by_row_where_they_have_the_same_paragraphs():
    main, beside = Passage("A\n(a) b\n\nc", "id"), Passage("D\n(a) e\n\nf", "en")
    assert [[cell[0].words for cell in row] for row in rows(main, beside)] == [
        ["A", "D"],
        ["(a) b", "(a) e"],
        ["c", "f"],
    ]
    [row] = rows(main, Passage("D\n\nf", "en"))
    assert [len(cell) for cell in row] == [3, 2]
    [row] = rows(main, Passage(main.text, "id", missing=True))
    assert [len(cell) for cell in row] == [3, 3]


@pytest.mark.parametrize(
    ("text", "code", "pieces"),
    [
        ("Only Latin.", "en", [("en", "Only Latin.")]),
        ("Thai แรงงาน ข้ามชาติ, and", "en", [("en", "Thai "), ("th", "แรงงาน ข้ามชาติ"), ("en", ", and")]),
        ("งาน ILO 189", "th", [("th", "งาน ILO 189")]),
        ("คำ ខ្មែរ မြန်မာ", "th", [("th", "คำ "), ("km", "ខ្មែរ"), ("th", " "), ("my", "မြန်မာ")]),
        ("", "km", [("km", "")]),
        ("禁止", "en", [("zh-hans", "禁止")]),
    ],
)
def test_each_script_is_told(text, code, pieces):
    assert spoken(text, code) == pieces


# --- In the documents -----------------------------------------------------------------------------------------------


def sheet_of(language, beside="", corrected=False):
    """Return what a document says: an ASEAN and an Indonesian item with points, and a name in another script."""
    texts = {"th": "ก\n(ก) ข\n\nค", "en": "A\n(a) b\n\nc", "id": "D\n(a) e\n\nf"}
    body = PublicBody(slug="m", name_en="Ministry")
    entries = [canonical.Entry(section, 1, texts, [body]) for section in (None, "ID")]
    edition = edition_of({"prevailing": language, "title": texts, "preamble": texts, "entries": entries})
    if corrected:
        edition.canonical = canonical.corrected(edition.canonical, number=2, fingerprint=edition.fingerprint, texts={})
        edition.fingerprint, edition.number = canonical.fingerprint(edition.canonical), 2
    people = documents.People(names=("မြန်မာ Union",), reservations=(documents.Reservation("", "ខ្មែរ", "Not so."),))
    return documents.sheet(edition, language, beside, people, {"ID": "Indonesia"})


def part_of(sheet, ending, name):
    """Return a part of an office file."""
    with zipfile.ZipFile(io.BytesIO(documents.issue(sheet, ending))) as archive:
        return etree.fromstring(archive.read(name))


@pytest.mark.parametrize(
    ("language", "beside", "names"),
    [
        ("th", "", ["อินโดนีเซีย"]),
        ("th", "en", ["อินโดนีเซีย", "Indonesia"]),
        ("en", "th", ["Indonesia", "อินโดนีเซีย"]),
        ("id", "en", ["Indonesia"]),
    ],
)
def test_a_country_is_named_in_the_languages_of_the_document(language, beside, names):
    sheet = sheet_of(language, beside)
    assert [name.text for name in sheet.sections[1].names] == names
    assert [name.text for name in sheet.sections[0].names] == ["ASEAN"]


@pytest.mark.parametrize("corrected", [False, True])
def test_an_edition_says_what_it_corrects(corrected):
    sheet = sheet_of("id", corrected=corrected)
    first = sheet_of("id").fingerprint[:16]
    assert dict(sheet.facts).get("Ralat") == (f"edisi 1 · {first}" if corrected else None)
    assert sheet.adopted_on == DAY


def test_a_docx_tells_each_script_and_its_heads_stay_with_what_they_head():
    body = part_of(sheet_of("th", "en"), "docx", "word/document.xml")
    spoken_ = {
        "".join(run.itertext()): run.find(f"{WORD}rPr/{WORD}lang").get(f"{WORD}bidi")
        for run in body.iter(f"{WORD}r")
        if run.find(f"{WORD}rPr/{WORD}lang") is not None
    }
    assert (spoken_["မြန်မာ"], spoken_[" Union"], spoken_["ខ្មែរ"]) == ("my-MM", "en-GB", "km-KH")
    assert (spoken_["อินโดนีเซีย"], spoken_["(ก) ข"], spoken_["Adopters"]) == ("th-TH", "th-TH", "en-GB")
    kept = [
        "".join(one.itertext()) for one in body.iter(f"{WORD}p") if one.find(f"{WORD}pPr/{WORD}keepNext") is not None
    ]
    assert {"Regional issues", "ไทย", "English"} <= set(kept)
    assert not list(body.iter(f"{WORD}i", f"{WORD}iCs"))


@pytest.mark.parametrize(("ending", "head", "foot"), [("docx", "word/header1.xml", "word/footer1.xml")])
def test_title_over_further_pages_and_a_number_under_each(ending, head, foot):
    sheet = sheet_of("th")
    assert "".join(part_of(sheet, ending, head).itertext()).split() == ["ก", "(ก)", "ข", "ค"]
    assert {"PAGE", "NUMPAGES"} <= set(part_of(sheet, ending, foot).itertext())


def test_an_odt_has_points_a_list_and_two_kinds_of_pages():
    content = part_of(sheet_of("th", "en"), "odt", "content.xml")
    names = {value for one in content.iter() for key, value in one.attrib.items() if key.endswith("}style-name")}
    assert {"Point_20_1", "Under", "names", "whole", "first", "in-my", "bold-km", "bold-en"} <= names
    styles = etree.tostring(part_of(sheet_of("th"), "odt", "styles.xml"), encoding="unicode")
    assert 'style:name="First"' in styles
    assert "page-count" in styles


def test_labels_in_akoma_ntoso_say_that_they_are_english():
    root = etree.fromstring(documents.issue(sheet_of("th"), "xml"))
    space = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    [check] = root.xpath("//a:p[@eId='check']", namespaces=space)
    assert check.get(lang) == "en-GB"
    headings = root.xpath("//a:heading", namespaces=space)
    assert [(one.text, one.get(lang)) for one in headings] == [("ASEAN", "en-GB"), ("อินโดนีเซีย", None)]

"""Documents of an edition: every format, every script, the same bytes every time, sealed, and nobody's hidden name."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from lxml import etree

from portal import languages
from recommendations import canonical, documents
from recommendations.documents import office, sealing
from recommendations.documents.sheet import paragraphs
from stakeholders.models import Organisation, PublicBody
from tests import build
from tests.recommendations.published import CANARY, DESCRIPTION, make_published
from tests.recommendations.worded import WORDS, edition_of, make_worded

ROUTES = {
    "pdf": "edition_pdf",
    "docx": "edition_docx",
    "odt": "edition_odt",
    "xml": "edition_akoma",
    "txt": "edition_text",
}
PEOPLE = documents.People(
    names=("Serikat Buruh",), descriptions=("a trade union, origin side",), place="Jakarta", manner="by consensus"
)
SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
AKOMA = etree.XMLSchema(etree.parse(SCHEMAS / "akomantoso30.xsd"))


def content_in(*codes, prevailing=""):
    """Return the content of an edition with two items in these languages."""
    body = PublicBody(slug="manpower", name_en="Ministry of Manpower", name_ind="Kementerian Ketenagakerjaan")
    texts = {code: WORDS[code] for code in codes}
    entries = [canonical.Entry(None, 1, texts, [body]), canonical.Entry("ID", 1, texts, [body])]
    words = {"title": texts, "preamble": texts, "official_title": WORDS[codes[0]]}
    return {"prevailing": prevailing or codes[0], "entries": entries, **words}


def sheet_of(edition, language, beside="", people=PEOPLE):
    """Return what a document says."""
    return documents.sheet(edition, language, beside, people, {"ID": "Indonesia"})


def words_in(content, ending):
    """Return the words of a document; of a PDF nothing, see `test_a_pdf_is_tagged_and_names_its_edition`."""
    if ending in {"docx", "odt"}:
        return "\n".join(line.text for line in office.lines_of(content))
    if ending == "xml":
        return "\n".join(etree.fromstring(content).itertext())
    return content.decode()


@pytest.mark.parametrize("code", [language.code for language in languages.LANGUAGES])
def test_every_format_in_every_language_the_same_every_time(code):
    sheet = sheet_of(edition_of(content_in(code)), code)
    for ending, one in documents.FORMATS.items():
        first, second = one.make(sheet), one.make(sheet)
        assert first == second, ending
        assert sealing.named_edition(first) == sheet.fingerprint, ending
        if ending != "pdf":
            said = words_in(first, ending)
            assert said.count(WORDS[code]) >= 3, ending
            assert sheet.fingerprint in said + str(first), ending
            assert languages.own_name(code) in said, ending


@pytest.mark.parametrize(("language", "beside"), [("th", "en"), ("id", "my"), ("km", "zh-hans"), ("en", "ta")])
def test_two_languages_side_by_side(language, beside):
    sheet = sheet_of(edition_of(content_in(language, beside)), language, beside)
    for ending in ("docx", "odt", "txt"):
        said = words_in(documents.issue(sheet, ending), ending)
        assert (said.count(WORDS[language]) >= 3, said.count(WORDS[beside]) >= 3) == (True, True), ending
        assert "In case of doubt" in said or "Jika ada keraguan" in said or "prevails" in said
    assert documents.issue(sheet, "pdf").startswith(b"%PDF-1.7")


def test_a_pdf_is_tagged_and_names_its_edition():
    sheet = sheet_of(edition_of(content_in("km")), "km")
    pdf = documents.issue(sheet, "pdf")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/Lang (km)" in pdf or b"/Lang(km)" in pdf
    assert sealing.named_edition(pdf) == sheet.fingerprint
    assert b"/Author" not in pdf


def test_a_passage_without_a_translation_says_so():
    body = PublicBody(slug="m", name_en="M")
    entries = [canonical.Entry(None, 1, {"th": WORDS["th"]}, [body])]
    edition = edition_of({"prevailing": "th", "entries": entries, "title": {"th": "ก", "en": "A"}})
    said = words_in(documents.issue(sheet_of(edition, "th", "en"), "docx"), "docx")
    assert "No translation: the prevailing text" in said


@pytest.mark.parametrize("ending", ["docx", "odt", "txt", "xml"])
@pytest.mark.parametrize("beside", ["", "id"])
def test_a_document_in_one_language_says_where_it_has_no_translation(ending, beside):
    if beside and ending == "xml":
        return
    texts = [{"th": WORDS["th"], "en": WORDS["en"], "id": WORDS["id"]}, {"th": WORDS["th"]}]
    entries = [canonical.Entry(None, place, words, []) for place, words in enumerate(texts, 1)]
    edition = edition_of({"prevailing": "th", "entries": entries, "title": {"th": "ก", "en": "A"}})
    said = words_in(documents.issue(sheet_of(edition, "en", beside), ending), ending)
    assert said.count("No translation: the prevailing text") == (2 if beside else 1)
    assert said.index(WORDS["en"]) < said.index("No translation") < said.rindex(WORDS["th"])


def test_an_edition_that_corrects_has_an_address_of_its_own_in_akoma_ntoso():
    edition = edition_of(content_in("id"))
    first = etree.fromstring(documents.issue(sheet_of(edition, "id"), "xml"))
    edition.canonical = canonical.corrected(edition.canonical, number=2, fingerprint=edition.fingerprint, texts={})
    edition.number, edition.fingerprint = 2, canonical.fingerprint(edition.canonical)
    second = etree.fromstring(documents.issue(sheet_of(edition, "id"), "xml"))
    space = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}
    works, texts = (
        [root.xpath(f"//a:{level}/a:FRBRuri/@value", namespaces=space)[0] for root in (first, second)]
        for level in ("FRBRWork", "FRBRExpression")
    )
    assert works[0] == works[1]
    assert texts[1] == f"{texts[0]}-edition-2"
    assert AKOMA.validate(second), AKOMA.error_log


def test_an_office_file_has_fonts_for_complex_scripts_and_no_person():
    sheet = sheet_of(edition_of(content_in("th")), "th")
    with zipfile.ZipFile(io.BytesIO(documents.issue(sheet, "docx"))) as archive:
        core, text = (archive.read(name).decode() for name in ("docProps/core.xml", "word/document.xml"))
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 5, 12, 12, 0, 0)}
        assert "docProps/thumbnail.jpeg" not in archive.namelist()
    root = etree.fromstring(core.encode())
    said = {etree.QName(one).localname: one.text or "" for one in root}
    assert (said.get("creator", ""), said.get("lastModifiedBy", ""), said["title"]) == ("", "", WORDS["th"])
    assert said["created"] == said["modified"] == "2026-05-12T12:00:00Z"
    assert 'w:cs="Leelawadee UI"' in text
    assert 'w:bidi="th-TH"' in text


@pytest.mark.parametrize("code", [language.code for language in languages.LANGUAGES])
def test_akoma_ntoso_is_valid(code):
    content = content_in(code, prevailing="en" if code != "en" else "id")
    xml = documents.issue(sheet_of(edition_of(content), code), "xml")
    root = etree.fromstring(xml)
    assert AKOMA.validate(root), AKOMA.error_log
    space = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}
    paragraphs_ = root.xpath("//a:paragraph/@eId", namespaces=space)
    assert paragraphs_ == ["asean-1", "id-1"]
    assert root.xpath("//a:organization/@refersTo", namespaces=space) == ["#body-1", "#body-1"]
    assert len(root.xpath("//a:FRBRlanguage/@language", namespaces=space)[0]) == 3


def test_a_changed_byte_breaks_the_seal(settings):
    pdf = documents.issue(sheet_of(edition_of(content_in("en")), "en"), "pdf")
    assert sealing.is_untouched(pdf)
    for place in (20, len(pdf) // 2, len(pdf) - 2):
        changed = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
        assert not sealing.is_untouched(changed)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-that-replaced-the-first-one"
    assert sealing.is_untouched(pdf)
    settings.SECRET_KEY_FALLBACKS = []
    assert not sealing.is_untouched(pdf)


# --- Invariant 1: page = PDF = DOCX = data --------------------------------------------------------------------------

LETTERS = "aé ñ đ ẵ ไทยกำ้ំខ្មែរលາວ မြန်မာ தமிழ் 简体 \n(&<>\"'1.)"
texts = st.text(
    st.sampled_from(LETTERS) | st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=30
)
visible = texts.map(lambda text: text.strip()).filter(lambda text: text and paragraphs(text))
in_some = st.dictionaries(st.sampled_from([one.code for one in languages.LANGUAGES]), visible, min_size=1, max_size=3)


@how(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(title=in_some, preamble=in_some, items=st.lists(in_some, min_size=1, max_size=3))
def test_one_fingerprint_on_page_pdf_docx_and_data(title, preamble, items):
    prevailing = next(iter(title))
    entries = [canonical.Entry(None, place, words, []) for place, words in enumerate(items, 1)]
    edition = edition_of({"prevailing": prevailing, "title": title, "preamble": preamble, "entries": entries})
    assert hashlib.sha256(edition.canonical.encode()).hexdigest() == edition.fingerprint
    sheet = sheet_of(edition, prevailing)
    folded = {
        ending: "".join(words_in(documents.issue(sheet, ending), ending).split()) for ending in ("docx", "odt", "txt")
    }
    for ending in documents.FORMATS:
        content = documents.issue(sheet, ending)
        assert sealing.named_edition(content) == edition.fingerprint
        assert sealing.is_untouched(content)
    for words in items:
        shown = words.get(prevailing) or next(text for _code, text in _in_order(words))
        for ending, said in folded.items():
            assert "".join(shown.split()) in said, ending
    assert AKOMA.validate(etree.fromstring(documents.issue(sheet, "xml")))


def _in_order(words):
    """Return the texts in the order of the languages, as a page falls back on them."""
    return [(one.code, words[one.code]) for one in languages.LANGUAGES if one.code in words]


# --- The addresses --------------------------------------------------------------------------------------------------


def address(edition, ending, query=""):
    """Return the address of a document."""
    return reverse(ROUTES[ending], args=[edition.statement.slug, edition.number, edition.fingerprint]) + query


@pytest.mark.parametrize("ending", ROUTES)
def test_each_document_has_an_address_and_is_asked_for_anew(cast, visitor, ending):
    edition = make_worded(cast, "th", ("th", "id"))
    first = visitor.get(address(edition, ending))
    assert first.status_code == 200
    assert first["Content-Type"] == documents.FORMATS[ending].kind
    assert f"{edition.statement.slug}-1-th.{ending}" in first["Content-Disposition"]
    assert not first.cookies
    assert visitor.get(address(edition, ending), headers={"if-none-match": first["ETag"]}).status_code == 304
    frozen = "immutable" in first["Cache-Control"]
    assert frozen is (ending == "txt")  # the others name adopters, who may change their mind
    assert sealing.named_edition(first.content) == edition.fingerprint
    assert visitor.post(address(edition, ending)).status_code == 405
    wrong = address(edition, ending).replace(edition.fingerprint, "0" * 64)
    assert visitor.get(wrong).status_code == 404


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?language=id", "-1-id."),
        ("?language=id&beside=th", "-1-id-th."),
        ("?language=km&beside=xx", "-1-th."),
        ("?language=th&beside=th", "-1-th."),
    ],
)
def test_languages_that_it_has(cast, visitor, query, name):
    edition = make_worded(cast, "th", ("th", "id"))
    assert name in visitor.get(address(edition, "docx", query))["Content-Disposition"]


@pytest.mark.parametrize("ending", ROUTES)
def test_before_publication_only_convenors_have_them(cast, visitor, ending):
    published = make_published(cast, publish=False)
    assert visitor.get(address(published.edition, ending)).status_code == 404


@pytest.mark.parametrize("code", ["en", "id", "th", "km", "my"])
def test_page_documents_and_data_have_one_fingerprint_and_the_same_words(cast, visitor, code):
    edition = make_worded(cast, code)
    page = visitor.get(edition.get_absolute_url()).content.decode()
    data = visitor.get(reverse("edition_data", args=[edition.statement.slug, 1, edition.fingerprint])).content
    assert hashlib.sha256(data).hexdigest() == edition.fingerprint
    assert edition.fingerprint in page
    assert WORDS[code] in page
    for ending in ROUTES:
        content = visitor.get(address(edition, ending)).content
        assert sealing.named_edition(content) == edition.fingerprint
        assert ending == "pdf" or WORDS[code] in words_in(content, ending)


@pytest.mark.parametrize("ending", ["docx", "odt", "xml", "txt"])
def test_adopters_stand_there_as_each_chose(cast, visitor, ending):
    published = make_published(cast)
    said = words_in(visitor.get(address(published.edition, ending)).content, ending)
    assert CANARY not in said
    if ending != "txt":
        assert cast.organisation.name in said
        assert DESCRIPTION in said
        assert "Not far enough." in said
    Organisation.objects.filter(pk=cast.organisation.pk).update(visibility="withheld")
    build.make_submission(published.consultation, cast.organisation, cast.representative)  # any act
    assert cast.organisation.name not in words_in(visitor.get(address(published.edition, ending)).content, ending)


@pytest.mark.parametrize("items", [1, 3])
@pytest.mark.parametrize(("ending", "queries"), [("pdf", 6), ("docx", 6), ("odt", 6), ("xml", 6), ("txt", 3)])
def test_documents_stay_flat(cast, visitor, django_assert_num_queries, ending, queries, items):
    published = make_published(cast, items=items)
    url = address(published.edition, ending)
    with django_assert_num_queries(queries):
        assert visitor.get(url).status_code == 200


def test_the_page_leads_to_each(cast, visitor):
    edition = make_worded(cast, "th", ("th", "id"))
    page = visitor.get(edition.get_absolute_url()).content.decode()
    for ending in ROUTES:
        for language in ("th", "id"):
            assert f'href="{address(edition, ending)}?language={language}"' in page
    assert f'href="{address(edition, "pdf")}?language=th&amp;beside=id"' in page


def test_a_letter_that_no_font_has_costs_no_document():
    sheet = sheet_of(edition_of({**content_in("en"), "preamble": {"en": "Ա 🙂 \ufdd0"}}), "en")
    pdf = documents.issue(sheet, "pdf")
    assert (pdf.startswith(b"%PDF-"), sealing.is_untouched(pdf)) == (True, True)
    assert AKOMA.validate(etree.fromstring(documents.issue(sheet, "xml")))
    assert "Ա" in words_in(documents.issue(sheet, "docx"), "docx")


def test_a_sheet_without_adopters_says_so():
    sheet = sheet_of(edition_of(content_in("en")), "en", people=documents.People())
    assert "No list of adopters is on record" in words_in(documents.issue(sheet, "docx"), "docx")
    assert json.loads(edition_of(content_in("en")).canonical)["number"] == replace(sheet).number

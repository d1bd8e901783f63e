"""What a sheet holds: numbers of every kind, headings, files of office programs; and what is refused."""

import pytest

from consultations import papers
from portal.states import Refusal
from recommendations import sheets
from recommendations.models import Theme
from recommendations.sheets.lines import marker_of
from stakeholders.models import Country, PublicBody
from tests import build
from tests.recommendations.sheets import docx, odt, paper, remark, track


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        ("1. Ratify", "1", "Ratify"),
        ("1) Ratify", "1", "Ratify"),
        ("1.Ratify", "1", "Ratify"),
        ("(1) Ratify", "1()", "Ratify"),
        ("1.1 Ratify", "1.1", "Ratify"),
        ("1.1.2. Ratify", "1.1.1", "Ratify"),
        ("(a) Ratify", "a()", "Ratify"),
        ("b. Ratify", "a.", "Ratify"),
        ("(iv) Ratify", "i()", "Ratify"),
        ("II. Ratify", "I.", "Ratify"),
        ("• Ratify", "•", "Ratify"),
        ("– Ratify", "•", "Ratify"),
        ("\uf0b7 Ratify", "•", "Ratify"),
        ("Recommendation 3: Ratify", "1", "Ratify"),
        ("๑. ห้ามเก็บค่าธรรมเนียม", "1", "ห้ามเก็บค่าธรรมเนียม"),
        ("(ก) ห้าม", "a()", "ห้าม"),
        ("៣. ហាម", "1", "ហាម"),
        ("၁။ မယူရ", "1", "မယူရ"),
        ("一、禁止收费", "一", "禁止收费"),
        ("（二）禁止收费", "一()", "禁止收费"),
    ],
)
def test_numbers_of_every_kind(line, kind, words):
    marker, rest = marker_of(line)
    assert marker is not None
    assert (marker.kind.replace("1.1.1", "1.1.1"), rest) == (kind, words)


@pytest.mark.parametrize(
    "line",
    ["Ratify", "2007 was hard", "12 May", "(ILO) conventions", "1.5 million workers", "ILO. Yes", "to. them", ""],
)
def test_what_is_no_number(line):
    assert marker_of(line) == (None, line)


LONG = "ratify the convention on domestic work, and every other convention that they have signed"


@pytest.fixture
def guesses(db):
    """Return guesses over four countries, of which all have a section."""
    for code, own in (("ID", "Indonesia"), ("MY", "Malaysia"), ("KH", "កម្ពុជា")):
        build.make_country(code, own_name=own)
    body = build.make_body("ministry", name_en="Ministry of Manpower", acronym="MOM")
    build.make_body("health", name_en="Ministry of Health", acronym="ACE")
    build.make_theme("passports")
    Theme.objects.filter(slug="passports").update(name_en="Passports and documents", name_ind="Paspor dan dokumen")
    countries = list(Country.objects.all())
    made = sheets.Guesses(countries, countries, PublicBody.objects.all(), Theme.objects.all())
    made.body = body
    return made


def points(text, guesses):
    """Return section and words of each point of a pasted text."""
    proposal = sheets.propose(sheets.lines_of_text(text), guesses.heading)
    return [(guesses.section(one.text, one.heading), one.text) for one in proposal.points], proposal.aside


def test_ten_lines_are_ten_points(guesses):
    found, aside = points("\n".join(f"Point number {count} for all" for count in range(10)), guesses)
    assert [words for _section, words in found] == [f"Point number {count} for all" for count in range(10)]
    assert aside == []


def test_paragraphs_that_a_program_broke_are_points(guesses):
    found, _aside = points("Ban fees for\nall workers.\n\nRatify the\nconvention.", guesses)
    assert [words for _section, words in found] == ["Ban fees for all workers.", "Ratify the convention."]


def test_a_position_paper_that_was_pasted(guesses):
    text = """Position paper
We are a union.

ASEAN
1. Governments should:
   (a) ratify the convention on domestic work, and every other convention that they
   have signed;
   (b) publish data.
2. Nobody pays fees.

To the Government of Indonesia
1. Return passports.
   They belong to their owners.
2. Inspect agencies in Malaysia too.

Signed in Jakarta"""
    found, aside = points(text, guesses)
    assert found == [
        (
            "asean",
            f"Governments should: {LONG}",
        ),
        ("asean", "Governments should: publish data."),
        ("asean", "Nobody pays fees."),
        ("ID", "Return passports.\nThey belong to their owners."),
        ("ID", "Inspect agencies in Malaysia too."),
    ]
    assert aside == ["Position paper", "We are a union.", "Signed in Jakarta"]


def test_a_heading_right_under_a_long_point_is_a_heading(guesses):
    found, _aside = points(
        f"ASEAN\n1. Let all {LONG}.\nGovernment of Indonesia\n2. Let it {LONG},\nIndonesia.", guesses
    )
    assert found == [("asean", f"Let all {LONG}."), ("ID", f"Let it {LONG},\nIndonesia.")]


def test_numbers_that_begin_again_and_letters_that_look_like_roman_numbers(guesses):
    found, _aside = points("h) eight\ni) nine\nj) ten\n1) one\ni) first\nii) second\n1) again", guesses)
    assert [words for _section, words in found] == ["eight", "nine", "ten", "one", "first", "second", "again"]


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("ASEAN", "asean"),
        ("A. To ASEAN member states:", "asean"),
        ("Regional", "asean"),
        ("2. Indonesia", "ID"),
        ("Pemerintah Indonesia", "ID"),
        ("ប្រទេសកម្ពុជា", "KH"),
        ("រដ្ឋាភិបាលកម្ពុជា", "KH"),
    ],
)
def test_headings_of_sections(guesses, heading, section):
    found, aside = points(f"{heading}\n\n1. First of all\n2. Second of all", guesses)
    assert (found, aside) == ([(section, "First of all"), (section, "Second of all")], [])


def test_a_country_in_the_words_is_its_section_and_two_are_none(guesses):
    found, _aside = points("Fees end in Malaysia\nFees end in Malaysia and Indonesia\nFees end", guesses)
    assert [section for section, _words in found] == ["MY", "asean", "asean"]


def test_a_national_consultation_has_two_sections(guesses):
    one = Country.objects.get(pk="ID")
    national = sheets.Guesses(Country.objects.all(), [one])
    assert national.section("Fees end", "") == "ID"
    assert national.section("ASEAN should act", "") == "asean"
    assert national.section("Fees end", "MY") == "ID"


def test_offices_and_themes_are_found_in_the_words(guesses):
    assert guesses.addressees("The Ministry of Manpower should act") == [guesses.body.pk]
    assert guesses.addressees("MOM should act, face to face") == [guesses.body.pk]
    theme = Theme.objects.get(slug="passports")
    assert guesses.theme("Kembalikan paspor pekerja") == theme.pk
    assert guesses.theme("Nothing of the kind") is None


def test_words_that_every_point_has_tell_no_theme():
    theme = Theme(name_en="Undocumented workers", name_ind="Pekerja tanpa dokumen")
    made = sheets.Guesses([], [], [], [theme])
    assert made.theme("Migrant workers may form unions") is None
    assert made.themes == [(None, ["dokume", "tanpa", "undocu"])]


# --- Files --------------------------------------------------------------------------------------------------------


def lines(content, name="paper.docx"):
    """Return the lines of an upload, as a form reads it."""
    return sheets.lines_of_file(papers.prepare(content, name))


@pytest.mark.django_db
def test_a_paper_of_an_office_program(guesses):
    proposal = sheets.propose(lines(paper()), guesses.heading)
    assert [(one.heading, one.text) for one in proposal.points] == [
        ("asean", "Member states should: Forbid recruitment fees."),
        ("asean", "Member states should: Publish the names of agencies."),
        ("asean", "Count domestic work as work."),
        ("ID", "Return passports to those who own them."),
    ]
    assert proposal.aside == ["Position paper", "We are a union of domestic workers.", "Dignity"]


def test_an_odt_with_lists_in_lists(guesses):
    body = """<text:h>ASEAN</text:h><text:list><text:list-item><text:p>Member states should:</text:p>
    <text:list><text:list-item><text:p>Forbid<text:s text:c="1"/>fees.</text:p><text:p>All fees.</text:p>
    </text:list-item></text:list></text:list-item><text:list-item><text:p>Act.</text:p></text:list-item></text:list>"""
    proposal = sheets.propose(lines(odt(body), "paper.odt"), guesses.heading)
    found = [(one.heading, one.text) for one in proposal.points]
    assert found == [("asean", "Member states should: Forbid fees.\nAll fees."), ("asean", "Act.")]


def test_a_plain_text_in_another_encoding(guesses):
    content = "1. ហាមការគិតថ្លៃ\n2. ផ្តល់លិខិតឆ្លងដែន".encode("utf-16")
    assert [line.text for line in lines(content, "paper.txt")] == ["1. ហាមការគិតថ្លៃ", "2. ផ្តល់លិខិតឆ្លងដែន"]


CHANGED = "<text:tracked-changes><text:changed-region/></text:tracked-changes><text:p>Fees.</text:p>"
REMARKED = "<text:p>Fees<office:annotation><text:p>Really?</text:p></office:annotation>.</text:p>"


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (lambda: paper(track), "a.docx", "tracked changes"),
        (lambda: paper(remark), "a.docx", "comments of people"),
        (lambda: odt(CHANGED), "a.odt", "tracked changes"),
        (lambda: odt(REMARKED), "a.odt", "comments of people"),
        (lambda: odt("<text:p>Fees"), "a.odt", "damaged"),
    ],
)
def test_what_is_refused_says_what_to_do(content, name, said):
    with pytest.raises(Refusal) as refused:
        lines(content(), name)
    assert said in str(refused.value.reason)


def test_a_document_type_is_not_read():
    content = odt("<text:p>&x;</text:p>").replace(
        b"<office:document-content", b"<!DOCTYPE x []><office:document-content"
    )
    with pytest.raises(Refusal):
        lines(content, "a.odt")


def test_a_table_is_read_and_a_drawn_box_once(guesses):
    def change(document):
        document.add_table(1, 1).cell(0, 0).text = "In a table"

    assert [line.text for line in lines(docx(("", "Before"), change=change))] == ["Before", "In a table"]

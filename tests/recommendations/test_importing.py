"""A statement of the past: its lines are recognised, put right by hand, and become one record."""

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from consultations.models import Consultation
from portal.models import LogEntry, OutgoingMessage
from portal.states import Refusal
from recommendations import actions, documents, importing
from recommendations.actions.importing import Facts
from recommendations.documents import office
from recommendations.importing import Role, Row
from recommendations.models import Adoption, Edition, Statement
from recommendations.models.wording import in_each_language
from stakeholders.models import OrganisationName
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.worded import make_worded

NAMES = {"indonesia": "ID", "malaysia": "MY", "timor-leste": "TL"}
IMPORT = reverse("statement_import")
UDHR = Path("/work/shared/data/udhr")
TEXT = """KUALA LUMPUR STATEMENT

We, forty unions and organisations, met on 28 March 2007.
We recall the declaration of Cebu.

Recommendations to ASEAN:
1. Make the instrument binding.
(a) with a body that hears complaints;
(b) with reports each year.
2) Count everybody.
   (i) the undocumented too
Recommendations to the Government of Malaysia
1. Let workers keep their passports.
1.1 also in homes
2. Stop raids.
Adopted by:
Serikat Pekerja Rumah Tangga
Jaringan  buruh migran
Tenaganita
"""


def read(words):
    """Return role, label and words of each line."""
    return [(row.role, row.label, row.text) for row in importing.recognise(importing.lines_of_text(words), NAMES)]


def draft():
    """Return what the text makes."""
    return importing.draft_of(importing.recognise(importing.lines_of_text(TEXT), NAMES))


def test_the_lines_of_a_statement():
    assert [row[:2] for row in read(TEXT)] == [
        ("title", ""), ("preamble", ""), ("preamble", ""), ("section:ASEAN", ""), ("item", "1."), ("point", "(a)"),
        ("point", "(b)"), ("item", "2)"), ("point", "(i)"), ("section:MY", ""), ("item", "1."), ("point", "1.1"),
        ("item", "2."), ("out", ""), ("adopter", ""), ("adopter", ""), ("adopter", ""),
    ]  # fmt: skip


def test_what_they_make_together():
    made = draft()
    assert made.title == "KUALA LUMPUR STATEMENT"
    assert made.preamble.startswith("We, forty unions")
    assert [code for code, _items in made.sections] == ["ASEAN", "MY"]
    assert made.sections[0][1] == (
        "Make the instrument binding.\n(a) with a body that hears complaints;\n(b) with reports each year.",
        "Count everybody.\n(i) the undocumented too",
    )
    assert made.sections[1][1] == ("Let workers keep their passports.\n1.1 also in homes", "Stop raids.")
    assert made.adopters == ("Serikat Pekerja Rumah Tangga", "Jaringan  buruh migran", "Tenaganita")


@pytest.mark.parametrize(
    ("words", "roles"),
    [
        ("Title\nASEAN\n1. A\n2. B\n1. C", ["title", "section:ASEAN", "item", "item", "item"]),
        ("Title\nASEAN\n(a) A\n(b) B\n(i) x", ["title", "section:ASEAN", "item", "item", "point"]),
        ("Title\nASEAN\n(g) G\n(h) H\n(i) I", ["title", "section:ASEAN", "item", "item", "item"]),
        ("Judul\nKepada Pemerintah Indonesia\n1. A\nlanjutan", ["title", "section:ID", "item", "point"]),
        ("Title\n• A\n• B", ["title", "item", "item"]),
        ("Title\nIn Indonesia many suffer.\n1. A", ["title", "preamble", "item"]),
    ],
)
def test_numbers_that_nest_and_begin_again(words, roles):
    assert [row[0] for row in read(words)] == roles


def test_numbers_that_begin_again_are_marked():
    rows = importing.recognise(importing.lines_of_text("T\nASEAN\n1. A\n2. B\n1. C"), NAMES)
    assert [row.restarts for row in rows if row.role == "item"] == [False, False, True]
    assert [number for _row, number in importing.numbered(rows)] == ["", "", "ASEAN 1", "ASEAN 2", "ASEAN 3"]


def test_whom_an_item_speaks_to():
    text = "T\nTo: everybody\nASEAN\n1. A\nTo: Ministry of Manpower;  ASEAN\n2. B\n(a) C\nKepada: ACMW"
    made = importing.draft_of(importing.recognise(importing.lines_of_text(text), NAMES))
    assert made.addressees == {("ASEAN", 1): ("Ministry of Manpower", "ASEAN"), ("ASEAN", 2): ("ACMW",)}
    assert made.sections == (("ASEAN", ("A", "B\n(a) C")),)
    assert made.preamble == "To: everybody"
    assert made.shown[0][1][0] == ("A", "Ministry of Manpower; ASEAN")


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
roles = st.sampled_from([*Role.values, "section:ASEAN", "section:ID"])


@how(max_examples=60, deadline=None)
@given(st.lists(st.builds(Row, role=roles, text=words, label=st.just("(a)")), max_size=12))
def test_no_word_of_an_item_is_lost(rows):
    made = importing.draft_of(rows)
    said = "\n".join(text for _code, items in made.sections for text in items)
    for row in rows:
        if row.role in {Role.ITEM, Role.POINT}:
            assert row.text.strip() in said
    assert len({code for code, _items in made.sections}) == len(made.sections)


# --- Files ----------------------------------------------------------------------------------------------------------


def docx_of(*paragraphs, mark=""):
    """Return a DOCX with these paragraphs: text, or text and style."""
    document = Document()
    for one in paragraphs:
        text, style = one if isinstance(one, tuple) else (one, None)
        document.add_paragraph(text, style=style)
    if mark:
        run = document.paragraphs[0]._p  # noqa: SLF001 - the library cannot write tracked changes
        run.append(run.makeelement("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}" + mark, {}))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_the_numbers_that_word_shows_are_read():
    content = docx_of(
        "Title", ("To ASEAN", "Heading 1"), ("First", "List Number"), ("Second", "List Number"), ("Dot", "List Bullet")
    )
    lines = office.lines_of(content)
    assert [(line.text, line.label) for line in lines] == [
        ("Title", ""), ("To ASEAN", ""), ("First", "1."), ("Second", "2."), ("Dot", "•"),
    ]  # fmt: skip
    assert [line.heading for line in lines] == [False, True, False, False, False]


@pytest.mark.parametrize("mark", ["ins", "del", "commentReference"])
def test_tracked_changes_and_comments_are_refused_with_what_to_do(mark):
    with pytest.raises(Refusal, match="Accept or reject all changes"):
        office.lines_of(docx_of("Title", mark=mark))


@pytest.mark.parametrize("ending", ["docx", "odt"])
def test_our_own_documents_can_be_read_again(cast, ending):
    edition = make_worded(cast, "th")
    sheet = documents.sheet(edition, "th", "", documents.People(), {"ID": "Indonesia"})
    said = [line.text for line in office.lines_of(documents.issue(sheet, ending))]
    assert any("ห้ามเก็บ" in line for line in said)


def test_a_list_in_an_odt_is_counted(tmp_path):
    body = (
        '<text:p>Title</text:p><text:list text:style-name="L1"><text:list-item><text:p>One</text:p>'
        "<text:list><text:list-item><text:p>Inner</text:p></text:list-item></text:list></text:list-item>"
        '<text:list-item><text:p>Two<text:s text:c="2"/>x</text:p></text:list-item></text:list>'
    )
    style = (
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" '
        'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" '
        'style:num-suffix=")"/></text:list-style>'
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "style")
    )
    content = (
        f"<office:document-content {names}><office:automatic-styles>{style}</office:automatic-styles><office:body>"
        f"<office:text>{body}</office:text></office:body></office:document-content>"
    )
    parts = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()}
    packed = documents.odt.packed(parts, "0" * 64, date(2026, 1, 1), first="mimetype")
    assert [(line.label, line.text) for line in office.lines_of(packed)] == [
        ("", "Title"), ("1.", "One"), ("(a)", "Inner"), ("2.", "Two  x"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("text.docx", b"%PDF-1.7\n%%EOF", "By its content it is: PDF"),
        ("text.docx", b"PK\x03\x04 broken", "damaged"),
        ("text.pdf", b"%PDF-1.7\n%%EOF", "damaged"),
        ("text.txt", b"", "empty"),
    ],
)
def test_what_is_no_text_is_refused_with_a_reason(cast, name, content, sentence):
    client = as_person(cast.convenor)
    page = client.post(IMPORT, {"text": "", "file": SimpleUploadedFile(name, content)})
    assert page.status_code == 200
    assert sentence in page.content.decode()


@pytest.mark.skipif(not UDHR.is_dir(), reason="the folder with real texts is not here")
@pytest.mark.parametrize("name", ["eng", "ind", "tha", "khm", "mya", "lao", "vie"])
def test_real_texts_lose_no_line(name):
    words = (UDHR / f"udhr_{name}.txt").read_text(encoding="utf-8")
    lines = importing.lines_of_text(words)[: importing.MOST_LINES]
    rows = importing.recognise(lines, NAMES)
    assert len(rows) == len(lines) > 50
    made = importing.draft_of(rows)
    kept = "".join([made.title, made.preamble, *(text for _code, items in made.sections for text in items)])
    folded = "".join(kept.split())
    assert all("".join(row.text.split()) in folded for row in rows if row.role not in {Role.OUT, Role.ADOPTER})


# --- The record -----------------------------------------------------------------------------------------------------


def facts(cast, **values):
    """Return the facts of Kuala Lumpur, 28 March 2007."""
    usual = {
        "title": "Kuala Lumpur Statement",
        "language": "en",
        "adopted_on": date(2007, 3, 28),
        "manner": "consensus",
    }
    return Facts(**{**usual, "place": "Kuala Lumpur", "second": cast.second_convenor, **values})


@pytest.fixture
def known(cast):
    """Let the register know two of the adopters by their names."""
    build.make_country("MY", name_en="Malaysia", name_ind="Malaysia")
    OrganisationName.objects.renew([cast.organisation, cast.other_organisation])


def test_one_step_makes_the_whole_record(cast, known):
    edition = actions.import_statement(draft(), facts(cast), by=cast.convenor)
    statement = edition.statement
    statement.refresh_from_db()
    consultation = statement.consultation
    assert (consultation.state, consultation.starts_on, consultation.level) == (
        "concluded",
        date(2007, 3, 28),
        "regional",
    )
    assert set(consultation.convenors.all()) == {cast.convenor, cast.second_convenor}
    assert (statement.state, statement.current_edition, edition.imported) == ("adopted", 1, True)
    assert [item.label for item in edition.items.for_document()] == ["ASEAN 1", "ASEAN 2", "MY 1", "MY 2"]
    assert edition.items.get(section=None, number=1).text_en.count("\n") == 2
    adoption = Adoption.objects.get()
    assert set(adoption.adopters.all()) == {cast.organisation, cast.other_organisation}
    assert adoption.named_adopters == ["Tenaganita"]
    assert not OutgoingMessage.objects.exists()
    assert LogEntry.objects.order_by("-number").first().verb == "import"


def test_addressees_go_into_the_edition(cast, known):
    text = f"T\nASEAN\n1. A\nTo: {cast.body.name_en}; {cast.body.name_en}\n2. B"
    rows = importing.recognise(importing.lines_of_text(text), NAMES)
    edition = actions.import_statement(importing.draft_of(rows), facts(cast), by=cast.convenor)
    assert [list(item.addressees.all()) for item in edition.items.order_by("number")] == [[cast.body], []]
    assert cast.body.slug in edition.canonical


@pytest.mark.parametrize("twice", [False, True])
def test_an_addressee_that_nobody_knows_makes_no_record(cast, known, twice):
    rows = [Row("title", "T"), Row("item", "A", to="Ministry of Nowhere")]
    if twice:
        countries = [build.make_country("MY", name_en="Malaysia"), build.make_country("TH", name_en="Thailand")]
        bodies = [build.make_body(name_en="Ministry of Nowhere", country=country) for country in countries]
        exact = Row("item", "A", to=f"ministry of nowhere ({countries[1].name_en})")
        made = importing.bodies_meant(importing.names_in(exact))
        assert list(made.values()) == [[bodies[1]]]
    with pytest.raises(Refusal, match="More than one" if twice else "no public body called “Ministry of Nowhere”"):
        actions.import_statement(importing.draft_of(rows), facts(cast), by=cast.convenor)
    assert not Statement.objects.exists()


def test_in_thai_it_prevails_in_thai(cast, known):
    rows = [Row("title", "แถลงการณ์"), Row("section:ASEAN", "ASEAN"), Row("item", "ห้ามเก็บค่าธรรมเนียม", "1.")]
    edition = actions.import_statement(importing.draft_of(rows), facts(cast, language="th"), by=cast.convenor)
    assert edition.prevailing_language == "th"
    assert in_each_language(edition.items.get(), "text") == {"th": "ห้ามเก็บค่าธรรมเนียม"}
    assert (edition.statement.title_en, edition.statement.official_title) == ("Kuala Lumpur Statement", "แถลงการณ์")


def test_it_is_attached_to_a_consultation_that_is_over(cast, known):
    own = build.make_consultation(state="concluded", convenors=[cast.convenor, cast.second_convenor])
    edition = actions.import_statement(draft(), facts(cast, consultation=own, second=None), by=cast.convenor)
    assert edition.statement.consultation == own
    with pytest.raises(Refusal, match="has a statement already"):
        actions.import_statement(draft(), facts(cast, consultation=own), by=cast.convenor)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"adopted_on": date.today() + timedelta(days=3)}, "adopted_on"),  # noqa: DTZ011 - three days are enough in any zone
        ({"second": None}, "second"),
    ],
)
def test_what_the_record_needs(cast, known, values, field):
    with pytest.raises(Refusal) as refused:
        actions.import_statement(draft(), facts(cast, **values), by=cast.convenor)
    assert refused.value.field == field
    assert not Statement.objects.exists()


def test_nothing_without_a_title_or_an_item(cast, known):
    for rows in ([Row("item", "A")], [Row("title", "T")]):
        with pytest.raises(Refusal):
            actions.import_statement(importing.draft_of(rows), facts(cast), by=cast.convenor)
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("state", ["announced", "in_session"])
def test_not_to_one_that_goes_on_or_is_anothers(cast, known, state):
    own = build.make_consultation(state=state, convenors=[cast.convenor])
    with pytest.raises(Refusal):
        actions.import_statement(draft(), facts(cast, consultation=own), by=cast.convenor)
    type(own).objects.filter(pk=own.pk).update(state="concluded")
    with pytest.raises(Refusal, match="do not convene"):
        actions.import_statement(draft(), facts(cast, consultation=own), by=cast.second_convenor)


def test_a_withheld_adopter_stays_a_description_on_the_page(cast, known, visitor):
    type(cast.organisation).objects.filter(pk=cast.organisation.pk).update(visibility="withheld")
    edition = actions.import_statement(draft(), facts(cast), by=cast.convenor)
    actions.publish_statement(edition.statement, by=cast.convenor)
    page = visitor.get(edition.statement.get_absolute_url()).content.decode()
    assert cast.organisation.name not in page
    assert "Tenaganita" in page
    assert "taken over from an older document" in page


# --- The page -------------------------------------------------------------------------------------------------------


def sent(page, **changes):
    """Return what the shown form would send, with changes."""
    rows, form = page.context["rows_form"], page.context["facts"]
    data = {name: rows[name].value() for name in rows.fields} | {name: form[name].value() or "" for name in form.fields}
    return {**data, **changes}


def test_paste_correct_look_again_and_make_it(cast, known, visitor):
    client = as_person(cast.convenor)
    assert IMPORT in client.get(reverse("consultation_create")).content.decode()
    first = client.post(IMPORT, {"text": TEXT})
    assert "kept as written, for everybody to read" in first.content.decode()
    again = client.post(IMPORT, sent(first, role_12="out", text_4="Make it binding."))
    said = again.content.decode()
    assert "Make it binding." in said
    assert [code for code, _items in again.context["draft"].sections] == ["ASEAN", "MY"]
    assert len(again.context["draft"].sections[1][1]) == 1
    assert not Statement.objects.exists()
    data = sent(again, make="1", adopted_on="2007-03-28", place="KL", second=cast.second_convenor.pk, country="MY")
    made = client.post(IMPORT, data)
    edition = Edition.objects.get()
    assert made.url == reverse("edition_detail", args=[edition.statement.slug, 1])
    assert client.get(made.url).status_code == 200
    assert visitor.get(made.url).status_code == 404


def test_addressees_are_set_by_hand_before_the_record_is_made(cast, known):
    client = as_person(cast.convenor)
    first = client.post(IMPORT, {"text": TEXT})
    item, point = (
        next(at for at, line in enumerate(first.context["lines"]) if line["row"].role == role)
        for role in ("item", "point")
    )
    assert (bool(first.context["lines"][item]["to"]), bool(first.context["lines"][point]["to"])) == (True, False)
    facts_ = {"adopted_on": "2007-03-28", "second": cast.second_convenor.pk}
    wrong = client.post(IMPORT, sent(first, make="1", **facts_, **{f"to_{item}": "Nobody at all"}))
    said = wrong.content.decode()
    assert "The register has no public body called “Nobody at all”." in said
    assert 'value="Nobody at all"' in said
    assert len(wrong.context["draft"].sections) == 2
    again = client.post(IMPORT, sent(first, **{f"to_{item}": cast.body.name_en}))
    assert again.context["draft"].addressees == {("ASEAN", 1): (cast.body.name_en,)}
    client.post(IMPORT, sent(again, make="1", **facts_))
    assert list(Edition.objects.get().items.get(section=None, number=1).addressees.all()) == [cast.body]


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(cast, known):
    client = as_person(cast.convenor)
    first = client.post(IMPORT, {"text": TEXT})
    page = client.post(IMPORT, sent(first, make="1", adopted_on="", text_5="Typed by hand."))
    said = page.content.decode()
    assert page.status_code == 200
    assert "Typed by hand." in said
    assert not Statement.objects.exists()


def test_too_many_lines(cast):
    page = as_person(cast.convenor).post(IMPORT, {"text": "\n".join(f"{n}. x" for n in range(500))})
    assert "This text has 500 lines. Up to 400 are possible." in page.content.decode()


@pytest.mark.parametrize("person", PEOPLE)
def test_only_convenors_bring_one_in(cast, person):
    code = as_person(cast.people()[person]).get(IMPORT).status_code
    assert code == (200 if "convenor" in person else 302 if person == "anonymous" else 403)


def test_the_same_form_twice_is_one_record(cast, known):
    client = as_person(cast.convenor)
    first = client.post(IMPORT, {"text": TEXT})
    data = sent(first, make="1", adopted_on="2007-03-28", second=cast.second_convenor.pk, one_time_key="k" * 22)
    urls = {client.post(IMPORT, data).url for _ in range(2)}
    assert (len(urls), Statement.objects.count()) == (1, 1)

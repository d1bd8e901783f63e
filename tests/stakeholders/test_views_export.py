"""The register as a file: the same texts come back, nothing becomes a formula, nobody reads what their list hides."""

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from portal.models import LogEntry
from stakeholders.tables import csv_lines, safe, write_spreadsheet
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.tables import few

FILE = "/en/organisations/export/"
CONTACTS = "/en/organisations/export/contacts/"
CONVENORS = {"convenor", "second_convenor"}
MEMBERS = {"representative", "colleague", "other_member"}
TEXTS = ["=1+1", "+62 21", "-5", "@cmd", "\t=1", '=HYPERLINK("http://x.example")', "http://x.example", "007", "  =2",
         "กลุ่มแรงงาน", "အလုပ်သမား", "a\nb", 'quo"te', "1,5", ""]  # fmt: skip


def read(answer):
    """Return the rows of an answer's file."""
    content = answer.getvalue()
    if answer["Content-Type"].startswith("text/csv"):
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_spreadsheet_gives_back_the_same_texts():
    book = io.BytesIO()
    write_spreadsheet([TEXTS], book)
    sheet = zipfile.ZipFile(book).read("xl/worksheets/sheet1.xml").decode()
    assert ("<f>" in sheet, "hyperlink" in sheet) == (False, False)
    book.seek(0)
    (row,) = CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python()
    assert [*row, *[""] * (len(TEXTS) - len(row))] == TEXTS


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1, max_size=5))
def test_plain_table_gives_back_the_texts_less_the_apostrophe(cells):
    (row,) = csv.reader(io.StringIO("".join(csv_lines([cells])).removeprefix("\ufeff"), newline=""))
    assert row == [safe(cell) for cell in cells]
    assert [cell.lstrip(" ")[:1] in {*"=+-@\t\r\n"} for cell in row if cell.strip()] == [False] * len(
        [cell for cell in row if cell.strip()]
    )
    assert [cell if safe(cell) == cell else back[1:] for cell, back in zip(cells, row, strict=True)] == cells


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("who", few(("convenor", "representative", "anonymous"), PEOPLE))
def test_file_holds_what_the_list_shows(cast, who, kind):
    for visibility in ("public", "members", "withheld"):
        build.make_organisation(
            name=f"Z {visibility}",
            visibility=visibility,
            contact_email=f"{visibility}@secret.example",
            languages="id th",
        )
    answer = as_person(cast.people()[who]).get(f"{FILE}{kind}?q=z")
    head, *rows = read(answer)
    seen = {"Z public"}
    seen |= {"Z members"} if who in MEMBERS | CONVENORS else set()
    seen |= {"Z withheld"} if who in CONVENORS else set()
    assert {row[0] for row in rows} == seen
    assert "secret.example" not in str(rows)
    assert ("How it is shown" in head) == (who in MEMBERS | CONVENORS)
    assert answer["Content-Disposition"].split("organisations-")[1][10:] == f'.{kind}"'
    assert answer["Cache-Control"] == "private, no-store"
    assert LogEntry.objects.filter(verb="export_contacts").count() == 0


@pytest.mark.parametrize("who", PEOPLE)
def test_contacts_are_for_convenors_and_written_down(cast, who):
    build.make_organisation(name="Z", visibility="withheld", contact_email="z@secret.example")
    browser = as_person(cast.people()[who])
    answer = browser.post(f"{CONTACTS}?q=z")
    expected = {"anonymous": 302}.get(who, 200 if who in CONVENORS else 403)
    assert answer.status_code == expected
    taken = list(LogEntry.objects.filter(verb="export_contacts").values_list("actor", flat=True))
    if who in CONVENORS:
        head, row = read(answer)
        assert (row[0], row[head.index("Contact address")]) == ("Z", "z@secret.example")
        assert taken == [cast.people()[who].pk]
    else:
        assert taken == []


def test_a_visit_takes_no_contacts(cast):
    answer = as_person(cast.convenor).get(CONTACTS)
    assert (answer.status_code, answer["Location"]) == (302, "/en/organisations/")
    assert LogEntry.objects.filter(verb="export_contacts").count() == 0


def test_columns_say_everything_in_the_readers_language(cast, visitor):
    one = build.make_organisation(
        name="Z", acronym="ZZ", name_ind="Zet", languages="id th", website="https://z.example", speaks_for_omitted=True
    )
    one.countries.set([build.make_country("TH"), build.make_country("ID")])
    build.make_trait(one, "basis", "women")
    build.make_trait(one, "service", "legal-aid", "gap")
    head, row = read(visitor.get(f"{FILE}csv?q=zet"))
    assert dict(zip(head, row, strict=True)) == {
        "Name": "Z",
        "Acronym": "ZZ",
        "Other names": "Zet",
        "Group": "Trade unions",
        "Country": "ID",
        "Works in": "ID; TH",
        "Level": "national",
        "Side of the migration": "origin side",
        "Languages": "Bahasa Indonesia; ไทย",
        "Whose members": "women",
        "Issues": "",
        "Services": "legal aid (fills a gap: nobody else provides it)",
        "Other roles": "",
        "Speaks for people left out": "yes",
        "Web address": "https://z.example",
    }
    assert read(visitor.get("/id/organisations/export/csv?q=zet"))[1][0] == "Zet"


@pytest.mark.parametrize(("method", "path"), [("post", f"{FILE}csv"), ("get", f"{FILE}exe"), ("get", f"{FILE}../csv")])
def test_other_doors_are_closed(cast, visitor, method, path):
    assert getattr(visitor, method)(path).status_code in {404, 405}


@pytest.mark.parametrize("items", [1, 3])
def test_export_queries(cast, visitor, django_assert_num_queries, items):
    for _number in range(items):
        build.make_organisation()
    with django_assert_num_queries(8):
        visitor.get(f"{FILE}csv").getvalue()

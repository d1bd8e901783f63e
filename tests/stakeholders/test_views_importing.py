"""The pages of the import: for convenors alone, each their own, with numbers that lead somewhere, and escaped cells."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from stakeholders import actions, tasks
from stakeholders.models import ListImport, Organisation
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.stakeholders import lists
from tests.tables import few

SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'
ROWS = [["Name", "Group", "Country"], ["Ikatan Pelaut", "Trade unions", "Indonesia"], ["", "Wizards", "Nowhere"]]
PATHS = ["", "columns/", "approve/", "drop/"]


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path) -> None:
    """Give each test its own folder of files."""
    settings.MEDIA_ROOT = tmp_path


def at(run: ListImport | None = None, path: str = "") -> str:
    """Return the address of one of the pages."""
    return f"/en/imports/{run.pk}/{path}" if run else f"/en/imports/{path}"


def upload(client, data: bytes, name: str = "list.csv", **more):
    """Send the upload form in."""
    return client.post(at(path="new/"), {"file": SimpleUploadedFile(name, data), "one_time_key": "k", **more})


def text_of(response) -> str:
    """Return the page with its spaces folded."""
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("path", ["", "new/"])
def test_who_opens_the_list_and_the_upload(cast, path) -> None:
    people = cast.people()
    found = {name: as_person(people[name]).get(at(path=path)).status_code for name in PEOPLE}
    assert found == {**dict.fromkeys(PEOPLE, 403), "convenor": 200, "second_convenor": 200, "anonymous": 302}


def test_only_convenors_may_import(cast) -> None:
    people = {name: person for name, person in cast.people().items() if person}
    allowed = {name for name, person in people.items() if person.has_perm("stakeholders.import_lists")}
    assert allowed == {"convenor", "second_convenor"}


@pytest.mark.parametrize("path", few(("", "approve/"), PATHS))
def test_who_opens_the_pages_of_one_import(cast, path) -> None:
    run = lists.checked(lists.csv_of(ROWS), cast.convenor)
    people = cast.people()
    for method in ("get", "post"):
        found = {name: getattr(as_person(people[name]), method)(at(run, path)).status_code for name in PEOPLE}
        allowed = found["convenor"]
        # Somebody else's list looks absent, also to another convenor.
        assert found == {**dict.fromkeys(PEOPLE, 404), "convenor": allowed, "anonymous": 302}
        assert allowed in {200, 302}


def test_who_posts_an_upload(cast) -> None:
    people = cast.people()
    found = {name: upload(as_person(people[name]), b"Name\nA\n").status_code for name in PEOPLE}
    allowed = {"convenor": 302, "second_convenor": 302, "anonymous": 302}
    assert found == {**dict.fromkeys(PEOPLE, 403), **allowed}
    assert set(ListImport.objects.values_list("by", flat=True)) == {cast.convenor.pk, cast.second_convenor.pk}


def test_only_convenors_see_the_way_there(cast) -> None:
    people = cast.people()
    seen = {
        name: "/en/imports/" in as_person(people[name]).get("/en/organisations/").content.decode() for name in PEOPLE
    }
    assert {name for name, there in seen.items() if there} == {"convenor", "second_convenor"}


def test_the_whole_way_through_the_pages(cast) -> None:
    client = as_person(cast.convenor)
    assert "Up to 5,000 rows and 5 MB." in text_of(client.get(at(path="new/")))
    first, again = (upload(client, lists.csv_of(ROWS), "Liste \u202ebank.csv") for _count in range(2))
    run = ListImport.objects.get()
    assert first.url == again.url == at(run)
    assert "The file is being read" in client.get(at(run)).content.decode()
    tasks.work_imports()
    page = client.get(at(run, "columns/"))
    assert [field.initial for field in page.context["form"].column_fields()] == ["name:en", "groups", "country"]
    data = {"column_0": "name:en", "column_1": "groups", "column_2": "country", "header": "on", "visibility": "members"}
    assert client.post(at(run, "columns/"), data).url == at(run)
    waiting = client.get(at(run)).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert '<meta http-equiv="refresh" content="4">' in waiting
    assert '<progress value="0" max="2"' in waiting
    tasks.work_imports()
    result = client.get(at(run))
    assert [(figure["count"], figure["url"]) for figure in result.context["figures"]] == [
        (1, at(run) + "?verdict=create"),
        (1, at(run) + "?verdict=refuse"),
    ]
    assert "The group “\u2068Wizards\u2069” is not known." in text_of(result)
    assert "All of it is written in one step, or nothing." in client.get(at(run, "approve/")).content.decode()
    assert client.post(at(run, "approve/")).url == at(run)
    tasks.work_imports()
    assert "The list is taken over." in client.get(at(run)).content.decode()
    assert Organisation.objects.get(name_en="Ikatan Pelaut").state == "applied"
    assert client.get(at(run, "columns/")).url == client.get(at(run, "approve/")).url == at(run)
    listed = client.get(at()).content.decode()
    assert "\u202e" not in listed


def test_progress_is_a_fragment_and_survives_a_reload(cast) -> None:
    client = as_person(cast.convenor)
    run = lists.mapped(lists.csv_of(ROWS), cast.convenor)
    fragment = client.get(at(run), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'hx-trigger="every 2s"' in fragment
    tasks.work_imports()
    fragment = client.get(at(run), headers={"HX-Request": "true"}).content.decode()
    assert "Ready. Go on." in fragment
    assert "hx-trigger" not in fragment


def test_a_script_in_a_cell_is_text_everywhere(cast) -> None:
    client = as_person(cast.convenor)
    cast.organisation.contact_name = SCRIPT
    cast.organisation.save()
    head = [SCRIPT, "Name", "Nama", "Group", "Country", "Telephone", "E-mail", "Contact person"]
    rows = [
        head,
        [SCRIPT, SCRIPT, SCRIPT, SCRIPT, SCRIPT, SCRIPT, SCRIPT, SCRIPT],
        ["b" + SCRIPT, "b" + SCRIPT, "b" + SCRIPT, "Trade unions", "", SCRIPT[:60], "", SCRIPT],
        ["c" + SCRIPT, cast.organisation.name, "c" + SCRIPT, "", "", "1" + SCRIPT[:50], "", "new " + SCRIPT],
    ]
    run = lists.read(lists.csv_of(rows), cast.convenor)
    ListImport.objects.filter(pk=run.pk).update(file_name=SCRIPT)
    pages = [client.get(at(run)), client.get(at(run, "columns/")), client.get(at())]
    mapping = dict(enumerate(["alias", "name:en", "name:id", "groups", "country", "contact_phone", "contact_email"]))
    mapping = {str(index): field for index, field in mapping.items()} | {"7": "contact_name"}
    actions.map_columns(run, by=cast.convenor, mapping=mapping, options={})
    tasks.work_imports()
    pages += [client.get(at(run)), client.get(at(run, "approve/")), client.get(at(run, "drop/"))]
    assert [verdict for _number, verdict, _codes in lists.verdicts(run)] == ["refuse", "create", "update"]
    for page in pages:
        body = page.content.decode()
        assert page.status_code == 200
        assert "&lt;script&gt;alert(" in body
        assert "<script>alert" not in body
        assert "<img src=x" not in body


@pytest.mark.parametrize("language", ["en", "id"])
def test_each_verdict_is_a_sentence_in_the_readers_language(cast, language) -> None:
    run = lists.checked(lists.csv_of([*ROWS, ROWS[1]]), cast.convenor)
    body = as_person(cast.convenor).get(f"/{language}/imports/{run.pk}/").content.decode()
    assert "Wizards" in body
    assert not re.search(r"%\(\w+\)s|unknown-group|duplicate-row", body)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "list.xlsx", "This is a picture, whatever its name says."),
        (b"", "list.csv", "The file is empty."),
        (b"x" * (50 * 1024 * 1024), "list.csv", "This file has 50 MB. Up to 5 MB are possible"),
        (b"<html><table>", "list.xls", "This is a web page"),
        (b"PK\x03\x04 broken", "list.xlsx", "This file is damaged"),
    ],
)
def test_a_bad_file_is_refused_beside_the_field_and_stored_nowhere(cast, data, name, sentence) -> None:
    response = upload(as_person(cast.convenor), data, name)
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert 'id="id_file"' in response.content.decode()
    assert not ListImport.objects.exists()


def test_a_file_that_turns_out_bad_says_why(cast) -> None:
    run = lists.read(b"Name\n" + b"A\n" * 5001, cast.convenor)
    body = text_of(as_person(cast.convenor).get(at(run)))
    assert "This list has too many rows." in body
    assert "Upload another file" in body


def test_columns_that_cannot_be_meant(cast) -> None:
    client = as_person(cast.convenor)
    run = lists.read(lists.csv_of([["Name", "Nama", "Full name"], ["A", "B", "C"]]), cast.convenor)
    data = {"visibility": "members", "column_0": "acronym", "column_1": "acronym", "column_2": "person_name"}
    response = client.post(at(run, "columns/"), data)
    body = text_of(response)
    assert response.status_code == 200
    assert body.count("Two columns stand for the same.") >= 2
    assert "Say which column holds the name of the organisation." in body
    assert "Say which column holds the e-mail address of the person" in body
    assert '<option value="acronym" selected>' in body
    run.refresh_from_db()
    assert run.state == "read"


def test_another_encoding_is_shown_at_once_and_kept(cast) -> None:
    client = as_person(cast.convenor)
    data = lists.csv_of([["Name", "Group"], *[["สหภาพแรงงานข้ามชาติ", "NGO"]] * 9], encoding="cp874")
    run = lists.read(data, cast.convenor)
    links = [link for row in client.get(at(run, "columns/")).context["filter_rows"] for link in row["links"]]
    thai = next(link["url"] for link in links if "cp874" in link["url"])
    body = client.get(at(run, "columns/") + thai).content.decode()
    assert "สหภาพแรงงานข้ามชาติ" in body
    client.post(at(run, "columns/") + thai, {"column_0": "name:th", "header": "on", "visibility": "members"})
    run.refresh_from_db()
    assert (run.state, run.options["encoding"]) == ("mapped", "cp874")


def test_sheets_to_choose_from(cast) -> None:
    client = as_person(cast.convenor)
    data = lists.xlsx_of([["Notes"], ["only"]], [["Negara", "Nama"], ["Laos", "Satu"]], [["secret"]], hidden=(2,))
    run = lists.read(data, cast.convenor)
    body = client.get(at(run, "columns/") + "?sheet=1").content.decode()
    assert "1 hidden sheet was not read." in " ".join(body.split())
    assert "secret" not in body
    assert "Satu" in body


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(cast, count, django_assert_num_queries) -> None:
    for _index in range(count):
        lists.uploaded(b"Name\nA\n", cast.convenor)
    client = as_person(cast.convenor)
    client.get(at())
    with django_assert_num_queries(4):
        assert len(client.get(at()).context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3, 120])
def test_the_result_costs_the_same_and_is_paged(cast, count, django_assert_num_queries) -> None:
    rows = [["Name", "Group", "Country"], *([f"Union {n}", "Trade unions", "ID"] for n in range(count))]
    run = lists.checked(lists.csv_of(rows), cast.convenor)
    client = as_person(cast.convenor)
    client.get(at(run))
    with django_assert_num_queries(7):
        response = client.get(at(run))
    assert len(response.context["rows"]) == min(count, 50)
    if count > 100:
        assert len(client.get(at(run) + "?verdict=create&page=3").context["rows"]) == 20
        assert "verdict=create&amp;page=2" in client.get(at(run) + "?verdict=create").content.decode()
    assert client.get(at(run) + "?verdict=nonsense&page=x").status_code == 200


def test_dropping_asks_first(cast) -> None:
    client = as_person(cast.convenor)
    run = lists.read(lists.csv_of(ROWS), cast.convenor)
    client.get(at(run, "drop/"))
    assert ListImport.objects.get().state == "read"
    response = client.post(at(run, "drop/"), follow=True)
    assert "Its file and its rows are deleted." in response.content.decode()
    assert client.post(at(run, "drop/"), follow=True).status_code == 200
    run.refresh_from_db()
    assert (run.state, run.rows.count(), run.ended_at.date()) == ("dropped", 0, timezone.now().date())


def test_nothing_to_do_says_so(cast) -> None:
    run = lists.checked(lists.csv_of([["Name"], [cast.organisation.name]]), cast.convenor)
    client = as_person(cast.convenor)
    assert "There is nothing to do" in client.get(at(run)).content.decode()
    assert "There is nothing to do" in client.get(at(run, "approve/")).content.decode()
    assert "There is nothing to do" in client.post(at(run, "approve/"), follow=True).content.decode()


def test_names_from_right_to_left_are_kept_apart(cast) -> None:
    name = "اتحاد العمال"
    rows = [["Name", "Group", "Country"], [name, name, ""], [name + " ٢", "Trade unions", ""]]
    run = lists.checked(lists.csv_of(rows), cast.convenor)
    body = as_person(cast.convenor).get(at(run)).content.decode()
    assert f"<bdi>{name} ٢</bdi>" in body
    assert f"“\u2068{name}\u2069”" in body
    build.make_group()

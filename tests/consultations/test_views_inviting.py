"""The convenor builds the list: by filters and by name, from a list, as last time, public bodies and persons."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import build
from tests.conftest import PEOPLE, as_person
from tests.stakeholders.lists import xlsx_of


@pytest.fixture
def consultation(cast):
    """Return an announced consultation of both convenors."""
    return build.make_consultation(convenors=[cast.convenor, cast.second_convenor])


def at(consultation, path="") -> str:
    """Return the address of one of its pages."""
    return f"/en/consultations/{consultation.slug}/{path}"


PAGES = ("import/", "again/", "body/", "person/")


@pytest.mark.parametrize("path", PAGES)
def test_who_opens_which_page(cast, consultation, path) -> None:
    people = cast.people()
    found = {name: as_person(people[name]).get(at(consultation, f"invitations/{path}")).status_code for name in PEOPLE}
    assert found == {**dict.fromkeys(PEOPLE, 403), "convenor": 200, "second_convenor": 200, "anonymous": 302}


def test_who_changes_an_invitation(cast, consultation) -> None:
    invitation = build.make_invitation(consultation, cast.organisation, state="drafted")
    address, people = at(consultation, f"invitations/{invitation.pk}/edit/"), cast.people()
    found = {name: as_person(people[name]).get(address).status_code for name in PEOPLE}
    assert found == {**dict.fromkeys(PEOPLE, 403), "convenor": 200, "second_convenor": 200, "anonymous": 302}
    elsewhere = build.make_invitation(build.make_consultation())
    assert as_person(cast.convenor).get(at(consultation, f"invitations/{elsewhere.pk}/edit/")).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_nobody_builds_a_list_once_it_is_over(cast, consultation, path) -> None:
    consultation.state = "concluded"
    consultation.save()
    assert as_person(cast.convenor).get(at(consultation, f"invitations/{path}")).status_code == 403


# --- Filters ---------------------------------------------------------------------------------------------------


def offered(client, consultation, query) -> list[str]:
    """Return the slugs of those who are offered."""
    page = client.get(at(consultation, f"invitations/pick/{query}"))
    return [row["organisation"].slug for row in page.context["rows"]]


@pytest.fixture
def spread(cast):
    """Return organisations that differ along each filter."""
    make = build.make_organisation
    network = make(name="A Network", slug="network", level="regional", country=None)
    thai = make(name="B สมาคม", slug="thai", country=build.make_country("TH"), language="th", side="destination")
    build.make_link(thai, network)
    women = make(
        name="C Women", slug="women", languages="id my", groups=[build.make_group("ngos", bench="civil-society")]
    )
    build.make_trait(women, "basis", "women")
    return {"network": network, "thai": thai, "women": women}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?group=ngos", ["women"]),
        ("?country=TH", ["thai"]),
        ("?country=none", ["network"]),
        ("?level=regional", ["network"]),
        ("?language=th", ["thai"]),
        ("?language=my", ["women"]),
        ("?side=destination", ["thai"]),
        ("?bench=civil-society", ["women"]),
        ("?basis=women", ["women"]),
        ("?q=สมาคม", ["thai"]),
        ("?q=WOMEN&group=ngos", ["women"]),
        ("?q=nobody", []),
    ],
)
def test_each_filter_narrows(cast, consultation, spread, query, found) -> None:
    assert offered(as_person(cast.convenor), consultation, query) == found


def test_a_network_offers_itself_and_its_members(cast, consultation, spread) -> None:
    assert offered(as_person(cast.convenor), consultation, f"?network={spread['network'].pk}") == ["network", "thai"]


def test_filters_stay_in_the_address(cast, consultation, spread) -> None:
    page = as_person(cast.convenor).get(at(consultation, "invitations/pick/?country=TH&q=สมาคม"))
    side = next(row for row in page.context["asked"].rows() if row["label"] == "Side of the migration")
    assert side["links"][2]["url"].endswith("&country=TH&side=destination")
    assert 'name="country" value="TH"' in page.content.decode()


def test_an_unknown_group_is_dropped_and_one_never_seated_is_refused_with_the_reason(cast, consultation) -> None:
    militia = build.make_group("militia", name_en="Village militia", hearing="never")
    build.make_organisation(groups=[militia])
    client = as_person(cast.convenor)
    assert len(offered(client, consultation, "?group=nonsense")) == 2
    page = client.get(at(consultation, "invitations/pick/?group=militia"))
    assert page.context["rows"] == []
    assert "Village militia: on the map and never seated, because" in page.content.decode()


def test_all_that_fit_are_drafted_at_once(cast, consultation) -> None:
    for _index in range(60):
        build.make_organisation(groups=[build.make_group("ngos")])
    client = as_person(cast.convenor)
    address = at(consultation, "invitations/pick/?group=ngos")
    assert "Draft for all 60 that fit" in " ".join(client.get(address).content.decode().split())
    client.post(address, {"seats": "1", "all": "1"})
    assert set(consultation.invitations.values_list("seats_offered", "organisation__groups__slug")) == {(1, "ngos")}
    assert consultation.invitations.count() == 60


def test_a_bad_number_keeps_the_ticks(cast, consultation) -> None:
    data = {"seats": "-2", "organisations": [cast.organisation.pk]}
    body = as_person(cast.convenor).post(at(consultation, "invitations/pick/"), data).content.decode()
    assert "Write a number between 1 and 50." in body
    assert 'value="-2"' in body
    ticked = body.split(f'id="pick-{cast.organisation.pk}"')[1][:40]
    assert "checked" in ticked


# --- Lists -----------------------------------------------------------------------------------------------------


def looked_at(client, consultation, **data):
    """Return the page of the checked list."""
    return client.post(at(consultation, "invitations/import/"), data)


def taken_over(client, consultation, page, **data):
    """Press the button of the checked list."""
    rows = page.context["check"]["rows"].value()
    return client.post(at(consultation, "invitations/import/"), {"rows": rows, "seats": "2", **data})


def test_a_pasted_list_is_looked_at_and_drafted_as_a_whole(cast, consultation) -> None:
    client = as_person(cast.convenor)
    twins = [build.make_organisation(name="Rumah Migran") for _index in range(2)]
    page = looked_at(client, consultation, pasted=f"{cast.organisation.name}\nRumah Migran\nXyzzy Quux")
    assert not consultation.invitations.exists()
    assert [(row["match"].fit.value, row["name"]) for row in page.context["rows"]] == [
        ("several", ""),
        ("unknown", ""),
        ("found", cast.organisation.name),
    ]
    done = taken_over(client, consultation, page, row_2=str(twins[1].pk))
    assert done.url == at(consultation, "seating/")
    assert set(consultation.invitations.values_list("organisation", "state")) == {
        (cast.organisation.pk, "drafted"),
        (twins[1].pk, "drafted"),
    }


def test_the_same_list_twice_invites_nobody_twice(cast, consultation) -> None:
    client = as_person(cast.convenor)
    page = looked_at(client, consultation, pasted=cast.organisation.name)
    for _count in range(2):
        taken_over(client, consultation, page)
    assert consultation.invitations.count() == 1
    page = looked_at(client, consultation, pasted=cast.organisation.name)
    assert [row["match"].fit.value for row in page.context["rows"]] == ["there"]


def test_a_list_with_nobody_to_invite_says_so(cast, consultation) -> None:
    client = as_person(cast.convenor)
    page = taken_over(client, consultation, looked_at(client, consultation, pasted="Xyzzy Quux"))
    assert "Nobody on this list can be invited as it stands." in page.content.decode()


def test_a_choice_and_a_number_are_not_lost(cast, consultation) -> None:
    client = as_person(cast.convenor)
    twins = [build.make_organisation(name="Rumah Migran") for _index in range(2)]
    page = looked_at(client, consultation, pasted="Rumah Migran")
    again = taken_over(client, consultation, page, row_1=str(twins[0].pk), seats="5000")
    body = again.content.decode()
    assert "Write a number between 1 and 50." in body
    assert f'<option value="{twins[0].pk}" selected>' in body
    assert 'value="5000"' in body
    assert not consultation.invitations.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp874"])
def test_a_file_in_the_encodings_of_the_region(cast, consultation, encoding) -> None:
    union = build.make_organisation(name="สหภาพแรงงานข้ามชาติ")
    lines = "ชื่อ,Name\n1,สหภาพแรงงานข้ามชาติ\n".encode(encoding)
    file = SimpleUploadedFile("list.csv", lines)
    page = looked_at(as_person(cast.convenor), consultation, file=file)
    assert [row["name"] for row in page.context["rows"]] == [union.name]


def test_a_workbook_with_formulas_is_text(cast, consultation) -> None:
    workbook = xlsx_of([["Name", "E-mail"], ["=HYPERLINK(1)", ""], [cast.organisation.name, ""]])
    page = looked_at(as_person(cast.convenor), consultation, file=SimpleUploadedFile("list.xlsx", workbook))
    assert [(row["match"].fit.value, row["match"].line.label) for row in page.context["rows"]] == [
        ("unknown", "=HYPERLINK(1)"),
        ("found", cast.organisation.name),
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"pasted": ""}, "Choose a file, or paste at least one name or address."),
        ({"pasted": " \u200b\n"}, "Choose a file, or paste at least one name or address."),
        ({"pasted": "a\n" * 5001}, "This list has too many rows."),
        ({"pasted": "x" * 200_001}, "This is too much to paste."),
        ({"file": ("list.csv", b"\x89PNG\r\n\x1a\n" + b"0" * 50)}, "This is a picture"),
        ({"file": ("list.csv", b"Name\n" + b"Union\n" * 5002)}, "This list has too many rows."),
        ({"file": ("list.csv", b"x" * (5 * 1024 * 1024 + 1))}, "Up to 5 MB are possible"),
        ({"file": ("list.csv", b""), "pasted": "Kept words"}, "The file is empty."),
        ({"file": ("list.csv", "Name\nน".encode("cp874")), "encoding": "utf-8"}, "cannot be read in that encoding"),
    ],
)
def test_lists_that_cannot_be_read(cast, consultation, data, sentence) -> None:
    if "file" in data:
        data = {**data, "file": SimpleUploadedFile(*data["file"])}
    page = looked_at(as_person(cast.convenor), consultation, **data)
    body = page.content.decode()
    assert page.status_code == 200
    assert sentence in body
    if data.get("pasted", "").startswith("Kept"):
        assert "Kept words" in body


def test_a_list_that_was_made_up_is_sent_once_more(cast, consultation) -> None:
    page = as_person(cast.convenor).post(at(consultation, "invitations/import/"), {"rows": "made-up", "seats": "2"})
    assert "This list lay too long. Send it once more." in page.content.decode()


def test_five_thousand_rows_are_looked_at(cast, consultation) -> None:
    typed = "\n".join([cast.organisation.name, *[f"{index} q" for index in range(4999)]])
    page = looked_at(as_person(cast.convenor), consultation, pasted=typed)
    assert (len(page.context["rows"]), page.context["more"], page.context["ready"]) == (500, 4500, 1)


# --- Public bodies, persons, last time, changes ------------------------------------------------------------------

BODY = {"office": "Director", "seats_offered": "1", "way": "letter", "language": "id"}


def test_an_official_is_invited_by_letter(cast, consultation) -> None:
    client = as_person(cast.convenor)
    data = {**BODY, "body": cast.body.pk, "reference": "12/2026", "one_time_key": "k"}
    first, again = (client.post(at(consultation, "invitations/body/"), data) for _count in range(2))
    assert first.url == again.url == at(consultation, "seating/")
    found = consultation.invitations.get()
    assert (found.body, found.office, found.reference, found.bench, found.way) == (
        cast.body,
        "Director",
        "12/2026",
        "government",
        "letter",
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"body": ""}, "Choose the office."),
        ({"office": "\u200b"}, "Write something that can be read"),
        ({"seats_offered": "-1"}, "Write a number between 1 and 50."),
        ({"way": "mail"}, "Write the address, or choose another way."),
        ({"reference": "x" * 81}, "1 character too long"),
        ({"way": "mail", "address": "not one"}, "Write one e-mail address"),
    ],
)
def test_bad_input_about_a_body_stands_beside_its_field(cast, consultation, data, sentence) -> None:
    typed = {**BODY, "body": cast.body.pk, "reference": "Kept reference", **data}
    body = as_person(cast.convenor).post(at(consultation, "invitations/body/"), typed).content.decode()
    assert sentence in body
    assert typed["reference"] in body
    assert not consultation.invitations.exists()


def test_a_person_and_why_not(cast, consultation) -> None:
    militia = build.make_group("militia", name_en="Village militia", hearing="never")
    client = as_person(cast.convenor)
    typed = {**BODY, "full_name": "Ibu Sri", "way": "mail", "address": "sri@example.org"}
    refused = client.post(at(consultation, "invitations/person/"), {**typed, "group": militia.pk}).content.decode()
    assert "Village militia: on the map and never seated" in refused
    assert "Ibu Sri" in refused
    nowhere = client.post(at(consultation, "invitations/person/"), typed).content.decode()
    assert "Choose a group or a bench." in nowhere
    client.post(at(consultation, "invitations/person/"), {**typed, "bench": "academic"})
    found = consultation.invitations.get()
    assert (found.full_name, found.bench, found.address) == ("Ibu Sri", "academic", "sri@example.org")
    assert "Ibu Sri" in client.get(at(consultation, "seating/list/")).content.decode()


def test_the_name_of_a_person_is_for_the_convenors_alone(cast, consultation) -> None:
    build.make_invitation_of_person(consultation, "Ibu Rahasia")
    build.make_invitation(consultation, cast.organisation)
    people = {name: as_person(user) for name, user in cast.people().items()}
    paths = ("", "seating/", "seating/list/", "invitations/", "invitations/again/")
    readers = {
        name
        for name, client in people.items()
        for path in paths
        if "Ibu Rahasia" in client.get(at(consultation, path)).content.decode()
    }
    assert readers == {"convenor", "second_convenor"}


def test_as_last_time(cast, consultation) -> None:
    earlier = build.make_consultation(convenors=[cast.convenor], title_en="Last year")
    foreign = build.make_consultation(title_en="Of others")
    for one in (earlier, foreign):
        build.make_invitation(one, cast.organisation, state="accepted")
    build.make_invitation(earlier, build.make_organisation(name="Paused", state="suspended"))
    client = as_person(cast.convenor)
    page = client.get(at(consultation, f"invitations/again/?from={foreign.slug}"))
    assert page.context["chosen"] == earlier
    assert "Of others" not in page.content.decode()
    assert {row["name"]: row["badge"] for row in page.context["rows"]} == {cast.organisation.name: "ok", "Paused": "no"}
    for _count in range(2):
        done = client.post(at(consultation, "invitations/again/"), {})
        assert done.url == at(consultation, "seating/")
    assert consultation.invitations.count() == 1
    rows = client.get(at(consultation, "invitations/again/")).context["rows"]
    assert [row["badge"] for row in rows if row["name"] == cast.organisation.name] == ["wait"]


def test_there_is_no_last_time(cast, consultation) -> None:
    assert (
        "There is no earlier list"
        in as_person(cast.convenor).get(at(consultation, "invitations/again/")).content.decode()
    )


def test_changing_an_invitation_before_and_after_it_was_sent(cast, consultation) -> None:
    client = as_person(cast.convenor)
    invitation = build.make_invitation(consultation, cast.organisation, state="drafted")
    address = at(consultation, f"invitations/{invitation.pk}/edit/")
    data = {"seats_offered": "4", "way": "trusted", "address": "", "language": "th", "bench": "observer"}
    assert client.post(address, data).url == at(consultation, "seating/list/")
    invitation.refresh_from_db()
    assert (invitation.seats_offered, invitation.way, invitation.address, invitation.language, invitation.bench) == (
        4,
        "trusted",
        "",
        "th",
        "observer",
    )
    consultation.invitations.update(state="sent")
    assert list(client.get(address).context["form"].fields) == ["seats_offered"]
    client.post(address, {"seats_offered": "5", "language": "my"})
    invitation.refresh_from_db()
    assert (invitation.seats_offered, invitation.language) == (5, "th")
    consultation.invitations.update(state="revoked")
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("again/", 9), ("import/", 3), ("body/", 4), ("person/", 4)])
def test_pages_cost_the_same(cast, consultation, count, path, queries, django_assert_num_queries) -> None:
    earlier = build.make_consultation(convenors=[cast.convenor])
    for index in range(count):
        build.make_invitation(earlier)
        build.make_body(f"body-{index}")
    client = as_person(cast.convenor)
    client.get(at(consultation, f"invitations/{path}"))
    with django_assert_num_queries(queries):
        client.get(at(consultation, f"invitations/{path}"))

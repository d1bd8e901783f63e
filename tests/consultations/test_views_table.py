"""The table of who is invited, accepted and missing; its lists; the seats that are kept."""

import pytest

from tests import build
from tests.conftest import PEOPLE, as_person


@pytest.fixture
def consultation(cast):
    """Return an announced consultation of both convenors."""
    return build.make_consultation(convenors=[cast.convenor, cast.second_convenor])


def at(consultation, path="") -> str:
    """Return the address of one of its pages."""
    return f"/en/consultations/{consultation.slug}/{path}"


PAGES = ("seating/", "seating/list/", "quotas/")


@pytest.mark.parametrize("path", PAGES)
def test_who_opens_which_page(cast, consultation, path) -> None:
    people = cast.people()
    found = {name: as_person(people[name]).get(at(consultation, path)).status_code for name in PEOPLE}
    assert found == {**dict.fromkeys(PEOPLE, 403), "convenor": 200, "second_convenor": 200, "anonymous": 302}


def shown(client, consultation, query="") -> dict[str, list]:
    """Return the figures of each row of the table."""
    grid = client.get(at(consultation, f"seating/{query}")).context["grid"]
    return {row["name"]: [cell["count"] for cell in row["cells"]] for row in grid.rows}


@pytest.fixture
def register(cast, consultation):
    """Return a union and an association in two countries, some invited, and an official and a scholar."""
    unions, migrants = (
        build.make_group(),
        build.make_group("migrants", name_en="Migrants", bench="civil-society"),
    )
    thailand = build.make_country("TH")
    build.make_invitation(consultation, cast.organisation, state="accepted", seats_accepted=2)
    build.make_invitation(consultation, build.make_organisation(groups=[unions, migrants], side="destination"))
    build.make_invitation(consultation, build.make_organisation(groups=[migrants]), state="revoked")
    build.make_organisation(groups=[migrants], country=thailand, side="")
    build.make_organisation(groups=[build.make_group("militia", hearing="never")], country=thailand)
    build.make_invitation_of_body(consultation, cast.body, bench="government")
    build.make_invitation_of_person(consultation, bench="academic")
    return as_person(cast.convenor)


def test_groups_by_countries(register, consultation) -> None:
    grid = register.get(at(consultation, "seating/")).context["grid"]
    assert [country.pk for country in grid.countries] == ["ID", "TH"]
    assert grid.nowhere
    assert shown(register, consultation) == {
        "Trade unions": [2, 0, 0],
        "Migrants": [1, 0, 0],
        "Public bodies": [1, 0, 0],
        "Persons in a personal capacity": [0, 0, 1],
    }
    assert [cell["count"] for cell in grid.foot] == [3, 0, 1]
    assert grid.figures == {"invited": 4, "accepted": 1, "missing": 2}
    assert [[cell["gap"] for cell in row["cells"]] for row in grid.rows[:2]] == [[False] * 3, [False, True, False]]


def test_accepted_missing_bench_and_side(register, consultation) -> None:
    assert shown(register, consultation, "?show=accepted")["Trade unions"] == [1, 0, 0]
    assert shown(register, consultation, "?show=missing") == {
        "Trade unions": [1, 0, 0],
        "Migrants": [0, 1, 0],
        "Public bodies": [0, 0, 0],
        "Persons in a personal capacity": [0, 0, 0],
    }
    assert shown(register, consultation, "?by=bench") == {
        "Government": [1, 0, 0],
        "Workers": [2, 0, 0],
        "Civil society": [1, 0, 0],
        "Academic": [0, 0, 1],
    }
    assert shown(register, consultation, "?by=side") == {
        "Origin side": [1, 0, 0],
        "Destination side": [1, 0, 0],
        "Public bodies": [1, 0, 0],
        "Persons in a personal capacity": [0, 0, 1],
        "Not said": [0, 0, 0],
    }


@pytest.mark.parametrize("show", ["invited", "accepted", "missing"])
@pytest.mark.parametrize("by", ["group", "bench", "side"])
def test_each_figure_leads_to_those_that_it_counts(register, consultation, show, by) -> None:
    grid = register.get(at(consultation, f"seating/?show={show}&by={by}")).context["grid"]
    links = [cell for row in grid.rows for cell in [*row["cells"], row["total"]]] + [*grid.foot, grid.whole]
    wrong = []
    for link in links:
        if not link["url"] or link.get("gap"):
            continue
        count = register.get(link["url"]).context["page"].paginator.count
        wrong += [(link, count)] if count != link["count"] else []
    assert wrong == []


def test_filters_outside_the_lists_are_dropped(register, consultation) -> None:
    assert shown(register, consultation, "?show=nonsense&by=';--") == shown(register, consultation)
    page = register.get(at(consultation, "seating/list/?state=x&by=group&row=nobody&country=XX&kind=y"))
    assert page.context["page"].paginator.count == 4


def test_the_list_says_what_it_is_narrowed_to(register, consultation) -> None:
    page = register.get(at(consultation, "seating/list/?by=group&row=migrants&country=ID"))
    assert page.context["what"] == "Migrants, ID"
    assert [row["reached"] for row in page.context["rows"]] == [True]


def test_the_list_of_what_is_out_of_balance(cast, consultation) -> None:
    guard = build.make_organisation(name="Village Guard", groups=[build.make_group("militia", hearing="never")])
    paused = build.make_organisation(name="Paused", state="suspended")
    for organisation in (guard, paused, cast.organisation):
        build.make_invitation(consultation, organisation)
    client = as_person(cast.convenor)
    found = {
        kind: [row["name"] for row in client.get(at(consultation, f"seating/list/?kind={kind}")).context["rows"]]
        for kind in ("never", "unverified", "tied")
    }
    assert found == {"never": ["Village Guard"], "unverified": ["Paused"], "tied": []}
    build.make_link(cast.organisation, paused, kind="branch")
    page = client.get(at(consultation, "seating/list/?kind=tied&state=sent"))
    assert {row["name"] for row in page.context["rows"]} == {"Paused", cast.organisation.name}


def test_warnings_lead_to_what_mends_them(register, cast, consultation) -> None:
    page = register.get(at(consultation, "seating/"))
    assert [gap["code"] for gap in page.context["gaps"]] == ["migrants", "women"]
    for gap in page.context["gaps"]:
        for link in gap["links"]:
            assert register.get(link["url"]).status_code == 200
            assert link["url"].replace("&", "&amp;") in page.content.decode()


def test_an_empty_table_offers_the_pick(cast, consultation) -> None:
    body = as_person(cast.convenor).get(at(consultation, "seating/")).content.decode()
    assert "Nobody is invited yet" in body
    assert "missing" in body


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"), [("seating/", 13), ("seating/?by=bench", 12), ("seating/list/", 8), ("quotas/", 7)]
)
def test_pages_cost_the_same(cast, consultation, count, path, queries, django_assert_num_queries) -> None:
    for _index in range(count):
        build.make_invitation(consultation)
        build.make_organisation()
    client = as_person(cast.convenor)
    client.get(at(consultation, path))
    with django_assert_num_queries(queries):
        client.get(at(consultation, path))


def test_a_withheld_name_is_read_by_the_convenors_alone(cast, consultation) -> None:
    build.make_invitation(consultation, build.make_organisation(name="Rahasia Kita", visibility="withheld"))
    assert "Rahasia Kita" in as_person(cast.convenor).get(at(consultation, "seating/list/")).content.decode()
    bodies = [
        as_person(person).get(at(consultation, "seating/list/")).content.decode()
        for person in (cast.liaison, cast.representative)
    ]
    assert ["Rahasia Kita" in body for body in bodies] == [False, False]


def test_keeping_seats(cast, consultation) -> None:
    unions = build.make_group("trade-unions", name_en="Unions", bench="workers")
    client = as_person(cast.convenor)
    data = {"version": 1, "seats": "๕๐", f"group_{unions.pk}": "10", "bench_government": "5", "one_time_key": "k"}
    first, again = (client.post(at(consultation, "quotas/"), data) for _count in range(2))
    assert first.url == again.url == at(consultation, "seating/")
    consultation.refresh_from_db()
    assert (consultation.seats, consultation.version, consultation.quotas.count()) == (50, 2, 2)
    page = client.get(at(consultation, "quotas/")).content.decode()
    assert "Kept as it stands: 15 of 50." in page
    build.make_invitation(consultation, cast.organisation)
    assert "10 seats kept" in " ".join(client.get(at(consultation, "seating/")).content.decode().split())


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"seats": "-3"}, "Write a number between 1 and 5000."),
        ({"seats": "99999999999"}, "Write a number between 1 and 5000."),
        ({"seats": "ten"}, "Write a number between 1 and 5000."),
        ({"seats": "20", "bench_government": "0"}, "Write a number between 1 and 5000."),
        ({"seats": "20", "bench_government": "25"}, "25 seats are kept, and there are 20 in total: 5 too many."),
    ],
)
def test_seats_that_do_not_fit(cast, consultation, typed, sentence) -> None:
    page = as_person(cast.convenor).post(at(consultation, "quotas/"), {"version": 1, **typed, "bench_media": ""})
    body = page.content.decode()
    assert page.status_code == 200
    assert sentence in body
    for value in typed.values():
        assert f'value="{value}"' in body
    consultation.refresh_from_db()
    assert (consultation.seats, consultation.quotas.count()) == (60, 0)


def test_two_editors_of_the_seats(cast, consultation) -> None:
    as_person(cast.second_convenor).post(at(consultation, "quotas/"), {"version": 1, "seats": "40"})
    client = as_person(cast.convenor)
    page = client.post(at(consultation, "quotas/"), {"version": 1, "seats": "55"})
    body = page.content.decode()
    assert page.status_code == 409
    assert "Somebody else changed this consultation" in body
    assert 'value="55"' in body
    assert 'name="version" value="2"' in body
    client.post(at(consultation, "quotas/"), {"version": 2, "seats": "55"})
    consultation.refresh_from_db()
    assert consultation.seats == 55


def test_the_list_offers_what_can_be_done(cast, consultation) -> None:
    rows = {
        state: build.make_invitation(consultation, state=state)
        for state in ("drafted", "accepted", "declined", "lapsed")
    }
    body = as_person(cast.convenor).get(at(consultation, "seating/list/")).content.decode()
    offered = {
        state: [verb for verb in ("edit", "revoke") if at(consultation, f"invitations/{row.pk}/{verb}/") in body]
        for state, row in rows.items()
    }
    assert offered == {
        "drafted": ["edit", "revoke"],
        "accepted": ["edit", "revoke"],
        "declined": ["revoke"],
        "lapsed": [],
    }

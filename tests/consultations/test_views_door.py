"""The pages of the door: found by code or name in any script, checked in with plain forms, synced as a batch."""

import json
import uuid
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from consultations import actions
from consultations.actions.nominating import forget_delegate
from consultations.models import Presence, Seat
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.consultations.scene import make_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(cast):
    return make_day(cast)


@pytest.fixture
def browser(cast):
    return as_person(cast.convenor)


def at(name, day, *args) -> str:
    return reverse(name, args=[day.consultation.slug, *args])


def names(response) -> list[str]:
    return [row["name"] for row in response.context["rows"]]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Sari", ["Sari Dewi"]),
        ("dewi sari", ["Sari Dewi"]),
        ("สมชาย", ["สมชาย ใจดี"]),
        ("jaringan", ["สมชาย ใจดี"]),
        ("head of section", ["Pak Budi"]),
        ("nobody", []),
        ("   ", []),
    ],
)
def test_somebody_is_found_by_name_organisation_or_office(day, browser, asked, expected) -> None:
    assert names(browser.get(at("door", day), {"q": asked})) == expected


@pytest.mark.parametrize("typed", [str.lower, lambda code: f"{code[:3]} {code[3:]}", lambda code: f" {code} "])
def test_somebody_is_found_by_code(day, browser, typed) -> None:
    assert names(browser.get(at("door", day), {"q": typed(day.seat.code)})) == ["Sari Dewi"]


def test_who_accepted_seats_without_names_is_found_too(day, browser) -> None:
    found = browser.get(at("door", day), {"q": "serikat"}).context["unnamed"]
    name, words = "Serikat Pekerja Rumah Tangga", "1 seat without a name"
    assert found == [{"name": name, "left": 1, "words": words, "invitation": day.invitation.pk}]
    told = browser.get(at("door_list", day), {"session": day.session.pk}).json()["unnamed"]
    query = f"invitation={day.invitation.pk}&session={day.session.pk}"
    assert told == [{"name": name, "left": words, "query": query, "key": "serikat pekerja rumah tangga"}]
    page = browser.get(at("door_walk_in", day), {"invitation": day.invitation.pk}).context["form"]
    assert (page.initial["organisation"], page.initial["bench"]) == (day.invitation.organisation, "workers")


def test_check_in_and_undo_with_plain_forms(day, browser) -> None:
    data = {"seat": day.seat.pk, "session": day.session.pk}
    for words in ("Sari Dewi has come.", "Sari Dewi was checked in already."):
        response = browser.post(at("door_check_in", day), data, follow=True)
        assert [str(one) for one in response.context["messages"]] == [words]
        assert response.redirect_chain[0][0] == f"{at('door', day)}?session={day.session.pk}"
    assert Presence.objects.count() == 1
    browser.post(at("door_undo", day), data)
    assert not Presence.objects.exists()


def test_the_same_form_twice_is_one_arrival(day, browser) -> None:
    data = {"seat": day.seat.pk, "one_time_key": "twice"}
    assert [browser.post(at("door_check_in", day), data).status_code for _time in range(2)] == [302, 302]
    assert Presence.objects.count() == 1


def test_the_closed_session_says_why(day, browser) -> None:
    seat = build.make_seat(day.invitation, part="observer")
    data = {"seat": seat.pk, "session": day.closed.pk}
    response = browser.post(at("door_check_in", day), data, follow=True)
    assert "observers and media are not let in" in response.content.decode()
    assert not Presence.objects.exists()


def sync(browser, day, rows, **data):
    return browser.post(at("door_sync", day), {"arrivals": json.dumps(rows), **data})


def test_a_batch_is_synced_and_answered_per_key(day, browser) -> None:
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    rows = [
        {"key": first, "seat": day.seat.pk, "session": str(day.session.pk), "at": "2007-05-12T09:00:00.000Z"},
        {"key": second, "seat": 0, "session": "", "at": None},
    ]
    for outcome in ("written", "known"):
        answer = sync(browser, day, rows, session=day.session.pk).json()
        assert [(one["key"], one["outcome"]) for one in answer["receipts"]] == [(first, outcome), (second, "unknown")]
        assert answer["here"] == [day.seat.pk]
    assert Presence.objects.count() == 1


@pytest.mark.parametrize(
    "rows", ["x", {"a": 1}, [1], [{"key": "1", "seat": 1}], [{"seat": 1}], [{"key": str(uuid.uuid4()), "seat": "x"}]]
)
def test_a_batch_that_cannot_be_read_is_refused_as_a_whole(day, browser, rows) -> None:
    good = {"key": str(uuid.uuid4()), "seat": day.seat.pk}
    response = sync(browser, day, [good, *rows] if isinstance(rows, list) else rows)
    assert (response.status_code, response.json()) == (400, {"reason": "This list of arrivals cannot be read."})
    assert not Presence.objects.exists()


def test_a_batch_for_a_door_that_is_not_open_is_kept_by_the_telephone(cast) -> None:
    day = make_day(cast, state="announced")
    day.consultation.starts_on = day.consultation.ends_on = day.consultation.starts_on.replace(year=2100)
    day.consultation.save()
    response = sync(as_person(cast.convenor), day, [{"key": str(uuid.uuid4()), "seat": day.seat.pk}])
    assert (response.status_code, response.json()) == (409, {"reason": "The first day has not come yet."})


def test_the_list_of_the_telephone_is_never_stored(day, browser) -> None:
    response = browser.get(at("door_list", day))
    assert response["Cache-Control"] == "private, no-store"
    assert {(row["name"], row["here"], row["replaced"]) for row in response.json()["seats"]} == {
        ("Sari Dewi", False, False),
        ("สมชาย ใจดี", False, False),
        ("Pak Budi", False, False),
    }


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"full_name": "\u200b"}, "full_name", ""),
        ({"bench": ""}, "bench", "This field is required."),
        ({"other": "Nothing like it"}, "other", "No organisation at the table is called so."),
        ({"other": "Same"}, "other", "Several organisations are called so."),
        ({"part": "official"}, "body", "Say for which public body"),
    ],
)
def test_a_walk_in_that_cannot_be_meant_is_a_sentence_beside_the_field(day, browser, changed, field, sentence) -> None:
    for _number in range(2):
        build.make_organisation(name=f"Same {build.number()}")
    data = {"full_name": "Ibu Ani", "bench": "workers", "part": "delegate", "mode": "on-site", "listing": "nobody"}
    response = browser.post(at("door_walk_in", day), {**data, **changed})
    assert response.status_code == 200
    assert any(sentence in error for error in response.context["form"].errors[field])
    assert Seat.objects.count() == 3


def test_somebody_of_the_register_walks_in(day, browser) -> None:
    organisation = build.make_organisation(name="Forum Nelayan Migran")
    data = {"full_name": "Ibu Ani", "bench": "workers", "part": "delegate", "mode": "on-site", "listing": "nobody"}
    browser.post(at("door_walk_in", day), {**data, "other": "nelayan"})
    seat = Seat.objects.get(full_name="Ibu Ani")
    assert (seat.organisation, seat.walk_in, seat.listing, seat.state) == (organisation, True, "nobody", "present")


def test_somebody_sits_in(day, browser) -> None:
    response = browser.post(
        at("door_substitute", day, day.seat.pk), {"full_name": "Ibu Ani", "listing": "organisation"}, follow=True
    )
    assert "Ibu Ani has come." in response.content.decode()
    assert Seat.objects.get(full_name="Ibu Ani").replaces == day.seat
    assert not Seat.objects.filter(full_name="Sari Dewi").exists()


ROUTES = ("door", "door_list", "door_walk_in", "attendance", "attendance_close", "attendance_sheet", "badge_sheet")


@pytest.mark.parametrize("name", ROUTES)
def test_who_stands_at_the_door(cast, day, name) -> None:
    people, found = cast.people(), {}
    for person in PEOPLE:
        found[person] = as_person(people[person]).get(at(name, day)).status_code
    convenors = {"convenor": 200, "second_convenor": 200, "anonymous": 302}
    assert found == {person: convenors.get(person, 403) for person in PEOPLE}


@pytest.mark.parametrize("name", ["door_sync", "door_check_in", "door_undo", "attendance_mark"])
def test_a_visit_changes_nothing(day, browser, name) -> None:
    assert browser.get(at(name, day), {"seat": day.seat.pk}).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_the_door_takes_as_many_queries_for_three_as_for_one(cast, day, browser, count, django_assert_num_queries):
    Seat.objects.exclude(pk=day.seat.pk).delete()
    for number in range(count - 1):
        build.make_seat(build.make_invitation(day.consultation), full_name=f"Sari {number}")
    browser.get(at("door", day))
    with django_assert_num_queries(14):
        assert len(names(browser.get(at("door", day), {"q": "Sari"}))) == count
    with django_assert_num_queries(7):
        assert len(browser.get(at("door_list", day)).json()["seats"]) == count


@pytest.mark.parametrize("name", ["door_walk_in", "door_substitute", "attendance_join"])
def test_a_session_or_seat_of_elsewhere_is_not_there(cast, day, browser, name) -> None:
    elsewhere = make_day(cast)
    arguments = [] if name == "door_walk_in" else [elsewhere.seat.pk]
    assert browser.get(at(name, day, *arguments), {"session": elsewhere.session.pk}).status_code == 404


def test_the_door_knows_which_session(day, browser) -> None:
    actions.check_in(day.seat, by=day.consultation.convenors.first(), session=day.closed)
    row = browser.get(at("door", day), {"q": "Sari", "session": day.session.pk}).context["rows"][0]
    assert (row["here"], row["elsewhere"]) == (False, True)


def test_a_common_name_shows_a_page_and_says_that_there_are_more(day, browser) -> None:
    for number in range(25):
        build.make_seat(day.invitation, full_name=f"Sari {number}")
    page = browser.get(at("door", day), {"q": "sari"})
    assert (len(page.context["rows"]), "There are more. Type more of the name." in page.content.decode()) == (25, True)
    page = browser.get(at("door", day), {"q": "sari 24"})
    assert (len(page.context["rows"]), "There are more." in page.content.decode()) == (1, False)


def test_words_may_be_of_the_person_and_of_the_organisation(day, browser) -> None:
    body = build.make_body("manpower", name_ind="Kementerian Ketenagakerjaan")
    build.make_seat(build.make_invitation_of_body(day.consultation, body), full_name="Đức Anh", office="Director")
    assert names(browser.get(at("door", day), {"q": "duc ketenagakerjaan"})) == ["Đức Anh"]
    assert names(browser.get(at("door", day), {"q": "duc jaringan"})) == []
    assert names(browser.get(at("door", day), {"q": "100%"})) == []


def test_the_key_goes_with_the_name(cast, day, browser) -> None:
    actions.change_seat(day.seat, by=cast.convenor, full_name="Sari Utami")
    assert names(browser.get(at("door", day), {"q": "utami"})) == ["Sari Utami"]
    forget_delegate(Seat.objects.get(pk=day.seat.pk))
    assert not Seat.objects.exclude(name_key="").filter(full_name="").exists()
    assert names(browser.get(at("door", day), {"q": "utami"})) == []


def test_seats_from_before_the_key_get_it(day, browser) -> None:
    Seat.objects.update(name_key="")
    assert names(browser.get(at("door", day), {"q": "dewi"})) == []
    import_module("consultations.migrations.0004_find_at_the_door").fill(apps, connection.schema_editor())
    assert names(browser.get(at("door", day), {"q": "dewi"})) == ["Sari Dewi"]

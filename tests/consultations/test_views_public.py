"""What everybody reads, with literal query counts."""

import gzip
import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from consultations.models import Consultation, FollowUp, Paper
from tests import build
from tests.conftest import PEOPLE, as_person

LIST = "/en/consultations/"


def url(consultation) -> str:
    """Return the address of its page."""
    return f"/en/consultations/{consultation.slug}/"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same(db, visitor, count, django_assert_num_queries) -> None:
    for _index in range(count):
        build.make_consultation()
    with django_assert_num_queries(5):  # the log's end, years, countries, how many, the rows
        response = visitor.get(LIST)
    assert response.status_code == 200
    assert response.cookies == {}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("person", "queries"), [("convenor", 6), ("representative", 6), ("stranger", 6)])
def test_the_list_for_somebody_with_an_account(cast, count, person, queries, django_assert_num_queries) -> None:
    for _index in range(count):
        build.make_invitation(build.make_consultation(), cast.organisation)
    client = as_person(getattr(cast, person))
    client.get("/en/about/")  # writes into the session that somebody is awake
    with django_assert_num_queries(queries):
        assert client.get(LIST).status_code == 200


def test_the_list_is_filtered_by_plain_links(db, visitor) -> None:
    thai = build.make_country("TH")
    there = build.make_consultation(title_en="In Bangkok", country=thai, level="regional")
    build.make_consultation(title_en="In Jakarta")
    for query in ("country=TH", "level=regional", f"level=regional&country=TH&year={there.starts_on.year}"):
        body = visitor.get(f"{LIST}?{query}").content.decode()
        assert "In Bangkok" in body
        assert "In Jakarta" not in body
    body = visitor.get(f"{LIST}?country=XX&level=' OR 1&year=abc&state=draft").content.decode()
    assert "In Bangkok" in body
    assert "In Jakarta" in body


def test_a_page_has_fifty(db, visitor) -> None:
    for _index in range(51):
        build.make_consultation()
    first, second = (visitor.get(f"{LIST}?page={page}").content.decode().count("<article") for page in (1, 2))
    assert (first, second) == (50, 1)


def test_drafts_and_discreet_ones_are_not_on_the_public_list(db, visitor) -> None:
    build.make_consultation(title_en="Only a draft", state="draft")
    build.make_consultation(title_en="Discreet one", discreet=True)
    body = visitor.get(LIST).content.decode()
    assert "No consultation yet" in body
    assert "Only a draft" not in body
    assert "Discreet one" not in body


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, {"anonymous": 200, "stranger": 200, "representative": 200, "liaison": 200, "convenor": 200}),
        (
            {"state": "draft"},
            {"anonymous": 404, "stranger": 404, "representative": 404, "liaison": 404, "convenor": 200},
        ),
        (
            {"discreet": True},
            {"anonymous": 404, "stranger": 404, "representative": 200, "liaison": 404, "convenor": 200},
        ),
    ],
)
def test_who_opens_the_page(cast, values, expected) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor], **values)
    build.make_invitation(consultation, cast.organisation)
    found = {name: as_person(getattr(cast, name)).get(url(consultation)).status_code for name in expected}
    assert found == expected


@pytest.mark.parametrize("organisers", [1, 3])
def test_the_page_costs_the_same(db, visitor, organisers, django_assert_num_queries) -> None:
    consultation = build.make_consultation()
    for _index in range(organisers):
        build.make_organiser(consultation, organisation=build.make_organisation(), name="")
    with django_assert_num_queries(6):  # the log's end, the page, organisers, papers, next steps, sessions
        response = visitor.get(url(consultation))
    assert response.status_code == 200
    assert response.cookies == {}


def full_of_everything(count: int, **values) -> Consultation:
    """Return a consultation with so many of everything that its page shows."""
    target = build.make_meeting(papers_by=timezone.localdate())
    before = build.make_consultation(state="concluded", title_en="The year before")
    consultation = build.make_consultation(target=target, follows=before, resting_on_en="Resolution 3", **values)
    build.make_consultation(follows=consultation)
    by = build.make_convenor()
    for index in range(count):
        hidden = build.make_organisation(visibility="withheld")
        build.make_organiser(consultation, organisation=hidden, name="")
        session = build.make_session(consultation, country=build.make_country("TL"), time_zone="Asia/Dili")
        build.make_agenda_item(session)
        Paper.objects.create(
            consultation=consultation, session=session, title_en=f"Paper {index}", kind="pdf", public=True, by=by
        )
        FollowUp.objects.create(consultation=consultation, due_on=timezone.localdate(), text_en=f"Step {index}")
    for _index in range(6):
        build.make_seat(build.make_invitation(consultation, state="accepted"), state="present")
    build.make_edition(build.make_statement(consultation))
    return consultation


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("state", ["announced", "concluded"])
def test_the_fullest_page_costs_no_more_than_eight(db, visitor, count, state, django_assert_num_queries) -> None:
    consultation = full_of_everything(count, state=state)
    # The log's end, the page, organisers and the groups of the withheld, papers, next steps, sessions and their agenda.
    with django_assert_num_queries(8):
        response = visitor.get(url(consultation))
    assert response.status_code == 200
    assert response.cookies == {}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("person", ["convenor", "representative", "liaison", "stranger"])
def test_the_fullest_page_for_somebody_with_an_account(cast, count, person, django_assert_max_num_queries) -> None:
    consultation = full_of_everything(count, state="concluded", convenors=[cast.convenor])
    build.make_invitation(consultation, cast.organisation, state="accepted")
    build.make_invitation_of_body(consultation, cast.body, state="accepted")
    client = as_person(getattr(cast, person))
    client.get("/en/about/")  # writes into the session that somebody is awake
    with django_assert_max_num_queries(12) as counted:
        assert client.get(url(consultation)).status_code == 200
    found = {"convenor": 10, "representative": 11, "liaison": 10, "stranger": 9}
    assert len(counted) == found[person]


def test_a_past_one_tells_what_came_and_leads_to_its_record(db, visitor) -> None:
    consultation = full_of_everything(1, state="concluded")
    body = visitor.get(url(consultation)).content.decode()
    assert "6 organisations invited" in body
    assert consultation.statement.title in body
    assert f"{url(consultation)}record/" in body


def test_a_first_visit_is_light(db, visitor) -> None:
    consultation = full_of_everything(3, state="concluded")
    for address in (url(consultation), f"{url(consultation)}record/", LIST):
        response = visitor.get(address, headers={"Accept-Encoding": "gzip"})
        assert response["Content-Encoding"] == "gzip"
        page = gzip.decompress(response.content).decode()
        files = set(re.findall(r'(?:<link rel="(?:stylesheet|icon)"\s+href|<script src|<img src)="([^"]+)"', page))
        weights = [len(gzip.compress(Path(finders.find(one.removeprefix("/static/"))).read_bytes())) for one in files]
        assert len(response.content) + sum(weights) <= 40_000
        assert len(files) + 1 <= 5


def test_the_programme_is_public_and_the_way_in_is_not(cast, visitor) -> None:
    consultation = build.make_consultation(
        convenors=[cast.convenor], venue="Hall of Reeds", resting_on_en="Resolution 3"
    )
    build.make_invitation(consultation, cast.organisation, state="accepted")
    session = build.make_session(
        consultation,
        title_en="Fees",
        time_zone="Asia/Dili",
        city_en="Dili",
        interpreters="id km",
        closed=True,
        venue="Room of Clay",
        call_link="https://call.example/secret",
        output="We agree",
        mode="hybrid",
        output_at=timezone.now(),
    )
    build.make_agenda_item(session, title_en="Who pays what")
    for told in ("Fees", "Who pays what", "Dili, GMT+9", "ខ្មែរ", "closed: no observers", "Resolution 3"):
        assert told in visitor.get(url(consultation)).content.decode()
    inside = ("Hall of Reeds", "Room of Clay", "https://call.example/secret", "We agree", "For those who take part")
    readers = {
        name for name in PEOPLE if inside[0] in as_person(getattr(cast, name)).get(url(consultation)).content.decode()
    }
    assert readers == {"convenor", "representative", "colleague"}
    bodies = {name: as_person(getattr(cast, name)).get(url(consultation)).content.decode() for name in PEOPLE}
    found = {name: [words for words in inside if words in body] for name, body in bodies.items()}
    assert found == {name: list(inside) if name in readers else [] for name in PEOPLE}


def test_a_session_in_both_zones(cast) -> None:
    consultation = build.make_consultation()
    build.make_session(consultation, time_zone="Asia/Jakarta")
    assert "In your time zone" not in as_person(None).get(url(consultation)).content.decode()
    assert "In your time zone" not in as_person(cast.stranger).get(url(consultation)).content.decode()
    cast.stranger.time_zone = "Asia/Dili"
    cast.stranger.save()
    assert "11:00 (Dili, GMT+9)" in as_person(cast.stranger).get(url(consultation)).content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": "cancelled", "cancelled_because_en": "The hall burnt down"}, "The hall burnt down"),
        ({"state": "cancelled"}, "No reason is on record."),
        ({"moved_at": timezone.now(), "moved_because_en": "A strike of trains"}, "A strike of trains"),
    ],
)
def test_moved_and_cancelled_say_why(db, visitor, values, words) -> None:
    body = visitor.get(url(build.make_consultation(**values))).content.decode()
    assert words in body
    assert ("was cancelled" in body, "was moved" in body) == (values.get("state") == "cancelled", "moved_at" in values)


def test_one_of_a_series_that_not_everybody_may_know_of_is_not_named(db, visitor) -> None:
    before = build.make_consultation(discreet=True, title_en="Behind the curtain")
    consultation = build.make_consultation(follows=before, next_due_on=timezone.localdate())
    build.make_consultation(follows=consultation, discreet=True, title_en="Behind the curtain, again")
    build.make_consultation(follows=consultation, state="draft", title_en="Behind the curtain, planned")
    body = visitor.get(url(consultation)).content.decode()
    assert "curtain" not in body
    assert "The next one is due" in body


def test_an_invited_office_sees_a_discreet_one(cast) -> None:
    consultation = build.make_consultation(discreet=True)
    build.make_invitation_of_body(consultation, cast.body)
    found = {name: as_person(getattr(cast, name)).get(url(consultation)).status_code for name in PEOPLE}
    assert found == {**dict.fromkeys(PEOPLE, 404), "convenor": 200, "second_convenor": 200, "liaison": 200}


def test_stages(db, visitor) -> None:
    today = timezone.localdate()
    past = {"starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=9), "answer_by": None}
    cases = [
        ({}, ["done", "current", "next", "next", "next", "next"]),
        ({"input_opens": None, "input_closes": None}, ["current", "next", "next", "next", "next", "next"]),
        ({"state": "in_session"}, ["done", "current", "current", "next", "next", "next"]),
        ({"state": "concluded", **past}, ["done", "done", "done", "done", "missing", "next"]),
        ({"state": "concluded", "hear_back_by": today, **past}, ["done", "done", "done", "done", "next", "next"]),
        ({"state": "concluded", "form_of_dialogue": "information", **past}, ["done", "done", "done", "done"]),
        ({"state": "archived", **past}, ["done", "done", "done", "done", "missing", "next"]),
    ]
    for values, expected in cases:
        response = visitor.get(url(build.make_consultation(**values)))
        assert [stage["state"] for stage in response.context["stages"]] == expected


def test_a_published_statement_and_an_answer_are_stages(cast, visitor) -> None:
    consultation = build.make_consultation(state="concluded")
    edition = build.make_edition(build.make_statement(consultation))
    stages = visitor.get(url(consultation)).context["stages"]
    assert [stage["state"] for stage in stages][-2:] == ["done", "current"]
    edition.items.first().responses.create(body=cast.body, kind="accepted", published_at=timezone.now())
    stages = visitor.get(url(consultation)).context["stages"]
    assert [stage["state"] for stage in stages][-2:] == ["done", "done"]


def test_an_unpublished_statement_is_not_told(db, visitor) -> None:
    consultation = build.make_consultation(state="concluded")
    build.make_statement(consultation, title_en="Secret draft", state="tabled")
    assert "Secret draft" not in visitor.get(url(consultation)).content.decode()


def test_a_withheld_organiser_is_described(cast, visitor) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor])
    hidden = build.make_organisation(name="Rahasia Kita", slug="rahasia-kita", visibility="withheld")
    build.make_organiser(consultation, organisation=hidden, name="")
    for client in (visitor, as_person(cast.representative)):
        body = client.get(url(consultation)).content.decode()
        assert "ahasia" not in body
        assert "a trade union, origin side" in body


def test_declared_and_counted_stay_apart_and_small_counts_are_not_told(db, visitor) -> None:
    consultation = build.make_consultation(state="concluded", declared_participants_en="more than 50 participants")
    for _index in range(4):
        build.make_invitation(consultation, state="accepted")
    for address in (url(consultation), f"{url(consultation)}record/"):
        body = visitor.get(address).content.decode()
        assert "more than 50 participants" in body
        assert "organisations invited" not in body
    assert "Nothing was counted in this portal." in body


def test_hours_in_both_zones_for_somebody_with_an_account(cast, visitor) -> None:
    cast.stranger.time_zone = "Europe/Zurich"
    cast.stranger.save()
    consultation = build.make_consultation(begins_at=time(9), ends_at=time(17))
    assert "In your time zone" not in visitor.get(url(consultation)).content.decode()
    body = as_person(cast.stranger).get(url(consultation)).content.decode()
    assert "In your time zone" in body
    assert "WIB" in body
    assert "Zurich" in body
    assert "In your time zone" not in as_person(cast.representative).get(url(consultation)).content.decode()


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_page_in_each_language(db, visitor, language) -> None:
    consultation = build.make_consultation()
    body = visitor.get(f"/{language}/consultations/{consultation.slug}/").content.decode()
    assert {"en": consultation.title_en, "id": consultation.title_ind}[language] in body
    assert f'<html lang="{language}"' in body

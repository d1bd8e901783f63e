"""What everybody reads, with literal query counts."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from consultations.models import Consultation
from tests import build
from tests.conftest import as_person

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
    with django_assert_num_queries(6):  # the log's end, the page, convenors, organisers, organisations, groups
        response = visitor.get(url(consultation))
    assert response.status_code == 200
    assert response.cookies == {}


def test_the_page_of_a_past_one_costs_no_more_than_nine(db, visitor, django_assert_num_queries) -> None:
    consultation = build.make_consultation(state="concluded")
    for _index in range(6):
        build.make_invitation(consultation, state="accepted")
    build.make_edition(build.make_statement(consultation))
    with django_assert_num_queries(7):
        body = visitor.get(url(consultation)).content.decode()
    assert "6 organisations invited" in body
    assert Consultation.objects.get().statement.title in body


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
    body = visitor.get(url(consultation)).content.decode()
    assert "more than 50 participants" in body
    assert "Nothing was counted in this portal." in body
    assert "organisations invited" not in body


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

"""News: what happened, in each language, as valid Atom; nothing about anybody; once each."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from consultations import actions
from consultations.models import Consultation
from tests import build
from tests.conftest import PEOPLE, as_person

FEED = "/en/news.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"


def read(response) -> ET.Element:
    """Return the feed, with what RFC 4287 asks of it checked."""
    feed = ET.fromstring(response.content)  # noqa: S314 - our own
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        assert len(element.findall(f"{ATOM}id")) == len(element.findall(f"{ATOM}title")) == 1
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated")).tzinfo
        assert element.findtext(f"{ATOM}id").startswith("tag:")
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"alternate", "self"}
    keys = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(set(keys)) == len(keys)
    return feed


def titles(response) -> list[str]:
    """Return the titles of the entries, the latest first."""
    return [entry.findtext(f"{ATOM}title") for entry in read(response).findall(f"{ATOM}entry")]


@pytest.fixture
def announced(cast) -> Consultation:
    """Return a consultation that was announced through its action."""
    made = build.make_consultation(state="draft", title_en="Fees", title_ind="Biaya", purpose_en="What it is about")
    made.convenors.set([cast.convenor, cast.second_convenor])
    return actions.announce_consultation(made, by=cast.convenor)


def put(consultation, **values) -> None:
    """Write the values without asking anybody."""
    Consultation.objects.filter(pk=consultation.pk).update(**values)


def test_everything_that_happens_to_a_consultation(announced, visitor) -> None:
    now = timezone.now()
    put(announced, moved_at=now + timedelta(minutes=1), moved_because_en="A strike of trains")
    put(
        announced,
        cancelled_at=now + timedelta(minutes=2),
        cancelled_because_en="The hall burnt down",
        state="cancelled",
    )
    response = visitor.get(FEED)
    assert titles(response) == ["Cancelled: Fees", "Moved: Fees", "Announced: Fees"]
    summaries = [entry.findtext(f"{ATOM}summary") for entry in read(response).findall(f"{ATOM}entry")]
    for summary, words in zip(
        summaries, ("The hall burnt down", "A strike of trains", "What it is about"), strict=True
    ):
        assert words in summary
        assert "Jakarta" in summary


def test_concluded_and_published(announced, visitor) -> None:
    put(announced, state="concluded", concluded_at=timezone.now() + timedelta(minutes=1), outcome_en="We agreed")
    edition = build.make_edition(build.make_statement(announced, title_en="The statement"))
    response = visitor.get(FEED)
    assert sorted(titles(response)) == ["Announced: Fees", "Concluded: Fees", "Published: The statement"]
    links = {entry.find(f"{ATOM}link").get("href") for entry in read(response).findall(f"{ATOM}entry")}
    assert {link.split("/en/")[1] for link in links} == {
        f"consultations/{announced.slug}/",
        "statements/" + edition.statement.slug + "/",
    }


def test_a_second_move_is_news_again(announced, visitor) -> None:
    put(announced, moved_at=timezone.now())
    first = read(visitor.get(FEED)).findtext(f"{ATOM}entry/{ATOM}id")
    put(announced, moved_at=timezone.now() + timedelta(hours=1))
    assert read(visitor.get(f"{FEED}?again")).findtext(f"{ATOM}entry/{ATOM}id") != first


def test_what_was_written_down_afterwards_is_no_announcement(announced, visitor) -> None:
    put(announced, starts_on="2007-05-12", ends_on="2007-05-12", concluded_at=datetime(2007, 5, 12, tzinfo=UTC))
    assert titles(visitor.get(FEED)) == ["Concluded: Fees"]


@pytest.mark.parametrize("values", [{"discreet": True}, {"state": "draft"}])
def test_what_is_not_for_everybody_is_in_nobodys_news(cast, announced, values) -> None:
    put(announced, moved_at=timezone.now(), **values)
    build.make_invitation(announced, cast.organisation, state="accepted")
    assert {name: titles(as_person(getattr(cast, name)).get(FEED)) for name in PEOPLE} == {name: [] for name in PEOPLE}


def test_an_unpublished_statement_is_no_news(announced, visitor) -> None:
    build.make_edition(build.make_statement(announced, title_en="Secret"), published=False)
    assert titles(visitor.get(FEED)) == ["Announced: Fees"]


def test_nobody_is_named(cast, announced, visitor) -> None:
    hidden = build.make_organisation(name="Rahasia Kita", visibility="withheld")
    build.make_organiser(announced, organisation=hidden, name="")
    build.make_invitation(announced, hidden, state="accepted")
    put(announced, venue="Hall of Reeds")
    body = visitor.get(FEED).content.decode()
    for word in ("ahasia", "Reeds", cast.convenor.full_name, cast.convenor.email):
        assert word not in body


def test_each_language_has_its_own(announced, visitor) -> None:
    response = visitor.get("/id/news.atom")
    feed = read(response)
    assert feed.get(f"{XML}lang") == "id"
    assert feed.findtext(f"{ATOM}entry/{ATOM}title").endswith("Biaya")
    assert feed.findtext(f"{ATOM}entry/{ATOM}id") != read(visitor.get(FEED)).findtext(f"{ATOM}entry/{ATOM}id")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"


def test_a_feed_without_news_is_a_feed(db, visitor) -> None:
    assert titles(visitor.get(FEED)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same(cast, visitor, count, django_assert_num_queries) -> None:
    for _index in range(count):
        made = build.make_consultation(moved_at=timezone.now(), concluded_at=timezone.now())
        build.make_edition(build.make_statement(made))
    with django_assert_num_queries(4):  # the log's end, announcements, consultations, editions
        response = visitor.get(FEED)
    with django_assert_num_queries(1):
        assert visitor.get(FEED, headers={"If-None-Match": response["ETag"]}).status_code == 304

"""What became of it: pairs of item and addressee, counted and listed."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from recommendations.models import Conveyance, Item, Response
from recommendations.querysets import PairQuerySet
from recommendations.states import PAIR_STATES
from tests import build
from tests.recommendations.published import make_next_edition, make_published

URL = "follow_up"


def get(client, query=""):
    """Return the page's context and text."""
    response = client.get(reverse(URL) + query)
    assert response.status_code == 200
    return response.context, response.content.decode()


def responds(published, item, kind, body=None):
    """Write a published answer."""
    return Response.objects.create(
        item=item, body=body or published.cast.body, kind=kind, published_at=timezone.now(), language="en"
    )


@pytest.fixture
def world(cast):
    """A statement of six items, of which some are answered, to two offices: ten pairs; and an unpublished one."""
    published = make_published(cast, items=3)
    for item in published.edition.items.filter(section=None):
        item.addressees.add(cast.other_body)
    published.edition.items.get(number=3, section=None).addressees.add(build.make_body("third"))
    Conveyance.objects.create(
        edition=published.edition, body=cast.body, state="sent", sent_on=build.date(2026, 5, 14), channel="letter"
    )
    Conveyance.objects.create(
        edition=published.edition, body=cast.other_body, state="sent", sent_on=timezone.localdate(), channel="letter"
    )
    responds(published, published.item(1), "noted")
    responds(published, published.item(1), "accepted")
    responds(published, published.item(2), "in-part")
    responds(published, published.item(1, "ID"), "not-accepted")
    Response.objects.create(item=published.item(3), body=cast.body, kind="accepted", language="en")
    build.make_edition(build.make_statement(build.make_consultation()), published=False)
    return published


def test_answers_and_silence_are_all_pairs(world, visitor):
    context, _page = get(visitor)
    figures = {figure["label"]: figure["count"] for group in context["groups"] for figure in group["figures"]}
    assert {name: count for name, count in figures.items() if count} == {
        "Accepted": 1,
        "Accepted in part": 1,
        "Not accepted": 1,
        "No response, overdue": 3,
        "No response yet": 3,
        "Not conveyed yet": 1,
    }
    assert sum(figures.values()) == context["total"] == Item.objects.filter(edition=world.edition).pairs().count() == 10


def test_each_figure_leads_to_its_list(world, visitor):
    context, _page = get(visitor)
    links = [(group["url"], group["count"]) for group in context["groups"]]
    links += [(figure["url"], figure["count"]) for group in context["groups"] for figure in group["figures"]]
    assert len(links) == 13
    for url, count in links:
        inner, _page = get(visitor, url)
        assert len(inner["rows"]) == count


def test_the_overdue_stand_first(world, visitor):
    context, _page = get(visitor)
    assert [row["label"] for row in context["rows"][:7]] == [
        *["No response, overdue"] * 3,
        *["No response yet"] * 3,
        "Not conveyed yet",
    ]
    assert context["rows"][0]["days"] == (timezone.localdate() - build.date(2026, 5, 14)).days


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 10),
        ("?section=asean", 7),
        ("?section=ID", 3),
        ("?body=other-ministry", 3),
        ("?body=ministry&section=ID", 3),
        ("?state=answered", 3),
        ("?state=unanswered", 7),
        ("?state=overdue&body=ministry", 3),
        ("?state=waiting&body=ministry", 0),
        ("?state=nonsense&section=XX&body=nobody&theme=none&item__text=1&page=999", 10),
    ],
)
def test_filters(world, visitor, query, count):
    context, _page = get(visitor, query)
    assert context["page"].paginator.count == count


def test_themes(world, visitor):
    theme = build.make_theme("passports")
    world.edition.items.filter(section="ID").update(theme=theme)
    world.edition.items.filter(section=None).update(theme=build.make_theme())
    assert get(visitor, "?theme=passports")[0]["page"].paginator.count == 3
    assert get(visitor, "?theme=fees&state=answered")[0]["page"].paginator.count == 2


def test_one_statement(world, visitor):
    other = make_published(world.cast)
    context, _page = get(visitor, f"?statement={other.slug}")
    assert {row["statement"].pk for row in context["rows"]} == {other.statement.pk}
    assert context["total"] == 2


def test_filters_are_kept_in_the_address(world, visitor):
    _context, page = get(visitor, "?section=ID&body=ministry")
    assert 'href="?section=ID&amp;body=ministry&amp;state=overdue"' in page


def test_only_the_edition_in_force_counts(world, visitor):
    make_next_edition(world)
    context, _page = get(visitor)
    figures = {figure["label"]: figure["count"] for group in context["groups"] for figure in group["figures"]}
    assert context["total"] == sum(figures.values()) == 6
    assert (figures["Accepted"], figures["Accepted in part"], figures["Not accepted"]) == (1, 1, 1)


def test_a_conveyance_that_came_back_is_none(world, visitor):
    Conveyance.objects.filter(body=world.cast.body).update(state="returned")
    context, _page = get(visitor, "?state=not-conveyed")
    assert context["page"].paginator.count == 4


def test_the_day_the_reply_is_due_is_still_in_time(cast):
    published = make_published(cast)
    conveyance = published.convey()
    pairs = PairQuerySet(Item.addressees.through).filter(item=published.item())
    assert pairs.with_state(conveyance.reply_due).get().state == "waiting"
    assert pairs.with_state(conveyance.reply_due + build.timedelta(days=1)).get().state == "overdue"


@pytest.mark.parametrize("items", [1, 3])
def test_reads_stay_flat(cast, visitor, django_assert_num_queries, items):
    make_published(cast, items=items)
    with django_assert_num_queries(7):
        _context, page = get(visitor)
    assert len(re.findall(r"/items/[a-z]+-\d+/", page)) == 2 * items


def test_pages_of_fifty(cast, visitor):
    make_published(cast, items=26)
    assert len(get(visitor)[0]["rows"]) == 50
    assert len(get(visitor, "?section=asean&page=1")[0]["rows"]) == 26
    assert len(get(visitor, "?page=2")[0]["rows"]) == 2


def test_nothing_yet(db, visitor):
    context, page = get(visitor)
    assert context["total"] == 0
    assert '<svg class="bar"' not in page


@pytest.mark.parametrize("text", ["ยาว" * 100, "word " * 100, "ក្រុមគ្រួសារ" * 40, "x" * 400])
def test_a_long_text_is_cut_between_letters(cast, visitor, text):
    published = make_published(cast)
    make_next_edition(published, text=text)
    context, _page = get(visitor, "?section=asean")
    excerpt = context["rows"][0]["excerpt"]
    assert excerpt.endswith(" …")
    assert text.startswith(excerpt.removesuffix(" …"))
    assert len(excerpt) <= 142


def test_every_state_has_a_word():
    assert len(PAIR_STATES) == 11

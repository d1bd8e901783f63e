"""The register and the public bodies: who sees what, filters, small numbers, literal query counts."""

import pytest

from stakeholders.models import PublicBody
from tests import build
from tests.conftest import PEOPLE, as_person

REGISTER = "/en/organisations/"
BODIES = "/en/public-bodies/"
CONVENORS = {"convenor", "second_convenor"}
MEMBERS = {"representative", "colleague", "other_member"}


def names(page):
    """Return the names on a page of the register."""
    return [row["name"] for row in page.context["rows"]]


@pytest.mark.parametrize("who", PEOPLE)
def test_register_shows_each_reader_their_part(cast, who):
    for visibility in ("public", "members", "withheld"):
        build.make_organisation(name=f"Z {visibility}", visibility=visibility)
    seen = {"Z public"}
    if who in MEMBERS | CONVENORS:
        seen |= {"Z members"}
    if who in CONVENORS:
        seen |= {"Z withheld"}
    shown = names(as_person(cast.people()[who]).get(REGISTER))
    assert {name for name in shown if name.startswith("Z ")} == seen


def facet(page, name):
    """Return the options of a facet as what a reader sees."""
    return {option["name"]: "fewer than 5" if option["small"] else option["count"] for option in page.context[name]}


@pytest.mark.parametrize(
    ("who", "count", "expected", "total"),
    [
        ("anonymous", 4, "fewer than 5", "Fewer than five organisations"),
        ("anonymous", 5, 5, "5 organisations"),
        ("representative", 4, "fewer than 5", "Fewer than five organisations"),
        ("liaison", 4, "fewer than 5", "Fewer than five organisations"),
        ("convenor", 4, 4, "4 organisations"),
        ("convenor", 1, 1, "1 organisation"),
    ],
)
def test_small_numbers_are_words_for_all_but_convenors(cast, who, count, expected, total):
    group = build.make_group("media", name_en="Media")
    for _number in range(count):
        build.make_organisation(groups=[group], country=build.make_country("TH"))
    page = as_person(cast.people()[who]).get(f"{REGISTER}?group=media")
    assert (facet(page, "groups")["Media"], facet(page, "countries")["TH"], page.context["total"]) == (
        expected,
        expected,
        total,
    )


def test_withheld_organisations_do_not_count(cast, visitor):
    group = build.make_group("media", name_en="Media")
    for number in range(6):
        build.make_organisation(groups=[group], visibility="public" if number < 5 else "withheld")
    assert facet(visitor.get(REGISTER), "groups")["Media"] == 5


def test_filters_narrow_and_keep_each_other(cast, visitor):
    media = build.make_group("media", name_en="Media")
    thai = build.make_organisation(name="Thai paper", groups=[media], country=build.make_country("TH"))
    build.make_organisation(name="Jakarta paper", groups=[media])
    page = visitor.get(f"{REGISTER}?group=media&country=TH")
    assert names(page) == [thai.name]
    assert page.context["query"] == "group=media&country=TH&"
    urls = {option["name"]: option["url"] for option in page.context["countries"]}
    assert urls["ID"] == "?group=media&country=ID"


@pytest.mark.parametrize(
    "query", ["group=nothing", "country=ZZ", "groups__hearing=never", "page=999", "page=x", "group="]
)
def test_unknown_filters_are_ignored(cast, visitor, query):
    assert len(names(visitor.get(f"{REGISTER}?{query}"))) == 2


def test_register_has_pages_of_fifty(cast, visitor):
    for _number in range(49):
        build.make_organisation()
    pages = [visitor.get(f"{REGISTER}?page={number}") for number in (1, 2)]
    assert [len(names(page)) for page in pages] == [50, 1]


@pytest.mark.parametrize(("who", "count"), [("anonymous", 8), ("representative", 12), ("convenor", 12)])
@pytest.mark.parametrize("items", [1, 3])
def test_register_queries(cast, django_assert_num_queries, who, count, items):
    for number in range(items):
        build.make_organisation(groups=[build.make_group(f"group-{number}"), build.make_group()])
    browser = as_person(cast.people()[who])
    browser.get("/en/about/")
    with django_assert_num_queries(count):
        browser.get(REGISTER)


def test_bodies_stand_under_those_they_report_to(cast, visitor):
    top = build.make_body("almm", kind="asean", name_en="ALMM")
    middle = build.make_body("slom", kind="asean", name_en="SLOM", reports_to=top)
    build.make_body("acmw", kind="asean", name_en="ACMW", reports_to=middle)
    (line,) = visitor.get(BODIES).context["lines"]
    assert (line["body"].name, line["below"][0]["body"].name, line["below"][0]["below"][0]["body"].name) == (
        "ALMM",
        "SLOM",
        "ACMW",
    )


def test_body_of_the_past_names_its_successor(cast, visitor):
    build.make_body("old", name_en="Old ministry", until=build.LONG_AGO, successor=cast.body)
    page = " ".join(visitor.get(BODIES).content.decode().split())
    assert f'Old ministry</a> <span class="small quiet"> until 1 January 2020 · now {cast.body.name} </span>' in page


@pytest.mark.parametrize("items", [1, 3])
def test_bodies_queries(cast, visitor, django_assert_num_queries, items):
    for number in range(items):
        old = build.make_body(f"old-{number}", country=build.make_country("TH"), until=build.LONG_AGO)
        PublicBody.objects.filter(pk=old.pk).update(successor=cast.body)
    with django_assert_num_queries(3):
        visitor.get(BODIES)

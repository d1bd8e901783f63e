"""The stakeholder map: who reads which number and which name, and what it asks of the database."""

import pytest

from portal import log, publishing
from stakeholders.models import Organisation
from tests import build
from tests.conftest import PEOPLE, as_person

MAP = "/en/map/"
CONVENORS = {"convenor", "second_convenor"}
MEMBERS = {"representative", "colleague", "other_member"}


def grid(page):
    """Return the shown cells and totals of a page: numbers as they stand, < for a small one."""
    codes = [code for code, _name in page.context["columns"]]
    return {
        row["group"].slug: (
            {
                code: "<" if cell["small"] else cell["count"]
                for code, cell in zip(codes, row["cells"], strict=True)
                if cell["small"] or cell["count"]
            },
            row["total"],
        )
        for row in page.context["grid"]
    }


@pytest.fixture
def world(cast):
    """Media: five public and one of each hidden kind in Thailand, two public in Viet Nam."""
    media, thai, viet = build.make_group("media", name_en="Media"), build.make_country("TH"), build.make_country("VN")
    for _number in range(5):
        build.make_organisation(groups=[media], country=thai)
    for visibility in ("members", "withheld"):
        build.make_organisation(groups=[media], country=thai, visibility=visibility)
    for _number in range(2):
        build.make_organisation(groups=[media], country=viet)
    build.make_organisation(groups=[media], country=thai, state="applied")
    return cast


@pytest.mark.parametrize("who", PEOPLE)
def test_each_reader_reads_their_numbers(world, who):
    expected = {"TH": 5, "VN": "<"}, None
    if who in MEMBERS:
        expected = {"TH": 6, "VN": "<"}, None
    if who in CONVENORS:
        expected = {"TH": 7, "VN": 2}, 9
    assert grid(as_person(world.people()[who]).get(MAP))["media"] == expected


def test_tiles_show_totals_that_tell_nothing(world, visitor):
    tiles = {tile["code"]: tile["count"] for tile in visitor.get(MAP).context["tiles"]}
    assert {code: tiles[code] for code in ("TH", "VN", "ID")} == {"TH": 5, "VN": "not shown", "ID": "not shown"}


@pytest.mark.parametrize("who", PEOPLE)
def test_a_group_of_hidden_ones_is_represented_nowhere_to_those_who_may_not_see_them(cast, who):
    for visibility in ("members", "withheld"):
        group = build.make_group(visibility, name_en=visibility)
        build.make_organisation(groups=[group], visibility=visibility)
    build.make_group("militia", name_en="Militia", hearing="never")
    build.make_group("banks", name_en="Banks", hearing="own-bench")
    page = as_person(cast.people()[who]).get(MAP)
    seen = {"members"} if who in MEMBERS | CONVENORS else set()
    seen |= {"withheld"} if who in CONVENORS else set()
    missing = {group.slug for group in page.context["to_invite"]}
    assert missing == {"banks", "members", "withheld"} - seen
    assert [group.slug for group in page.context["never_seated"]] == ["militia"]


@pytest.mark.parametrize("who", PEOPLE)
def test_names_are_those_that_are_named_to_everybody(world, who):
    page = as_person(world.people()[who]).get(MAP)
    (media,) = (row for row in page.context["groups"] if row["group"].slug == "media")
    assert {one.visibility for one in media["organisations"]} == {"public"}
    assert len(media["organisations"]) == 4


@pytest.mark.parametrize("who", PEOPLE)
def test_ties_show_where_both_ends_may_be_seen(cast, who):
    network = build.make_organisation(name="Network", acronym="NET")
    hidden = build.make_organisation(name="Hidden network", visibility="withheld")
    for visibility in ("public", "members", "withheld"):
        one = build.make_organisation(name=f"Tied {visibility}", visibility=visibility)
        build.make_link(one, network)
        build.make_link(one, hidden)
    build.make_link(network, None, other_name="Outside")
    hubs = as_person(cast.people()[who]).get(MAP).context["hubs"]
    around = ["Tied public"]
    around = ["Tied members", *around] if who in MEMBERS | CONVENORS else around
    around = [*around, "Tied withheld"] if who in CONVENORS else around
    expected = {"Network": around} | ({"Hidden network": around} if who in CONVENORS else {})
    assert {hub["name"]: [spoke["name"] for spoke in hub["spokes"]] for hub in hubs} == expected


@pytest.mark.parametrize(("who", "count"), [("anonymous", 7), ("representative", 8), ("convenor", 8)])
@pytest.mark.parametrize("items", [1, 3])
def test_map_queries(cast, django_assert_num_queries, who, count, items):
    for number in range(items):
        one = build.make_organisation(groups=[build.make_group(f"group-{number}")])
        build.make_link(one, cast.organisation)
    browser = as_person(cast.people()[who])
    browser.get("/en/about/")
    with django_assert_num_queries(count):
        browser.get(MAP)


@pytest.fixture
def keeping(cast, settings):
    """A process that keeps what it read until the next act."""
    settings.KEPT_PAGES = 10
    log.record("begin", cast.convenor, by=cast.convenor)
    yield cast
    publishing.FIGURES._pages.clear()  # noqa: SLF001


@pytest.mark.parametrize("who", ["representative", "convenor"])
def test_whole_tables_are_read_once_until_the_next_act(keeping, django_assert_num_queries, who):
    browser = as_person(keeping.people()[who])
    browser.get(MAP)
    with django_assert_num_queries(6):
        browser.get(MAP)


def test_kept_figures_are_of_one_circle_of_readers(keeping):
    shown = {}
    build.make_organisation(groups=[build.make_group("hidden")], visibility="withheld")
    build.make_organisation(groups=[build.make_group("inner")], visibility="members")
    for who in ("convenor", "anonymous", "representative", "other_member", "liaison", "convenor"):
        context = as_person(keeping.people()[who]).get(MAP).context
        shown[who] = {row["group"].slug for row in context["grid"]} & {"hidden", "inner"}
    nobody = {who: set() for who in ("anonymous", "liaison")}
    assert shown == {"convenor": {"hidden", "inner"}, "representative": {"inner"}, "other_member": {"inner"}, **nobody}


def test_who_hides_is_named_no_more_even_where_nothing_was_recorded(keeping):
    named = build.make_organisation(name="Named", groups=[build.make_group("media")])
    browser = as_person(keeping.people()["representative"])
    assert "Named" in browser.get(MAP).content.decode()
    Organisation.objects.filter(pk=named.pk).update(visibility="withheld")
    assert "Named" not in browser.get(MAP).content.decode()


@pytest.mark.parametrize("language", ["en", "id"])
def test_an_empty_register_has_a_map(db, visitor, language):
    build.make_group()
    page = visitor.get(f"/{language}/map/")
    assert (page.status_code, page.context["grid"], Organisation.objects.count()) == (200, [], 0)

"""The register and the public bodies: who sees what, filters, small numbers, literal query counts."""

import pytest

from stakeholders.models import PublicBody
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.tables import few

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


@pytest.mark.parametrize("who", PEOPLE)
def test_only_convenors_read_a_number(cast, who):
    group = build.make_group("media", name_en="Media")
    for visibility in ("public", "members", "withheld"):
        build.make_organisation(groups=[group], visibility=visibility)
    page = as_person(cast.people()[who]).get(f"{REGISTER}?group=media")
    assert page.context["total"] == ("3 organisations" if who in CONVENORS else "")


def chips(page):
    """Return the chosen filters with the address that takes each away."""
    return {chip["name"]: chip["url"] for chip in page.context["filters"].chips()}


def test_filters_narrow_and_keep_each_other(cast, visitor):
    media = build.make_group("media", name_en="Media")
    thai = build.make_organisation(name="Thai paper", groups=[media], country=build.make_country("TH"))
    build.make_organisation(name="Jakarta paper", groups=[media])
    page = visitor.get(f"{REGISTER}?group=media&country=TH")
    assert names(page) == [thai.name]
    assert chips(page) == {"Media": "?country=TH", "TH": "?group=media"}


@pytest.fixture
def described(cast):
    """Two organisations that differ in everything one can filter by."""
    media = build.make_group("media", name_en="Media", bench="media")
    one = build.make_organisation(name="One", side="transit", level="regional", languages="id th")
    build.make_trait(one, "basis", "domestic-workers")
    build.make_trait(one, "service", "legal-aid")
    other = build.make_organisation(
        name="Two", side="both", level="global", languages="tet", groups=[media], country=None
    )
    build.make_trait(other, "issue", "health")
    build.make_trait(other, "role", "alerting")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("side=transit", ["One"]),
        ("level=regional", ["One"]),
        ("basis=domestic-workers", ["One"]),
        ("service=legal-aid", ["One"]),
        ("language=th", ["One"]),
        ("language=id", ["One"]),
        ("issue=health", ["Two"]),
        ("role=alerting", ["Two"]),
        ("bench=media", ["Two"]),
        ("language=tet", ["Two"]),
        ("country=several", ["Two"]),
        ("bench=media&role=alerting&issue=health&level=global&side=both&country=several&language=tet", ["Two"]),
        ("side=transit&issue=health", []),
        ("q=one&side=transit", ["One"]),
        ("q=one&side=both", []),
    ],
)
def test_every_filter(described, visitor, query, found):
    assert names(visitor.get(f"{REGISTER}?{query}")) == found


def test_orders_come_from_a_list(cast, visitor):
    build.make_organisation(name="Aa", country=build.make_country("TH"))
    assert names(visitor.get(f"{REGISTER}?sort=-name"))[-1] == "Aa"
    assert names(visitor.get(f"{REGISTER}?sort=country"))[-1] == "Aa"
    assert names(visitor.get(f"{REGISTER}?sort=contact_email"))[0] == "Aa"


NAMES = [
    {"text": "สมาคมแรงงานข้ามชาติ", "lang": "th", "kind": "other"},
    {"text": "សមាគម\u200bពលករ\u200bទេសន្តរប្រវេសន៍", "lang": "km", "kind": "other"},
    {"text": "ສະມາຄົມແຮງງານ", "lang": "lo", "kind": "other"},
    {"text": "ရွှေ့ပြောင်းအလုပ်သမားများ", "lang": "my", "kind": "other"},
    {"text": "Hiệp hội Lao động Di cư", "lang": "vi", "kind": "other"},
    {"text": "Old Harbour Circle", "lang": "en", "kind": "former"},
]


@pytest.mark.parametrize(
    "typed",
    [
        "แรงงานข้าม",
        "ពលករទេសន្តរ",
        "ແຮງງານ",
        "အလုပ်သမား",
        "lao động",
        "lao dong",
        "HIEP HOI",
        "hiệp\u0323 hoi",
        "ＨＡＲＢＯＵＲ",
        "circle old",
        "jsp",
        "pekerja senja",
        "  senja  ",
        "sénja",
    ],
)
def test_any_name_is_found_in_any_script(cast, visitor, typed):
    build.make_organisation(name="Jaringan Senja Pekerja", acronym="JSP", other_names=NAMES)
    assert names(visitor.get(REGISTER, {"q": typed})) == ["Jaringan Senja Pekerja"]


@pytest.mark.parametrize("typed", ["%", "_", "senja pantura", "harbour senja", "\\", "'; --", "x" * 500])
def test_what_is_not_in_one_name_is_not_found(cast, visitor, typed):
    build.make_organisation(name="Jaringan Senja", other_names=NAMES)
    assert names(visitor.get(REGISTER, {"q": typed})) == []


@pytest.mark.parametrize("typed", ["", " ", "\u200b\u2060"])
def test_nothing_visible_searches_for_nothing(cast, visitor, typed):
    assert len(names(visitor.get(REGISTER, {"q": typed}))) == 2


@pytest.mark.parametrize("who", few(("convenor", "representative", "stranger"), PEOPLE))
@pytest.mark.parametrize("typed", ["zamrud", "zmr", "มรกต", "old zamrud", "bekas"])
def test_search_finds_only_what_the_reader_may_see(cast, who, typed):
    others = [
        {"text": "กลุ่มมรกต", "lang": "th", "kind": "other"},
        {"text": "Old Zamrud", "kind": "former"},
        {"text": "Bekas", "kind": "alias"},
    ]
    for visibility in ("members", "withheld"):
        build.make_organisation(name=f"Zamrud {visibility}", acronym="ZMR", other_names=others, visibility=visibility)
    seen = {"Zamrud members"} if who in MEMBERS | CONVENORS else set()
    seen |= {"Zamrud withheld"} if who in CONVENORS else set()
    assert set(names(as_person(cast.people()[who]).get(REGISTER, {"q": typed}))) == seen


def test_too_many_searches_are_told_to_wait_and_the_list_stays_open(cast, visitor, monkeypatch):
    monkeypatch.setattr("stakeholders.views.register.within_read_limit", lambda _request, action: action != "search")
    refused = visitor.get(REGISTER, {"q": "serikat"})
    assert (refused.status_code, names(refused)) == (429, [])
    assert "Too many searches from your connection" in refused.content.decode()
    assert len(names(visitor.get(REGISTER))) == 2
    assert len(names(as_person(cast.other_member).get(REGISTER, {"q": "serikat"}))) == 1
    monkeypatch.setattr("stakeholders.views.export.within_read_limit", lambda _request, _action: False)
    assert visitor.get("/en/organisations/export/csv").status_code == 429


def test_what_is_hidden_changes_nothing(cast, visitor):
    queries = ("", "?q=zamrud", "?q=hidden", "?group=unions&country=ID", "?basis=women", "?sort=-name", "?page=2")
    pages = ("/en/map/", *(REGISTER + query for query in queries), "/en/organisations/export/csv")

    def read():
        return [b"".join(visitor.get(page, {}, HTTP_X=str(page)).getvalue().splitlines()) for page in pages]

    before = read()
    for number in range(60):
        hidden = build.make_organisation(
            name=f"Zamrud hidden {number}",
            visibility="withheld" if number % 2 else "members",
            country=build.make_country("TH" if number % 3 else "ID"),
        )
        build.make_trait(hidden, "basis", "women")
        build.make_link(hidden, cast.organisation)
        build.make_link(cast.other_organisation, hidden) if not number else None
    assert read() == before


@pytest.mark.parametrize(
    "query",
    [
        "group=nothing",
        "country=ZZ",
        "groups__hearing=never",
        "page=999",
        "page=x",
        "page=²",
        "page=-1",
        "page=99999999999999999999",
        "group=",
    ],
)
def test_unknown_filters_are_ignored(cast, visitor, query):
    assert len(names(visitor.get(f"{REGISTER}?{query}"))) == 2


def test_register_has_pages_of_fifty(cast, visitor):
    for _number in range(49):
        build.make_organisation()
    pages = [visitor.get(f"{REGISTER}?page={number}") for number in (1, 2)]
    assert [len(names(page)) for page in pages] == [50, 1]
    ways = [(page.context["previous_url"], page.context["next_url"]) for page in pages]
    assert ways == [("", "?page=2"), ("?page=1", "")]


@pytest.mark.parametrize(("who", "count"), [("anonymous", 5), ("representative", 6), ("convenor", 7)])
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

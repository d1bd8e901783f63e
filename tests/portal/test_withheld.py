"""A withheld organisation in the register changes nothing that anybody outside reads: not a byte."""

import re
from collections import Counter

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import override_settings
from django.urls import reverse
from django.utils import translation

from portal import mail
from portal.routes import PUBLIC_ROUTES
from stakeholders.actions import change_organisation, merge_organisations
from stakeholders.models import Decision, Membership, Organisation, OrganisationLink, StakeholderGroup, Trait
from tests import build
from tests.portal.crawling import addresses, letters, words_of
from tests.portal.world import undone, whole_world
from tests.tables import few

pytestmark = pytest.mark.django_db
NAME = "Kelompok Anggrek Bulan"
SLUG = "kelompok-anggrek-bulan"
UNLIMITED = {**settings.LIMITS, "search": "100000/m/ip"}
OUTSIDE = ("anonymous", "link holder", "stranger", "other member", "liaison")
# Words of its names, in every way somebody could type them; and filters that it alone fits.
QUERIES = (
    *("", "?q=anggrek", "?q=Bulan", "?q=ANGGR", "?q=KAB", "?q=melati", "?q=Kelompok+Anggrek+Bulan", f"?q={SLUG}"),
    *("?q=%D0%B0nggr%D0%B5k", "?q=a%E2%80%8Bnggrek", "?q=%EF%BC%AB%EF%BC%A1%EF%BC%A2", "?q=example.org", "?q=Person"),
    *("?role=advocacy", "?group=hidden-people", "?country=MM", "?side=destination", "?level=regional", "?language=my"),
    *("?bench=workers", "?page=2", "?sort=-name", f"?slug={SLUG}", "?visibility=withheld", "?name__contains=Anggrek"),
)
PROBES = [
    *(f"/en/organisations/{query}" for query in QUERIES),
    *(f"/en/organisations/export/csv{query}" for query in (*QUERIES[:3], "?role=advocacy", "?country=MM")),
    *(f"/en/organisations/export/xlsx{query}" for query in ("", "?q=KAB")),
]
# What differs between two visits to the same page of the same world: the secret of a form, and its one-time key.
OWN_TO_THE_VISIT = re.compile(rb'name="(?:csrfmiddlewaretoken|one_time_key)" value="[^"]*"')


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with whole_world(django_db_blocker) as made, override_settings(DEMO=False, MAILBOX_SHOWN=False, LIMITS=UNLIMITED):
        # Everything that only the withheld one will belong to is there before.
        build.make_country("MM")
        build.make_group("hidden-people", name_en="Hidden people", name_ind="Orang tersembunyi")
        for count in range(5):  # so that counts are shown at all
            build.make_organisation(name=f"Organisation {count}", slug=f"organisation-number-{count}")
        yield made


def add_withheld(visibility: str = "withheld", **values) -> Organisation:
    """Put a withheld organisation with people, ties, names of its own and a decision into the register."""
    kind = {"groups": [build.make_group("hidden-people"), build.make_group()], "country": build.make_country("MM")}
    words = {"side": "destination", "level": "regional", "languages": "my", "acronym": "KAB"}
    names = [{"text": "Kumpulan Melati", "lang": "", "kind": "former"}]
    own = {"name": NAME, "slug": SLUG, "other_names": names, **kind, **words, **values}
    withheld = build.make_organisation(visibility=visibility, **own)
    build.make_member(withheld, full_name="Anggrek Person")
    Trait.objects.create(organisation=withheld, kind="role", code="advocacy")
    first = Organisation.objects.order_by("pk").first()
    OrganisationLink.objects.create(organisation=withheld, kind="network", other=first)
    OrganisationLink.objects.create(organisation=first, kind="network", other=withheld)
    Decision.objects.create(organisation=withheld, verdict="eligible", by=build.make_convenor(), reasons="Anggrek")
    return withheld


def withdrawn_from_the_public() -> Organisation:
    """Put a public one into the register, and withhold it."""
    public = add_withheld("public")
    return change_organisation(public, by=build.make_convenor(), version=public.version, visibility="withheld")


def renamed() -> Organisation:
    """Give a withheld one another name."""
    withheld = add_withheld()
    new = {"name_en": "Kelompok Anggrek Baru", "other_names": [{"text": NAME, "lang": "", "kind": "former"}]}
    return change_organisation(withheld, by=build.make_convenor(), version=withheld.version, **new)


def merged() -> Organisation:
    """Merge two withheld ones."""
    kept = add_withheld(name="Kelompok Anggrek Hutan", slug="kelompok-anggrek-hutan")
    return merge_organisations(kept, add_withheld(), by=build.make_convenor(), former=True)


WAYS = {"from the start": add_withheld, "withdrawn": withdrawn_from_the_public, "renamed": renamed, "merged": merged}
WHEN = {"from the start": ("from the start",), "later": ("withdrawn", "renamed", "merged")}


def every_address(language: str, each: int, *, public_only: bool = False) -> list[str]:
    """Return the addresses that the world has without it."""
    with translation.override(language):
        return sorted(
            {address for name, address in addresses(each) if name in PUBLIC_ROUTES or not public_only}
            | {reverse("stakeholder_map"), *PROBES}
        )


def pages(world, role: str, places: list[str]) -> dict[str, tuple]:
    """Return what the person gets at every address that takes no name: status, headers that tell, and the bytes."""
    found = {}
    for place in places:
        with undone():
            response = world.browser(role).get(place)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        headers = tuple(response.get(name, "") for name in ("Location", "Cache-Control", "Vary"))
        disposition = response.get("Content-Disposition", "")
        found[place] = (response.status_code, headers, disposition, told(body))
    return found


def told(body: bytes) -> str:
    """Return what an answer says, without what is the visit's own; of a spreadsheet the words, not when it was made."""
    said = words_of(OWN_TO_THE_VISIT.sub(b"", body))
    return re.sub(r"<dcterms:\w+[^>]*>[^<]*</dcterms:\w+>", "", said) if body.startswith(b"PK") else said


def differing(world, role: str, places: list[str], ways=tuple(WAYS)) -> list[tuple[str, str]]:
    """Return how, and at which addresses, the person could tell that the organisation is there."""
    before, found = pages(world, role, places), []
    for way in ways:
        with undone():
            WAYS[way]()
            after = pages(world, role, places)
        found += [(way, address) for address, said in before.items() if after[address] != said]
    return found


@pytest.mark.parametrize("when", few(("from the start",), WHEN))
def test_everybody_reads_the_same_bytes_with_and_without_it(world, when) -> None:
    assert differing(world, "anonymous", every_address("en", 1, public_only=True), WHEN[when]) == []


@pytest.mark.slow
@pytest.mark.parametrize("role", OUTSIDE)
def test_nobody_outside_can_tell(world, role) -> None:
    assert differing(world, role, every_address("en", 2), ("from the start",)) == []
    assert differing(world, role, every_address("id", 1, public_only=True), ("withdrawn", "merged")) == []


@pytest.mark.slow
@pytest.mark.parametrize("role", ["other member", "liaison"])
def test_nobody_outside_can_tell_what_became_of_it(world, role) -> None:
    assert differing(world, role, every_address("en", 1, public_only=True), ("withdrawn", "renamed", "merged")) == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("role", few(("other member",), ["anonymous", "other member", "liaison"]))
def test_neither_its_address_nor_an_earlier_one_leads_anywhere(world, way, role) -> None:
    with undone():
        now = WAYS[way]().slug
        for slug in {now, SLUG}:
            for page in ("", "people/", "decide/", "merge/", "edit/names/"):
                there = world.browser(role).get(f"/en/organisations/{slug}/{page}")
                nowhere = world.browser(role).get(f"/en/organisations/kelompok-anggrek-mekar/{page}")
                assert (there.status_code, there.headers.get("Location", "").replace(slug, "")) == (
                    nowhere.status_code,
                    nowhere.headers.get("Location", "").replace("kelompok-anggrek-mekar", ""),
                )
                assert there.status_code in ({404, 302} if role == "anonymous" and page else {404})


def test_an_application_under_its_name_is_answered_as_any(world) -> None:
    def answer() -> tuple[int, str, str]:
        browser = world.browser("anonymous")
        page = browser.post("/en/apply/names/", {"name_en": NAME, "name_ind": NAME, "acronym": "KAB"})
        return page.status_code, page.get("Location", ""), told(page.content)

    before = answer()
    with undone():
        add_withheld()
        assert answer() == before


@pytest.mark.parametrize("language", ["en", "id"])
def test_no_mail_about_it_has_its_name(world, language) -> None:
    with undone():
        withheld = add_withheld()
        withheld.applied_at = withheld.created_at
        Organisation.objects.filter(pk=withheld.pk).update(applied_at=withheld.applied_at)
        invited = build.make_user()
        offer = Membership.objects.create(organisation=withheld, user=invited, state="invited", by=invited)
        said = []
        for purpose, subject in (
            *((one, withheld.decisions.get()) for one in mail.REGISTRY if ".organisation_" in one),
            ("stakeholders.mandate_offered", offer),
        ):
            said += [whole for _role, _address, whole in letters(world, purpose, subject, language)]
        Organisation.objects.filter(pk=withheld.pk).update(state="applied")
        withheld.refresh_from_db()
        for purpose in ("stakeholders.application_received", "stakeholders.application_waits"):
            said += [whole for _role, _address, whole in letters(world, purpose, withheld, language)]
    assert len(said) > 12
    assert [one for one in said if re.search("anggrek b|melati|KAB\\b", one, re.IGNORECASE)] == []


def test_the_comparison_would_notice_one_that_is_not_withheld(world) -> None:
    before = world.browser("anonymous").get("/en/organisations/").content
    with undone():
        build.make_organisation(name=NAME, slug=SLUG)
        assert world.browser("anonymous").get("/en/organisations/").content != before


@pytest.mark.parametrize("role", OUTSIDE)
def test_its_address_is_as_any_that_leads_nowhere(world, role) -> None:
    with undone():
        add_withheld()
        there, nowhere = (
            world.browser(role).get(f"/en/organisations/{slug}/") for slug in (SLUG, "kelompok-anggrek-mekar")
        )
    assert (there.status_code, nowhere.status_code) == (404, 404)
    bare = [
        OWN_TO_THE_VISIT.sub(b"", page.content.replace(slug.encode(), b""))
        for page, slug in ((there, SLUG), (nowhere, "kelompok-anggrek-mekar"))
    ]
    assert bare[0] == bare[1]
    assert {
        name: there[name] for name in there.headers if name not in {"Content-Length", "Content-Security-Policy"}
    } == {name: nowhere[name] for name in nowhere.headers if name not in {"Content-Length", "Content-Security-Policy"}}


def test_counts_of_facets_leave_it_out(world) -> None:
    group = StakeholderGroup.objects.get(slug="trade-unions")
    with undone():
        before = Counter(Organisation.objects.visible_to(AnonymousUser()).values_list("groups", flat=True))
        add_withheld()
        after = Counter(Organisation.objects.visible_to(AnonymousUser()).values_list("groups", flat=True))
    assert before[group.pk] > 0
    assert after == before


def test_convenors_and_its_own_people_find_it(world) -> None:
    with undone():
        withheld = add_withheld()
        for role in ("convenor", "other convenor"):
            assert NAME in world.browser(role).get("/en/organisations/").content.decode()
        assert Organisation.objects.visible_to(withheld.memberships.get().user).filter(pk=withheld.pk).exists()


@pytest.mark.parametrize("query", ["", "?q=anggrek", f"?q={SLUG}", "?visibility__exact=withheld"])
def test_the_back_office_leaves_it_out(world, query) -> None:
    with undone():
        add_withheld()
        browser = world.browser("administrator")
        for model in ("organisation", "membership"):
            page = browser.get(f"/en/admin/stakeholders/{model}/{query}", follow=True).content.decode()
            assert "Anggrek Bulan" not in page


def test_the_log_has_no_address_of_it(world, caplog) -> None:
    caplog.set_level("DEBUG")
    with undone():
        add_withheld()
        world.browser("anonymous").get(f"/en/organisations/{SLUG}/")
        world.browser("anonymous").get(f"/en/i/{'f' * 40}/")
    said = [record.getMessage() for record in caplog.records if record.name == "django.request"]
    assert said == ["Not Found: organisation_detail", "Not Found: invitation_link"]
    assert SLUG not in caplog.text

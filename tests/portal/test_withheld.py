"""A withheld organisation in the register changes nothing that anybody outside reads: not a byte."""

import re
from collections import Counter

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from stakeholders.models import Decision, Organisation, OrganisationLink, StakeholderGroup, Trait
from tests import build
from tests.portal.crawling import addresses
from tests.portal.world import undone, whole_world

pytestmark = pytest.mark.django_db
NAME = "Kelompok Anggrek Bulan"
SLUG = "kelompok-anggrek-bulan"
OUTSIDE = ("anonymous", "link holder", "stranger", "other member", "liaison")
# What differs between two visits to the same page of the same world: the secret of a form, and its one-time key.
OWN_TO_THE_VISIT = re.compile(rb'name="(?:csrfmiddlewaretoken|one_time_key)" value="[^"]*"')


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with whole_world(django_db_blocker) as made:
        for count in range(5):  # so that counts are shown at all
            build.make_organisation(name=f"Organisation {count}", slug=f"organisation-number-{count}")
        yield made


def add_withheld() -> Organisation:
    """Put a withheld organisation with people, ties and a decision into the register."""
    withheld = build.make_organisation(name=NAME, slug=SLUG, visibility="withheld", acronym="KAB")
    build.make_member(withheld, full_name="Anggrek Person")
    Trait.objects.create(organisation=withheld, kind="role", code="advocacy")
    OrganisationLink.objects.create(organisation=withheld, kind="network", other=Organisation.objects.first())
    Decision.objects.create(organisation=withheld, verdict="verify", by=build.make_convenor())
    return withheld


def pages(world, role: str, languages: tuple[str, ...]) -> dict[str, tuple]:
    """Return what the person gets at every address that takes no name: status, headers that tell, and the bytes."""
    client_of, found = world.browser, {}
    for language in languages:
        with translation.override(language):
            places = {address for name, address in addresses() if "kelompok" not in address and "mailbox" not in name}
        for place in sorted(places):
            with undone():
                response = client_of(role).get(place)
            headers = tuple(response.get(name, "") for name in ("ETag", "Location", "Cache-Control", "Vary"))
            found[place] = (response.status_code, headers, OWN_TO_THE_VISIT.sub(b"", response.content))
    return found


def differing(world, role: str, *languages: str) -> list[str]:
    """Return the addresses at which the person could tell that the organisation is there."""
    before = pages(world, role, languages)
    with undone():
        add_withheld()
        after = pages(world, role, languages)
    return [address for address, said in before.items() if after[address] != said]


def test_everybody_reads_the_same_bytes_with_and_without_it(world) -> None:
    assert differing(world, "anonymous", "en") == []


@pytest.mark.slow
@pytest.mark.parametrize("role", OUTSIDE)
def test_nobody_outside_can_tell(world, role) -> None:
    assert differing(world, role, "en", "id") == []


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


@pytest.mark.parametrize(
    "query", ["", "?q=anggrek", "?q=KAB", "?group=trade-unions", "?country=ID", "?page=2", f"?slug={SLUG}"]
)
def test_no_list_or_search_finds_it(world, query) -> None:
    with undone():
        add_withheld()
        for role in OUTSIDE:
            page = world.browser(role).get(f"/en/organisations/{query}").content.decode()
            assert not re.search("anggrek bulan|Anggrek Person", page, re.IGNORECASE), role


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

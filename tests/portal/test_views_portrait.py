"""The page of an organisation: what it says about it, to whom; and where a former address leads."""

import pytest

from stakeholders.models import Organisation
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.tables import few

CONVENORS = {"convenor", "second_convenor"}
MEMBERS = {"representative", "colleague", "other_member"}


def page_of(person, organisation):
    """Return the organisation's page as the person sees it."""
    return as_person(person).get(f"/en/organisations/{organisation.slug}/")


def test_page_says_what_it_does(cast):
    one = build.make_organisation(
        name="One",
        name_ind="Satu",
        acronym="ONE",
        languages="id th",
        language="id",
        introduction="Kami membantu.",
        website="https://one.example/",
        speaks_for_omitted=True,
        other_names=[{"text": "หนึ่ง", "lang": "th", "kind": "other"}, {"text": "Zero", "lang": "en", "kind": "former"}],
    )
    one.countries.set([build.make_country("TH"), build.make_country("ID")])
    build.make_trait(one, "service", "legal-aid", "gap")
    build.make_trait(one, "basis", "women")
    answer = page_of(None, one)
    html = " ".join(answer.content.decode().split())
    traits = [(row["kind"], [trait.label for trait in row["traits"]]) for row in answer.context["traits"]]
    assert traits == [("organises by like membership", ["women"]), ("provides services", ["legal aid"])]
    assert '<p class="lead" lang="id">Satu</p>' in html
    assert '<p class="lead" lang="th">หนึ่ง</p>' in html
    assert '<dd lang="en">Zero</dd>' in html
    assert '<div lang="id"><p>Kami membantu.</p></div>' in html
    assert '<a href="https://one.example/" rel="noreferrer nofollow noopener">https://one.example/</a>' in html
    assert '<a href="/en/organisations/?service=legal-aid">Legal aid</a>' in html
    assert "fills a gap: nobody else provides it" in html
    assert "It speaks for people whom the instruments leave out." in html
    assert "<dd>ID, TH</dd>" in html
    assert answer.context["former_names"] == [{"text": "Zero", "lang": "en"}]


@pytest.mark.parametrize("who", PEOPLE)
def test_conflict_is_for_convenors_and_its_own_people(cast, who):
    Organisation.objects.filter(pk=cast.organisation.pk).update(conflict="recruiter")
    shown = "earns from recruitment" in page_of(cast.people()[who], cast.organisation).content.decode()
    assert shown is (who in CONVENORS | {"representative", "colleague"})


@pytest.mark.parametrize("who", PEOPLE)
def test_ties_show_where_both_ends_may_be_seen(cast, who):
    network = build.make_organisation(name="Network")
    for visibility in ("public", "members", "withheld"):
        one = build.make_organisation(name=f"Tied {visibility}", visibility=visibility)
        build.make_link(one, network, kind="affiliate" if visibility == "public" else "network")
        build.make_link(network, one, kind="branch") if visibility != "public" else None
    build.make_link(network, None, other_name="Outside")
    context = page_of(cast.people()[who], network).context
    seen = [("Tied public", "affiliated with")]
    seen = [("Tied members", ""), *seen] if who in MEMBERS | CONVENORS else seen
    seen = [*seen, ("Tied withheld", "")] if who in CONVENORS else seen
    assert [(tie["name"], tie["kind"]) for tie in context["tied_to_it"]] == seen
    above = {name for name, _kind in seen} - {"Tied public"}
    assert {tie["name"] for tie in context["belongs_to"]} == {*above, "Outside"}


@pytest.mark.parametrize("kept_visibility", ["public", "members", "withheld"])
@pytest.mark.parametrize("former_visibility", ["public", "members", "withheld"])
@pytest.mark.parametrize("who", few(("convenor", "representative", "stranger"), PEOPLE))
def test_former_address_leads_on_for_those_who_may_see_both(cast, who, kept_visibility, former_visibility):
    kept = build.make_organisation(name="Kept", visibility=kept_visibility)
    between = build.make_organisation(name="Between", state="merged", merged_into=kept)
    former = build.make_organisation(
        name="Former", state="merged", merged_into=between, visibility=former_visibility, slug="former"
    )
    allowed = {"public"}
    allowed |= {"members"} if who in MEMBERS else set()
    allowed |= {"members", "withheld"} if who in CONVENORS else set()
    answer = page_of(cast.people()[who], former)
    leads_on = {kept_visibility, former_visibility} <= allowed
    assert (answer.status_code, answer.get("Location")) == ((301, kept.get_absolute_url()) if leads_on else (404, None))


def test_merged_records_are_not_in_the_register(cast):
    former = build.make_organisation(name="Former", state="merged", merged_into=cast.organisation)
    rows = as_person(cast.convenor).get("/en/organisations/").context["rows"]
    assert former.pk not in {row["organisation"].pk for row in rows}

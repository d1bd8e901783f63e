"""What became of an application, the appeal, the lead, and the organisation's own changes: who, how, two at once."""

import pytest
from django.utils import timezone

from portal.models import OutgoingMessage
from stakeholders.forms import EDITED
from stakeholders.models import Decision, Organisation
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.tables import diagonal

NAME = "Persatuan Rahasia"
CONVENORS = {"convenor", "second_convenor"}


@pytest.fixture
def organisation(cast):
    """Return an application whose contact is the stranger."""
    made = build.make_organisation(
        name=NAME, state="applied", visibility="withheld", slug="org-0123456789ab", contact_email="stranger@example.org"
    )
    Organisation.objects.filter(pk=made.pk).update(applied_at=timezone.now(), terms=build.make_terms())
    made.refresh_from_db()
    return made


def decide(organisation, by, verdict, state, **values):
    """Write a decision as the convenors' part of the house does."""
    decision = Decision.objects.create(organisation=organisation, by=by, verdict=verdict, **values)
    Organisation.objects.filter(pk=organisation.pk).update(state=state)
    return decision


def status(client):
    """Return the status page."""
    return client.get("/en/applications/org-0123456789ab/")


@pytest.mark.parametrize("path", ["", "appeal/", "lead/"])
def test_who_opens_an_application(cast, organisation, path):
    people = cast.people()
    found = {
        name: as_person(people[name]).get(f"/en/applications/{organisation.slug}/{path}").status_code for name in PEOPLE
    }
    own = 302 if path else 200  # there is nothing to appeal against yet, and a visit gives no lead
    assert found == {**dict.fromkeys(PEOPLE, 404), "stranger": own, "anonymous": 302}


@pytest.mark.parametrize("path", ["", "appeal/", "lead/"])
def test_application_that_is_not_there_looks_the_same(cast, organisation, path):
    client = as_person(cast.other_member)
    theirs, none = (client.get(f"/en/applications/{slug}/{path}") for slug in (organisation.slug, "org-ffffffffffff"))
    assert (theirs.status_code, theirs.content.replace(organisation.slug.encode(), b"")) == (
        404,
        none.content.replace(b"org-ffffffffffff", b""),
    )


def test_signing_in_leads_back(visitor, organisation):
    assert status(visitor)["Location"] == f"/en/account/login/?next=%2Fen%2Fapplications%2F{organisation.slug}%2F"


def test_applicant_sees_it_as_well(cast, organisation):
    Organisation.objects.filter(pk=organisation.pk).update(applicant=cast.colleague, contact_email="x@example.org")
    assert NAME in status(as_person(cast.colleague)).content.decode()
    assert status(as_person(cast.stranger)).status_code == 404


def test_applicant_who_is_not_the_contact_reads_a_description_after_the_decision(cast, organisation):
    Organisation.objects.filter(pk=organisation.pk).update(applicant=cast.colleague, state="verified")
    assert NAME not in status(as_person(cast.colleague)).content.decode()
    assert NAME in status(as_person(cast.stranger)).content.decode()


def test_address_that_is_not_proved_opens_nothing(cast, organisation):
    cast.stranger.emailaddress_set.update(verified=False)
    assert status(as_person(cast.stranger)).status_code == 404


def test_organisation_that_never_applied_has_no_application(cast, organisation):
    Organisation.objects.filter(pk=organisation.pk).update(applied_at=None)
    assert status(as_person(cast.stranger)).status_code == 404


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("applied", "have not decided yet"),
        ("refused", "refused it for now"),
        ("verified", "Act for this organisation"),
        ("suspended", "not in the register at the moment"),
        ("merged", "not in the register at the moment"),
        ("dissolved", "not in the register at the moment"),
    ],
)
def test_status_in_each_state(cast, organisation, state, words):
    Organisation.objects.filter(pk=organisation.pk).update(state=state)
    page = status(as_person(cast.stranger)).content.decode()
    assert (words in page, "/appeal/" in page, "/lead/" in page) == (True, state == "refused", state == "verified")


def test_newest_decision_with_its_reasons_but_not_its_author(cast, organisation):
    decide(organisation, cast.convenor, "refused", "refused", reasons="An old reason.")
    decide(
        organisation, cast.second_convenor, "refused", "refused", reasons="We <b>cannot</b> see.", evidence="Hearsay."
    )
    page = status(as_person(cast.stranger)).content.decode()
    assert ("We &lt;b&gt;cannot" in page, "An old reason" in page, "Second Convenor" in page, "Hearsay" in page) == (
        True,
        False,
        False,
        False,
    )


def test_appeal_is_sent_once_and_seen(cast, organisation):
    decide(organisation, cast.convenor, "refused", "refused", reasons="Too far.")
    client, path = as_person(cast.stranger), f"/en/applications/{organisation.slug}/appeal/"
    assert "Too far." in client.get(path).content.decode()
    assert list(client.post(path, {"text": "\u200b"}).context["form"].errors) == ["text"]
    answers = {client.post(path, {"text": "We are not.", "one_time_key": "k"})["Location"] for _time in range(2)}
    assert answers == {f"/en/applications/{organisation.slug}/"}
    assert "You have appealed" in status(client).content.decode()
    assert list(OutgoingMessage.objects.values_list("recipient", flat=True)) == ["second@example.org"]


def test_appeal_against_nothing_is_refused_and_keeps_the_text(cast, organisation):
    page = as_person(cast.stranger).post(f"/en/applications/{organisation.slug}/appeal/", {"text": "We are."})
    assert (page.status_code, page.context["form"]["text"].value()) == (200, "We are.")
    assert page.context["form"].non_field_errors() == ["This cannot be done now: its state is “applied”."]


def test_contact_takes_the_lead_once_it_is_verified(cast, organisation):
    decide(organisation, cast.convenor, "eligible", "verified", limb="migrant")
    client, path = as_person(cast.stranger), f"/en/applications/{organisation.slug}/lead/"
    assert client.get(path)["Location"] == f"/en/applications/{organisation.slug}/"
    assert client.post(path)["Location"] == "/en/desk/"
    seat = organisation.memberships.get()
    assert (seat.user, seat.role, seat.state) == (cast.stranger, "lead", "active")
    client.post(path)
    assert organisation.memberships.count() == 1
    assert "you act for it" in status(client).content.decode()


def test_applicant_without_the_address_asks(cast, organisation):
    Organisation.objects.filter(pk=organisation.pk).update(applicant=cast.colleague, state="verified")
    client = as_person(cast.colleague)
    assert client.post(f"/en/applications/{organisation.slug}/lead/")["Location"].endswith(f"{organisation.slug}/")
    assert organisation.memberships.get().state == "requested"
    assert "waits for an answer" in status(client).content.decode()


@pytest.mark.parametrize("state", ["applied", "refused"])
def test_nobody_leads_before_the_decision(cast, organisation, state):
    Organisation.objects.filter(pk=organisation.pk).update(state=state)
    as_person(cast.stranger).post(f"/en/applications/{organisation.slug}/lead/")
    assert organisation.memberships.count() == 0


def test_desk_leads_to_the_application_until_one_acts_for_it(cast, organisation):
    client, link = as_person(cast.stranger), f"/en/applications/{organisation.slug}/"
    page = client.get("/en/desk/").content.decode()
    assert (link in page, NAME in page) == (True, False)
    Organisation.objects.filter(pk=organisation.pk).update(state="verified")
    client.post(f"{link}lead/")
    assert link not in client.get("/en/desk/").content.decode()
    for who in set(PEOPLE) - {"stranger", "anonymous"}:
        assert link not in as_person(cast.people()[who]).get("/en/desk/").content.decode()


def test_status_takes_few_queries(cast, organisation, django_assert_num_queries):
    decide(organisation, cast.convenor, "refused", "refused", reasons="Too far.")
    client = as_person(cast.stranger)
    status(client)
    # Session, person, mandates; application, groups, seat, decision, appeal.
    with django_assert_num_queries(7):
        status(client)


# The profile


def edit(organisation, part="names"):
    """Return the address of a part of the profile."""
    return f"/en/organisations/{organisation.slug}/edit/{part}/"


@diagonal(part=EDITED, visibility=["public", "members", "withheld"])
def test_who_changes_a_profile(cast, visibility, part):
    Organisation.objects.filter(pk=cast.organisation.pk).update(visibility=visibility)
    people = cast.people()
    found = {name: as_person(people[name]).get(edit(cast.organisation, part)).status_code for name in PEOPLE}
    outside = {"public": 403, "members": 404, "withheld": 404}[visibility]
    expected = dict.fromkeys(PEOPLE, outside) | dict.fromkeys([*CONVENORS, "representative"], 200)
    expected |= {"colleague": 403, "other_member": 404 if visibility == "withheld" else 403, "anonymous": 302}
    assert found == expected


def test_unknown_part_is_absent(cast):
    assert as_person(cast.convenor).get(edit(cast.organisation, "state")).status_code == 404


@pytest.mark.parametrize("who", ["convenor", "representative"])
def test_change_is_saved_and_shown(cast, who):
    client = as_person(cast.people()[who])
    data = {"name_en": "Nama Baru", "keep_former": "on", "version": 1}
    assert client.post(edit(cast.organisation), data)["Location"] == edit(cast.organisation)
    cast.organisation.refresh_from_db()
    assert (cast.organisation.name, cast.organisation.version) == ("Nama Baru", 2)
    assert cast.organisation.other_names == [{"text": "Serikat Pekerja Rumah Tangga", "lang": "en", "kind": "former"}]


@pytest.mark.parametrize("who", ["colleague", "other_member", "stranger", "liaison"])
def test_others_change_nothing(cast, who):
    client = as_person(cast.people()[who])
    assert client.post(edit(cast.organisation), {"name_en": "Nama Baru", "version": 1}).status_code == 403
    cast.organisation.refresh_from_db()
    assert cast.organisation.version == 1


def test_form_carries_no_decision(cast):
    data = {"name_en": "Nama", "version": 1, "state": "dissolved", "limb": "migrant", "conflict": "state", "slug": "x"}
    as_person(cast.representative).post(edit(cast.organisation), data)
    cast.organisation.refresh_from_db()
    found = cast.organisation
    assert (found.name, found.state, found.limb, found.conflict, found.slug == "x") == (
        "Nama",
        "verified",
        "",
        "",
        False,
    )


def test_second_editor_gets_both_texts_then_saves(cast):
    client, path = as_person(cast.representative), edit(cast.organisation, "work")
    as_person(cast.convenor).post(path, {"introduction": "What one wrote.", "version": 1})
    page = client.post(path, {"introduction": "What another wrote.", "service_health": "gap", "version": 1})
    text = page.content.decode()
    assert (page.status_code, "What one wrote." in text, "What another wrote." in text) == (409, True, True)
    form = page.context["form"]
    assert (form["version"].value(), form["introduction"].value()) == ("2", "What another wrote.")
    client.post(path, {"introduction": "Both.", "version": 2})
    cast.organisation.refresh_from_db()
    assert (cast.organisation.introduction, cast.organisation.version) == ("Both.", 3)


def test_typed_text_survives_a_session_that_ran_out(cast, visitor):
    path = edit(cast.organisation, "work")
    assert visitor.post(path, {"introduction": "Long text."})["Location"].startswith("/en/account/login/")
    build.login(visitor, cast.representative)
    assert visitor.get(path).context["form"]["introduction"].value() == "Long text."


def test_withheld_takes_effect_at_once_everywhere(cast):
    organisation = build.make_organisation(name=NAME, slug="persatuan-rahasia")
    lead = build.make_member(organisation)
    answer = as_person(lead).post(edit(organisation, "shown"), {"visibility": "withheld", "version": 1})
    organisation.refresh_from_db()
    assert (organisation.visibility, answer["Location"]) == ("withheld", edit(organisation, "shown"))
    for who in ("anonymous", "stranger", "other_member", "liaison"):
        client = as_person(cast.people()[who])
        assert client.get("/en/organisations/persatuan-rahasia/").status_code == 404
        assert client.get(f"/en/organisations/{organisation.slug}/").status_code == 404
        assert NAME not in client.get("/en/organisations/").content.decode()
    assert NAME in as_person(lead).get(f"/en/organisations/{organisation.slug}/").content.decode()
    as_person(lead).post(edit(organisation, "shown"), {"visibility": "public", "version": 2})
    assert NAME in as_person(None).get("/en/organisations/").content.decode()


def test_own_page_leads_to_the_change(cast):
    page = f"/en/organisations/{cast.organisation.slug}/"
    seen = {name: "/edit/names/" in as_person(cast.people()[name]).get(page).content.decode() for name in PEOPLE}
    assert seen == {name: name in {*CONVENORS, "representative"} for name in PEOPLE}


def test_tie_to_a_withheld_network_is_neither_shown_nor_lost(cast):
    withheld = build.make_organisation(name=NAME, visibility="withheld", level="regional")
    cast.organisation.links.create(kind="network", other=withheld)
    client, path = as_person(cast.representative), edit(cast.organisation, "where")
    assert NAME not in client.get(path).content.decode()
    client.post(path, {"side": "origin", "country": "ID", "level": "national", "other_networks": NAME, "version": 1})
    assert set(cast.organisation.links.values_list("other", "other_name")) == {(withheld.pk, ""), (None, NAME)}


@pytest.mark.parametrize("count", [1, 3])
def test_edit_takes_few_queries(cast, django_assert_num_queries, count):
    for _number in range(count):
        other = build.make_organisation(level="regional")
        cast.organisation.links.create(kind="network", other=other)
    client = as_person(cast.representative)
    client.get(edit(cast.organisation, "where"))
    with django_assert_num_queries(13):
        client.get(edit(cast.organisation, "where"))

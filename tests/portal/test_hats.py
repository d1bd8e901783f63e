"""For which organisation one is here: the choice narrows and begins forms, and never widens."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.models import User
from stakeholders.models import Membership
from stakeholders.querysets import standing_of
from tests import build
from tests.conftest import PEOPLE, as_person

CHOOSE = "/en/desk/organisation/"


@pytest.fixture
def both(cast):
    """Return the representative, who acts for the other organisation too, and a consultation that invites both."""
    Membership.objects.create(
        organisation=cast.other_organisation, user=cast.representative, state="active", since=build.LONG_AGO
    )
    consultation = build.make_consultation(slug="jakarta")
    for organisation in (cast.organisation, cast.other_organisation):
        build.make_invitation(consultation, organisation, state="accepted")
        build.make_submission(consultation, organisation, cast.representative, text=organisation.name, state="draft")
    return User.objects.get(pk=cast.representative.pk)


def drafts(browser):
    """Return the drafts on the desk."""
    parts = browser.get("/en/desk/").context["parts"]
    return sorted(task["name"] for part in parts if part.title == "Drafts" for task in part.tasks)


def test_choice_narrows_the_desk_and_can_be_taken_back(cast, both):
    browser, names = as_person(both), sorted([cast.organisation.name, cast.other_organisation.name])
    assert drafts(browser) == names
    assert browser.post(CHOOSE, {"organisation": cast.other_organisation.pk}).url == "/en/desk/"
    assert drafts(browser) == [cast.other_organisation.name]
    browser.post(CHOOSE, {"organisation": ""})
    assert drafts(browser) == names


def test_choice_stands_in_the_head_of_every_page(cast, both):
    browser = as_person(both)
    assert f"for {cast.other_organisation.name}" not in browser.get("/en/submissions/").content.decode()
    browser.post(CHOOSE, {"organisation": cast.other_organisation.pk})
    for path in ("submissions/", "about/", "account/profile/"):
        assert f"for {cast.other_organisation.name}</a>" in browser.get(f"/en/{path}").content.decode()


def test_form_begins_with_the_choice_and_takes_another(cast, both):
    browser, page = as_person(both), "/en/consultations/jakarta/submissions/new/"
    assert browser.get(page).context["form"]["organisation"].value() is None
    browser.post(CHOOSE, {"organisation": cast.other_organisation.pk})
    form = browser.get(page).context["form"]
    assert form["organisation"].value() == cast.other_organisation.pk
    assert [pk for pk, _name in form.fields["organisation"].choices] == [
        cast.other_organisation.pk, cast.organisation.pk,
    ]  # fmt: skip
    build.make_statement(both.memberships.first().organisation.invitations.get().consultation, state="tabled")
    position = browser.get("/en/consultations/jakarta/position/").context["form"]
    assert position["organisation"].value() == cast.other_organisation.pk


def test_form_says_for_whom_one_writes(cast, both):
    page = as_person(cast.colleague).get("/en/consultations/jakarta/submissions/new/").content.decode()
    assert f"You write for <strong>{cast.organisation.name}</strong>." in " ".join(page.split())


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_chooses_an_organisation_that_is_not_theirs(cast, who):
    browser = as_person(cast.people()[who])
    foreign = build.make_organisation()
    answer = browser.post(CHOOSE, {"organisation": foreign.pk})
    assert answer.status_code == (302 if who == "anonymous" else 404)
    assert "acts_for" not in browser.session


@pytest.mark.parametrize("typed", ["x", "²", "-1", "0", "9" * 30])
def test_nonsense_is_no_choice(both, typed):
    assert as_person(both).post(CHOOSE, {"organisation": typed}).status_code == 404


def test_choice_that_lapsed_is_no_choice(cast, both):
    browser = as_person(both)
    browser.post(CHOOSE, {"organisation": cast.other_organisation.pk})
    Membership.objects.filter(user=both, organisation=cast.other_organisation).update(until=build.LONG_AGO)
    assert drafts(browser) == [cast.organisation.name]
    assert cast.other_organisation.name not in browser.get("/en/submissions/").content.decode()


def test_choice_in_a_forged_session_widens_nothing(cast, both):
    foreign = build.make_organisation(name="Foreign one", visibility="withheld")
    browser = as_person(both)
    session = browser.session
    session["acts_for"] = foreign.pk
    session.save()
    assert len(drafts(browser)) == 2
    assert "Foreign one" not in browser.get("/en/desk/").content.decode()


def test_narrowed_standing_is_a_part_of_the_standing(cast, both):
    standing = standing_of(both)
    one = standing.narrowed(cast.other_organisation.pk)
    assert (one.organisations, one.speaks_for, one.leads) == (
        {cast.other_organisation.pk}, {cast.other_organisation.pk}, frozenset(),
    )  # fmt: skip
    assert standing.narrowed(0) == standing.narrowed(None) == standing


def test_somebody_with_one_organisation_is_not_asked(cast):
    page = as_person(cast.representative).get("/en/desk/")
    assert (page.context["hats"], "For which organisation" in page.content.decode()) == ([], False)


def test_visit_chooses_nothing(cast, both):
    browser = as_person(both)
    assert browser.get(CHOOSE, {"organisation": cast.organisation.pk}).url == "/en/desk/"
    assert "acts_for" not in browser.session


@pytest.mark.parametrize("chosen", [False, True])
def test_desk_of_two_organisations_queries(cast, both, django_assert_num_queries, chosen):
    browser = as_person(both)
    if chosen:
        browser.post(CHOOSE, {"organisation": cast.organisation.pk})
    browser.get("/en/about/")
    with django_assert_num_queries(15):
        browser.get("/en/desk/")


@pytest.mark.parametrize("items", [1, 3])
def test_offers_stand_on_the_desk(cast, django_assert_num_queries, items):
    for _count in range(items):
        build_offer(cast)
    browser = as_person(cast.stranger)
    browser.get("/en/about/")
    with django_assert_num_queries(6):
        page = browser.get("/en/desk/")
    assert len(page.context["offers"]) == items
    assert "You have an account. What comes next?" not in page.content.decode()


def build_offer(cast, **values):
    """Return an open invitation of the stranger by somebody else's organisation."""
    return Membership.objects.create(
        organisation=build.make_organisation(), user=cast.stranger, by=cast.representative, state="invited", **values
    )


def test_offer_that_is_over_is_not_shown(cast):
    offer = build_offer(cast)
    Membership.objects.filter(pk=offer.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert as_person(cast.stranger).get("/en/desk/").context["offers"] == []

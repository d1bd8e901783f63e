"""Which organisations and requests each person sees."""

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.models import User
from stakeholders.models import Convenorship, LiaisonAppointment, Membership, Organisation
from stakeholders.querysets import NOBODY, Standing, standing_of
from tests import build
from tests.conftest import PEOPLE
from tests.tables import few

MEMBERS = {"representative", "colleague", "other_member"}
CONVENORS = {"convenor", "second_convenor"}
SEEN = {
    ("public", "verified"): set(PEOPLE),
    ("members", "verified"): CONVENORS | MEMBERS,
    ("withheld", "verified"): CONVENORS,
    ("public", "applied"): CONVENORS,
    ("public", "suspended"): CONVENORS,
    ("members", "suspended"): CONVENORS,
}


@pytest.mark.parametrize("who", few(("convenor", "representative", "stranger", "anonymous"), PEOPLE))
@pytest.mark.parametrize(("visibility", "state"), SEEN)
def test_organisations_visible_to(cast, who, visibility, state):
    organisation = build.make_organisation(visibility=visibility, state=state)
    user = cast.people()[who] or AnonymousUser()
    seen = Organisation.objects.visible_to(user).filter(pk=organisation.pk).exists()
    assert seen is (who in SEEN[visibility, state])


@pytest.mark.parametrize("who", PEOPLE)
def test_withheld_organisation_exists_for_its_own_people(cast, who):
    Organisation.objects.filter(pk=cast.organisation.pk).update(visibility="withheld")
    user = cast.people()[who] or AnonymousUser()
    seen = Organisation.objects.visible_to(user).filter(pk=cast.organisation.pk).exists()
    assert seen is (who in CONVENORS | {"representative", "colleague"})


@pytest.mark.parametrize("who", PEOPLE)
def test_open_requests_answerable_by(cast, who):
    user = cast.people()[who] or AnonymousUser()
    mine = Membership.objects.create(organisation=cast.organisation, user=build.make_user())
    theirs = Membership.objects.create(organisation=cast.other_organisation, user=build.make_user())
    expected = {
        "convenor": {mine.pk, theirs.pk},
        "second_convenor": {mine.pk, theirs.pk},
        "representative": {mine.pk},
        "other_member": {theirs.pk},
    }
    answerable = Membership.objects.answerable_by(user) if user.is_authenticated else Membership.objects.none()
    assert set(answerable.values_list("pk", flat=True)) == expected.get(who, set())


# --- What somebody is today -----------------------------------------------------------------------------------


def held(since=build.LONG_AGO, until=None):
    """Return a person with one mandate of every role in organisations of their own."""
    person = build.make_user()
    places = {role: build.make_organisation() for role in ("lead", "representative", "drafter")}
    for role, place in places.items():
        Membership.objects.create(user=person, organisation=place, role=role, state="active", since=since, until=until)
    return person, {role: place.pk for role, place in places.items()}


def test_every_mandate_is_read_in_one_query(cast, django_assert_num_queries):
    person, places = held()
    for role in ("convenor", "administrator"):
        Convenorship.objects.create(user=person, role=role, since=build.LONG_AGO)
    build.make_factor(person)
    with django_assert_num_queries(1):
        standing = standing_of(User(pk=person.pk))
    assert standing == Standing(
        convenor=True,
        administrator=True,
        organisations=frozenset(places.values()),
        speaks_for=frozenset({places["lead"], places["representative"]}),
        leads=frozenset({places["lead"]}),
        second_factor=True,
    )


@pytest.mark.parametrize("factor", [True, False])
def test_who_speaks_for_an_office_acts_for_no_organisation(db, factor):
    person, _places = held()
    body = build.make_body()
    LiaisonAppointment.objects.create(user=person, body=body, state="active", since=build.LONG_AGO)
    if factor:
        build.make_factor(person)
    assert standing_of(User(pk=person.pk)) == Standing(body=body.pk, second_factor=factor)


def test_what_is_over_or_asked_for_counts_for_nothing(db):
    person, _places = held(until=build.LONG_AGO)
    Convenorship.objects.create(user=person, since=build.LONG_AGO, until=build.LONG_AGO)
    LiaisonAppointment.objects.create(user=person, body=build.make_body(), state="proposed", since=build.LONG_AGO)
    build.make_factor(person)
    assert standing_of(User(pk=person.pk)) == NOBODY

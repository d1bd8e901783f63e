"""Which organisations and requests each person sees."""

import pytest
from django.contrib.auth.models import AnonymousUser

from stakeholders.models import Membership, Organisation
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

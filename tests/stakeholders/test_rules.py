"""Every permission of the register × person, against who and what the subject is."""

import pytest
from django.contrib.auth.models import AnonymousUser

from stakeholders.models import Membership
from tests import build
from tests.conftest import PEOPLE
from tests.tables import few

ALLOWED = {
    ("stakeholders.see_register", "own"): set(PEOPLE),
    ("stakeholders.see_register", "other"): set(PEOPLE),
    ("stakeholders.see_people", "own"): {"convenor", "second_convenor", "representative", "colleague"},
    ("stakeholders.decide_organisations", "own"): {"convenor", "second_convenor"},
    ("stakeholders.decide_organisations", "other"): {"convenor", "second_convenor"},
    ("stakeholders.see_people", "other"): {"convenor", "second_convenor", "other_member"},
    ("stakeholders.change_organisation", "own"): {"convenor", "second_convenor", "representative"},
    ("stakeholders.change_organisation", "other"): {"convenor", "second_convenor", "other_member"},
    ("stakeholders.apply_organisation", "own"): set(PEOPLE) - {"liaison", "other_liaison"},
    ("stakeholders.apply_organisation", "other"): set(PEOPLE) - {"liaison", "other_liaison"},
}
CONFIRMS = {
    "requested": {"convenor", "second_convenor", "representative"},
    "invited": set(),  # the person alone answers an invitation
    "active": set(),
    "left": set(),
}


def person(cast, name):
    """Return somebody of the cast as a request would carry them."""
    return cast.people()[name] or AnonymousUser()


@pytest.mark.parametrize("who", few(("convenor", "representative", "stranger"), PEOPLE))
@pytest.mark.parametrize(("permission", "whose"), ALLOWED)
def test_permissions_on_organisations(cast, who, permission, whose):
    organisation = cast.organisation if whose == "own" else cast.other_organisation
    assert person(cast, who).has_perm(permission, organisation) is (who in ALLOWED[permission, whose])


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("state", CONFIRMS)
def test_confirming_a_membership(cast, who, state):
    membership = Membership.objects.create(organisation=cast.organisation, user=build.make_user(), state=state)
    allowed = person(cast, who).has_perm("stakeholders.confirm_membership", membership)
    assert allowed is (who in CONFIRMS[state])


def test_nobody_confirms_themselves(cast):
    membership = Membership.objects.create(organisation=cast.organisation, user=cast.convenor)
    assert cast.convenor.has_perm("stakeholders.confirm_membership", membership) is False
    assert cast.second_convenor.has_perm("stakeholders.confirm_membership", membership) is True


@pytest.mark.parametrize("permission", ["stakeholders.see_people", "stakeholders.confirm_membership"])
def test_administrator_has_no_part(cast, permission):
    administrator = build.make_user(is_staff=True, is_superuser=True)
    membership = Membership.objects.create(organisation=cast.organisation, user=build.make_user())
    subject = membership if permission.endswith("membership") else cast.organisation
    assert administrator.has_perm(permission, subject) is False
    assert administrator.has_perm("stakeholders.view_organisation") is True


@pytest.mark.parametrize(
    ("change", "allowed"),
    [({}, True), ({"until": build.LONG_AGO}, False), ({"state": "left"}, False), ({"role": "drafter"}, False)],
)
def test_mandate_ends_with_its_last_day(cast, change, allowed):
    asks = Membership.objects.create(organisation=cast.organisation, user=build.make_user())
    cast.representative.memberships.update(**change)
    assert cast.representative.has_perm("stakeholders.confirm_membership", asks) is allowed


def test_lead_of_a_suspended_organisation_confirms_nobody(cast):
    asks = Membership.objects.create(organisation=cast.organisation, user=build.make_user())
    type(cast.organisation).objects.filter(pk=cast.organisation.pk).update(state="suspended")
    assert cast.representative.has_perm("stakeholders.confirm_membership", asks) is False

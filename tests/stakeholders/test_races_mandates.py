"""Two people at once, on real transactions: one legal order."""

import pytest

from portal.models import OutgoingMessage, User
from stakeholders import actions
from stakeholders.models import Membership
from stakeholders.querysets import standing_of
from tests import build
from tests.recommendations.test_races import at_once, kinds
from tests.stakeholders.mandates import INVITED, anew, invite, of, prove, terms

pytestmark = pytest.mark.django_db(transaction=True)


def leads(organisation):
    """Return who leads."""
    return list(organisation.memberships.filter(state="active", role="lead").values_list("user_id", flat=True))


def test_one_lead_who_hands_over_twice_at_once_has_one_heir(cast):
    heirs = [of(cast.colleague), of(build.make_member(cast.organisation, role="drafter"))]
    by = [anew(cast.representative) for _heir in heirs]
    deeds = [
        lambda pair=pair: actions.hand_over_lead(cast.organisation, by=pair[0], to=pair[1])
        for pair in zip(by, heirs, strict=True)
    ]
    assert kinds(at_once(*deeds)) == ["done", "refused"]
    assert len(leads(cast.organisation)) == 1


@pytest.mark.parametrize("leave", [False, True])
def test_two_leads_who_hand_over_to_each_other_leave_a_lead(cast, leave):
    second = build.make_member(cast.organisation)
    people = [anew(cast.representative), anew(second)]
    mandates = [of(second), of(cast.representative)]
    kinds(
        at_once(
            *(
                lambda by=by, to=to: actions.hand_over_lead(cast.organisation, by=by, to=to, leave=leave)
                for by, to in zip(people, mandates, strict=True)
            )
        )
    )
    assert len(leads(cast.organisation)) == 1


def test_two_leads_who_leave_at_once_leave_one_behind(cast):
    second = build.make_member(cast.organisation)
    people = [anew(cast.representative), anew(second)]
    results = at_once(*(lambda by=by: actions.leave_organisation(of(by), by=by) for by in people))
    assert kinds(results) == ["done", "refused"]
    assert len(leads(cast.organisation)) == 1


def test_two_leads_who_lower_each_other_have_one_order(cast):
    second = build.make_member(cast.organisation)
    pairs = [(anew(cast.representative), of(second)), (anew(second), of(cast.representative))]
    change = {"role": "drafter", "mandate": "chosen"}
    results = at_once(*(lambda by=by, one=one: actions.change_mandate(one, by=by, **change) for by, one in pairs))
    assert kinds(results) == ["done", "refused"]
    assert len(leads(cast.organisation)) == 1


def test_two_leads_who_invite_one_person_at_once_make_one_invitation(cast):
    second = build.make_member(cast.organisation)
    people = [anew(cast.representative), anew(second)]
    results = at_once(*(lambda by=by: actions.invite_colleague(cast.organisation, by=by, **terms()) for by in people))
    assert kinds(results) == ["done", "done"]
    assert [Membership.objects.filter(state="invited").count(), OutgoingMessage.objects.count()] == [1, 1]


def test_two_organisations_that_invite_one_person_at_once_make_one_account(cast):
    pairs = [(cast.organisation, anew(cast.representative)), (cast.other_organisation, anew(cast.other_member))]
    results = at_once(*(lambda to=to, by=by: actions.invite_colleague(to, by=by, **terms()) for to, by in pairs))
    assert kinds(results) == ["done", "done"]
    assert User.objects.get(email=INVITED).memberships.filter(state="invited").count() == 2


@pytest.mark.parametrize("_round", range(3))
def test_accepting_and_withdrawing_have_one_order(cast, _round):
    offer = invite(cast)
    user, lead = prove(offer.user), anew(cast.representative)
    results = at_once(lambda: actions.accept_mandate(offer, by=user), lambda: actions.withdraw_mandate(offer, by=lead))
    assert kinds(results) == ["done", "refused"]
    accepted = not isinstance(results[0], Exception)
    assert standing_of(anew(user)).member is accepted


def test_inviting_and_forgetting_the_account_have_one_order(cast):
    offer = invite(cast)
    actions.withdraw_mandate(offer, by=cast.representative)
    by = anew(cast.representative)
    results = at_once(
        lambda: actions.invite_colleague(cast.organisation, by=by, **terms()),
        lambda: actions.forget_account(offer.user),
    )
    assert kinds(results) == ["done", "done"]
    assert Membership.objects.get(state="invited").user.email == INVITED


def test_two_convenors_name_one_lead(cast):
    cast.representative.memberships.update(role="representative")
    pairs = [(anew(cast.convenor), of(cast.colleague)), (anew(cast.second_convenor), of(cast.representative))]
    results = at_once(*(lambda by=by, to=to: actions.name_lead(cast.organisation, by=by, to=to) for by, to in pairs))
    assert kinds(results) == ["done", "refused"]
    assert len(leads(cast.organisation)) == 1

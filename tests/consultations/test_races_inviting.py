"""Two convenors at once: nobody is invited twice, no list is drafted by halves."""

import pytest

from consultations import actions
from consultations.models import Invitation
from portal.states import Conflict, Refusal
from tests import build
from tests.consultations.test_races import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def consultation():
    """Return an announced consultation of one convenor."""
    return build.make_consultation(convenors=[build.make_convenor()])


def test_two_convenors_pick_the_same_organisation_at_once(consultation) -> None:
    by = consultation.convenors.get()
    organisation = build.make_organisation()
    pick = {"by": by, "seats": {organisation.pk: 2}}
    results = all_at_once(*[lambda: actions.pick_organisations(consultation, **pick)] * 4)
    assert sorted(results) == [0, 0, 0, 1]
    assert Invitation.objects.count() == 1


def test_the_same_list_imported_at_once(consultation) -> None:
    by = consultation.convenors.get()
    seats = {build.make_organisation().pk: 1 for _index in range(20)}
    results = all_at_once(*[lambda: actions.pick_organisations(consultation, by=by, seats=seats, whole=True)] * 3)
    assert sorted(results) == [0, 0, 20]
    assert Invitation.objects.count() == 20


def test_the_same_body_and_the_same_person_at_once(consultation) -> None:
    by, body = consultation.convenors.get(), build.make_body()
    letter = {"by": by, "office": "Director", "way": "letter", "language": "en", "seats_offered": 1}
    all_at_once(*[lambda: actions.invite_body(consultation, body=body, **letter)] * 3)
    all_at_once(*[lambda: actions.invite_person(consultation, full_name="Ibu Sri", bench="media", **letter)] * 3)
    assert sorted(Invitation.objects.values_list("body", "full_name"), key=str) == [(body.pk, ""), (None, "Ibu Sri")]


def test_a_list_of_last_time_and_a_pick_at_once(consultation) -> None:
    by, earlier = consultation.convenors.get(), build.make_consultation()
    rows = [build.make_invitation(earlier).organisation_id for _index in range(5)]
    results = all_at_once(
        lambda: actions.repeat_invitations(consultation, by=by, earlier=earlier),
        lambda: actions.pick_organisations(consultation, by=by, seats=dict.fromkeys(rows, 2)),
    )
    assert sorted(results) == [0, 5]
    assert consultation.invitations.count() == 5


def test_of_two_who_keep_seats_one_is_told(consultation) -> None:
    by, group = consultation.convenors.get(), build.make_group()
    results = all_at_once(
        *[
            lambda seats=seats: actions.set_quotas(
                consultation, by=by, version=1, seats=60, groups={group: seats}, benches={}
            )
            for seats in (10, 20)
        ]
    )
    assert sum(isinstance(result, Conflict) for result in results) == 1
    assert consultation.quotas.count() == 1


def test_the_same_revoked_invitation_drafted_again_at_once(consultation) -> None:
    by = consultation.convenors.get()
    invitation = build.make_invitation(consultation, state="revoked")
    results = all_at_once(*[lambda: actions.redraft_invitation(invitation, by=by)] * 4)
    assert sum(isinstance(result, Refusal) for result in results) == 3
    assert Invitation.objects.get().state == "drafted"

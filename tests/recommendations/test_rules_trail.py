"""Every permission × person × state of the trail; and that a liaison changes nothing of a stakeholder."""

import pytest
import rules.permissions

from consultations.models import Consultation, Invitation
from recommendations.models import Conveyance, Recommendation, Statement, Submission
from stakeholders.models import Membership, Organisation
from tests import build
from tests.conftest import PEOPLE
from tests.recommendations.published import make_published
from tests.tables import few

CONVENORS = {"convenor", "second_convenor"}
CONVEYANCE_STATES = ("prepared", "sent", "received", "acknowledged", "answered", "returned")
PERMISSIONS = {
    "read_conveyance": dict.fromkeys(CONVEYANCE_STATES, CONVENORS | {"liaison"}),
    "receive_conveyance": {"sent": CONVENORS},
    "repeat_mail": {"sent": CONVENORS},
    "acknowledge_conveyance": {"sent": {"liaison"}, "received": {"liaison"}},
    "answer_items": {"acknowledged": {"liaison"}, "answered": {"liaison"}},
}
LIAISON_MAY = {
    "stakeholders.propose_colleague",
    "recommendations.read_conveyance",
    "recommendations.acknowledge_conveyance",
    "recommendations.answer_items",
    "recommendations.see_liaison_desk",
    "stakeholders.see_register",
    "stakeholders.enter_desk",
    "stakeholders.need_second_factor",
    "consultations.see_invitation",  # the one of the own office
}


def allowed(cast, permission, subject):
    """Return who has the permission."""
    return {name for name, person in cast.people().items() if person and person.has_perm(permission, subject)}


@pytest.mark.parametrize("state", few(("sent", "acknowledged"), CONVEYANCE_STATES))
@pytest.mark.parametrize("permission", PERMISSIONS)
def test_who_may_do_what_with_a_conveyance(cast, permission, state):
    conveyance = make_published(cast).convey()
    conveyance.state = state
    assert allowed(cast, f"recommendations.{permission}", conveyance) == PERMISSIONS[permission].get(state, set())


@pytest.mark.parametrize("state", ["draft", "tabled", "adopted", "published", "not_adopted"])
@pytest.mark.parametrize("permission", ["record_step", "convey_edition"])
def test_who_may_record_and_convey(cast, permission, state):
    statement = build.make_statement(build.make_consultation(convenors=[cast.convenor, cast.second_convenor]))
    statement.state = state
    expected = CONVENORS if state == "published" else set()
    assert allowed(cast, f"recommendations.{permission}", statement) == expected


def test_who_has_a_liaison_desk(cast):
    assert allowed(cast, "recommendations.see_liaison_desk", None) == {"liaison", "other_liaison"}


def test_an_ended_appointment_opens_nothing(cast):
    conveyance = make_published(cast).convey()
    cast.liaison.appointments.update(until=build.date(2026, 1, 1))
    assert not cast.liaison.has_perm("recommendations.read_conveyance", conveyance)


def test_the_successor_s_liaison_reads_what_went_to_the_old_ministry(cast):
    old = build.make_body("old-ministry", successor=cast.body)
    conveyance = make_published(cast).convey(bodies=[old])
    assert cast.liaison.has_perm("recommendations.read_conveyance", conveyance)
    assert Conveyance.objects.visible_to(cast.liaison).get() == conveyance


@pytest.mark.parametrize("state", CONVEYANCE_STATES)
def test_which_conveyances_are_visible(cast, state):
    published = make_published(cast)
    conveyance = published.convey()
    Conveyance.objects.filter(pk=conveyance.pk).update(state=state, public=False)
    seen = {
        name
        for name, person in cast.people().items()
        if person and Conveyance.objects.visible_to(person).filter(pk=conveyance.pk).exists()
    }
    assert seen == (CONVENORS if state == "prepared" else CONVENORS | {"liaison"})


def every_state_of(thing):
    """Yield the thing in each of its states."""
    for state in type(thing).lifecycle.states.values:
        thing.state = state
        yield thing


def test_a_liaison_changes_nothing_that_a_stakeholder_wrote(cast):
    published = make_published(cast)
    conveyance = published.convey()
    things = [
        None,
        *(Model.objects.first() for Model in (Submission, Statement, Recommendation, Organisation)),
        *(Model.objects.first() for Model in (Consultation, Membership)),
        build.make_invitation(published.consultation),
        conveyance,
    ]
    assert {type(thing) for thing in things} >= {Submission, Statement, Invitation, Conveyance}
    given = set()
    for permission in rules.permissions.permissions:
        for thing in things:
            for variant in every_state_of(thing) if hasattr(thing, "lifecycle") else [thing]:
                try:
                    given |= {permission} if cast.liaison.has_perm(permission, variant) else set()
                except AttributeError:  # this permission is about another kind of thing
                    continue
    assert given == LIAISON_MAY
    assert tuple(cast.people()) == PEOPLE

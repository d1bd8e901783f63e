"""Every permission × person × state."""

import pytest

from consultations.states import ConsultationState, InvitationState
from tests import build
from tests.conftest import PEOPLE, Cast
from tests.tables import few

CONVENORS = {"convenor", "second_convenor"}
RUNNING = {"announced", "in_session"}
CONSULTATION_TABLE = {
    "consultations.see_desk": set(ConsultationState.values),
    "consultations.change_consultation": {"draft", *RUNNING},
    "consultations.announce_consultation": {"draft"},
    "consultations.invite_organisations": {"draft", *RUNNING},
    "consultations.send_invitations": RUNNING,
    "consultations.open_session": {"announced"},
    "consultations.conclude_consultation": RUNNING,
}
ANSWERABLE = {
    *("sent", "accepted", "tentative", "declined", "undeliverable"),
    *("waitlisted", "offered", "to_reconfirm"),
}


def permitted(cast: Cast, permission: str, thing) -> set[str]:
    """Return who has the permission."""
    people = cast.people()
    return {name for name in PEOPLE if people[name] is not None and people[name].has_perm(permission, thing)}


@pytest.mark.parametrize("permission", CONSULTATION_TABLE)
@pytest.mark.parametrize("state", few(("draft", "announced", "concluded"), ConsultationState.values))
def test_consultation(cast, permission, state) -> None:
    consultation = build.make_consultation(state=state, convenors=[cast.convenor, cast.second_convenor])
    build.make_invitation(consultation, cast.organisation)
    expected = CONVENORS if state in CONSULTATION_TABLE[permission] else set()
    assert permitted(cast, permission, consultation) == expected


def test_a_convenor_of_another_consultation_has_no_part(cast) -> None:
    consultation = build.make_consultation(convenors=[cast.second_convenor])
    assert permitted(cast, "consultations.see_desk", consultation) == {"second_convenor"}


def test_only_convenors_create(cast) -> None:
    assert permitted(cast, "consultations.create_consultation", None) == CONVENORS


@pytest.mark.parametrize("state", InvitationState.values)
def test_invitation(cast, state) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor, cast.second_convenor])
    invitation = build.make_invitation(consultation, cast.organisation, state=state)
    open_now = state in ANSWERABLE
    assert permitted(cast, "consultations.see_invitation", invitation) == {"representative"}
    assert permitted(cast, "consultations.answer_invitation", invitation) == ({"representative"} if open_now else set())
    assert permitted(cast, "consultations.record_answer", invitation) == (CONVENORS if open_now else set())

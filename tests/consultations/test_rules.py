"""Every permission × person × state."""

import pytest

from consultations.states import ConsultationState, InvitationState
from tests import build
from tests.conftest import PEOPLE, Cast
from tests.tables import few

CONVENORS = {"convenor", "second_convenor"}
RUNNING, OVER = {"announced", "in_session"}, {"concluded", "archived"}
CONSULTATION_TABLE = {
    "consultations.see_desk": set(ConsultationState.values),
    "consultations.change_consultation": {"draft", *RUNNING},
    "consultations.announce_consultation": {"draft"},
    "consultations.invite_organisations": {"draft", *RUNNING},
    "consultations.send_invitations": RUNNING,
    "consultations.open_session": {"announced"},
    "consultations.conclude_consultation": RUNNING,
    "consultations.compose_summary": {"in_session", *OVER},
    "consultations.send_summary": OVER,
    "consultations.plan_next_steps": set(ConsultationState.values) - {"cancelled"},
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
    recordable = open_now or state == "lapsed"
    assert permitted(cast, "consultations.record_answer", invitation) == (CONVENORS if recordable else set())
    naming = {"representative", *CONVENORS} if state == "accepted" else set()
    assert permitted(cast, "consultations.name_delegates", invitation) == naming


def test_the_invitation_of_an_office_is_its_liaisons(cast) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor])
    invitation = build.make_invitation_of_body(consultation, cast.body, state="accepted")
    for permission in ("see_invitation", "answer_invitation"):
        assert permitted(cast, f"consultations.{permission}", invitation) == {"liaison"}
    assert permitted(cast, "consultations.name_delegates", invitation) == {"liaison", "convenor"}


def test_the_invitation_of_a_person_is_nobody_s_with_an_account(cast) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor])
    invitation = build.make_invitation_of_person(consultation, state="accepted")
    assert permitted(cast, "consultations.see_invitation", invitation) == set()
    assert permitted(cast, "consultations.name_delegates", invitation) == {"convenor"}


@pytest.mark.parametrize("state", ["draft", "concluded", "archived", "cancelled"])
def test_nobody_is_named_for_what_is_not_ahead(cast, state) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor], state=state)
    invitation = build.make_invitation(consultation, cast.organisation, state="accepted")
    assert permitted(cast, "consultations.name_delegates", invitation) == set()

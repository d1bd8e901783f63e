"""Every state × verb of consultations and invitations, written out."""

import pytest

from consultations import states
from portal.states import Refusal

CONSULTATION = {
    "draft": {"announce": "announced", "cancel": "cancelled"},
    "announced": {"open_session": "in_session", "conclude": "concluded", "cancel": "cancelled"},
    "in_session": {"conclude": "concluded"},
    "concluded": {"archive": "archived"},
    "archived": {},
    "cancelled": {},
}
ANSWERS = {
    "accept": "accepted",
    "doubt": "tentative",
    "decline": "declined",
    "wait": "waitlisted",
    "revoke": "revoked",
}
INVITATION = {
    "drafted": {"approve": "approved", "revoke": "revoked"},
    "approved": {"send": "sent", "revoke": "revoked"},
    "sent": {**ANSWERS, "return": "undeliverable", "lapse": "lapsed", "hold_back": "approved"},
    "accepted": {**ANSWERS, "reopen": "to_reconfirm"},
    "tentative": {**ANSWERS, "lapse": "lapsed"},
    "declined": ANSWERS,
    "undeliverable": {**ANSWERS, "repair": "sent", "lapse": "lapsed"},
    "revoked": {"redraft": "drafted"},
    "lapsed": {"accept": "accepted", "decline": "declined"},
    "waitlisted": {**ANSWERS, "offer": "offered", "lapse": "lapsed"},
    "offered": {**ANSWERS, "pass_over": "waitlisted", "reopen": "to_reconfirm", "lapse": "lapsed"},
    "to_reconfirm": {**ANSWERS, "lapse": "lapsed"},
}


@pytest.mark.parametrize(("lifecycle", "table"), [(states.CONSULTATION, CONSULTATION), (states.INVITATION, INVITATION)])
def test_every_state_and_verb(lifecycle, table) -> None:
    found = {
        state: {verb: lifecycle.target(verb, state) for verb in lifecycle.verbs if lifecycle.can(verb, state)}
        for state in lifecycle.states.values
    }
    assert found == table


@pytest.mark.parametrize("lifecycle", [states.CONSULTATION, states.INVITATION])
def test_what_the_table_does_not_have_is_refused(lifecycle) -> None:
    for state in lifecycle.states.values:
        for verb in lifecycle.verbs:
            if not lifecycle.can(verb, state):
                with pytest.raises(Refusal):
                    lifecycle.target(verb, state)


def test_every_form_of_dialogue_promises_something() -> None:
    assert set(states.PROMISES) == set(states.FormOfDialogue)

"""Every state × verb of organisations, memberships and appointments."""

import pytest

from portal.states import Lifecycle, Refusal
from stakeholders.states import APPOINTMENT, MEMBERSHIP, ORGANISATION

TABLE = {
    "organisation": (
        ORGANISATION,
        {
            ("verify", "applied"): "verified",
            ("verify", "refused"): "verified",
            ("refuse", "applied"): "refused",
            ("suspend", "verified"): "suspended",
            ("reinstate", "suspended"): "verified",
            ("merge", "applied"): "merged",
            ("merge", "verified"): "merged",
            ("merge", "suspended"): "merged",
            ("dissolve", "verified"): "dissolved",
            ("dissolve", "suspended"): "dissolved",
        },
    ),
    "membership": (
        MEMBERSHIP,
        {
            ("confirm", "requested"): "active",
            ("confirm", "invited"): "active",
            ("decline", "requested"): "left",
            ("decline", "invited"): "left",
            ("leave", "active"): "left",
        },
    ),
    "appointment": (
        APPOINTMENT,
        {
            ("activate", "proposed"): "active",
            ("end", "proposed"): "ended",
            ("end", "active"): "ended",
        },
    ),
}
CASES = [
    (lifecycle, verb, state, moves.get((verb, state)))
    for lifecycle, moves in TABLE.values()
    for verb in lifecycle.verbs
    for state in lifecycle.states.values
]


@pytest.mark.parametrize(("lifecycle", "verb", "state", "target"), CASES)
def test_every_state_and_verb(lifecycle: Lifecycle, verb: str, state: str, target: str | None):
    assert lifecycle.can(verb, state) is (target is not None)
    if target is None:
        with pytest.raises(Refusal):
            lifecycle.target(verb, state)
    else:
        assert lifecycle.target(verb, state) == target

"""Every state × verb of organisations, memberships and appointments."""

import pytest

from portal.states import Lifecycle, Refusal
from stakeholders.states import APPOINTMENT, IMPORT, MEMBERSHIP, ORGANISATION

TABLE = {
    "organisation": (
        ORGANISATION,
        {
            ("verify", "applied"): "verified",
            ("verify", "refused"): "verified",
            ("refuse", "applied"): "refused",
            ("suspend", "verified"): "suspended",
            ("reinstate", "suspended"): "verified",
            ("appeal", "refused"): "applied",
            ("merge", "applied"): "merged",
            ("merge", "refused"): "merged",
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
            ("withdraw", "requested"): "left",
            ("withdraw", "invited"): "left",
            ("leave", "active"): "left",
        },
    ),
    "appointment": (
        APPOINTMENT,
        {
            ("activate", "proposed"): "active",
            ("decline", "proposed"): "ended",
            ("end", "proposed"): "ended",
            ("end", "active"): "ended",
        },
    ),
    "import": (
        IMPORT,
        {
            ("read", "uploaded"): "read",
            ("map", "read"): "mapped",
            ("map", "checked"): "mapped",
            ("check", "mapped"): "checked",
            ("approve", "checked"): "approved",
            ("finish", "approved"): "done",
            ("recheck", "approved"): "mapped",
            ("refuse", "uploaded"): "refused",
            ("refuse", "mapped"): "refused",
            ("refuse", "approved"): "refused",
            ("drop", "uploaded"): "dropped",
            ("drop", "read"): "dropped",
            ("drop", "mapped"): "dropped",
            ("drop", "checked"): "dropped",
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

"""The lifecycle tables: every state × verb, read against the table itself written out by hand."""

import pytest

from consultations.states import CONSULTATION, INVITATION, MINUTES, SEAT
from portal.states import Lifecycle, Refusal
from recommendations.states import (
    AMENDMENT,
    BALLOT,
    CO_SUBMISSION,
    COMMENT,
    CONVEYANCE,
    CORRIGENDUM,
    FATE,
    PROPOSAL,
    RECOMMENDATION,
    STATEMENT,
    SUBMISSION,
)
from stakeholders.states import APPOINTMENT, IMPORT, MEMBERSHIP, ORGANISATION

LIFECYCLES = {
    "organisation": ORGANISATION,
    "membership": MEMBERSHIP,
    "appointment": APPOINTMENT,
    "import": IMPORT,
    "consultation": CONSULTATION,
    "invitation": INVITATION,
    "seat": SEAT,
    "minutes": MINUTES,
    "submission": SUBMISSION,
    "recommendation": RECOMMENDATION,
    "statement": STATEMENT,
    "co-submission": CO_SUBMISSION,
    "fate": FATE,
    "ballot": BALLOT,
    "corrigendum": CORRIGENDUM,
    "proposal": PROPOSAL,
    "comment": COMMENT,
    "amendment": AMENDMENT,
    "conveyance": CONVEYANCE,
}
ANSWERABLE = "sent accepted tentative declined undeliverable waitlisted offered to_reconfirm"
EXPECTED = {
    "organisation": {
        "verify": "applied refused",
        "refuse": "applied",
        "appeal": "refused",
        "suspend": "verified",
        "reinstate": "suspended",
        "merge": "applied verified refused suspended",
        "dissolve": "verified suspended",
    },
    "membership": {
        "confirm": "requested invited",
        "decline": "requested invited",
        "withdraw": "requested invited",
        "leave": "active",
    },
    "appointment": {"activate": "proposed", "decline": "proposed", "end": "proposed active"},
    "import": {
        "read": "uploaded",
        "map": "read checked",
        "check": "mapped",
        "approve": "checked",
        "finish": "approved",
        "recheck": "approved",
        "refuse": "uploaded mapped approved",
        "drop": "uploaded read mapped checked",
    },
    "consultation": {
        "announce": "draft",
        "open_session": "announced",
        "conclude": "announced in_session",
        "archive": "concluded",
        "cancel": "draft announced",
    },
    "invitation": {
        "approve": "drafted",
        "send": "approved",
        "accept": f"{ANSWERABLE} lapsed",
        "doubt": ANSWERABLE,
        "decline": f"{ANSWERABLE} lapsed",
        "return": "sent",
        "repair": "undeliverable",
        "revoke": f"drafted approved {ANSWERABLE}",
        "lapse": "sent tentative undeliverable waitlisted offered to_reconfirm",
        "wait": ANSWERABLE,
        "offer": "waitlisted",
        "pass_over": "offered",
        "reopen": "accepted offered",
        "hold_back": "sent",
        "redraft": "revoked",
    },
    "seat": {
        "confirm": "nominated",
        "substitute": "nominated confirmed excused absent",
        "arrive": "nominated confirmed excused absent",
        "undo_arrival": "present",
        "excuse": "nominated confirmed absent",
        "miss": "nominated confirmed",
    },
    "minutes": {"circulate": "draft", "take_back": "circulated", "approve": "circulated", "lock": "approved"},
    "submission": {
        "ask": "draft",
        "return": "ready",
        "submit": "draft ready",
        "submit_late": "draft ready",
        "correct": "submitted late",
        "treat": "submitted late in_treatment",
        "release": "in_treatment",
        "withdraw": "draft ready submitted late in_treatment",
    },
    "recommendation": {
        "join": "drafting deferred",
        "table": "drafting",
        "untable": "tabled agreed amended bracketed",
        "defer": "drafting tabled",
        "resume": "deferred withdrawn",
        "agree": "tabled",
        "amend": "tabled",
        "bracket": "tabled",
        "withdraw": "tabled",
        "reopen": "agreed amended bracketed withdrawn deferred",
        "adopt": "tabled agreed",
        "adopt_with_reservations": "tabled agreed",
        "adopt_as_amended": "amended",
        "reject": "tabled bracketed",
    },
    "statement": {
        "table": "draft",
        "untable": "tabled",
        "adopt": "tabled",
        "fail": "tabled",
        "reject": "tabled",
        "publish": "adopted",
        "correct": "published",
    },
    "co-submission": {
        "ask_again": "asked agreed declined",
        "agree": "asked",
        "decline": "asked agreed",
        "leave": "agreed",
    },
    "fate": {
        "agree": "told noted objected",
        "note": "told agreed",
        "object": "told agreed noted",
        "settle": "objected",
    },
    "ballot": {"count": "open", "drop": "open counted"},
    "corrigendum": {
        "propose": "draft",
        "reopen": "proposed",
        "issue": "draft proposed",
        "drop": "draft proposed",
    },
    "proposal": {"take_up": "proposed", "decline": "proposed", "withdraw": "proposed"},
    "comment": {"answer": "open", "withdraw": "open answered"},
    "amendment": {"accept": "proposed", "adapt": "proposed", "decline": "proposed", "withdraw": "proposed"},
    "conveyance": {
        "send": "prepared returned",
        "receive": "sent",
        "acknowledge": "sent received",
        "answer": "acknowledged answered",
        "return": "sent",
    },
}
CELLS = [
    (name, verb, state)
    for name, lifecycle in LIFECYCLES.items()
    for verb in lifecycle.verbs
    for state in lifecycle.states.values
]


def test_every_lifecycle_is_written_out() -> None:
    assert {name: list(verbs) for name, verbs in EXPECTED.items()} == {
        name: list(lifecycle.verbs) for name, lifecycle in LIFECYCLES.items()
    }


@pytest.mark.parametrize(("name", "verb", "state"), CELLS)
def test_verb_in_state(name: str, verb: str, state: str) -> None:
    lifecycle = LIFECYCLES[name]
    allowed = state in EXPECTED[name][verb].split()
    assert lifecycle.can(verb, state) is allowed
    if allowed:
        assert lifecycle.target(verb, state) in lifecycle.states.values
    else:
        with pytest.raises(Refusal, match="This cannot be done now"):
            lifecycle.target(verb, state)


@pytest.mark.parametrize("name", LIFECYCLES)
def test_every_state_can_be_reached(name: str) -> None:
    lifecycle: Lifecycle = LIFECYCLES[name]
    made = {move.target for move in lifecycle.transitions}
    first = {
        "applied",
        "requested",
        "invited",
        "proposed",
        "draft",
        "drafted",
        "drafting",
        "prepared",
        "late",
        "uploaded",
        "nominated",
        "asked",
        "told",
        "open",
    }
    assert set(lifecycle.states.values) - made - first == set()

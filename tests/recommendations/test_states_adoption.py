"""Every state × verb from submission to adoption, as the tables say it."""

import pytest

from portal.states import Lifecycle, Refusal
from recommendations.states import BALLOT, FATE, RECOMMENDATION, STATEMENT, SUBMISSION

SUBMISSION_TABLE = {
    ("ask", "draft"): "ready",
    ("return", "ready"): "draft",
    ("submit", "draft"): "submitted",
    ("submit", "ready"): "submitted",
    ("submit_late", "draft"): "late",
    ("submit_late", "ready"): "late",
    ("correct", "submitted"): "submitted",
    ("correct", "late"): "late",
    ("treat", "submitted"): "in_treatment",
    ("treat", "late"): "in_treatment",
    ("treat", "in_treatment"): "in_treatment",
    ("release", "in_treatment"): "submitted",
    ("withdraw", "draft"): "withdrawn",
    ("withdraw", "ready"): "withdrawn",
    ("withdraw", "submitted"): "withdrawn",
    ("withdraw", "late"): "withdrawn",
    ("withdraw", "in_treatment"): "withdrawn",
}
RECOMMENDATION_TABLE = {
    ("table", "drafting"): "tabled",
    **{("untable", state): "drafting" for state in ("tabled", "agreed", "amended", "bracketed")},
    ("agree", "tabled"): "agreed",
    ("amend", "tabled"): "amended",
    ("bracket", "tabled"): "bracketed",
    ("withdraw", "tabled"): "withdrawn",
    **{("reopen", state): "tabled" for state in ("agreed", "amended", "bracketed", "withdrawn", "deferred")},
    ("resume", "withdrawn"): "drafting",
    ("adopt", "agreed"): "adopted",
    ("adopt_with_reservations", "agreed"): "adopted_with_reservations",
    ("adopt_as_amended", "amended"): "adopted_as_amended",
    ("reject", "bracketed"): "not_adopted",
    ("defer", "drafting"): "deferred",
    ("defer", "tabled"): "deferred",
    ("resume", "deferred"): "drafting",
    ("adopt", "tabled"): "adopted",
    ("adopt_with_reservations", "tabled"): "adopted_with_reservations",
    ("reject", "tabled"): "not_adopted",
    ("join", "drafting"): "joined",
    ("join", "deferred"): "joined",
}
FATE_TABLE = {
    ("agree", "told"): "agreed",
    ("agree", "noted"): "agreed",
    ("agree", "objected"): "agreed",
    ("note", "told"): "noted",
    ("note", "agreed"): "noted",
    ("object", "told"): "objected",
    ("object", "agreed"): "objected",
    ("object", "noted"): "objected",
    ("settle", "objected"): "settled",
}
STATEMENT_TABLE = {
    ("table", "draft"): "tabled",
    ("untable", "tabled"): "draft",
    ("adopt", "tabled"): "adopted",
    ("fail", "tabled"): "draft",
    ("reject", "tabled"): "not_adopted",
    ("publish", "adopted"): "published",
    ("correct", "published"): "published",
}


BALLOT_TABLE = {
    ("count", "open"): "counted",
    ("drop", "open"): "dropped",
    ("drop", "counted"): "dropped",
}


def every_case() -> list[tuple[Lifecycle, str, str, str | None]]:
    """Return each lifecycle, verb and state, with the state that the verb leads to."""
    tables = (
        (SUBMISSION, SUBMISSION_TABLE),
        (RECOMMENDATION, RECOMMENDATION_TABLE),
        (STATEMENT, STATEMENT_TABLE),
        (FATE, FATE_TABLE),
        (BALLOT, BALLOT_TABLE),
    )
    return [
        (lifecycle, verb, state, table.get((verb, state)))
        for lifecycle, table in tables
        for verb in lifecycle.verbs
        for state in lifecycle.states.values
    ]


@pytest.mark.parametrize(("lifecycle", "verb", "state", "target"), every_case())
def test_every_state_and_verb(lifecycle, verb, state, target):
    assert lifecycle.can(verb, state) is (target is not None)
    if target is None:
        with pytest.raises(Refusal):
            lifecycle.target(verb, state)
    else:
        assert lifecycle.target(verb, state) == target

"""Every permission × person × state from submission to adoption."""

import pytest

from tests import build
from tests.conftest import PEOPLE
from tests.tables import few

SUBMISSION_PERMISSIONS = {
    "change": {"draft": {"representative", "colleague"}},
    "submit": {"draft": {"representative"}},
    "withdraw": {state: {"representative"} for state in ("draft", "submitted", "late", "in_treatment")},
    "treat": {state: {"convenor", "second_convenor"} for state in ("submitted", "late", "in_treatment")},
}
CONVENORS = {"convenor", "second_convenor"}
STATEMENT_PERMISSIONS = {
    "see_workspace": dict.fromkeys(("draft", "tabled", "adopted", "published", "not_adopted"), CONVENORS),
    "change_statement": {"draft": CONVENORS},
    "table_statement": {"draft": CONVENORS},
    "untable_statement": {"tabled": CONVENORS},
    "record_position": {"tabled": CONVENORS},
    "take_position": {"tabled": {"representative", "colleague", "other_member"}},
    "adopt_statement": {"tabled": CONVENORS},
    "publish_statement": {"adopted": CONVENORS},
}
SUBMISSION_STATES = ("draft", "submitted", "late", "in_treatment", "withdrawn")
STATEMENT_STATES = ("draft", "tabled", "adopted", "published", "not_adopted")


@pytest.mark.parametrize("state", few(("draft", "submitted"), SUBMISSION_STATES))
@pytest.mark.parametrize("verb", SUBMISSION_PERMISSIONS)
def test_who_may_do_what_with_a_submission(scene, verb, state):
    submission = scene.submissions[0]
    submission.state = state
    allowed = {
        name
        for name, person in scene.cast.people().items()
        if person and person.has_perm(f"recommendations.{verb}_submission", submission)
    }
    assert allowed == SUBMISSION_PERMISSIONS[verb].get(state, set())


@pytest.mark.parametrize("state", few(("tabled", "adopted"), STATEMENT_STATES))
@pytest.mark.parametrize("permission", STATEMENT_PERMISSIONS)
def test_who_may_do_what_with_a_statement(scene, permission, state):
    scene.statement.state = state
    allowed = {
        name
        for name, person in scene.cast.people().items()
        if person and person.has_perm(f"recommendations.{permission}", scene.statement)
    }
    assert allowed == STATEMENT_PERMISSIONS[permission].get(state, set())


def test_who_may_write(scene):
    allowed = {
        name
        for name, person in scene.cast.people().items()
        if person and person.has_perm("recommendations.write_submission", scene.consultation)
    }
    assert allowed == {"representative", "colleague", "other_member"}


def test_a_convenor_of_another_consultation_works_on_nothing_here(scene):
    elsewhere = build.make_convenor()
    assert not elsewhere.has_perm("recommendations.see_workspace", scene.statement)
    assert not elsewhere.has_perm("recommendations.treat_submission", scene.submissions[0])


def test_the_cast_is_complete(cast):
    assert tuple(cast.people()) == PEOPLE

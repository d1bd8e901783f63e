"""Writing, sending in, withdrawing, deciding."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.models import LogEntry, OutgoingMessage
from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.models import Submission
from tests import build


def draft(scene, **values):
    """Return a draft of the representative's organisation."""
    return actions.draft_submission(
        scene.consultation,
        by=scene.cast.representative,
        organisation=scene.cast.organisation,
        addressees=[scene.cast.body],
        **{"text": "Ban fees.", **values},
    )


@pytest.mark.parametrize("text", ["ហាមការគិតថ្លៃ។", "هاپوسکن يوران", "🚫💸", "ห้ามเก็บค่าธรรมเนียม", "အခကြေးငွေ မယူရ"])
def test_a_draft_keeps_every_script_as_typed(scene, text):
    made = draft(scene, text=text, language="km")
    made.refresh_from_db()
    assert made.text == text
    assert (made.state, made.version, made.author) == ("draft", 1, scene.cast.representative)
    assert list(made.addressees.all()) == [scene.cast.body]


def test_nobody_drafts_for_an_organisation_that_is_not_theirs(scene):
    with pytest.raises(Refusal) as refused:
        actions.draft_submission(
            scene.consultation, by=scene.cast.representative, organisation=scene.cast.other_organisation, text="x"
        )
    assert refused.value.field == "organisation"


@pytest.mark.parametrize("state", ["draft", "concluded", "archived", "cancelled"])
def test_nothing_is_drafted_for_a_consultation_that_takes_nothing(scene, state):
    scene.consultation.state = state
    with pytest.raises(Refusal):
        draft(scene)


def test_a_discreet_consultation_hears_invited_organisations_only(scene):
    scene.consultation.discreet = True
    assert draft(scene).pk
    scene.consultation.invitations.filter(organisation=scene.cast.organisation).delete()
    with pytest.raises(Refusal):
        draft(scene)


def test_revising_raises_the_version_and_refuses_an_older_one(scene):
    made = draft(scene)
    actions.revise_submission(made, by=scene.cast.colleague, version=1, text="Ban all fees.")
    with pytest.raises(Conflict) as clash:
        actions.revise_submission(made, by=scene.cast.representative, version=1, text="Mine.")
    assert clash.value.current.text == "Ban all fees."
    made.refresh_from_db()
    assert (made.text, made.version) == ("Ban all fees.", 2)


def test_what_was_sent_in_is_not_revised(scene):
    with pytest.raises(Refusal):
        actions.revise_submission(scene.submissions[0], by=scene.cast.representative, version=1, text="New.")


def test_sending_in_notes_the_time_and_queues_one_receipt(scene):
    made = actions.submit_submission(draft(scene), by=scene.cast.representative)
    assert made.state == "submitted"
    assert abs(made.submitted_at - timezone.now()) < timedelta(seconds=5)
    mail = OutgoingMessage.objects.get(purpose="recommendations.submission_received")
    assert (mail.recipient, mail.subject_id) == ("lead@example.org", made.pk)
    assert LogEntry.objects.first().verb == "submit"
    with pytest.raises(Refusal):
        actions.submit_submission(made, by=scene.cast.representative)


def test_a_deadline_that_passed_keeps_the_draft_and_says_when(scene):
    made = draft(scene)
    scene.consultation.input_closes = timezone.now() - timedelta(minutes=1)
    scene.consultation.save()
    with pytest.raises(Refusal) as refused:
        actions.submit_submission(Submission.objects.get(pk=made.pk), by=scene.cast.representative)
    assert "Submissions closed on" in refused.value.reason
    assert "(WIB, GMT+7)" in refused.value.reason
    assert "kept as a draft" in refused.value.reason
    made.refresh_from_db()
    assert (made.state, made.text) == ("draft", "Ban fees.")


def test_before_the_opening_nothing_is_sent_in(scene):
    scene.consultation.input_opens = timezone.now() + timedelta(days=1)
    scene.consultation.save()
    with pytest.raises(Refusal, match="Submissions open on"):
        actions.submit_submission(Submission.objects.get(pk=draft(scene).pk), by=scene.cast.representative)


@pytest.mark.parametrize("state", ["draft", "submitted", "late", "in_treatment"])
def test_withdrawing_from_every_state(scene, state):
    submission = scene.submissions[0]
    Submission.objects.filter(pk=submission.pk).update(state=state)
    assert actions.withdraw_submission(submission, by=scene.cast.representative).state == "withdrawn"
    with pytest.raises(Refusal):
        actions.withdraw_submission(submission, by=scene.cast.representative)


def test_withdrawing_flags_the_recommendation_that_came_from_it(scene):
    made = build.make_recommendation(scene.statement, sources=tuple(scene.submissions[:2]))
    actions.withdraw_submission(scene.submissions[0], by=scene.cast.representative)
    made.refresh_from_db()
    assert made.flagged
    assert list(made.sources.values_list("submission", "withdrawn")) == [
        (scene.submissions[0].pk, True),
        (scene.submissions[1].pk, False),
    ]


@pytest.mark.parametrize("treatment", ["referred", "not-used"])
def test_deciding_needs_a_reason_and_can_be_changed(scene, treatment):
    submission = scene.submissions[0]
    with pytest.raises(Refusal) as refused:
        actions.treat_submission(submission, by=scene.cast.convenor, treatment=treatment, reason="")
    assert refused.value.field == "reason"
    made = actions.treat_submission(submission, by=scene.cast.convenor, treatment=treatment, reason="Elsewhere.")
    assert (made.state, made.treatment, made.treatment_reason) == ("in_treatment", treatment, "Elsewhere.")
    actions.treat_submission(submission, by=scene.cast.convenor, treatment="referred", reason="To the ministry.")


@pytest.mark.parametrize("treatment", ["used", "joined", "", "nonsense"])
def test_only_referring_and_leaving_out_are_decided_here(scene, treatment):
    with pytest.raises(Refusal):
        actions.treat_submission(scene.submissions[0], by=scene.cast.convenor, treatment=treatment, reason="Why.")


def test_a_source_of_the_common_text_is_not_left_out_behind_its_back(scene):
    build.make_recommendation(scene.statement, sources=(scene.submissions[0],))
    with pytest.raises(Refusal):
        actions.treat_submission(scene.submissions[0], by=scene.cast.convenor, treatment="not-used", reason="No.")


def test_nobody_decides_on_their_own_organisation(scene):
    insider = build.make_member(scene.cast.organisation, role="drafter")
    with pytest.raises(Refusal, match="You act for this organisation"):
        actions.treat_submission(scene.submissions[0], by=insider, treatment="not-used", reason="No.")


def test_a_withdrawn_submission_stays_withdrawn(scene):
    submission = actions.withdraw_submission(scene.submissions[0], by=scene.cast.representative)
    with pytest.raises(Refusal):
        actions.submit_submission(submission, by=scene.cast.representative)
    with pytest.raises(Refusal):
        actions.revise_submission(submission, by=scene.cast.representative, version=1, text="x")

"""Two people at once around a submission, on real transactions: one legal order, and nothing twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.models import OutgoingMessage
from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.models import CoSubmitter, EarlierWords, LateCode, Submission
from tests.recommendations.test_races import anew, at_once, kinds
from tests.recommendations.test_views_submissions import draft

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_form_that_is_sent_ten_times_begins_one_draft(scene):
    by, words = scene.cast.representative, {"organisation": scene.cast.organisation, "form_key": "k", "version": 0}

    def begin(count):
        return lambda: actions.begin_draft(scene.consultation, by=anew(by), kept=True, text=f"Words {count}", **words)

    results = at_once(*(begin(count) for count in range(10)))
    assert kinds(results) == ["done"] * 10
    assert Submission.objects.filter(form_key="k").count() == 1


def test_two_writers_who_save_at_once_lose_nothing(scene):
    submission = draft(scene)
    results = at_once(
        lambda: actions.keep_draft(submission, by=anew(scene.cast.representative), version=1, form_key="a", text="A"),
        lambda: actions.keep_draft(submission, by=anew(scene.cast.colleague), version=1, form_key="b", text="B"),
    )
    assert sorted(isinstance(one, Conflict) for one in results) == [False, True]
    saved = next(one for one in results if not isinstance(one, Exception))
    submission.refresh_from_db()
    assert (submission.text, submission.version) == (saved.text, 2)


def test_a_correction_and_a_decision_have_one_order(scene):
    type(scene.consultation).objects.update(corrections_until=timezone.localdate())
    submission = draft(scene, state="submitted", submitted_at=timezone.now())
    words = {"text": "Better words.", "reason": "", "concerned": ""}
    corrected, decided = at_once(
        lambda: actions.correct_submission(submission, by=anew(scene.cast.representative), version=1, **words),
        lambda: actions.treat_submission(
            submission, by=anew(scene.cast.convenor), treatment="not-used", reason="Said already."
        ),
    )
    assert not isinstance(decided, Exception)
    submission.refresh_from_db()
    assert submission.treatment == "not-used"
    done = not isinstance(corrected, Refusal)
    assert (submission.text == "Better words.", EarlierWords.objects.count()) == (done, int(done))


def test_a_yes_and_a_change_of_the_words_have_one_order(scene):
    submission = draft(scene)
    actions.name_co_submitter(submission, by=scene.cast.colleague, organisation=scene.cast.other_organisation)
    actions.ask_co_submitters(submission, by=scene.cast.colleague)
    row = submission.co_submitters.get()
    results = at_once(
        lambda: actions.agree_co_submission(row, by=anew(scene.cast.other_member), version=1, attribution="none"),
        lambda: actions.revise_submission(submission, by=anew(scene.cast.colleague), version=1, text="Other words."),
    )
    kinds(results)
    with pytest.raises(Refusal):  # whatever came first: nobody agreed to the new words
        actions.submit_submission(submission, by=scene.cast.representative)


def test_sending_in_and_taking_off_have_one_order(scene):
    submission = draft(scene)
    actions.name_co_submitter(submission, by=scene.cast.colleague, organisation=scene.cast.other_organisation)
    actions.ask_co_submitters(submission, by=scene.cast.colleague)
    row = submission.co_submitters.get()
    sent, removed = at_once(
        lambda: actions.submit_submission(submission, by=anew(scene.cast.representative)),
        lambda: actions.remove_co_submitter(row, by=anew(scene.cast.colleague)),
    )
    assert not isinstance(removed, Exception)
    submission.refresh_from_db()
    assert submission.state == ("draft" if isinstance(sent, Refusal) else "submitted")
    assert not CoSubmitter.objects.exists()


def test_everybody_is_asked_once(scene):
    submission = draft(scene)
    actions.name_co_submitter(submission, by=scene.cast.colleague, organisation=scene.cast.other_organisation)
    results = at_once(*(lambda: actions.ask_co_submitters(submission, by=anew(scene.cast.colleague)) for _one in "ab"))
    assert kinds(results) == ["done", "refused"]
    assert OutgoingMessage.objects.filter(purpose="recommendations.co_submission_asked").count() == 1


def test_two_codes_at_once_are_one_that_is_valid(scene):
    words = {"organisation": scene.cast.organisation, "until": timezone.now() + timedelta(days=1), "reason": "x"}
    results = at_once(
        *(
            lambda by=by: actions.give_late_code(scene.consultation, by=anew(by), **words)
            for by in (scene.cast.convenor, scene.cast.second_convenor)
        )
    )
    assert kinds(results) == ["done", "done"]
    assert LateCode.objects.filter(revoked_at=None).count() == 1


def test_a_code_that_is_revoked_while_it_is_typed(scene):
    type(scene.consultation).objects.update(input_closes=timezone.now() - timedelta(hours=1))
    submission = draft(scene)
    words = {"organisation": scene.cast.organisation, "until": timezone.now() + timedelta(days=1), "reason": "x"}
    row, code = actions.give_late_code(scene.consultation, by=scene.cast.convenor, **words)
    sent, revoked = at_once(
        lambda: actions.submit_submission(submission, by=anew(scene.cast.representative), code=code),
        lambda: actions.revoke_late_code(row, by=anew(scene.cast.convenor)),
    )
    assert not isinstance(revoked, Exception)
    submission.refresh_from_db()
    assert submission.state == ("draft" if isinstance(sent, Refusal) else "late")


def test_splitting_and_sending_in_have_one_order(scene):
    submission = draft(scene)
    split, sent = at_once(
        lambda: actions.split_submission(
            submission, by=anew(scene.cast.colleague), version=1, first="One.", second="Another."
        ),
        lambda: actions.submit_submission(submission, by=anew(scene.cast.representative)),
    )
    assert not isinstance(sent, Exception)
    submission.refresh_from_db()
    done = not isinstance(split, Refusal)
    assert (submission.text == "One.", Submission.objects.filter(text="Another.").count()) == (done, int(done))

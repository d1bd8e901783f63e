"""Words are corrected until a day, while nobody decided; the earlier ones stay. A draft becomes two."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.models import LogEntry
from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.models import EarlierWords, Submission
from recommendations.views.correcting import halves
from tests.conftest import PEOPLE, as_person
from tests.recommendations.test_views_submissions import draft, fresh, to

WORDS = {"text": "Ban all recruitment fees.", "reason": "They make debts.", "concerned": "Domestic workers"}


@pytest.fixture
def window(scene):
    """Return the scene with a day for corrections, today."""
    scene.consultation.corrections_until = timezone.localdate()
    scene.consultation.save()
    return scene


def correct(scene, submission, **values):
    """Correct the words as the representative."""
    words = {**WORDS, "version": submission.version, **values}
    return actions.correct_submission(submission, by=scene.cast.representative, **words)


@pytest.mark.parametrize("state", ["submitted", "late"])
def test_the_new_words_stand_and_the_earlier_ones_stay(window, state):
    submission = draft(window, state=state, submitted_at=timezone.now(), text="Ban fees.")
    correct(window, submission)
    submission.refresh_from_db()
    assert (submission.text, submission.state, submission.version) == (WORDS["text"], state, 2)
    correct(window, submission, text="Ban every fee.")
    found = EarlierWords.objects.filter(submission=submission).values_list("text", "by")
    by = window.cast.representative.pk
    assert list(found) == [(WORDS["text"], by), ("Ban fees.", by)]
    assert LogEntry.objects.filter(verb="correct", subject_id=submission.pk).count() == 2


def test_the_day_ends_in_the_zone_of_the_consultation(window):
    submission = draft(window, state="submitted")
    type(window.consultation).objects.update(corrections_until=timezone.localdate() - timedelta(days=1))
    submission.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        correct(window, submission)
    assert "Corrections were possible until" in str(refused.value.reason)
    assert "23:59 (WIB, GMT+7)" in str(refused.value.reason)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "draft"},
        {"state": "ready"},
        {"state": "in_treatment", "treatment": "used"},
        {"state": "withdrawn"},
        {"state": "submitted", "treatment": "not-used"},
    ],
)
def test_what_is_not_sent_in_or_was_decided_on_is_not_corrected(window, values):
    submission = draft(window, **values)
    with pytest.raises(Refusal):
        correct(window, submission)
    submission.refresh_from_db()
    assert submission.text == "Draft words."


def test_without_a_day_without_a_change_and_by_a_drafter_nothing_is_corrected(window):
    submission = draft(window, state="submitted", **WORDS)
    with pytest.raises(Refusal):
        correct(window, submission)
    with pytest.raises(Refusal):
        actions.correct_submission(submission, by=window.cast.colleague, version=1, **{**WORDS, "text": "x"})
    type(window.consultation).objects.update(corrections_until=None)
    submission = Submission.objects.get(pk=submission.pk)
    with pytest.raises(Refusal):
        correct(window, submission, text="x")
    assert not EarlierWords.objects.exists()


def test_a_colleague_who_was_faster_is_not_overwritten(window):
    submission = draft(window, state="submitted")
    correct(window, submission)
    with pytest.raises(Conflict):
        correct(window, submission, version=1, text="Other words.")
    client = as_person(window.cast.representative)
    page = client.post(to("submission_correct", submission), {**WORDS, "text": "Other words.", "version": 1})
    assert page.status_code == 409
    assert "Other words.</textarea>" in page.content.decode()
    assert WORDS["text"] in page.content.decode()


@pytest.mark.parametrize("state", ["submitted", "draft"])
def test_who_corrects_on_the_page(window, state):
    submission = draft(window, state=state)
    seen = {
        name: as_person(fresh(getattr(window.cast, name))).get(to("submission_correct", submission)).status_code
        for name in PEOPLE
    }
    able = 200 if state == "submitted" else 302
    assert seen == {**dict.fromkeys(PEOPLE, 404), "representative": able, "colleague": 302, "anonymous": 302}


def test_both_sides_read_what_was_changed(window):
    submission = draft(window, state="submitted", submitted_at=timezone.now(), text="Ban fees.", reason="")
    client = as_person(window.cast.representative)
    assert "Correct the words" in client.get(submission.get_absolute_url()).content.decode()
    done = client.post(to("submission_correct", submission), {**WORDS, "version": 1}, follow=True)
    assert "Corrected." in done.content.decode()
    for person in (window.cast.colleague, window.cast.convenor):
        page = as_person(person).get(submission.get_absolute_url()).content.decode()
        assert "Corrected after it was sent in" in page
        assert "<ins>" in page


def test_a_text_that_is_refused_stays_on_the_page(window):
    submission = draft(window, state="submitted")
    sent = {**WORDS, "text": "x" * 4001, "version": 1}
    page = as_person(window.cast.representative).post(to("submission_correct", submission), sent).content.decode()
    assert ["1 character too long" in page, "x" * 4001 in page, "They make debts." in page] == [True] * 3


# --- Split in two -------------------------------------------------------------------------------------------------


def test_two_demands_are_two_drafts(scene):
    submission = draft(scene, text="Ban fees. Publish data.", section_id="ID", attribution="described", kind="lesson")
    submission.addressees.add(scene.cast.body)
    made = actions.split_submission(
        submission, by=scene.cast.colleague, version=1, first="Ban fees.", second="Publish data."
    )
    submission.refresh_from_db()
    assert (submission.text, submission.version) == ("Ban fees.", 2)
    found = (made.text, made.state, made.section_id, made.attribution, made.kind, made.author)
    assert found == ("Publish data.", "draft", "ID", "described", "lesson", scene.cast.colleague)
    assert list(made.addressees.all()) == [scene.cast.body]
    assert [entry.verb for entry in LogEntry.objects.order_by("number")][-2:] == ["split", "draft"]


def test_what_stands_still_is_not_split_and_the_same_twice_is_refused(scene):
    for state in ("ready", "submitted", "withdrawn"):
        submission = draft(scene, state=state)
        with pytest.raises(Refusal):
            actions.split_submission(submission, by=scene.cast.colleague, version=1, first="a", second="b")
    submission = draft(scene)
    with pytest.raises(Refusal):
        actions.split_submission(submission, by=scene.cast.colleague, version=1, first="a", second="a")
    with pytest.raises(Refusal):
        actions.split_submission(submission, by=scene.cast.other_member, version=1, first="a", second="b")
    assert Submission.objects.filter(text__in=["a", "b"]).count() == 0


def test_the_page_of_a_split(scene):
    submission = draft(scene, text="Ban fees. Publish data.")
    client = as_person(scene.cast.colleague)
    form = client.get(to("submission_split", submission)).context["form"]
    assert [form[name].value() for name in ("first", "second")] == ["Ban fees.", "Publish data."]
    sent = {"first": "Ban fees.", "second": "Publish data.", "version": 1, "one_time_key": "k" * 20}
    done, _again = (client.post(to("submission_split", submission), sent, follow=True) for _press in range(2))
    assert "Two drafts: number" in done.content.decode()
    assert Submission.objects.filter(text="Publish data.").count() == 1


def test_a_split_of_a_draft_that_a_colleague_changed_shows_both(scene):
    submission = draft(scene)
    actions.revise_submission(submission, by=scene.cast.representative, version=1, text="Their words.")
    sent = {"first": "Mine.", "second": "Mine too.", "version": 1}
    page = as_person(scene.cast.colleague).post(to("submission_split", submission), sent)
    content = page.content.decode()
    assert page.status_code == 409
    assert ["Their words." in content, "Mine too." in content, 'name="version" value="2"' in content] == [True] * 3


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_who_splits_on_the_page(scene, state):
    submission = draft(scene, state=state)
    seen = {
        name: as_person(fresh(getattr(scene.cast, name))).get(to("submission_split", submission)).status_code
        for name in PEOPLE
    }
    able = 200 if state == "draft" else 302
    assert seen == {**dict.fromkeys(PEOPLE, 404), "representative": able, "colleague": able, "anonymous": 302}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("One. Two. Three.", ("One.", "Two. Three.")),
        ("One\n\nTwo", ("One", "Two")),
        ("ហាម។ ផ្តល់។", ("ហាម។", "ផ្តល់។")),
        ("禁止收费。归还护照。", ("禁止收费。", "归还护照。")),
        ("Only one", ("Only one", "Only one")),
    ],
)
def test_a_first_guess_of_both_halves(words, expected):
    assert halves(words) == expected

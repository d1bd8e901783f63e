"""The search for what is alike: one at a time, in pieces, safe to repeat; what a convenor took apart stays apart."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.states import Refusal
from recommendations import actions
from recommendations.actions.grouping import claim
from recommendations.models import Apart, Grouping, LikeGroup, Submission
from recommendations.tasks import group_submissions
from tests import build

WORDS = "Employers must not keep the passports of migrant workers under any circumstances"


@pytest.fixture
def alike(scene):
    """Return the scene with three submissions that are alike."""
    for number, one in enumerate(scene.submissions):
        Submission.objects.filter(pk=one.pk).update(text=f"{WORDS}{'.' * number}")
    return scene


def search(scene):
    """Search as a worker does, and return the members of each group."""
    actions.ask_grouping(scene.consultation, by=scene.cast.convenor)
    group_submissions()
    return members()


def members():
    """Return the members of each group."""
    return [sorted(one.members.values_list("submission", flat=True)) for one in LikeGroup.objects.order_by("pk")]


def test_a_search_is_asked_for_once_while_it_is_at_work(alike):
    first = actions.ask_grouping(alike.consultation, by=alike.cast.convenor)
    second = actions.ask_grouping(alike.consultation, by=alike.cast.second_convenor)
    assert (first.pk, second.by) == (second.pk, alike.cast.convenor)
    assert group_submissions() == 1
    assert group_submissions() == 0


def test_it_finds_a_group_and_a_second_time_changes_nothing(alike):
    ids = [one.pk for one in alike.submissions]
    assert search(alike) == [ids]
    group = LikeGroup.objects.get()
    assert search(alike) == [ids]
    assert LikeGroup.objects.get() == group
    grouping = Grouping.objects.get()
    assert (grouping.done, grouping.total, grouping.is_at_work, grouping.failed) == (3, 3, False, False)


def test_what_comes_in_later_joins_the_group_by_the_clock(alike):
    search(alike)
    group = LikeGroup.objects.get()
    late = build.make_submission(alike.consultation, alike.cast.other_organisation, alike.cast.other_member, text=WORDS)
    assert group_submissions() == 1
    assert list(group.members.values_list("submission", flat=True)) == [*(one.pk for one in alike.submissions), late.pk]
    assert group_submissions() == 0


def test_what_was_withdrawn_leaves_the_group(alike):
    search(alike)
    actions.withdraw_submission(alike.submissions[0], by=alike.cast.representative)
    assert search(alike) == [[one.pk for one in alike.submissions[1:]]]


def test_a_dissolved_group_stays_dissolved(alike):
    search(alike)
    actions.dissolve_group(LikeGroup.objects.get(), by=alike.cast.convenor)
    assert Apart.objects.count() == 3
    assert search(alike) == []


def test_who_was_taken_out_stays_out(alike):
    search(alike)
    actions.take_out_submission(alike.submissions[1], by=alike.cast.convenor)
    left = [alike.submissions[0].pk, alike.submissions[2].pk]
    assert members() == [left]
    Submission.objects.filter(pk=alike.submissions[1].pk).update(text=WORDS + "!")
    assert search(alike) == [left]
    with pytest.raises(Refusal, match="no group"):
        actions.take_out_submission(alike.submissions[1], by=alike.cast.convenor)


def test_of_two_taken_apart_nothing_is_left(alike):
    actions.withdraw_submission(alike.submissions[0], by=alike.cast.representative)
    search(alike)
    actions.take_out_submission(alike.submissions[1], by=alike.cast.convenor)
    assert members() == []


def test_another_language_is_found_through_a_working_translation(alike):
    thai = "ขอให้ประเทศสมาชิกอาเซียนห้ามนายจ้างเก็บหนังสือเดินทาง"
    Submission.objects.filter(pk=alike.submissions[2].pk).update(text=thai, language="th")
    assert search(alike) == [[one.pk for one in alike.submissions[:2]]]
    actions.save_translation(alike.submissions[2], by=alike.cast.convenor, language="en", text=WORDS)
    assert group_submissions() == 1
    assert members() == [[one.pk for one in alike.submissions]]
    actions.save_translation(alike.submissions[2], by=alike.cast.convenor, language="en", text="")
    assert not alike.submissions[2].translations.exists()


@pytest.mark.parametrize(("language", "state", "words"), [("en", "submitted", "already"), ("id", "draft", "sent in")])
def test_only_what_was_sent_in_is_translated_into_another_language(scene, language, state, words):
    Submission.objects.filter(pk=scene.submissions[0].pk).update(state=state)
    with pytest.raises(Refusal, match=words):
        actions.save_translation(scene.submissions[0], by=scene.cast.convenor, language=language, text="x")


def test_a_killed_worker_leaves_nothing_behind_and_its_claim_runs_out(alike):
    grouping = actions.ask_grouping(alike.consultation, by=alike.cast.convenor)
    assert claim(grouping)
    assert not claim(grouping)
    assert group_submissions() == 0
    assert members() == []
    Grouping.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert group_submissions() == 1
    assert len(members()) == 1


def test_two_workers_at_one_search_write_it_once(alike):
    grouping = actions.ask_grouping(alike.consultation, by=alike.cast.convenor)
    assert actions.find_groups(grouping) == 1
    assert actions.find_groups(grouping) == 0
    assert len(members()) == 1


def test_a_search_that_fails_is_told_and_can_be_asked_for_again(alike, monkeypatch):
    actions.ask_grouping(alike.consultation, by=alike.cast.convenor)
    with monkeypatch.context() as patched:
        patched.setattr("recommendations.likeness.pairs", lambda *_args: 1 / 0)
        assert group_submissions() == 1
    assert Grouping.objects.get().failed
    assert len(search(alike)) == 1


@pytest.mark.parametrize("count", [3, 40])
def test_a_search_asks_the_database_equally_often(alike, count, django_assert_num_queries):
    for number in range(count - 3):
        text = f"{WORDS} number {number}"
        build.make_submission(alike.consultation, alike.cast.organisation, alike.cast.representative, text=text)
    grouping = actions.ask_grouping(alike.consultation, by=alike.cast.convenor)
    with django_assert_num_queries(16):
        actions.find_groups(grouping)

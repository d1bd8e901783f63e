"""Two people at once, on real transactions: one legal order, and no text lost."""

import random
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from portal.models import OutgoingMessage, User
from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.models import Edition, Position, Recommendation, Statement, Submission
from tests import build
from tests.recommendations.scene import table

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same moment, each on a connection of its own; return what came of each."""
    barrier, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[place] = deed()
        except Exception as error:  # noqa: BLE001 - whatever came of it is judged by the test
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def kinds(results: Sequence[Any]) -> list[str]:
    """Return how each ended: refused, or done."""
    assert [one for one in results if isinstance(one, Exception) and not isinstance(one, Refusal)] == []
    return sorted("refused" if isinstance(one, Refusal) else "done" for one in results)


def anew(person: User) -> User:
    """Return the person as a request of its own would."""
    return User.objects.get(pk=person.pk)


def test_fifty_positions_of_one_organisation_are_one_row(scene):
    table(scene)
    chance = random.Random(7)
    stances = [chance.choice(["consensus", "abstains", "blocks"]) for _ in range(50)]

    def say(stance: str) -> Callable[[], Position]:
        return lambda: actions.take_position(
            scene.statement, by=anew(scene.cast.representative), organisation=scene.cast.organisation, stance=stance
        )

    results = at_once(*(say(stance) for stance in stances))
    assert kinds(results) == ["done"] * 50
    assert Position.objects.count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_an_adoption_and_a_late_block_have_one_order(scene, _round):
    table(scene)
    actions.take_position(
        scene.statement, by=scene.cast.representative, organisation=scene.cast.organisation, stance="consensus"
    )
    by = anew(scene.cast.convenor)
    results = at_once(
        lambda: actions.adopt_statement(scene.statement, by=by, adopted_on=timezone.localdate()),
        lambda: actions.take_position(
            scene.statement,
            by=anew(scene.cast.other_member),
            organisation=scene.cast.other_organisation,
            stance="blocks",
        ),
    )
    assert kinds(results) == ["done", "refused"]
    adopted = Statement.objects.get().state == "adopted"
    assert adopted is (Position.objects.filter(stance="blocks").count() == 0)
    assert Edition.objects.count() == int(adopted)


def test_two_convenors_adopt_once(scene):
    table(scene)
    actions.take_position(
        scene.statement, by=scene.cast.representative, organisation=scene.cast.organisation, stance="consensus"
    )
    people = [anew(scene.cast.convenor), anew(scene.cast.second_convenor)]
    results = at_once(
        *(
            lambda by=by: actions.adopt_statement(scene.statement, by=by, adopted_on=timezone.localdate())
            for by in people
        )
    )
    assert kinds(results) == ["done", "refused"]
    assert Edition.objects.count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_an_edit_and_the_tabling_have_one_order(scene, _round):
    one = build.make_recommendation(scene.statement)
    people = [anew(scene.cast.convenor), anew(scene.cast.second_convenor)]
    results = at_once(
        lambda: actions.revise_recommendation(
            one, by=people[0], version=1, text_en="Edited.", text_ind="Diubah.", addressees=[scene.cast.body]
        ),
        lambda: actions.table_statement(scene.statement, by=people[1]),
    )
    assert not isinstance(results[1], Exception)
    one.refresh_from_db()
    assert one.state == "tabled"
    assert (one.text_en == "Edited.") is not isinstance(results[0], Refusal)


def test_a_hundred_edits_of_one_clause_lose_no_text(scene):
    """Each writer saves what is there plus the own word, and writes again after a clash, as the page lets one do."""
    one = build.make_recommendation(scene.statement, text_en="Start")

    def write(writer: int) -> Callable[[], None]:
        by = anew(scene.cast.convenor if writer % 2 else scene.cast.second_convenor)

        def deed() -> None:
            current = Recommendation.objects.get(pk=one.pk)
            for turn in range(10):
                word = f"w{writer}-{turn}"
                current = save_after_clashes(current, by, word)

        return deed

    def save_after_clashes(current: Recommendation, by: User, word: str) -> Recommendation:
        while True:
            try:
                return actions.revise_recommendation(
                    current, by=by, version=current.version, text_en=f"{current.text_en} {word}"
                )
            except Conflict as clash:
                current = clash.current

    results = at_once(*(write(writer) for writer in range(10)))
    assert kinds(results) == ["done"] * 10
    one.refresh_from_db()
    assert sorted(one.text_en.split()[1:]) == sorted(f"w{writer}-{turn}" for writer in range(10) for turn in range(10))
    assert one.version == 101


def test_a_withdrawal_and_a_merge_have_one_order(scene):
    submission = scene.submissions[0]
    by = [anew(scene.cast.representative), anew(scene.cast.convenor)]
    results = at_once(
        lambda: actions.withdraw_submission(submission, by=by[0]),
        lambda: actions.merge_submissions(scene.statement, by=by[1], submissions=scene.submissions, text_en="Merged."),
    )
    assert not isinstance(results[0], Exception)
    assert Submission.objects.get(pk=submission.pk).state == "withdrawn"
    if isinstance(results[1], Refusal):
        assert not Recommendation.objects.exists()
    else:
        assert Recommendation.objects.get().flagged


def test_two_colleagues_send_one_draft_in_once(scene):
    draft = build.make_submission(scene.consultation, scene.cast.organisation, scene.cast.colleague, state="draft")
    people = [anew(scene.cast.representative), build.make_member(scene.cast.organisation)]
    results = at_once(*(lambda by=by: actions.submit_submission(draft, by=by) for by in people))
    assert kinds(results) == ["done", "refused"]


def test_around_the_deadline_those_accepted_are_those_with_a_receipt(scene):
    drafts = [
        build.make_submission(
            scene.consultation, scene.cast.organisation, scene.cast.representative, state="draft", submitted_at=None
        )
        for _ in range(24)
    ]
    scene.consultation.input_closes = timezone.now() + timedelta(seconds=1)
    scene.consultation.save()
    chance, by = random.Random(11), anew(scene.cast.representative)
    naps = [chance.uniform(0, 2.5) for _ in drafts]

    def send(draft: Submission, nap: float) -> Callable[[], Submission]:
        def deed() -> Submission:
            threading.Event().wait(nap)
            return actions.submit_submission(Submission.objects.get(pk=draft.pk), by=by)

        return deed

    results = at_once(*(send(*pair) for pair in zip(drafts, naps, strict=True)))
    kinds(results)
    accepted = {one.pk for one in results if isinstance(one, Submission)}
    sent_in = set(
        Submission.objects.filter(pk__in=[one.pk for one in drafts], state="submitted").values_list("pk", flat=True)
    )
    receipts = set(
        OutgoingMessage.objects.filter(purpose="recommendations.submission_received").values_list(
            "subject_id", flat=True
        )
    )
    assert accepted == sent_in == receipts
    late = [
        one for one in Submission.objects.filter(pk__in=sent_in) if one.submitted_at > scene.consultation.input_closes
    ]
    assert late == []

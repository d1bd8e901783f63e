"""The plenary at the same moment, on real transactions: one voice, one legal order, no word lost."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.models import (
    Ballot,
    Endorsement,
    OpenedChoice,
    Outcome,
    Plenary,
    Position,
    Proxy,
    Recommendation,
    SealedVoice,
    Statement,
    Submission,
)
from tests import build
from tests.recommendations.scene import table
from tests.recommendations.test_races import anew, at_once, kinds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.BALLOT_KEYS_DIR = tmp_path / "keys"


def saying(scene: Any, stance: str, item: Any = None, **values: Any) -> Callable[[], Position]:
    """Return the deed of the representative who says it."""
    return lambda: actions.take_position(
        scene.statement,
        by=anew(scene.cast.representative),
        organisation=scene.cast.organisation,
        stance=stance,
        recommendation=item,
        **values,
    )


def test_fifty_positions_on_one_item_are_one_row(scene):
    first, *_rest = table(scene)
    chance = random.Random(5)
    deeds = [saying(scene, chance.choice(["consensus", "abstains", "blocks"]), first) for _ in range(50)]
    assert kinds(at_once(*deeds)) == ["done"] * 50
    assert Position.objects.count() == 1


def test_fifty_sealed_choices_of_one_organisation_are_one(scene):
    table(scene)
    ballot = actions.ask_secrecy(scene.statement, by=scene.cast.convenor)

    def choose() -> SealedVoice:
        return actions.cast_choice(
            ballot, by=anew(scene.cast.representative), organisation=scene.cast.organisation, choice="blocks"
        )

    assert kinds(at_once(*[choose] * 50)) == ["done"] * 50
    assert SealedVoice.objects.count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_a_position_on_an_item_and_its_decision_have_one_order(scene, _round):
    first, *_rest = table(scene)
    by = anew(scene.cast.convenor)
    results = at_once(
        saying(scene, "blocks", first),
        lambda: actions.decide_item(first, by=by, verdict="agreed", version=first.version),
    )
    kinds(results)
    first.refresh_from_db()
    # Whoever came first: a “no” keeps the item from being agreed, and an agreed item takes no “no” any more.
    assert (first.state == "agreed") is isinstance(results[0], Refusal)
    assert Position.objects.count() == int(first.state != "agreed")


@pytest.mark.parametrize("_round", range(3))
def test_a_choice_and_the_count_have_one_order(scene, _round):
    table(scene)
    voters = [(build.make_organisation(), None) for _ in range(6)]
    voters = [(one, build.make_member(one)) for one, _nobody in voters]
    for organisation, _person in voters:
        build.make_invitation(scene.consultation, organisation, state="accepted")
    ballot = actions.ask_secrecy(scene.statement, by=scene.cast.convenor)
    for organisation, person in voters[:5]:
        actions.cast_choice(ballot, by=person, organisation=organisation, choice="consensus")
    by, last = anew(scene.cast.convenor), voters[5]
    results = at_once(
        lambda: actions.count_ballot(ballot, by=by),
        lambda: actions.cast_choice(ballot, by=anew(last[1]), organisation=last[0], choice="consensus"),
    )
    assert not isinstance(results[0], Exception)
    late = isinstance(results[1], Refusal)
    assert (SealedVoice.objects.count(), OpenedChoice.objects.count()) == ((5, 5) if late else (6, 6))
    assert Ballot.objects.get().cast == OpenedChoice.objects.count()


def test_two_convenors_decide_one_item_once(scene):
    first, *_rest = table(scene)
    people = [anew(scene.cast.convenor), anew(scene.cast.second_convenor)]
    results = at_once(
        lambda: actions.decide_item(first, by=people[0], verdict="amended", version=1, words={"en": "Mine."}),
        lambda: actions.decide_item(first, by=people[1], verdict="deferred", version=1),
    )
    assert sum(isinstance(one, Conflict) for one in results) == 1
    assert Outcome.objects.count() == 1


def test_two_amendments_of_one_item_lose_no_word(scene):
    first, *_rest = table(scene)
    people = [anew(scene.cast.convenor), anew(scene.cast.second_convenor)]

    def amend(by: Any, words: str) -> Callable[[], Outcome]:
        return lambda: actions.decide_item(first, by=by, verdict="amended", version=1, words={"en": words})

    results = at_once(amend(people[0], "Mine."), amend(people[1], "Theirs."))
    assert sum(isinstance(one, Conflict) for one in results) == 1
    assert Outcome.objects.get().after["en"] == Recommendation.objects.get(pk=first.pk).text_en


@pytest.mark.parametrize("_round", range(3))
def test_the_rule_and_the_first_position_have_one_order(scene, _round):
    table(scene)
    by = anew(scene.cast.convenor)
    results = at_once(
        saying(scene, "consensus"),
        lambda: actions.state_rule(scene.statement, by=by, version=1, kind="two-thirds"),
    )
    assert not isinstance(results[0], Exception)
    kinds(results)
    assert Plenary.objects.exists() is not isinstance(results[1], Refusal)


def test_an_adoption_and_a_failure_have_one_order(scene):
    table(scene)
    saying(scene, "consensus")()
    people = [anew(scene.cast.convenor), anew(scene.cast.second_convenor)]
    results = at_once(
        lambda: actions.adopt_statement(scene.statement, by=people[0], adopted_on=timezone.localdate()),
        lambda: actions.record_failure(scene.statement, by=people[1]),
    )
    assert kinds(results) == ["done", "refused"]
    assert Statement.objects.get().state == "adopted"


@pytest.mark.parametrize("_round", range(3))
def test_a_reopened_item_and_the_adoption_have_one_order(scene, _round):
    items = table(scene, asean=2, national=0)
    for item in items:
        actions.decide_item(item, by=scene.cast.convenor, verdict="agreed", version=item.version)
    saying(scene, "consensus")()
    people = [anew(scene.cast.convenor), anew(scene.cast.second_convenor)]
    results = at_once(
        lambda: actions.adopt_statement(scene.statement, by=people[0], adopted_on=timezone.localdate()),
        lambda: actions.decide_item(items[0], by=people[1], verdict="reopened", version=2),
    )
    assert kinds(results) == ["done", "refused"]
    adopted = Statement.objects.get().state == "adopted"
    assert Recommendation.objects.get(pk=items[0].pk).state == ("adopted" if adopted else "tabled")


def test_three_proxies_for_one_holder_leave_two(scene):
    table(scene)
    givers = [build.make_organisation() for _ in range(3)]
    for one in givers:
        build.make_invitation(scene.consultation, one, state="accepted")

    def give(giver: Any) -> Callable[[], Proxy]:
        return lambda: actions.record_proxy(
            scene.statement, by=anew(scene.cast.convenor), giver=giver, holder=scene.cast.organisation
        )

    assert kinds(at_once(*map(give, givers))) == ["done", "done", "refused"]
    assert Proxy.objects.count() == 2


@pytest.mark.parametrize("_round", range(3))
def test_a_withdrawal_and_the_freeze_have_one_order(scene, _round):
    """The submission is gone either way. Withdrawn first, its item is flagged; frozen first, the text stands."""
    submission = scene.submissions[0]
    item = build.make_recommendation(scene.statement, (submission,), state="tabled")
    Statement.objects.update(state="tabled")
    saying(scene, "consensus")()
    by = anew(scene.cast.convenor)
    results = at_once(
        lambda: actions.withdraw_submission(submission, by=anew(scene.cast.representative)),
        lambda: actions.adopt_statement(scene.statement, by=by, adopted_on=timezone.localdate()),
    )
    assert kinds(results) == ["done", "done"]
    assert Submission.objects.get(pk=submission.pk).state == "withdrawn"
    assert results[1].items.get().text_en == item.text_en
    assert not item.sources.filter(withdrawn=False).exists()


@pytest.mark.parametrize("_round", range(3))
def test_an_edit_and_the_freeze_have_one_order(scene, _round):
    """The text is tabled when it freezes: an edit is refused, and nothing of it is in the edition."""
    first, *_rest = table(scene)
    saying(scene, "consensus")()
    people = [anew(scene.cast.convenor), anew(scene.cast.second_convenor)]
    results = at_once(
        lambda: actions.adopt_statement(scene.statement, by=people[0], adopted_on=timezone.localdate()),
        lambda: actions.revise_recommendation(first, by=people[1], version=1, text_en="Sneaked in."),
    )
    assert isinstance(results[1], Refusal)
    assert "Sneaked in." not in results[0].canonical


def test_an_endorsement_twice_at_once_is_one(scene):
    build.make_edition(scene.statement)
    actions.open_sign_on(scene.statement, by=scene.cast.convenor, until=timezone.localdate())
    edition = scene.statement.editions.get()

    def sign() -> Endorsement:
        return actions.endorse_edition(
            edition, by=anew(scene.cast.representative), organisation=scene.cast.organisation
        )

    assert kinds(at_once(*[sign] * 20)) == ["done"] * 20
    assert Endorsement.objects.count() == 1

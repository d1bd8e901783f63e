"""Two people at once at the desk: one telling, one settlement, no text and no source lost."""

import pytest

from portal.models import OutgoingMessage
from recommendations import actions
from recommendations.models import Apart, Bracket, Fate, LikeGroup, Recommendation, Source
from tests import build
from tests.recommendations.test_races import anew, at_once, kinds

pytestmark = pytest.mark.django_db(transaction=True)
PURPOSE = "recommendations.fates_told"


def test_two_convenors_tell_at_once_and_every_organisation_gets_one_mail(scene):
    for one in scene.submissions:
        actions.treat_submission(one, by=scene.cast.convenor, treatment="not-used", reason="Said in item 2.")
    shown = actions.shown_key(actions.untold(scene.consultation))
    people = [anew(scene.cast.convenor), anew(scene.cast.second_convenor)] * 2
    results = at_once(*(lambda by=by: actions.tell_fates(scene.consultation, by=by, shown=shown) for by in people))
    assert kinds(results) == ["done", "refused", "refused", "refused"]
    assert Fate.objects.count() == 3
    assert OutgoingMessage.objects.filter(purpose=PURPOSE).count() == 2


def test_an_objection_is_settled_once(scene):
    actions.merge_submissions(
        scene.statement, by=scene.cast.convenor, submissions=scene.submissions, text_en="Ban all fees."
    )
    fate = build.make_fate(scene.submissions[0], state="objected", words="No.")
    first, second = anew(scene.cast.convenor), anew(scene.cast.second_convenor)
    results = at_once(
        lambda: actions.let_stand_alone(fate, by=first),
        lambda: actions.settle_objection(fate, by=second, settlement="answered", reason="Item 2."),
        lambda: actions.let_stand_alone(fate, by=second),
    )
    assert kinds(results) == ["done", "refused", "refused"]
    fate.refresh_from_db()
    assert Recommendation.objects.count() == (2 if fate.settlement == "alone" else 1)
    assert Source.objects.filter(submission=scene.submissions[0]).count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_a_bracket_is_settled_while_the_text_is_edited_and_nothing_is_lost(scene, _round):
    one = build.make_recommendation(scene.statement, text_en="Ban all fees now.")
    rivals = [("all fees", []), ("most fees", [])]
    bracket = actions.bracket_passage(
        one, by=scene.cast.convenor, version=1, language="en", passage="all fees", rivals=rivals
    )
    first, second = anew(scene.cast.convenor), anew(scene.cast.second_convenor)
    edited = {"text_en": "Please ban [all fees / most fees] now.", "text_ind": ""}
    results = at_once(
        lambda: actions.settle_bracket(bracket, by=first, wording=bracket.wordings.last()),
        lambda: actions.revise_recommendation(one, by=second, version=2, **edited),
    )
    one.refresh_from_db()
    outcome = kinds(results)
    assert outcome in (["done", "done"], ["done", "refused"])
    assert one.text_en == ("Please ban most fees now." if outcome == ["done", "done"] else "Ban most fees now.")
    assert Bracket.objects.get().settled_at is not None
    assert one.revisions.count() == one.version


@pytest.mark.parametrize("_round", range(3))
def test_two_joins_and_a_split_have_one_order_and_keep_every_source(scene, _round):
    one, two, three = (build.make_recommendation(scene.statement, (submission,)) for submission in scene.submissions)
    first, second = anew(scene.cast.convenor), anew(scene.cast.second_convenor)
    words = {"text_en": "Joined.", "text_ind": ""}
    results = at_once(
        lambda: actions.join_recommendation(two, by=first, into=one, versions=(1, 1), words=words),
        lambda: actions.join_recommendation(two, by=second, into=three, versions=(1, 1), words=words),
        lambda: actions.split_recommendation(
            two, by=second, version=1, words=words, other_words=words, places={two.sources.get().pk: "both"}
        ),
    )
    assert kinds(results) == ["done", "refused", "refused"]
    kept = set(Source.objects.values_list("submission", flat=True))
    assert kept == {submission.pk for submission in scene.submissions}


def test_a_group_is_dissolved_while_a_search_runs_and_stays_apart(scene):
    words = "Employers must not keep the passports of migrant workers under any circumstances"
    for number, one in enumerate(scene.submissions):
        type(one).objects.filter(pk=one.pk).update(text=f"{words}{'.' * number}")
    actions.find_groups(actions.ask_grouping(scene.consultation, by=scene.cast.convenor))
    group = LikeGroup.objects.get()
    again = actions.ask_grouping(scene.consultation, by=scene.cast.convenor)
    by = anew(scene.cast.second_convenor)
    results = at_once(
        lambda: actions.dissolve_group(group, by=by),
        lambda: actions.find_groups(again),
        lambda: actions.find_groups(again),
    )
    assert kinds(results) == ["done"] * 3
    assert Apart.objects.count() == 3
    actions.find_groups(actions.ask_grouping(scene.consultation, by=scene.cast.convenor))
    assert not LikeGroup.objects.exists()

"""The common text: merge, word, order, take apart, table."""

import pytest

from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.models import Position, Recommendation, Statement
from tests import build
from tests.recommendations.scene import table

WORDS = {"text_en": "Ban all fees.", "text_ind": "Larang semua biaya."}


def merge(scene, submissions, **values):
    """Merge the submissions into one recommendation."""
    values = {**WORDS, "addressees": [scene.cast.body], **values}
    return actions.merge_submissions(scene.statement, by=scene.cast.convenor, submissions=submissions, **values)


def test_starting_twice_makes_one_statement(cast):
    consultation = build.make_consultation(convenors=[cast.convenor])
    first = actions.start_statement(consultation, by=cast.convenor)
    second = actions.start_statement(consultation, by=cast.second_convenor)
    assert first == second
    assert (first.slug, first.title_en, first.title_ind) == (
        consultation.slug,
        consultation.title_en,
        consultation.title_ind,
    )


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_no_statement_before_the_consultation_is_announced(cast, state):
    with pytest.raises(Refusal):
        actions.start_statement(build.make_consultation(state=state), by=cast.convenor)


def test_merging_keeps_every_source_and_says_so_to_each(scene):
    made = merge(scene, scene.submissions)
    assert [source.submission for source in made.sources.all()] == scene.submissions
    for submission in scene.submissions:
        submission.refresh_from_db()
    assert [(one.state, one.treatment) for one in scene.submissions] == [("in_treatment", "joined")] * 3
    assert (made.text_en, made.text_ind, made.position) == ("Ban all fees.", "Larang semua biaya.", 1)


def test_a_single_one_is_used_as_it_is(scene):
    merge(scene, scene.submissions[:1])
    scene.submissions[0].refresh_from_db()
    assert scene.submissions[0].treatment == "used"


def test_the_next_recommendation_stands_last_in_its_section(scene):
    first, second = merge(scene, scene.submissions[:1]), merge(scene, scene.submissions[1:2])
    national = merge(scene, scene.submissions[2:], section=build.make_country())
    assert [one.position for one in (first, second, national)] == [1, 2, 1]


def test_nothing_is_merged_of_nothing(scene):
    with pytest.raises(Refusal, match="Choose at least one"):
        merge(scene, [])


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_drafts_and_withdrawn_ones_are_not_merged(scene, state):
    scene.submissions[0].state = state
    scene.submissions[0].save()
    with pytest.raises(Refusal):
        merge(scene, scene.submissions)
    assert not Recommendation.objects.exists()


def test_submissions_of_another_consultation_are_not_merged(scene):
    foreign = build.make_submission(build.make_consultation(), scene.cast.organisation, scene.cast.representative)
    with pytest.raises(Refusal):
        merge(scene, [foreign])


def test_nobody_merges_for_their_own_organisation(scene):
    build.Membership.objects.create(
        organisation=scene.cast.organisation, user=scene.cast.convenor, state="active", since=build.LONG_AGO
    )
    with pytest.raises(Refusal, match="You act for this organisation"):
        merge(scene, scene.submissions)
    assert merge(scene, scene.submissions[2:])


@pytest.mark.parametrize("state", ["tabled", "adopted", "published", "not_adopted"])
def test_the_text_stands_still_outside_the_draft(scene, state):
    made = build.make_recommendation(scene.statement, sources=tuple(scene.submissions[:2]))
    source = made.sources.first()
    Statement.objects.filter(pk=scene.statement.pk).update(state=state)
    by = scene.cast.convenor
    attempts = [
        lambda: merge(scene, scene.submissions[2:]),
        lambda: actions.revise_recommendation(made, by=by, version=1, **WORDS),
        lambda: actions.revise_statement(scene.statement, by=by, version=1, title_en="New"),
        lambda: actions.move_recommendation(made, by=by, up=True),
        lambda: actions.set_aside_recommendation(made, by=by),
        lambda: actions.unlink_source(source, by=by),
        lambda: actions.table_statement(scene.statement, by=by),
    ]
    for attempt in attempts:
        with pytest.raises(Refusal):
            attempt()


def test_revising_a_recommendation_settles_the_flag_and_counts_versions(scene):
    made = build.make_recommendation(scene.statement, flagged=True)
    changed = actions.revise_recommendation(
        made, by=scene.cast.convenor, version=1, section=build.make_country("TH"), addressees=[], **WORDS
    )
    assert (changed.flagged, changed.version, changed.section_id, changed.position) == (False, 2, "TH", 1)
    with pytest.raises(Conflict) as clash:
        actions.revise_recommendation(made, by=scene.cast.second_convenor, version=1, text_en="Mine.")
    assert clash.value.current.text_en == "Ban all fees."


def test_revising_the_statement_counts_versions(scene):
    actions.revise_statement(scene.statement, by=scene.cast.convenor, version=1, title_en="A", preamble_en="We…")
    with pytest.raises(Conflict):
        actions.revise_statement(scene.statement, by=scene.cast.convenor, version=1, title_en="B")
    scene.statement.refresh_from_db()
    assert (scene.statement.title_en, scene.statement.preamble_en, scene.statement.version) == ("A", "We…", 2)


def test_moving_changes_places_inside_the_section_only(scene):
    one, two, three = (build.make_recommendation(scene.statement) for _ in range(3))
    other = build.make_recommendation(scene.statement, section=build.make_country())
    actions.move_recommendation(three, by=scene.cast.convenor, up=True)
    actions.move_recommendation(one, by=scene.cast.convenor, up=True)
    actions.move_recommendation(other, by=scene.cast.convenor, up=False)
    order = list(scene.statement.recommendations.filter(section=None).order_by("position"))
    assert order == [one, three, two]


def test_setting_aside_and_taking_back(scene):
    made = merge(scene, scene.submissions)
    assert actions.set_aside_recommendation(made, by=scene.cast.convenor).state == "deferred"
    assert actions.what_lacks(scene.statement)[0][0] is None
    assert actions.set_aside_recommendation(made, by=scene.cast.convenor, back=True).state == "drafting"
    assert made.sources.count() == 3


def test_a_source_that_is_taken_off_waits_again(scene):
    made = merge(scene, scene.submissions)
    actions.unlink_source(made.sources.first(), by=scene.cast.convenor)
    scene.submissions[0].refresh_from_db()
    assert (scene.submissions[0].state, scene.submissions[0].treatment) == ("submitted", "")
    assert made.sources.count() == 2


def test_a_source_that_is_used_elsewhere_stays_used(scene):
    made = merge(scene, scene.submissions)
    merge(scene, scene.submissions[:1])
    actions.unlink_source(made.sources.first(), by=scene.cast.convenor)
    scene.submissions[0].refresh_from_db()
    assert scene.submissions[0].state == "in_treatment"


def test_tabling_lists_what_lacks(scene):
    empty = build.make_recommendation(scene.statement, text_en="", addressees=[], flagged=True)
    complete = build.make_recommendation(scene.statement)
    assert [(one, words) for one, words in actions.what_lacks(scene.statement)] == [
        (empty, "It has no text in the prevailing language."),
        (empty, "It has no addressee."),
        (empty, "One of its sources was withdrawn. Look at the text again and save it."),
    ]
    with pytest.raises(Refusal, match="3 things are lacking"):
        actions.table_statement(scene.statement, by=scene.cast.convenor)
    complete.refresh_from_db()
    assert complete.state == "drafting"


def test_the_prevailing_language_decides_which_text_is_needed(scene):
    scene.statement.prevailing_language = "id"
    build.make_recommendation(scene.statement, text_ind="")
    assert [words for _one, words in actions.what_lacks(scene.statement)] == [
        "It has no text in the prevailing language."
    ]


def test_an_empty_statement_is_not_tabled(scene):
    with pytest.raises(Refusal, match="1 thing is lacking"):
        actions.table_statement(scene.statement, by=scene.cast.convenor)


def test_tabling_moves_what_belongs_to_the_text(scene):
    inside, aside = build.make_recommendation(scene.statement), build.make_recommendation(scene.statement)
    actions.set_aside_recommendation(aside, by=scene.cast.convenor)
    assert actions.table_statement(scene.statement, by=scene.cast.convenor).state == "tabled"
    assert list(scene.statement.recommendations.order_by("id").values_list("pk", "state")) == [
        (inside.pk, "tabled"),
        (aside.pk, "deferred"),
    ]


def test_taking_the_text_back_removes_positions_on_the_old_words(scene):
    table(scene)
    actions.take_position(
        scene.statement, by=scene.cast.representative, organisation=scene.cast.organisation, stance="consensus"
    )
    assert actions.untable_statement(scene.statement, by=scene.cast.convenor).state == "draft"
    assert not Position.objects.exists()
    assert set(scene.statement.recommendations.values_list("state", flat=True)) == {"drafting"}

"""The shape of the common text: place, join, split, versions, sources, brackets; nothing that was written is lost."""

import pytest

from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.models import Bracket, Recommendation, Source
from tests import build

WORDS = {"en": "Joined words.", "id": "Kata bersama."}


def order(scene, section=None):
    """Return the recommendations of a section in their order."""
    live = scene.statement.recommendations.filter(section=section).exclude(state="joined")
    return [one.pk for one in live.order_by("position", "id")]


def three(scene):
    """Return three recommendations of the ASEAN section, each with one source."""
    return [build.make_recommendation(scene.statement, (one,)) for one in scene.submissions]


def revise(one, scene, **words):
    """Change the words as the edit page does."""
    now = Recommendation.objects.get(pk=one.pk)
    texts = {"text_en": now.text_en, "text_ind": now.text_ind, **words}
    return actions.revise_recommendation(now, by=scene.cast.convenor, version=now.version, **texts)


# --- Versions -------------------------------------------------------------------------------------------------


def test_every_version_keeps_its_words_writer_and_day(scene):
    one = build.make_recommendation(scene.statement, text_en="First.", text_ind="Pertama.")
    revise(one, scene, text_en="Second.")
    revise(one, scene, text_ind="Kedua.")
    rows = [(row.number, row.kind, row.text_en, row.text_ind, row.by) for row in one.revisions.all()]
    convenor = scene.cast.convenor
    assert rows == [
        (1, "begun", "First.", "Pertama.", None),
        (2, "revised", "Second.", "Pertama.", convenor),
        (3, "revised", "Second.", "Kedua.", convenor),
    ]


def test_merging_begins_the_record(scene):
    made = actions.merge_submissions(
        scene.statement, by=scene.cast.convenor, submissions=scene.submissions, text_en="Begun."
    )
    assert [(row.kind, row.text_en, row.by) for row in made.revisions.all()] == [
        ("begun", "Begun.", scene.cast.convenor)
    ]


# --- Place ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("place", "expected"), [(1, [2, 0, 1]), (2, [0, 2, 1]), (3, [0, 1, 2]), (99, [0, 1, 2])])
def test_a_recommendation_is_put_at_a_given_place(scene, place, expected):
    made = three(scene)
    actions.place_recommendation(made[2], by=scene.cast.convenor, section=None, place=place)
    assert order(scene) == [made[index].pk for index in expected]
    assert not made[2].revisions.exists()


def test_a_move_to_another_section_and_back_again(scene):
    made, country = three(scene), build.make_country()
    actions.place_recommendation(made[1], by=scene.cast.convenor, section=country, place=1)
    assert (order(scene), order(scene, country)) == ([made[0].pk, made[2].pk], [made[1].pk])
    actions.place_recommendation(made[1], by=scene.cast.convenor, section=None, place=2)
    assert order(scene) == [one.pk for one in made]
    assert [(row.number, row.kind) for row in made[1].revisions.all()] == [(1, "begun"), (2, "moved"), (3, "moved")]


def test_nothing_is_moved_once_it_is_tabled(scene):
    made = three(scene)
    actions.table_statement(scene.statement, by=scene.cast.convenor)
    with pytest.raises(Refusal):
        actions.place_recommendation(made[2], by=scene.cast.convenor, section=None, place=1)


# --- Join -----------------------------------------------------------------------------------------------------


def test_joined_ones_keep_every_source_once(scene):
    into, other, _third = three(scene)
    Source.objects.create(recommendation=other, submission=scene.submissions[0])
    other.addressees.add(build.make_body("second"))
    actions.join_recommendation(other, by=scene.cast.convenor, into=into, versions=(1, 1), words=WORDS)
    other.refresh_from_db()
    assert (other.state, other.joined_into, other.sources.count()) == ("joined", into, 0)
    assert sorted(into.sources.values_list("submission", flat=True)) == [one.pk for one in scene.submissions[:2]]
    assert into.addressees.count() == 2
    assert into.revisions.last().kind == "joined"
    assert other.revisions.get().text_en == other.text_en
    for one in scene.submissions[:2]:
        one.refresh_from_db()
        assert one.treatment == "joined"
    assert actions.what_lacks(scene.statement) == []


def test_joining_twice_or_with_an_older_text_is_refused(scene):
    into, other, third = three(scene)
    revise(other, scene, text_en="Newer.")
    with pytest.raises(Conflict):
        actions.join_recommendation(other, by=scene.cast.convenor, into=into, versions=(1, 1), words=WORDS)
    actions.join_recommendation(other, by=scene.cast.convenor, into=into, versions=(1, 2), words=WORDS)
    with pytest.raises(Refusal, match="no longer being drafted"):
        actions.join_recommendation(other, by=scene.cast.convenor, into=third, versions=(1, 2), words=WORDS)
    with pytest.raises(Refusal, match="another recommendation"):
        actions.join_recommendation(into, by=scene.cast.convenor, into=into, versions=(2, 2), words=WORDS)


def test_nobody_joins_or_splits_what_the_own_organisation_sent_in(scene):
    into, _other, third = three(scene)
    by = scene.cast.convenor
    build.Membership.objects.create(
        organisation=scene.cast.other_organisation, user=by, state="active", since=build.LONG_AGO
    )
    by = type(by).objects.get(pk=by.pk)
    with pytest.raises(Refusal, match="Another convenor"):
        actions.join_recommendation(third, by=by, into=into, versions=(1, 1), words=WORDS)
    with pytest.raises(Refusal, match="Another convenor"):
        actions.split_recommendation(third, by=by, version=1, words=WORDS, other_words=WORDS, places={})
    with pytest.raises(Refusal, match="Another convenor"):
        actions.mark_source(third.sources.get(), by=by, treatment="evidence")
    with pytest.raises(Refusal, match="Another convenor"):
        actions.add_sources(into, by=by, submissions=[scene.submissions[2]])


# --- Split ----------------------------------------------------------------------------------------------------


def split(scene, places, **words):
    """Split a recommendation of three sources; `places` by their order."""
    one = build.make_recommendation(scene.statement, tuple(scene.submissions), text_en="Both. And more.")
    after = build.make_recommendation(scene.statement)
    ids = [source.pk for source in one.sources.order_by("pk")]
    other = actions.split_recommendation(
        one,
        by=scene.cast.convenor,
        version=1,
        words={"en": "Both."},
        other_words={"en": "And more.", **words},
        places=dict(zip(ids, places, strict=True)),
    )
    return one, other, after


def test_a_recommendation_is_split_and_the_second_follows_the_first(scene):
    one, other, after = split(scene, ["here", "both", "there"])
    assert order(scene) == [one.pk, other.pk, after.pk]
    assert [source.submission_id for source in one.sources.order_by("submission")] == [
        one.pk for one in scene.submissions[:2]
    ]
    assert [source.submission_id for source in other.sources.order_by("submission")] == [
        one.pk for one in scene.submissions[1:]
    ]
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.text_en, one.version, other.text_en, other.version) == ("Both.", 2, "And more.", 1)
    assert list(other.addressees.all()) == list(one.addressees.all())
    assert [row.kind for row in one.revisions.all()] == ["begun", "split"]


@pytest.mark.parametrize("places", [["here"] * 3, ["there"] * 3])
def test_each_of_the_two_keeps_a_source(scene, places):
    with pytest.raises(Refusal, match="at least one source"):
        split(scene, places)
    assert scene.statement.recommendations.count() == 2


def test_an_open_bracket_goes_where_its_passage_is(scene):
    one = build.make_recommendation(scene.statement, tuple(scene.submissions), text_en="Ban fees. Pay wages.")
    bracket = put_in_brackets(one, scene, "Pay wages", "Pay all wages")
    words = {"words": {"en": "Ban fees."}, "places": {source.pk: "both" for source in one.sources.all()}}
    with pytest.raises(Refusal, match="is open"):
        actions.split_recommendation(
            one, by=scene.cast.convenor, version=2, **words, other_words={"en": "Pay something."}
        )
    other = actions.split_recommendation(
        one, by=scene.cast.convenor, version=2, **words, other_words={"en": "[Pay wages / Pay all wages]."}
    )
    bracket.refresh_from_db()
    assert bracket.recommendation == other


# --- Sources --------------------------------------------------------------------------------------------------


def test_what_a_source_is_used_for_follows_the_sources(scene):
    one = build.make_recommendation(scene.statement)
    actions.add_sources(one, by=scene.cast.convenor, submissions=[scene.submissions[0]])
    assert treatments(scene) == ["used", "", ""]
    actions.add_sources(one, by=scene.cast.convenor, submissions=[scene.submissions[1]])
    actions.add_sources(one, by=scene.cast.convenor, submissions=[scene.submissions[2]], evidence=True)
    assert treatments(scene) == ["joined", "joined", "evidence"]
    actions.unlink_source(one.sources.get(submission=scene.submissions[1]), by=scene.cast.convenor)
    assert treatments(scene) == ["used", "", "evidence"]
    actions.mark_source(one.sources.get(submission=scene.submissions[2]), by=scene.cast.convenor, treatment="joined")
    assert treatments(scene) == ["used", "", "joined"]
    assert not one.sources.filter(evidence=True).exists()


def treatments(scene):
    """Return what became of each submission."""
    for one in scene.submissions:
        one.refresh_from_db()
    return [one.treatment for one in scene.submissions]


def test_a_referral_names_where_it_goes_and_ends_when_it_is_taken_up(scene):
    elsewhere, by = build.make_consultation(), scene.cast.convenor
    words = {"treatment": "referred", "reason": "It is about Thailand."}
    actions.treat_submission(scene.submissions[0], by=by, consultation=elsewhere, **words)
    assert scene.submissions[0].referral.consultation == elsewhere
    with pytest.raises(Refusal, match="not to both"):
        actions.treat_submission(scene.submissions[1], by=by, consultation=elsewhere, body=scene.cast.body, **words)
    with pytest.raises(Refusal, match="this consultation"):
        actions.treat_submission(scene.submissions[1], by=by, consultation=scene.consultation, **words)
    actions.add_sources(build.make_recommendation(scene.statement), by=by, submissions=[scene.submissions[0]])
    assert treatments(scene)[0] == "used"
    assert not type(scene.submissions[0]).objects.filter(referral__isnull=False).exists()


# --- Brackets -------------------------------------------------------------------------------------------------


def put_in_brackets(one, scene, passage, *rivals, **values):
    """Put a passage in brackets, in English, on the text as it is now."""
    version = Recommendation.objects.get(pk=one.pk).version
    rows = [(passage, [scene.submissions[0]]), *((words, [scene.submissions[2]]) for words in rivals)]
    values = {"version": version, "language": "en", "passage": passage, "rivals": rows, **values}
    return actions.bracket_passage(one, by=scene.cast.convenor, **values)


def bracketed(scene, *rivals):
    """Return a recommendation with an open bracket."""
    one = build.make_recommendation(scene.statement, tuple(scene.submissions), text_en="Ban all fees now.")
    return one, put_in_brackets(one, scene, "all fees", *(rivals or ("high fees",)))


def test_a_bracket_stands_in_the_text_until_a_wording_is_chosen(scene):
    one, bracket = bracketed(scene)
    one.refresh_from_db()
    assert one.text_en == "Ban [all fees / high fees] now."
    assert next(row[1] for row in actions.what_lacks(scene.statement)).startswith("It has an open bracket.")
    with pytest.raises(Refusal, match="lacking"):
        actions.table_statement(scene.statement, by=scene.cast.convenor)
    actions.settle_bracket(bracket, by=scene.cast.convenor, wording=bracket.wordings.last())
    one.refresh_from_db()
    assert one.text_en == "Ban high fees now."
    assert actions.what_lacks(scene.statement) == []
    assert [row.text for row in bracket.wordings.all()] == ["all fees", "high fees"]
    assert [row.kind for row in one.revisions.all()] == ["begun", "bracketed", "settled"]
    assert list(bracket.wordings.last().submissions.all()) == [scene.submissions[2]]


def test_a_bracket_is_settled_once(scene):
    _one, bracket = bracketed(scene)
    actions.settle_bracket(bracket, by=scene.cast.convenor, wording=bracket.wordings.first())
    with pytest.raises(Refusal, match="settled already"):
        actions.settle_bracket(bracket, by=scene.cast.second_convenor, wording=bracket.wordings.last())


def test_a_text_with_an_open_bracket_is_tabled_without_it(scene):
    one, _bracket = bracketed(scene)
    build.make_recommendation(scene.statement)
    actions.set_aside_recommendation(one, by=scene.cast.convenor)
    assert actions.table_statement(scene.statement, by=scene.cast.convenor).state == "tabled"


@pytest.mark.parametrize(
    ("start", "expected"), [("Ban all fees now.", "Ban now."), ("all fees, ban.", ", ban."), ("Ban all fees", "Ban")]
)
def test_a_passage_may_be_left_out(scene, start, expected):
    one = build.make_recommendation(scene.statement, text_en=start)
    bracket = put_in_brackets(one, scene, "all fees", "")
    assert bracket.shown == "[all fees / –]"
    actions.settle_bracket(bracket, by=scene.cast.convenor, wording=bracket.wordings.last())
    one.refresh_from_db()
    assert one.text_en == expected


def test_editing_around_an_open_bracket_keeps_it(scene):
    one, _bracket = bracketed(scene)
    revise(one, scene, text_en="Please ban [all fees / high fees] now.")
    with pytest.raises(Refusal, match="is open") as refused:
        revise(one, scene, text_en="Ban some fees.")
    assert refused.value.field == "text_en"
    assert Bracket.objects.filter(settled_at=None).count() == 1


@pytest.mark.parametrize(
    ("passage", "rivals", "words"),
    [
        ("no such words", ["x"], "does not stand"),
        ("fees", ["x"], "2 times"),
        ("all fees", [], "one rival"),
        ("all fees", ["all fees"], "the same"),
        ("all fees", ["[high] fees"], "square brackets"),
        ("all fees", ["high / low fees"], "square brackets"),
    ],
)
def test_a_bracket_is_clear_or_refused(scene, passage, rivals, words):
    one = build.make_recommendation(scene.statement, text_en="Ban all fees and/or fees on loans.")
    with pytest.raises(Refusal, match=words):
        put_in_brackets(one, scene, passage, *rivals)
    assert not Bracket.objects.exists()


def test_no_bracket_inside_another_and_none_on_an_older_text(scene):
    one, _bracket = bracketed(scene)
    with pytest.raises(Refusal, match="already"):
        put_in_brackets(one, scene, "high fees", "low fees")
    with pytest.raises(Conflict):
        put_in_brackets(one, scene, "now", "soon", version=1)


def test_a_recommendation_with_an_open_bracket_is_not_joined_into_another(scene):
    one, _bracket = bracketed(scene)
    into = build.make_recommendation(scene.statement)
    with pytest.raises(Refusal, match="open bracket"):
        actions.join_recommendation(one, by=scene.cast.convenor, into=into, versions=(1, 2), words=WORDS)

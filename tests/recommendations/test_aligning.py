"""Languages of one recommendation: a change in the source marks the others as behind, and overwrites none."""

import pytest

from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.models import LanguageState, Recommendation
from tests import build


@pytest.fixture
def one(scene):
    """Return a recommendation in two languages; English prevails."""
    return build.make_recommendation(scene.statement, text_en="Ban fees.", text_ind="Larang biaya.")


def revise(scene, one, **words):
    """Change the words as the form of the common text does: every language is sent."""
    now = Recommendation.objects.get(pk=one.pk)
    sent = {"text_en": now.text_en, "text_ind": now.text_ind, **words}
    kept = {"version": now.version, "addressees": now.addressees.all()}
    return actions.revise_recommendation(now, by=scene.cast.convenor, **kept, **sent)


def row(one, language="id"):
    """Return how a language stands now."""
    now = Recommendation.objects.get(pk=one.pk)
    return next(found for found in actions.standing_of_languages(now, [language]) if found.language == language)


def test_a_change_in_the_source_marks_the_other_as_behind_and_leaves_its_words(scene, one):
    assert (row(one).state, row(one).behind) == ("draft", False)
    revise(scene, one, text_en="Ban all fees.")
    found = row(one)
    assert (found.behind, found.words, found.followed, found.source) == (
        True,
        "Larang biaya.",
        "Ban fees.",
        "Ban all fees.",
    )
    revise(scene, one, text_en="Ban every fee.")
    assert row(one).followed == "Ban fees."


def test_who_writes_the_translation_brings_it_up(scene, one):
    revise(scene, one, text_en="Ban all fees.")
    revise(scene, one, text_ind="Larang semua biaya.")
    assert (row(one).behind, row(one).state) == (False, "draft")


def test_both_changed_at_once_are_not_behind(scene, one):
    revise(scene, one, text_en="Ban all fees.", text_ind="Larang semua biaya.")
    assert row(one).behind is False


def test_a_checked_translation_is_a_draft_again_once_it_is_written_anew(scene, one):
    values = {"by": scene.cast.convenor, "language": "id"}
    actions.write_language(one, **values, words="Larang biaya.", state="checked", version=1)
    assert (row(one).state, Recommendation.objects.get(pk=one.pk).version) == ("checked", 1)
    revise(scene, one, text_en="Ban all fees.")
    assert (row(one).state, row(one).behind) == ("checked", True)
    revise(scene, one, text_ind="Larang semua biaya.")
    assert (row(one).state, row(one).behind) == ("draft", False)


def test_a_new_language_is_written_beside_and_touches_no_other(scene, one):
    assert row(one, "th").label == "missing"
    values = {"by": scene.cast.convenor, "language": "th", "version": 1}
    actions.write_language(one, **values, words="ห้ามเก็บค่าธรรมเนียม", state="machine")
    now = Recommendation.objects.get(pk=one.pk)
    assert (now.text_en, now.text_ind, now.more_texts["text"]["th"], now.version) == (
        "Ban fees.",
        "Larang biaya.",
        "ห้ามเก็บค่าธรรมเนียม",
        2,
    )
    assert (row(one, "th").state, row(one, "th").behind) == ("machine", False)
    assert [found.number for found in now.revisions.order_by("number")] == [1, 2]


def test_what_is_refused(scene, one):
    values = {"by": scene.cast.convenor, "words": "x", "state": "draft", "version": 1}
    with pytest.raises(Refusal, match="prevailing"):
        actions.write_language(one, language="en", **values)
    with pytest.raises(Refusal, match="Write the words"):
        actions.write_language(one, language="id", **{**values, "words": ""})
    with pytest.raises(Conflict):
        actions.write_language(one, language="id", **{**values, "version": 7})
    type(scene.statement).objects.update(state="tabled")
    with pytest.raises(Refusal):
        actions.write_language(one, language="id", **values)
    assert not LanguageState.objects.exists()

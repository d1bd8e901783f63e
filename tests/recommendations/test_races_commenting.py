"""Two people at once around a circulated draft: one number, one support, one decision, no text lost."""

import pytest

from portal.models import OutgoingMessage
from portal.states import Conflict
from recommendations import actions
from recommendations.models import Amendment, CirculatedVersion, Comment, Recommendation, Support
from tests import build
from tests.recommendations.test_amending import BETTER, WORDS, propose
from tests.recommendations.test_circulating import circulate, comment
from tests.recommendations.test_races import anew, at_once, kinds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def one(scene):
    """Return a recommendation with three paragraphs."""
    return build.make_recommendation(scene.statement, text_en=WORDS, text_ind="Larang biaya.")


def test_two_convenors_circulate_at_once_and_there_is_one_version(scene, one):
    results = at_once(*(lambda: circulate(scene, last=0) for _press in range(4)))
    assert kinds(results) == ["done", "refused", "refused", "refused"]
    assert CirculatedVersion.objects.get().number == 1
    assert OutgoingMessage.objects.filter(purpose="recommendations.draft_circulated").count() == 2


@pytest.mark.parametrize("_round", range(3))
def test_a_comment_comes_before_the_next_version_or_not_at_all(scene, one, _round):
    text = circulate(scene).texts.get()
    results = at_once(lambda: comment(scene, text), lambda: circulate(scene, last=1))
    assert kinds(results)[0] == "done"
    newer = CirculatedVersion.objects.get(number=2)
    said = Comment.objects.first()
    assert (said is not None) == (kinds(results) == ["done", "done"])
    assert said is None or said.created_at <= newer.created_at


def test_many_supports_of_one_organisation_are_one(scene, one):
    amendment = propose(scene, circulate(scene).texts.get())
    by = anew(scene.cast.other_member)
    values = {"by": by, "organisation": scene.cast.other_organisation}
    results = at_once(*(lambda: actions.support_amendment(amendment, **values) for _press in range(8)))
    assert kinds(results) == ["done"] * 8
    assert Support.objects.count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_one_amendment_is_decided_once(scene, one, _round):
    amendment = propose(scene, circulate(scene).texts.get())
    first, second = anew(scene.cast.convenor), anew(scene.cast.second_convenor)
    results = at_once(
        lambda: actions.accept_amendment(amendment, by=first, version=1),
        lambda: actions.decline_amendment(amendment, by=second, answer="No."),
        lambda: actions.withdraw_amendment(amendment, by=anew(scene.cast.representative)),
        lambda: actions.adapt_amendment(amendment, by=second, version=1, words="Our own."),
    )
    assert kinds(results) == ["done", "refused", "refused", "refused"]
    state = Amendment.objects.get().state
    now = Recommendation.objects.get().text_en
    assert now == {"accepted": BETTER, "adapted": "Our own."}.get(state, WORDS)


@pytest.mark.parametrize("_round", range(3))
def test_an_amendment_is_accepted_while_the_draft_is_edited_and_neither_is_lost(scene, one, _round):
    amendment = propose(scene, circulate(scene).texts.get())
    first, second = anew(scene.cast.convenor), anew(scene.cast.second_convenor)
    edited = WORDS.replace("Ban fees.", "Ban all fees.")
    words = {"text_en": edited, "text_ind": "Larang biaya.", "addressees": list(one.addressees.all())}
    results = at_once(
        lambda: actions.accept_amendment(amendment, by=first, version=1),
        lambda: actions.revise_recommendation(one, by=second, version=1, **words),
    )
    assert kinds(results) == ["done", "refused"]
    lost = next(found for found in results if isinstance(found, Exception))
    assert isinstance(lost, Conflict)
    now = Recommendation.objects.get()
    assert now.text_en in (BETTER, edited)
    assert now.revisions.count() == now.version == 2
    amendment = Amendment.objects.for_list().get()
    assert amendment.state == "accepted" or amendment.on_draft.kind == "rebased"


@pytest.mark.parametrize("_round", range(3))
def test_two_editors_on_one_passage_get_both_texts(scene, one, _round):
    first, second = anew(scene.cast.convenor), anew(scene.cast.second_convenor)
    bodies = list(one.addressees.all())
    texts = [WORDS.replace("Ban fees.", words) for words in ("Ban all fees.", "Ban every fee.")]
    results = at_once(
        *(
            lambda by=by, text=text: actions.revise_recommendation(
                one, by=by, version=1, text_en=text, text_ind="", addressees=bodies
            )
            for by, text in zip((first, second), texts, strict=True)
        )
    )
    assert kinds(results) == ["done", "refused"]
    clash = next(found for found in results if isinstance(found, Conflict))
    won = next(text for text, found in zip(texts, results, strict=True) if not isinstance(found, Exception))
    assert clash.current.text_en == won
    assert [row.text_en for row in one.revisions.order_by("number")] == [WORDS, won]


@pytest.mark.parametrize("_round", range(3))
def test_a_source_and_its_translation_are_written_at_once_and_both_stand(scene, one, _round):
    first, second = anew(scene.cast.convenor), anew(scene.cast.second_convenor)
    words = {"text_en": BETTER, "text_ind": "Larang biaya.", "addressees": list(one.addressees.all())}
    results = at_once(
        lambda: actions.revise_recommendation(one, by=first, version=1, **words),
        lambda: actions.write_language(
            one, by=second, language="id", words="Larang semua biaya.", state="checked", version=1
        ),
    )
    assert kinds(results) == ["done", "refused"]
    now = Recommendation.objects.get()
    found = actions.standing_of_languages(now)[0]
    assert (now.text_en, now.text_ind, found.behind) in (
        (BETTER, "Larang biaya.", True),
        (WORDS, "Larang semua biaya.", False),
    )

"""Amendments: proposed as changed words, supported, carried over later edits or collided, decided on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.models import Amendment, CirculatedVersion, Recommendation, Support
from stakeholders.actions import merge_organisations
from tests import build
from tests.recommendations.test_circulating import circulate, composed

SETTLED = "recommendations.amendment_settled"
WORDS = "Ban fees.\n\nReturn passports.\n\nOpen shelters."
BETTER = "Ban fees.\n\nReturn passports within a day.\n\nOpen shelters."


@pytest.fixture
def text(scene):
    """Return the only text of a circulated version, with three paragraphs."""
    build.make_recommendation(scene.statement, text_en=WORDS, text_ind="Larang biaya.")
    return circulate(scene).texts.get()


def propose(scene, text, **values):
    """Propose the better words for the representative's organisation."""
    said = {"by": scene.cast.representative, "organisation": scene.cast.organisation, "language": "en"}
    return actions.propose_amendment(text, **{**said, "proposal": BETTER, "reason": "So that it is done.", **values})


def revise(scene, text, words, **more):
    """Let the convenor change the draft."""
    one = Recommendation.objects.get(pk=text.recommendation_id)
    kept = {"version": one.version, "addressees": one.addressees.all(), "text_en": words, **more}
    return actions.revise_recommendation(one, by=scene.cast.convenor, **kept)


def standing(amendment):
    """Return how the amendment stands to the draft as it is now."""
    return Amendment.objects.for_list().get(pk=amendment.pk).on_draft.kind


def accept(scene, amendment, by=None, version=None):
    """Accept it, as somebody who has just looked."""
    now = Amendment.objects.for_list().get(pk=amendment.pk).target.version
    return actions.accept_amendment(amendment, by=by or scene.cast.convenor, version=version or now)


def draft(text):
    """Return the recommendation as it is now."""
    return Recommendation.objects.get(pk=text.recommendation_id)


# --- Proposed and supported -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"proposal": WORDS + "\n"}, "Nothing was changed"),
        ({"reason": ""}, "Say why"),
        ({"language": "th"}, "no words in this language"),
    ],
)
def test_what_is_not_proposed(scene, text, values, words):
    with pytest.raises(Refusal, match=words):
        propose(scene, text, **values)
    assert not Amendment.objects.exists()


def test_no_amendment_after_the_moment(scene, text):
    CirculatedVersion.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refusal, match="time for comments"):
        propose(scene, text)


def test_others_support_once_each_and_take_it_back(scene, text):
    amendment = propose(scene, text)
    other = {"by": scene.cast.other_member, "organisation": scene.cast.other_organisation}
    first, again = actions.support_amendment(amendment, **other), actions.support_amendment(amendment, **other)
    assert first == again
    assert Support.objects.count() == 1
    with pytest.raises(Refusal, match="your own amendment"):
        actions.support_amendment(amendment, by=scene.cast.representative, organisation=scene.cast.organisation)
    with pytest.raises(Refusal, match="do not speak"):
        actions.support_amendment(amendment, by=scene.cast.representative, organisation=scene.cast.other_organisation)
    actions.drop_support(amendment, **other)
    assert Support.objects.count() == 0
    actions.withdraw_amendment(amendment, by=scene.cast.representative)
    with pytest.raises(Refusal):
        actions.support_amendment(amendment, **other)


def test_supports_of_two_records_become_one(scene, text):
    third = build.make_organisation()
    build.make_invitation(scene.consultation, third, state="accepted")
    member = build.make_member(third)
    amendment = propose(scene, text)
    for by, organisation in ((scene.cast.other_member, scene.cast.other_organisation), (member, third)):
        actions.support_amendment(amendment, by=by, organisation=organisation)
    build.Invitation.objects.filter(organisation=third).delete()
    merge_organisations(scene.cast.other_organisation, third, by=build.make_convenor())
    assert Support.objects.get().organisation == scene.cast.other_organisation


# --- The draft moves ------------------------------------------------------------------------------------------


def test_an_untouched_draft_takes_it_as_it_is(scene, text):
    amendment = accept(scene, propose(scene, text))
    one = draft(text)
    assert (one.text_en, one.text_ind, one.version) == (BETTER, "Larang biaya.", 2)
    assert (amendment.state, amendment.written, amendment.written_version) == ("accepted", BETTER, 2)
    assert [(row.number, row.kind) for row in one.revisions.order_by("number")] == [(1, "begun"), (2, "amended")]


def test_it_survives_edits_of_other_paragraphs(scene, text):
    amendment = propose(scene, text)
    revise(scene, text, WORDS.replace("Ban fees.", "Ban all fees."))
    assert standing(amendment) == "rebased"
    accept(scene, amendment)
    assert draft(text).text_en == BETTER.replace("Ban fees.", "Ban all fees.")


def test_it_collides_and_is_never_dropped(scene, text):
    amendment = propose(scene, text)
    revise(scene, text, WORDS.replace("Return passports.", "Return passports to workers."))
    assert standing(amendment) == "collided"
    with pytest.raises(Refusal, match="same place"):
        accept(scene, amendment)
    amendment.refresh_from_db()
    assert (amendment.state, amendment.proposal, amendment.base) == ("proposed", BETTER, WORDS)
    both = WORDS.replace("Return passports.", "Return passports to workers within a day.")
    done = actions.adapt_amendment(amendment, by=scene.cast.convenor, version=2, words=both, answer="Both.")
    assert (done.state, done.written, draft(text).text_en) == ("adapted", both, both)


def test_it_goes_along_when_its_text_is_joined_into_another(scene, text):
    amendment = propose(scene, text)
    into = build.make_recommendation(scene.statement, text_en="Protect workers.")
    words = {"en": "Protect workers.\n\n" + WORDS, "id": ""}
    actions.join_recommendation(draft(text), by=scene.cast.convenor, into=into, versions=(1, 1), words=words)
    found = Amendment.objects.for_list().get(pk=amendment.pk)
    assert (found.target, found.now, found.on_draft.kind) == (into, words["en"], "rebased")
    accept(scene, amendment)
    assert Recommendation.objects.get(pk=into.pk).text_en == "Protect workers.\n\n" + BETTER


def test_two_amendments_to_different_paragraphs_both_stand(scene, text):
    first = propose(scene, text)
    other = {"by": scene.cast.other_member, "organisation": scene.cast.other_organisation}
    second = propose(scene, text, proposal=WORDS.replace("Open shelters.", "Open shelters in each city."), **other)
    same = propose(scene, text, proposal=WORDS.replace("Return passports.", "Return all papers."), **other)
    accept(scene, first)
    accept(scene, second)
    assert draft(text).text_en == BETTER.replace("Open shelters.", "Open shelters in each city.")
    assert standing(same) == "collided"


def test_words_that_stand_there_already_are_accepted_without_a_new_version(scene, text):
    amendment = propose(scene, text)
    revise(scene, text, BETTER)
    assert standing(amendment) == "there"
    assert accept(scene, amendment).written == BETTER
    assert draft(text).version == 2


def test_a_convenor_who_saw_older_words_decides_nothing(scene, text):
    amendment = propose(scene, text)
    revise(scene, text, WORDS.replace("Ban fees.", "Ban all fees."))
    with pytest.raises(Conflict):
        accept(scene, amendment, version=1)
    with pytest.raises(Conflict):
        actions.adapt_amendment(amendment, by=scene.cast.convenor, version=1, words="Else.")
    assert draft(text).version == 2


def test_an_open_bracket_is_not_lost(scene, text):
    amendment = propose(scene, text)
    rivals = [("Ban fees", []), ("Limit fees", [])]
    where = {"version": 1, "language": "en", "passage": "Ban fees"}
    actions.bracket_passage(draft(text), by=scene.cast.convenor, rivals=rivals, **where)
    with pytest.raises(Refusal, match="is open"):
        actions.adapt_amendment(amendment, by=scene.cast.convenor, version=2, words=BETTER)
    accept(scene, amendment)
    assert draft(text).text_en == BETTER.replace("Ban fees", "[Ban fees / Limit fees]")


# --- Decided on -----------------------------------------------------------------------------------------------


def test_it_is_declined_with_a_reason_and_only_once(scene, text):
    amendment = propose(scene, text)
    with pytest.raises(Refusal, match="Say why"):
        actions.decline_amendment(amendment, by=scene.cast.convenor, answer="")
    done = actions.decline_amendment(amendment, by=scene.cast.convenor, answer="It stands in item 2.")
    assert (done.state, done.answer, done.settled_by) == ("declined", "It stands in item 2.", scene.cast.convenor)
    with pytest.raises(Refusal):
        accept(scene, amendment)
    with pytest.raises(Refusal):
        actions.withdraw_amendment(amendment, by=scene.cast.representative)
    assert draft(text).text_en == WORDS


def test_nobody_decides_on_the_own_organisations_amendment(scene, text):
    amendment = propose(scene, text)
    build.Membership.objects.create(
        user=scene.cast.second_convenor, organisation=scene.cast.organisation, state="active", since=build.LONG_AGO
    )
    own = build.User.objects.get(pk=scene.cast.second_convenor.pk)
    for act in (
        lambda: accept(scene, amendment, by=own),
        lambda: actions.adapt_amendment(amendment, by=own, version=1, words="Else."),
        lambda: actions.decline_amendment(amendment, by=own, answer="No."),
    ):
        with pytest.raises(Refusal, match="Another convenor"):
            act()


def test_words_of_a_tabled_text_stand_still_but_what_is_open_can_be_declined(scene, text):
    amendment = propose(scene, text)
    actions.table_statement(scene.statement, by=scene.cast.convenor)
    with pytest.raises(Refusal):
        accept(scene, amendment)
    assert actions.decline_amendment(amendment, by=scene.cast.convenor, answer="Too late.").state == "declined"


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("verdict", ["accept", "adapt", "decline"])
def test_the_organisation_is_told(scene, text, verdict, language):
    amendment = propose(scene, text)
    by = scene.cast.convenor
    if verdict == "accept":
        accept(scene, amendment)
    elif verdict == "adapt":
        actions.adapt_amendment(amendment, by=by, version=1, words="Our own words.")
    else:
        actions.decline_amendment(amendment, by=by, answer="It stands in item 2.")
    made = composed(scene.cast.representative, SETTLED, language)
    assert len(made.subject) <= 50
    assert f"/{language}/amendments/{amendment.pk}/" in made.body
    whole = made.message().as_string()
    for words in ("within a day", "Our own words", "item 2", scene.cast.organisation.name):
        assert words not in whole
    build.Membership.objects.filter(user=scene.cast.representative).update(state="left")
    assert composed(scene.cast.representative, SETTLED) is None

"""Fates: told in one step, one mail an organisation; answered point by point; objections come back and are settled."""

import pytest
from django.utils import translation

from portal import delivery, mail
from portal.models import LogEntry, OutgoingMessage
from portal.states import Refusal
from recommendations import actions, emails
from recommendations.models import Fate, FateLetter, Recommendation, Submission
from recommendations.models.wording import in_each_language
from stakeholders.actions import merge_organisations
from stakeholders.models import Membership
from tests import build

PURPOSE = "recommendations.fates_told"


@pytest.fixture
def merged(scene):
    """Return the scene with its first two submissions, of two organisations, in one recommendation."""
    actions.merge_submissions(
        scene.statement,
        by=scene.cast.convenor,
        submissions=[scene.submissions[0], scene.submissions[2]],
        text_en="Ban all fees.",
        addressees=[scene.cast.body],
    )
    return scene


def tell(scene, by=None):
    """Tell what is new, as somebody who has just looked."""
    shown = actions.shown_key(actions.untold(scene.consultation))
    return actions.tell_fates(scene.consultation, by=by or scene.cast.convenor, shown=shown)


def told(scene, index=0):
    """Return the latest fate of a submission of the scene."""
    return scene.submissions[index].fates.order_by("-pk").first()


def answer(scene, verb, index=0, **words):
    """Answer for the organisation."""
    speaker = scene.cast.other_member if index == 2 else scene.cast.representative
    return actions.answer_fate(told(scene, index), by=speaker, verb=verb, **words)


# --- Telling --------------------------------------------------------------------------------------------------


def test_each_organisation_gets_one_mail_for_all_its_points(merged):
    actions.treat_submission(merged.submissions[1], by=merged.cast.convenor, treatment="not-used", reason="Said twice.")
    assert tell(merged) == 2
    mails = OutgoingMessage.objects.filter(purpose=PURPOSE)
    assert sorted(mails.values_list("recipient", flat=True)) == ["lead@example.org", "other@example.org"]
    letter = FateLetter.objects.get(organisation=merged.cast.organisation)
    assert [(fate.treatment, fate.reason) for fate in letter.fates.order_by("submission")] == [
        ("joined", ""),
        ("not-used", "Said twice."),
    ]
    assert told(merged).revisions.get().text_en == "Ban all fees."


def test_what_was_told_is_not_told_again_until_something_is_new(merged):
    tell(merged)
    assert actions.untold(merged.consultation) == []
    with pytest.raises(Refusal, match="nothing new"):
        tell(merged)
    actions.treat_submission(merged.submissions[1], by=merged.cast.convenor, treatment="not-used", reason="No.")
    assert [row.organisation for row in actions.untold(merged.consultation)] == [merged.cast.organisation]
    one = Recommendation.objects.get()
    words = {"version": one.version, "text_en": "Ban every fee.", "addressees": one.addressees.all()}
    actions.revise_recommendation(one, by=merged.cast.convenor, **words)
    assert {row.organisation.pk: len(row.points) for row in actions.untold(merged.consultation)} == {
        merged.cast.organisation.pk: 2,
        merged.cast.other_organisation.pk: 1,
    }
    assert tell(merged) == 2
    assert sorted(FateLetter.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_a_second_press_and_an_older_page_tell_nothing(merged):
    shown = actions.shown_key(actions.untold(merged.consultation))
    actions.treat_submission(merged.submissions[1], by=merged.cast.convenor, treatment="not-used", reason="No.")
    with pytest.raises(Refusal, match="Something changed"):
        actions.tell_fates(merged.consultation, by=merged.cast.convenor, shown=shown)
    shown = actions.shown_key(actions.untold(merged.consultation))
    actions.tell_fates(merged.consultation, by=merged.cast.convenor, shown=shown)
    with pytest.raises(Refusal, match="nothing new"):
        actions.tell_fates(merged.consultation, by=merged.cast.second_convenor, shown=shown)
    assert OutgoingMessage.objects.filter(purpose=PURPOSE).count() == 2


def test_who_reads_it_and_who_is_left_out(merged):
    own = merged.cast.organisation
    readers = {row.organisation.pk: row for row in actions.untold(merged.consultation)}
    assert readers[own.pk].reader.address == "lead@example.org"
    Membership.objects.filter(organisation=own, role="lead").update(state="left")
    rows = {row.organisation.pk: row for row in actions.untold(merged.consultation)}
    assert rows[own.pk].reader.address == own.contact_email
    type(own).objects.filter(pk=own.pk).update(contact_email="")
    assert "no address" in why_not(merged, own)
    type(own).objects.filter(pk=own.pk).update(state="suspended")
    assert "not verified" in why_not(merged, own)
    assert tell(merged) == 1
    assert not Fate.objects.filter(letter__organisation=own).exists()


def why_not(scene, organisation):
    """Return why an organisation is left out."""
    return next(row.why_not for row in actions.untold(scene.consultation) if row.organisation.pk == organisation.pk)


@pytest.mark.parametrize("count", [1, 12])
def test_what_is_new_is_found_in_a_fixed_number_of_queries(scene, count, django_assert_num_queries):
    scene.consultation.submissions.all().delete()
    for _number in range(count):
        organisation = build.make_organisation()
        one = build.make_submission(
            scene.consultation, organisation, scene.cast.representative, state="in_treatment", treatment="used"
        )
        build.make_recommendation(scene.statement, (one,))
    with django_assert_num_queries(5):
        assert len(actions.untold(scene.consultation)) == count


@pytest.mark.parametrize("count", [1, 12])
def test_telling_takes_a_fixed_number_of_queries(scene, count, django_assert_num_queries):
    scene.consultation.submissions.all().delete()
    for _number in range(count):
        one = build.make_submission(
            scene.consultation,
            build.make_organisation(),
            scene.cast.representative,
            state="in_treatment",
            treatment="used",
        )
        build.make_recommendation(scene.statement, (one,))
    shown = actions.shown_key(actions.untold(scene.consultation))
    with django_assert_num_queries(21):
        assert actions.tell_fates(scene.consultation, by=scene.cast.convenor, shown=shown) == count


# --- The mail -------------------------------------------------------------------------------------------------

SUBJECTS = {"en": "What became of your points", "id": "Apa yang terjadi dengan masukan Anda"}


def composed(scene, language="en"):
    """Return the mail to the own organisation in a language, as it is made when it is sent."""
    message = OutgoingMessage.objects.get(purpose=PURPOSE, user=scene.cast.representative)
    message.language = language
    letters = emails.fates_told.load([message])
    letter = emails.fates_told.letter(letters[message.subject_id], message)
    return mail.compose(message, letter) if letter else None


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_mail_names_numbers_and_fates_and_nothing_else(merged, language):
    tell(merged)
    made = composed(merged, language)
    whole = made.message().as_string()
    assert len(made.subject) <= 50
    for words in ("Ban fees", "Ban all fees", merged.cast.organisation.name):
        assert words not in whole
        assert words not in made.body
    assert f"{merged.submissions[0].pk}" in made.body
    with translation.override(language):
        assert str(translation.gettext("joined with others")) in made.body
    assert f"/{language}/fates/" in made.body


def test_the_mail_is_not_sent_to_who_lost_the_right_or_withdrew(merged):
    tell(merged)
    assert composed(merged) is not None
    actions.withdraw_submission(merged.submissions[0], by=merged.cast.representative)
    assert composed(merged) is None
    Submission.objects.filter(pk=merged.submissions[0].pk).update(state="in_treatment")
    Membership.objects.filter(user=merged.cast.representative).update(state="left")
    assert composed(merged) is None


def test_the_mails_leave_through_the_outbox(merged, mailoutbox):
    tell(merged)
    delivery.deliver_batch()
    assert sorted(one.to[0] for one in mailoutbox) == ["lead@example.org", "other@example.org"]


def test_the_next_mail_says_that_what_was_told_stays(merged):
    tell(merged)
    assert "told before" not in composed(merged).body
    actions.treat_submission(merged.submissions[1], by=merged.cast.convenor, treatment="not-used", reason="No.")
    OutgoingMessage.objects.all().delete()
    tell(merged)
    assert "What was told before stays as it was." in composed(merged).body


def test_letters_follow_the_points_when_two_records_become_one(merged):
    tell(merged)
    kept, gone = merged.cast.organisation, merged.cast.other_organisation
    merge_organisations(kept, gone, by=build.make_convenor())
    assert {letter.organisation for letter in FateLetter.objects.all()} == {kept}
    assert actions.untold(merged.consultation) == []


# --- Answers --------------------------------------------------------------------------------------------------


def test_an_organisation_agrees_notes_or_objects_and_may_change_its_mind(merged):
    tell(merged)
    assert answer(merged, "agree").state == "agreed"
    assert answer(merged, "note").state == "noted"
    fate = answer(merged, "object", words="Not our words.", wants_alone=True)
    assert (fate.state, fate.words, fate.wants_alone, fate.answered_by) == (
        "objected",
        "Not our words.",
        True,
        merged.cast.representative,
    )
    fate = answer(merged, "agree")
    assert (fate.state, fate.words, fate.wants_alone) == ("agreed", "", False)


@pytest.mark.parametrize(
    ("person", "verb", "words"),
    [
        ("other_member", "agree", "do not speak"),
        ("colleague", "agree", "do not speak"),
        ("convenor", "agree", "do not speak"),
        ("representative", "object", "what you object to"),
        ("representative", "settle", "Choose one"),
    ],
)
def test_who_may_not_answer_or_not_so(merged, person, verb, words):
    tell(merged)
    with pytest.raises(Refusal, match=words):
        actions.answer_fate(told(merged), by=getattr(merged.cast, person), verb=verb)
    assert told(merged).state == "told"


def test_only_the_latest_telling_is_answered_and_nothing_after_adoption(merged):
    tell(merged)
    first = told(merged)
    one = Recommendation.objects.get()
    words = {"version": one.version, "text_en": "Ban every fee.", "addressees": one.addressees.all()}
    actions.revise_recommendation(one, by=merged.cast.convenor, **words)
    tell(merged)
    with pytest.raises(Refusal, match="Something newer"):
        actions.answer_fate(first, by=merged.cast.representative, verb="agree")
    type(merged.statement).objects.update(state="adopted")
    with pytest.raises(Refusal, match="adopted"):
        answer(merged, "agree")


# --- Objections -----------------------------------------------------------------------------------------------


def objected(scene, index=0):
    """Return an objection to what was told."""
    tell(scene)
    return answer(scene, "object", index, words="Not our words.")


def test_an_answer_to_an_objection_is_told_once_with_the_next_letter(merged):
    fate = objected(merged)
    with pytest.raises(Refusal, match="Say why"):
        actions.settle_objection(fate, by=merged.cast.convenor, settlement="answered")
    actions.settle_objection(fate, by=merged.cast.convenor, settlement="answered", reason="Item 2 says it.")
    assert tell(merged) == 1
    assert actions.untold(merged.consultation) == []
    fate.refresh_from_db()
    assert (fate.state, fate.settlement, fate.settlement_reason) == ("settled", "answered", "Item 2 says it.")


def test_reworded_is_said_only_where_the_words_are_others(merged):
    fate = objected(merged)
    with pytest.raises(Refusal, match="Change it first"):
        actions.settle_objection(fate, by=merged.cast.convenor, settlement="reworded")
    one = Recommendation.objects.get()
    words = {"version": one.version, "text_en": "Ban every fee.", "addressees": one.addressees.all()}
    actions.revise_recommendation(one, by=merged.cast.convenor, **words)
    actions.settle_objection(fate, by=merged.cast.convenor, settlement="reworded")
    assert tell(merged) == 2


def test_a_point_that_refuses_the_merged_wording_stands_alone(merged):
    fate = objected(merged)
    made = actions.let_stand_alone(fate, by=merged.cast.convenor)
    assert (made.text_en, made.sources.get().submission) == ("Ban fees.", merged.submissions[0])
    assert list(made.addressees.all()) == [merged.cast.body]
    old = Recommendation.objects.exclude(pk=made.pk).get()
    assert old.flagged
    assert [source.submission for source in old.sources.all()] == [merged.submissions[2]]
    for one, treatment in ((merged.submissions[0], "used"), (merged.submissions[2], "used")):
        one.refresh_from_db()
        assert one.treatment == treatment
    with pytest.raises(Refusal):
        actions.let_stand_alone(fate, by=merged.cast.second_convenor)
    assert Recommendation.objects.count() == 2


def test_a_point_in_another_language_stands_alone_with_its_working_translation(merged):
    Submission.objects.filter(pk=merged.submissions[0].pk).update(language="th", text="ห้ามเก็บค่าธรรมเนียม")
    fate = objected(merged)
    actions.save_translation(merged.submissions[0], by=merged.cast.convenor, language="id", text="Larang biaya.")
    made = actions.let_stand_alone(fate, by=merged.cast.convenor)
    assert in_each_language(made, "text") == {"id": "Larang biaya.", "th": "ห้ามเก็บค่าธรรมเนียม"}


def test_nobody_settles_an_objection_of_the_own_organisation(merged):
    fate = objected(merged)
    by = build.make_convenor()
    Membership.objects.create(organisation=merged.cast.organisation, user=by, state="active", since=build.LONG_AGO)
    for settle in (
        lambda: actions.settle_objection(fate, by=by, settlement="answered", reason="x"),
        lambda: actions.let_stand_alone(fate, by=by),
    ):
        with pytest.raises(Refusal, match="Another convenor"):
            settle()


def test_no_act_says_in_the_log_what_was_written(merged):
    fate = objected(merged)
    actions.settle_objection(fate, by=merged.cast.convenor, settlement="answered", reason="Item 2 says it.")
    details = " ".join(LogEntry.objects.values_list("detail", flat=True))
    assert "Not our words" not in details
    assert "Item 2" not in details

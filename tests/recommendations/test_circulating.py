"""The draft is circulated: numbered copies, one mail each, open until a moment; comments on passages."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from portal import delivery, mail
from portal.models import LogEntry, OutgoingMessage
from portal.states import Refusal
from recommendations import actions, emails
from recommendations.models import CirculatedText, CirculatedVersion, Comment, Recommendation
from stakeholders.actions import merge_organisations
from stakeholders.models import Membership
from tests import build

PURPOSE = "recommendations.draft_circulated"


@pytest.fixture
def texts(scene):
    """Return the scene with three recommendations: two of ASEAN, one of a country."""
    one = build.make_recommendation(scene.statement, text_en="Ban fees.\n\nReturn passports.")
    country = build.make_recommendation(scene.statement, section=build.make_country())
    two = build.make_recommendation(scene.statement)
    return scene, one, two, country


def circulate(scene, **values):
    """Circulate the draft for a week."""
    values = {"closes_at": timezone.now() + timedelta(days=7), **values}
    return actions.circulate_statement(scene.statement, by=scene.cast.convenor, **values)


def comment(scene, text, **values):
    """Comment for the representative's organisation."""
    values = {"language": "en", "words": "Who pays?", "paragraph": 1, **values}
    said = {"by": scene.cast.representative, "organisation": scene.cast.organisation}
    return actions.comment_passage(text, **{**said, **values})


# --- Versions -------------------------------------------------------------------------------------------------


def test_a_version_is_a_copy_that_stays(texts):
    scene, one, two, country = texts
    actions.set_aside_recommendation(two, by=scene.cast.convenor)
    version = circulate(scene, note="Read it.")
    rows = [(row.label, row.recommendation_id, row.texts["en"]) for row in version.texts.order_by("pk")]
    assert rows == [("ASEAN 1", one.pk, one.text_en), ("ID 1", country.pk, country.text_en)]
    words = {"version": one.version, "text_en": "Ban every fee.", "text_ind": "Larang."}
    actions.revise_recommendation(one, by=scene.cast.convenor, addressees=one.addressees.all(), **words)
    assert version.texts.get(recommendation=one).texts["en"] == "Ban fees.\n\nReturn passports."
    second = circulate(scene)
    assert (version.number, second.number) == (1, 2)
    assert second.texts.get(recommendation=one).texts["en"] == "Ban every fee."
    assert LogEntry.objects.filter(verb="circulate").count() == 2


def test_what_is_not_circulated(texts):
    scene = texts[0]
    with pytest.raises(Refusal, match="passed"):
        circulate(scene, closes_at=timezone.now() - timedelta(minutes=1))
    circulate(scene)
    with pytest.raises(Refusal, match="Another version"):
        circulate(scene, last=0)
    circulate(scene, last=1)
    Recommendation.objects.update(state="deferred")
    with pytest.raises(Refusal, match="no recommendation"):
        circulate(scene)
    Recommendation.objects.update(state="tabled")
    type(scene.statement).objects.update(state="tabled")
    with pytest.raises(Refusal):
        circulate(scene)
    assert CirculatedVersion.objects.count() == 2
    assert CirculatedText.objects.count() == 6


# --- The mail -------------------------------------------------------------------------------------------------


def composed(person, purpose=PURPOSE, language="en"):
    """Return the mail to a person in a language, as it is made when it is sent."""
    message = OutgoingMessage.objects.get(purpose=purpose, user=person)
    message.language = language
    email = mail.REGISTRY[purpose]
    letter = email.letter(email.load([message])[message.subject_id], message)
    return mail.compose(message, letter) if letter else None


def test_each_who_speaks_gets_one_mail(texts, mailoutbox):
    scene = texts[0]
    circulate(scene)
    delivery.deliver_batch()
    assert sorted(one.to[0] for one in mailoutbox) == ["lead@example.org", "other@example.org"]


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_mail_says_until_when_and_holds_nothing_of_the_text(texts, language):
    scene = texts[0]
    circulate(scene, note="Read it with your members.")
    made = composed(scene.cast.representative, language=language)
    assert len(made.subject) <= 50
    assert "Read it with your members." in made.body
    assert f"/{language}/consultations/{scene.consultation.slug}/versions/1/" in made.body
    whole = made.message().as_string()
    for words in ("Ban fees", scene.cast.organisation.name):
        assert words not in whole


def test_the_mail_is_not_sent_to_who_lost_the_right_or_when_it_is_over(texts):
    scene = texts[0]
    version = circulate(scene)
    assert composed(scene.cast.representative) is not None
    Membership.objects.filter(user=scene.cast.representative).update(state="left")
    assert composed(scene.cast.representative) is None
    scene.invitations[1].__class__.objects.filter(pk=scene.invitations[1].pk).update(state="declined")
    assert composed(scene.cast.other_member) is None
    scene.invitations[1].__class__.objects.filter(pk=scene.invitations[1].pk).update(state="accepted")
    assert composed(scene.cast.other_member) is not None
    CirculatedVersion.objects.filter(pk=version.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    assert composed(scene.cast.other_member) is None


# --- Comments -------------------------------------------------------------------------------------------------


def test_a_comment_on_a_passage_is_answered_and_its_organisation_told(texts):
    scene = texts[0]
    text = circulate(scene).texts.order_by("pk").first()
    said = comment(scene, text, paragraph=2)
    assert (said.passage, said.state) == ("Return passports.", "open")
    said = actions.answer_comment(said, by=scene.cast.convenor, answer="They do.")
    assert (said.state, said.answer, said.answered_by) == ("answered", "They do.", scene.cast.convenor)
    for language in ("en", "id"):
        made = composed(scene.cast.representative, "recommendations.comment_answered", language)
        assert len(made.subject) <= 50
        assert f"#comment-{said.pk}" in made.body
        assert "They do" not in made.message().as_string()
    with pytest.raises(Refusal):
        actions.answer_comment(said, by=scene.cast.convenor, answer="Again.")
    actions.withdraw_comment(said, by=scene.cast.representative)
    assert composed(scene.cast.representative, "recommendations.comment_answered") is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"paragraph": 3}, "no such paragraph"),
        ({"paragraph": -1}, "no such paragraph"),
        ({"language": "th"}, "no words in this language"),
    ],
)
def test_what_is_not_commented_on(texts, values, words):
    scene = texts[0]
    text = circulate(scene).texts.order_by("pk").first()
    with pytest.raises(Refusal, match=words):
        comment(scene, text, **values)


@pytest.mark.parametrize("person", ["colleague", "other_member", "convenor", "liaison", "stranger"])
def test_who_does_not_speak_for_the_organisation_does_not_comment(texts, person):
    scene = texts[0]
    text = circulate(scene).texts.order_by("pk").first()
    with pytest.raises(Refusal, match="do not speak"):
        comment(scene, text, by=getattr(scene.cast, person))


def test_who_did_not_accept_does_not_comment(texts):
    scene = texts[0]
    text = circulate(scene).texts.order_by("pk").first()
    type(scene.invitations[0]).objects.filter(pk=scene.invitations[0].pk).update(state="declined")
    with pytest.raises(Refusal, match="accepted the invitation"):
        comment(scene, text)


def test_no_comment_after_the_moment_a_newer_version_or_tabling(texts):
    scene = texts[0]
    version = circulate(scene)
    text = version.texts.order_by("pk").first()
    CirculatedVersion.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refusal, match="time for comments"):
        comment(scene, text)
    newer = circulate(scene)
    CirculatedVersion.objects.update(closes_at=timezone.now() + timedelta(days=1))
    with pytest.raises(Refusal, match="newer version"):
        comment(scene, text)
    type(scene.statement).objects.update(state="tabled")
    with pytest.raises(Refusal, match="before the plenary"):
        comment(scene, newer.texts.order_by("pk").first())


def test_nobody_answers_the_own_organisations_comment(texts):
    scene = texts[0]
    said = comment(scene, circulate(scene).texts.order_by("pk").first())
    build.Membership.objects.create(
        user=scene.cast.second_convenor, organisation=scene.cast.organisation, state="active", since=build.LONG_AGO
    )
    with pytest.raises(Refusal, match="You act for this organisation"):
        actions.answer_comment(said, by=build.User.objects.get(pk=scene.cast.second_convenor.pk), answer="Yes.")


def test_comments_follow_when_two_records_become_one(texts):
    scene = texts[0]
    said = comment(scene, circulate(scene).texts.order_by("pk").first())
    merge_organisations(scene.cast.other_organisation, scene.cast.organisation, by=build.make_convenor())
    assert Comment.objects.get().organisation == scene.cast.other_organisation
    assert said.pk == Comment.objects.get().pk


@pytest.mark.parametrize("language", ["en", "id"])
def test_moment_is_told_in_the_zone_of_the_consultation(texts, language):
    scene = texts[0]
    type(scene.consultation).objects.filter(pk=scene.consultation.pk).update(time_zone="Asia/Bangkok")
    circulate(scene)
    with translation.override(language):
        assert composed(scene.cast.other_member, language=language) is not None
    assert emails.draft_circulated.purpose == PURPOSE

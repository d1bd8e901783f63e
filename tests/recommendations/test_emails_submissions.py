"""The mails from submission to publication, as received in every shipped language."""

import pytest
from django.utils import translation

from portal import languages, mail
from portal.models import OutgoingMessage
from recommendations import actions, emails
from recommendations.models import Submission
from tests import build
from tests.recommendations.scene import table

LANGUAGES = [language.code for language in languages.SHIPPED]


def received(purpose, language="en"):
    """Return the composed mail of the purpose, in the language; None where it is no longer sent."""
    message = OutgoingMessage.objects.filter(purpose=purpose).first()
    message.language = language
    email = mail.REGISTRY[purpose]
    letter = email.letter(email.load([message])[message.subject_id], message)
    return mail.compose(message, letter) if letter else None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receipt(scene, language):
    submission = scene.submissions[0]
    emails.submission_received(submission)
    letter = received("recommendations.submission_received", language)
    assert len(letter.subject) <= 50
    assert str(submission.pk) in letter.subject
    assert f"/{language}/submissions/{submission.pk}/" in letter.body
    assert "(WIB, GMT+7)" in letter.body
    for secret in (submission.text, scene.cast.organisation.name):
        assert secret not in letter.body
        assert secret not in letter.alternatives[0].content
    assert "http" not in letter.subject


def test_the_receipt_of_a_discreet_consultation_has_a_neutral_title(scene):
    scene.consultation.discreet = True
    scene.consultation.save()
    emails.submission_received(scene.submissions[0])
    letter = received("recommendations.submission_received")
    assert scene.consultation.title not in letter.body + letter.subject
    assert "A consultation" in letter.body


def test_no_receipt_after_a_withdrawal(scene):
    emails.submission_received(scene.submissions[0])
    Submission.objects.filter(pk=scene.submissions[0].pk).update(state="withdrawn")
    assert received("recommendations.submission_received") is None


def test_no_receipt_for_somebody_who_left(scene):
    emails.submission_received(scene.submissions[0])
    scene.cast.representative.memberships.update(state="left")
    assert received("recommendations.submission_received") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_news_that_the_statement_is_out(scene, language):
    table(scene)
    actions.take_position(
        scene.statement, by=scene.cast.representative, organisation=scene.cast.organisation, stance="consensus"
    )
    actions.adopt_statement(scene.statement, by=scene.cast.convenor, adopted_on=build.timezone.localdate())
    actions.publish_statement(scene.statement, by=scene.cast.convenor)
    letter = received("recommendations.statement_published", language)
    with translation.override(language):
        assert f"/{language}{scene.statement.get_absolute_url()[3:]}" in letter.body
    assert len(letter.subject) <= 50
    assert scene.cast.organisation.name not in letter.body
    assert "3 items" in received("recommendations.statement_published", "en").body


def test_no_news_of_a_statement_that_is_not_out(scene):
    emails.statement_published(scene.statement)
    assert received("recommendations.statement_published") is None

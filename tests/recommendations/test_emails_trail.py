"""The mails of the trail, as received in every shipped language."""

import pytest
from django.utils import translation

from portal import languages
from portal.models import OutgoingMessage
from recommendations import actions
from tests import build
from tests.recommendations.published import CANARY, answer, make_published
from tests.recommendations.test_emails_submissions import received

LANGUAGES = [language.code for language in languages.SHIPPED]
PURPOSES = {
    "conveyance_received": "conveyances/",
    "conveyance_acknowledged": "statements/",
    "items_answered": "statements/",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_mail_in_every_language(cast, purpose, language):
    published = make_published(cast)
    conveyance = published.convey(reference="TF/1")
    if purpose != "conveyance_received":
        answer(published, conveyance)
    letter = received(f"recommendations.{purpose}", language)
    with translation.override(language):
        assert published.statement.title in letter.body
        assert cast.body.name in letter.body
    assert f"/{language}/{PURPOSES[purpose]}" in letter.body
    assert len(letter.subject) <= 50
    assert published.statement.title not in letter.subject
    html = letter.alternatives[0].content
    assert len(html) < 20_000
    assert "<img" not in html
    assert html.count("<a ") == 1
    for name in (CANARY, cast.organisation.name, cast.liaison.full_name):
        assert name not in letter.body + html


def test_the_conveyance_carries_letter_reference_and_day(cast):
    conveyance = make_published(cast).convey(reference="TF/1")
    body = received("recommendations.conveyance_received").body
    for words in ("Dear Minister.", "TF/1", "A reply is expected by", f"/conveyances/{conveyance.pk}/"):
        assert words in body
    assert body.rstrip().endswith("Why you get this: you are a liaison of this office.")


def test_it_is_written_in_the_reader_s_language_and_zone(cast):
    build.User.objects.filter(pk=cast.liaison.pk).update(language="id", time_zone="Asia/Makassar")
    make_published(cast).convey()
    message = OutgoingMessage.objects.get(purpose="recommendations.conveyance_received")
    assert (message.language, message.time_zone, message.user_id) == ("id", "Asia/Makassar", cast.liaison.pk)


def test_no_request_to_acknowledge_what_was_acknowledged(cast):
    actions.acknowledge_conveyance(make_published(cast).convey(), by=cast.liaison)
    assert received("recommendations.conveyance_received") is None


def test_no_mail_to_a_liaison_who_left(cast):
    make_published(cast).convey()
    cast.liaison.appointments.update(state="ended")
    assert received("recommendations.conveyance_received") is None


def test_no_mail_to_an_account_that_was_closed(cast):
    make_published(cast).convey()
    build.User.objects.filter(pk=cast.liaison.pk).update(is_active=False)
    assert received("recommendations.conveyance_received") is None


def test_no_mail_to_a_convenor_who_left(cast):
    published = make_published(cast)
    actions.acknowledge_conveyance(published.convey(), by=cast.liaison)
    published.consultation.convenors.clear()
    assert received("recommendations.conveyance_acknowledged") is None


def test_the_number_of_answers_stands_in_the_mail(cast):
    published = make_published(cast)
    answer(published, published.convey())
    letter = received("recommendations.items_answered")
    assert letter.subject == "1 answer to a statement"
    assert "published 1 answer to" in letter.body

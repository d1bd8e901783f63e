"""Mail is a row first, rendered in the reader's language when it is sent."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from consultations import emails
from portal import languages, mail
from portal.models import OutgoingMessage
from tests import build

pytestmark = pytest.mark.django_db


def test_nothing_is_queued_when_the_change_is_rolled_back() -> None:
    invitation = build.make_invitation(build.make_consultation())

    def fail() -> None:
        with transaction.atomic():
            emails.invitation_sent(invitation)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert OutgoingMessage.objects.count() == 0


def test_nobody_means_nobody() -> None:
    invitation = build.make_invitation(build.make_consultation(), address="")
    assert emails.invitation_sent(invitation) == 0
    assert OutgoingMessage.objects.count() == 0


def test_a_new_version_is_a_new_event() -> None:
    invitation = build.make_invitation(build.make_consultation())
    for version in (1, 1, 2):
        emails.invitation_sent(invitation, version=version)
    assert OutgoingMessage.objects.count() == 2


def test_a_language_that_is_not_shipped_falls_back() -> None:
    emails.invitation_sent(build.make_invitation(build.make_consultation(), language="km"))
    assert OutgoingMessage.objects.get().language == "en"


def test_the_address_of_a_message_never_shows_in_its_name() -> None:
    invitation = build.make_invitation(build.make_consultation())
    emails.invitation_sent(invitation)
    message = OutgoingMessage.objects.get()
    assert invitation.address not in f"{message} {message.message_id}"


def test_queueing_a_thousand_takes_few_queries() -> None:
    invitation = build.make_invitation(build.make_consultation())
    copies = []
    for number in range(1000):
        copy = type(invitation).objects.select_related("consultation").get(pk=invitation.pk)
        copy.pk, copy.address = invitation.pk + number, f"someone{number}@example.org"
        copies.append(copy)
    with CaptureQueriesContext(connection) as queries:
        emails.invitation_sent(*copies)
    assert OutgoingMessage.objects.count() == 1000
    assert len(queries) <= 8


@pytest.mark.parametrize("language", [language.code for language in languages.SHIPPED])
def test_composed_mail(language: str, settings: Any) -> None:
    invitation = build.make_invitation(build.make_consultation(), language=language)
    message = OutgoingMessage(
        purpose=emails.invitation_sent.purpose,
        subject_id=invitation.pk,
        recipient=invitation.address,
        recipient_key=mail.address_key(invitation.address),
        language=language,
    )
    subject = emails.invitation_sent.load([message])[invitation.pk]
    letter = emails.invitation_sent.letter(subject, message)
    composed = mail.compose(message, letter)
    parsed = composed.message()
    assert composed.to == [invitation.address]
    assert len(composed.subject) <= 50
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Content-Language"] == language
    assert invitation.token in composed.body
    html = composed.alternatives[0].content
    assert f'lang="{language}"' in html
    assert len(html.encode()) < 20_000
    assert "<img" not in html
    assert "<script" not in html

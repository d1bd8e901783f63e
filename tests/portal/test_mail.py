"""Mail is a row first, rendered in the reader's language when it is sent."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

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


def test_one_hour_for_all() -> None:
    hour = timezone.now() + timedelta(hours=3)
    emails.invitation_sent(build.make_invitation(build.make_consultation()), not_before=hour)
    assert OutgoingMessage.objects.get().next_try_at == hour
    assert list(OutgoingMessage.objects.due(hour - timedelta(seconds=1))) == []
    assert OutgoingMessage.objects.due(hour).count() == 1


def test_an_hour_for_each_reader() -> None:
    consultation = build.make_consultation()
    early, late, free = (build.make_invitation(consultation) for _each in range(3))
    hours = {early.address: timezone.now() + timedelta(hours=1), late.address: timezone.now() + timedelta(hours=2)}
    emails.invitation_sent(early, late, free, not_before=lambda _subject, reader: hours.get(reader.address))
    found = dict(OutgoingMessage.objects.values_list("recipient", "next_try_at"))
    assert {address: found[address] for address in hours} == hours
    assert found[free.address] <= timezone.now()


def test_an_hour_in_the_past_is_now() -> None:
    emails.invitation_sent(build.make_invitation(build.make_consultation()), not_before=timezone.now() - timedelta(9))
    assert timezone.now() - OutgoingMessage.objects.get().next_try_at < timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_only_for_what_is_due_now_the_bell_rings(monkeypatch: Any) -> None:
    rung: list[int] = []
    monkeypatch.setattr(mail, "wake", rung.append)
    first, *rest = (build.make_invitation(build.make_consultation()) for _each in range(3))
    hour = timezone.now() + timedelta(hours=1)
    emails.invitation_sent(first, *rest, not_before=lambda subject, _reader: None if subject == first else hour)
    emails.invitation_reminder(first, not_before=hour)
    assert rung == [1]


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


def test_words_rendered_once_for_a_batch_are_the_words_of_each_reader() -> None:
    consultation = build.make_consultation(city_ind="Jakarta & Bogor")
    for number in range(8):
        build.make_invitation(consultation, language=("en", "id")[number % 2], seats_offered=1 + number % 3)
    emails.invitation_sent(*consultation.invitations.all())
    messages = list(OutgoingMessage.objects.order_by("id"))
    subjects = emails.invitation_sent.load(messages)
    drafts = mail.Drafts()
    for message in messages:
        invitation = subjects[message.subject_id]
        letter = emails.invitation_sent.letter(invitation, message)
        alone, together = mail.compose(message, letter), mail.compose(message, letter, drafts)
        assert str(together.message()["Subject"]) == str(alone.message()["Subject"])
        assert (together.body, together.alternatives) == (alone.body, alone.alternatives)
        assert together.body.count(invitation.token) == 1
        assert not any(other.token in together.body for other in subjects.values() if other.pk != invitation.pk)
        assert f"{consultation.uid}-{invitation.pk}@" in letter.calendar.replace("\r\n ", "")
    assert len(drafts) == 6


def test_a_readers_own_value_is_escaped_in_html_alone() -> None:
    invitation = build.make_invitation(build.make_consultation())
    emails.invitation_sent(invitation)
    message = OutgoingMessage.objects.get()
    letter = emails.invitation_sent.letter(invitation, message)
    letter.personal["link"] = "https://x.example/?a=1&b=<2>"
    composed = mail.compose(message, letter, mail.Drafts())
    assert "https://x.example/?a=1&b=<2>" in composed.body
    assert "https://x.example/?a=1&amp;b=&lt;2&gt;" in composed.alternatives[0].content

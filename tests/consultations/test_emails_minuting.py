"""The mail that opens the minutes: to who was there, in each language, and only as long as they may read them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions, emails
from consultations.models import Minutes
from portal import mail
from portal.models import OutgoingMessage
from tests import build
from tests.consultations.scene import make_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def minutes(cast):
    day = make_day(cast, title_en="Words of the title", title_ind="Kata judul")
    actions.check_in(day.seat, by=cast.convenor)
    actions.write_minutes(day.item, by=cast.convenor, version=1, text="Fees are too high.")
    until = timezone.localdate() + timedelta(days=9)
    actions.circulate_minutes(day.consultation, by=cast.convenor, corrections_until=until)
    return Minutes.objects.get()


def letter(minutes) -> mail.Letter | None:
    message = OutgoingMessage.objects.get()
    return emails.minutes_circulated.letter(emails.minutes_circulated.load([message])[minutes.pk], message)


@pytest.mark.parametrize("language", ["en", "id"])
def test_what_it_says(minutes, cast, language) -> None:
    OutgoingMessage.objects.update(language=language)
    message = OutgoingMessage.objects.get()
    composed = mail.compose(message, letter(minutes))
    assert composed.to == [cast.representative.email]
    assert len(composed.subject) <= 50
    title = {"en": "Words of the title", "id": "Kata judul"}[language]
    for words in (title, f"/{language}/consultations/{minutes.consultation.slug}/minutes/"):
        assert words in composed.body
        assert words in str(composed.alternatives[0][0])
    assert "Fees are too high." not in composed.body


def test_a_discreet_consultation_tells_no_title(minutes) -> None:
    minutes.consultation.discreet = True
    minutes.consultation.save()
    composed = mail.compose(OutgoingMessage.objects.get(), letter(minutes))
    assert "Words of the title" not in composed.body + composed.subject


@pytest.mark.parametrize("state", ["draft", "approved", "locked"])
def test_nothing_once_it_is_too_late(minutes, state) -> None:
    Minutes.objects.update(state=state)
    assert letter(minutes) is None


def test_nothing_to_somebody_who_lost_the_right(minutes, cast) -> None:
    assert letter(minutes)
    cast.representative.memberships.update(until=timezone.localdate() - timedelta(days=2))
    assert letter(minutes) is None


def test_a_drafter_and_who_did_not_come_get_none(minutes, cast) -> None:
    build.make_member(cast.organisation, role="representative", email="second@serikat.example")
    found = {reader.address for reader in emails.minutes_circulated.recipients(minutes)}
    assert found == {cast.representative.email, "second@serikat.example"}

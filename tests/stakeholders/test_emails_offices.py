"""Every mail about offices in every shipped language, and when it is not sent."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portal import delivery
from portal.languages import SHIPPED
from portal.models import OutgoingMessage, User
from stakeholders import emails
from stakeholders.models import Convenorship, LiaisonAppointment
from tests import build

CODES = [language.code for language in SHIPPED]


@pytest.fixture
def administrator(db):
    return build.make_administrator(email="admin@example.org", full_name="Administrator")


@pytest.fixture
def proposed(cast, administrator):
    """Return an appointment that waits for the stranger."""
    values = {"since": timezone.localdate(), "until": timezone.localdate() + timedelta(days=90)}
    return LiaisonAppointment.objects.create(body=cast.body, user=cast.stranger, by=administrator, **values)


def sent():
    """Deliver what is due and return it."""
    delivery.deliver_batch()
    return mail.outbox


def speak(language):
    """Let everybody read the language."""
    User.objects.update(language=language)


def letter(language, page):
    """Return the only mail, after the looks that every mail must stand."""
    (message,) = sent()
    assert len(message.subject) <= 50
    assert f"/{language}/{page}" in message.body
    assert f'<html lang="{language}"' in message.alternatives[0].content
    assert message.alternatives[0].content.count("display: inline-block") == 1
    return message


def superseded():
    """Return whether nothing was sent."""
    return (sent(), set(OutgoingMessage.objects.values_list("state", flat=True))) == ([], {"superseded"})


@pytest.mark.parametrize("language", CODES)
def test_liaison_appointed(cast, proposed, language):
    speak(language)
    emails.liaison_appointed(LiaisonAppointment.objects.get(pk=proposed.pk))
    message = letter(language, f"appointments/{proposed.pk}/")
    assert message.to == ["stranger@example.org"]
    assert {"en": cast.body.name_en, "id": cast.body.name_ind}[language] in message.body


@pytest.mark.parametrize("language", CODES)
def test_colleague_proposed(cast, administrator, proposed, language):
    speak(language)
    LiaisonAppointment.objects.filter(pk=proposed.pk).update(by=cast.liaison)
    emails.colleague_proposed(LiaisonAppointment.objects.get(pk=proposed.pk))
    message = letter(language, "administration/")
    assert message.to == ["admin@example.org"]
    assert "Liaison" in message.body
    assert "stranger@example.org" in message.body


@pytest.mark.parametrize("state", ["active", "ended"])
@pytest.mark.parametrize("language", CODES)
def test_appointment_changed(cast, proposed, language, state):
    speak(language)
    LiaisonAppointment.objects.filter(pk=proposed.pk).update(state=state)
    emails.appointment_changed(LiaisonAppointment.objects.get(pk=proposed.pk))
    assert letter(language, "desk/").to == ["stranger@example.org"]


@pytest.mark.parametrize("role", ["convenor", "administrator"])
@pytest.mark.parametrize("language", CODES)
def test_term_given(cast, language, role):
    speak(language)
    emails.term_given(Convenorship.objects.create(user=User.objects.get(pk=cast.stranger.pk), role=role))
    assert letter(language, "desk/").to == ["stranger@example.org"]


@pytest.mark.parametrize("change", [{"state": "active"}, {"state": "ended"}, {"by": None}])
def test_answered_or_taken_back_is_not_told(proposed, change):
    emails.liaison_appointed(proposed)
    LiaisonAppointment.objects.filter(pk=proposed.pk).update(**change)
    assert superseded()


def test_what_an_administrator_approved_meanwhile_is_not_asked(cast, administrator, proposed):
    LiaisonAppointment.objects.filter(pk=proposed.pk).update(by=cast.liaison)
    emails.colleague_proposed(proposed)
    LiaisonAppointment.objects.filter(pk=proposed.pk).update(by=administrator)
    assert superseded()


def test_somebody_who_administers_no_more_is_not_asked(cast, administrator, proposed):
    LiaisonAppointment.objects.filter(pk=proposed.pk).update(by=cast.liaison)
    emails.colleague_proposed(proposed)
    administrator.convenorships.update(until=build.LONG_AGO)
    assert superseded()


def test_a_term_that_was_ended_is_not_told(cast):
    term = Convenorship.objects.create(user=cast.stranger)
    emails.term_given(term)
    Convenorship.objects.filter(pk=term.pk).update(until=build.LONG_AGO)
    assert superseded()


def test_somebody_who_was_switched_off_gets_nothing(proposed):
    emails.liaison_appointed(proposed)
    User.objects.filter(pk=proposed.user_id).update(is_active=False)
    assert superseded()

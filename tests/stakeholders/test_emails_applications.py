"""The mails about applications in every shipped language: discreet where they must be, and when not sent."""

import pytest
from django.core import mail

from portal import delivery
from portal.languages import SHIPPED
from portal.models import OutgoingMessage, User
from stakeholders import emails
from stakeholders.models import Appeal, Convenorship, Decision, Organisation
from tests import build

CODES = [language.code for language in SHIPPED]
NAME, ADDRESS = "Persatuan Rahasia", "kontak@example.org"


@pytest.fixture
def organisation(cast):
    """Return an organisation that has applied."""
    made = build.make_organisation(name=NAME, state="applied", contact_email=ADDRESS)
    Organisation.objects.filter(pk=made.pk).update(applied_at=made.created_at)
    made.refresh_from_db()
    return made


@pytest.fixture
def appeal(cast, organisation):
    """Return an appeal against a refusal by the first convenor."""
    decision = Decision.objects.create(organisation=organisation, verdict="refused", by=cast.convenor)
    return Appeal.objects.create(decision=decision, text="We do.", by=cast.stranger)


def sent():
    """Deliver what is due and return it."""
    delivery.deliver_batch()
    return mail.outbox


def states():
    """Return the states of all messages."""
    return list(OutgoingMessage.objects.order_by("id").values_list("state", flat=True))


@pytest.mark.parametrize("visibility", ["public", "members", "withheld"])
@pytest.mark.parametrize("language", CODES)
def test_application_received(organisation, language, visibility):
    Organisation.objects.filter(pk=organisation.pk).update(language=language, visibility=visibility)
    organisation.refresh_from_db()
    assert emails.application_received(organisation) == 1
    message = sent()[0]
    assert (message.to, len(message.subject) <= 50) == ([ADDRESS], True)
    assert f"/{language}/applications/{organisation.slug}/" in message.body
    assert f'<html lang="{language}"' in message.alternatives[0].content
    told = [NAME in part for part in (message.subject, message.body, message.alternatives[0].content)]
    assert told == [False, visibility != "withheld", visibility != "withheld"]


def test_receipt_is_not_sent_once_another_address_stands_there(organisation):
    emails.application_received(organisation)
    Organisation.objects.filter(pk=organisation.pk).update(contact_email="other@example.org")
    assert (sent(), states()) == ([], ["superseded"])


def test_name_that_was_withheld_meanwhile_is_not_told(organisation):
    emails.application_received(organisation)
    Organisation.objects.filter(pk=organisation.pk).update(visibility="withheld")
    assert NAME not in sent()[0].body


def test_name_is_written_as_text_not_as_markup(organisation):
    Organisation.objects.filter(pk=organisation.pk).update(name_en="<b>x</b>")
    emails.application_received(organisation)
    assert "<b>x" not in sent()[0].alternatives[0].content


@pytest.mark.parametrize("language", CODES)
def test_application_waits(cast, organisation, language):
    User.objects.filter(pk=cast.convenor.pk).update(language=language)
    assert emails.application_waits(organisation) == 2
    message = sent()[0]
    assert (message.to, len(message.subject) <= 50) == (["convenor@example.org"], True)
    assert f"/{language}/desk/" in message.body
    assert NAME not in message.subject + message.body + message.alternatives[0].content
    assert f'<html lang="{language}"' in message.alternatives[0].content


@pytest.mark.parametrize("language", CODES)
def test_appeal_waits(cast, appeal, language):
    User.objects.filter(pk=cast.second_convenor.pk).update(language=language)
    assert emails.appeal_waits(appeal) == 1
    message = sent()[0]
    assert (message.to, len(message.subject) <= 50) == (["second@example.org"], True)
    assert f"/{language}/desk/" in message.body
    assert NAME not in message.subject + message.body + message.alternatives[0].content
    assert "We do." not in message.body


@pytest.mark.parametrize("state", ["verified", "refused", "merged"])
def test_what_was_decided_meanwhile_is_not_asked_again(organisation, appeal, state):
    emails.application_waits(organisation)
    emails.appeal_waits(appeal)
    emails.application_received(organisation)
    Organisation.objects.filter(pk=organisation.pk).update(state=state)
    assert (sent(), states()) == ([], ["superseded"] * 4)


def test_somebody_who_convenes_no_more_is_not_told(organisation, appeal):
    emails.application_waits(organisation)
    emails.appeal_waits(appeal)
    Convenorship.objects.all().delete()
    assert (sent(), states()) == ([], ["superseded"] * 3)


def test_administrator_of_the_task_force_is_not_asked_to_decide(cast, organisation):
    Convenorship.objects.create(user=cast.stranger, role="administrator", since=build.LONG_AGO)
    emails.application_waits(organisation)
    assert OutgoingMessage.objects.filter(recipient=cast.stranger.email).count() == 0


def test_asking_twice_sends_once(organisation, appeal):
    for _time in range(2):
        emails.application_received(organisation)
        emails.application_waits(organisation)
        emails.appeal_waits(appeal)
    assert OutgoingMessage.objects.count() == 4

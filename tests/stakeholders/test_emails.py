"""Every mail of stakeholders in every shipped language, and when it is not sent."""

import pytest
from django.core import mail

from portal import delivery
from portal.languages import SHIPPED
from portal.models import OutgoingMessage
from stakeholders import emails
from stakeholders.models import Membership, Organisation
from tests import build

CODES = [language.code for language in SHIPPED]
SECRET = "Persatuan Rahasia"


@pytest.fixture
def asks(cast):
    """Return an open request of the stranger."""
    return Membership.objects.create(organisation=cast.organisation, user=cast.stranger)


def sent():
    """Deliver what is due and return it."""
    delivery.deliver_batch()
    return mail.outbox


def state():
    """Return the state of the only message."""
    return OutgoingMessage.objects.get().state


@pytest.mark.parametrize("language", CODES)
def test_membership_requested(cast, asks, language):
    type(cast.stranger).objects.filter(pk=cast.representative.pk).update(language=language)
    assert emails.membership_requested(asks) == 1
    message = sent()[0]
    assert (message.to, len(message.subject) <= 50) == (["lead@example.org"], True)
    assert f"/{language}/desk/" in message.body
    assert "Stranger (stranger@example.org)" in message.body
    assert cast.organisation.name in message.body
    assert f'<html lang="{language}"' in message.alternatives[0].content


@pytest.mark.parametrize("language", CODES)
def test_membership_confirmed(cast, asks, language):
    Membership.objects.filter(pk=asks.pk).update(state="active")
    type(cast.stranger).objects.filter(pk=cast.stranger.pk).update(language=language)
    asks.user.refresh_from_db()
    emails.membership_confirmed(asks)
    message = sent()[0]
    assert (message.to, len(message.subject) <= 50) == (["stranger@example.org"], True)
    assert cast.organisation.name in message.body
    assert f"/{language}/desk/" in message.body


@pytest.mark.parametrize("answer", ["active", "left"])
def test_request_that_was_answered_meanwhile_is_not_told(asks, answer):
    emails.membership_requested(asks)
    Membership.objects.filter(pk=asks.pk).update(state=answer)
    assert (sent(), state()) == ([], "superseded")


def test_request_is_not_told_to_somebody_who_lost_the_lead(cast, asks):
    emails.membership_requested(asks)
    cast.representative.memberships.update(role="representative")
    assert (sent(), state()) == ([], "superseded")


def test_request_is_not_told_to_somebody_who_was_switched_off(cast, asks):
    emails.membership_requested(asks)
    type(cast.stranger).objects.filter(pk=cast.representative.pk).update(is_active=False)
    assert (sent(), state()) == ([], "superseded")


def test_seat_that_was_taken_back_is_not_told(cast, asks):
    emails.membership_confirmed(asks)
    assert (sent(), state()) == ([], "superseded")


def test_subjects_never_name_a_withheld_organisation(cast, asks):
    Organisation.objects.filter(pk=cast.organisation.pk).update(visibility="withheld", name_en=SECRET)
    emails.membership_requested(Membership.objects.get(pk=asks.pk))
    message = sent()[0]
    assert SECRET not in message.subject
    assert SECRET in message.body


def test_name_is_written_as_text_not_as_markup(cast, asks):
    type(cast.stranger).objects.filter(pk=cast.stranger.pk).update(full_name="<script>alert(1)</script>")
    emails.membership_requested(asks)
    assert "<script>" not in sent()[0].alternatives[0].content


def test_asker_who_leads_elsewhere_is_not_told_of_the_own_request(cast):
    organisation = build.make_organisation()
    asks = Membership.objects.create(organisation=organisation, user=cast.convenor)
    emails.membership_requested(asks)
    assert list(OutgoingMessage.objects.values_list("recipient", flat=True)) == ["second@example.org"]

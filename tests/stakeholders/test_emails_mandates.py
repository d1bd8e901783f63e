"""The mail that invites to act for an organisation: in every language, and what it never tells."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portal import delivery
from portal.languages import SHIPPED
from portal.models import OutgoingMessage, User
from stakeholders import actions
from stakeholders.models import Membership, Organisation
from tests.stakeholders.mandates import INVITED, invite

CODES = [language.code for language in SHIPPED]
SECRET = "Persatuan Rahasia"


def sent():
    """Deliver what is due and return it."""
    delivery.deliver_batch()
    return mail.outbox


@pytest.mark.parametrize("language", CODES)
def test_mandate_offered(cast, language):
    Organisation.objects.filter(pk=cast.organisation.pk).update(language=language)
    invite(cast)
    (message,) = sent()
    assert (message.to, len(message.subject) <= 50) == ([INVITED], True)
    assert f"/{language}/desk/" in message.body
    assert (cast.organisation.name in message.body, "Lead" in message.body) == (True, True)
    assert (cast.organisation.name in message.subject, "Lead" in message.subject) == (False, False)
    assert f'<html lang="{language}"' in message.alternatives[0].content


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("visibility", ["members", "withheld"])
@pytest.mark.parametrize("address", [INVITED, "stranger@example.org", "other@example.org", "convenor@example.org"])
def test_mail_names_neither_a_protected_organisation_nor_its_lead(cast, language, visibility, address):
    values = {"visibility": visibility, "name_en": SECRET, "name_ind": SECRET, "language": language}
    Organisation.objects.filter(pk=cast.organisation.pk).update(**values)
    User.objects.filter(pk=cast.representative.pk).update(full_name="Jumirah")
    invite(cast, address=address)
    (message,) = sent()
    words = message.subject + message.body + message.alternatives[0].content
    assert [secret in words for secret in (SECRET, "Jumirah")] == [False, False]
    assert {"en": "a trade union", "id": "sebuah serikat pekerja"}[language] in words


@pytest.mark.parametrize("why", ["withdrawn", "late", "switched off", "suspended", "accepted"])
def test_mail_that_no_longer_matters_is_not_sent(cast, why):
    offer = invite(cast)
    if why == "withdrawn":
        actions.withdraw_mandate(offer, by=cast.representative)
    if why == "late":
        Membership.objects.filter(pk=offer.pk).update(created_at=timezone.now() - timedelta(days=31))
    if why == "switched off":
        User.objects.filter(pk=offer.user_id).update(is_active=False)
    if why == "suspended":
        Organisation.objects.filter(pk=cast.organisation.pk).update(state="suspended")
    if why == "accepted":
        Membership.objects.filter(pk=offer.pk).update(state="active")
    assert (sent(), OutgoingMessage.objects.get().state) == ([], "superseded")

"""The mails about mandates, the invitation, the lead and the end: in every language, and what they never tell."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portal import delivery
from portal.languages import SHIPPED
from portal.models import OutgoingMessage, User
from stakeholders import actions
from stakeholders.models import Membership, Organisation
from tests.stakeholders.mandates import INVITED, anew, day, invite, of, prove

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


def speak(person, language):
    """Let the person read in this language, and return them."""
    User.objects.filter(pk=person.pk).update(language=language)
    return anew(person)


def leads(cast, how="hand_over"):
    """Let the colleague lead from now on, by the lead's word or by a convenor's."""
    if how == "hand_over":
        return actions.hand_over_lead(cast.organisation, by=cast.representative, to=of(cast.colleague))
    if how == "change":
        change = {"role": "lead", "mandate": "appointed"}
        return actions.change_mandate(of(cast.colleague), by=cast.representative, **change)
    Membership.objects.filter(user=cast.representative).update(role="representative")
    return actions.name_lead(cast.organisation, by=cast.convenor, to=of(cast.colleague))


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("how", ["hand_over", "change", "name"])
def test_lead_given(cast, language, how):
    speak(cast.colleague, language)
    leads(cast, how)
    (message,) = sent()
    assert (message.to, len(message.subject) <= 50) == ([cast.colleague.email], True)
    assert f"/{language}/desk/" in message.body
    assert (cast.organisation.name in message.body, cast.organisation.name in message.subject) == (True, False)
    assert f'<html lang="{language}"' in message.alternatives[0].content


def test_who_leads_twice_is_told_twice_and_who_leads_already_is_not(cast):
    for _time in range(2):
        leads(cast)
        actions.hand_over_lead(cast.organisation, by=anew(cast.colleague), to=of(cast.representative))
    again = {"role": "lead", "mandate": "elected"}
    leads(cast, "change")
    actions.change_mandate(of(cast.colleague), by=cast.representative, **again)
    told = OutgoingMessage.objects.filter(purpose="stakeholders.lead_given").order_by("pk")
    one, two = cast.colleague.email, cast.representative.email
    assert list(told.values_list("recipient", flat=True)) == [one, two, one, two, one]


@pytest.mark.parametrize("why", ["handed on", "left", "suspended", "switched off"])
def test_lead_that_is_over_is_not_told(cast, why):
    mandate = leads(cast)
    if why == "handed on":
        Membership.objects.filter(pk=mandate.pk).update(role="representative")
    if why == "left":
        Membership.objects.filter(pk=mandate.pk).update(state="left")
    if why == "suspended":
        Organisation.objects.filter(pk=cast.organisation.pk).update(state="suspended")
    if why == "switched off":
        User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    assert (sent(), OutgoingMessage.objects.get().state) == ([], "superseded")


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("visibility", ["public", "members", "withheld"])
def test_mandate_ended(cast, language, visibility):
    """Whoever is out reads the name only where everybody does, and never who ended the mandate."""
    values = {"visibility": visibility, "name_en": SECRET, "name_ind": SECRET}
    Organisation.objects.filter(pk=cast.organisation.pk).update(**values)
    User.objects.filter(pk=cast.representative.pk).update(full_name="Jumirah")
    speak(cast.colleague, language)
    actions.end_mandate(of(cast.colleague), by=cast.representative)
    (message,) = sent()
    words = message.body + message.alternatives[0].content
    assert (message.to, len(message.subject) <= 50) == ([cast.colleague.email], True)
    assert (f"/{language}/desk/" in message.body, f'<html lang="{language}"' in words) == (True, True)
    assert [SECRET in words, SECRET in message.subject, "Jumirah" in words] == [visibility == "public", False, False]


@pytest.mark.parametrize("why", ["back", "switched off"])
def test_end_that_no_longer_matters_is_not_told(cast, why):
    actions.end_mandate(of(cast.colleague), by=cast.representative)
    if why == "back":
        Membership.objects.create(organisation=cast.organisation, user=cast.colleague, state="active", since=day())
    if why == "switched off":
        User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    assert (sent(), OutgoingMessage.objects.get().state) == ([], "superseded")


def test_nobody_is_told_of_what_they_do_themselves(cast):
    offer = invite(cast, role="lead")
    OutgoingMessage.objects.all().delete()
    actions.accept_mandate(offer, by=prove(offer.user))
    actions.leave_organisation(of(cast.colleague), by=cast.colleague)
    actions.withdraw_mandate(invite(cast, address="second@example.org"), by=cast.representative)
    assert set(OutgoingMessage.objects.values_list("purpose", flat=True)) == {"stakeholders.mandate_offered"}
    assert sent() == []

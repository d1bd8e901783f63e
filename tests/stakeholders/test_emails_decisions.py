"""Every mail about a decision in every shipped language: who reads it, what it does not tell, when it is not sent."""

import pytest
from django.core import mail
from django.utils import timezone

from portal import delivery
from portal.languages import SHIPPED
from portal.models import OutgoingMessage, User
from stakeholders import emails
from stakeholders.models import Decision, Organisation
from tests import build
from tests.conftest import as_person

CODES = [language.code for language in SHIPPED]
MAILS = {
    "eligible": emails.organisation_verified,
    "own-bench": emails.organisation_verified,
    "refused": emails.organisation_refused,
    "suspended": emails.organisation_suspended,
    "reinstated": emails.organisation_reinstated,
    "dissolved": emails.organisation_dissolved,
}
GIVES_REASONS = {"refused", "suspended", "dissolved"}
SECRET, WHY = "Persatuan Rahasia", "Because of what we saw in Blitar."


def decided(organisation, verdict):
    """Return a decision on the organisation."""
    return Decision.objects.create(
        organisation=organisation, verdict=verdict, reasons=WHY, by=User.objects.get(email="convenor@example.org")
    )


def sent():
    """Deliver what is due and return it."""
    delivery.deliver_batch()
    return mail.outbox


def told(cast, verdict):
    """Send the mail of a verdict on the representative's organisation and return what arrives."""
    decision = decided(cast.organisation, verdict)
    MAILS[verdict](decision)
    return sent()


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("verdict", MAILS)
def test_each_mail(cast, verdict, language):
    Organisation.objects.filter(pk=cast.organisation.pk).update(language=language)
    User.objects.filter(pk=cast.representative.pk).update(language=language)
    cast.organisation.refresh_from_db()
    messages = told(cast, verdict)
    assert {message.to[0] for message in messages} == {"lead@example.org", cast.organisation.contact_email}
    for message in messages:
        assert len(message.subject) <= 50
        assert cast.organisation.name in message.body
        assert f"/{language}/desk/" in message.body
        assert (WHY in message.body) is (verdict in GIVES_REASONS)
        assert f'<html lang="{language}"' in message.alternatives[0].content


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("verdict", MAILS)
def test_a_withheld_name_is_in_no_mail(cast, verdict, language):
    cast.organisation.name_en, cast.organisation.name_ind = SECRET, SECRET
    cast.organisation.visibility, cast.organisation.language = "withheld", language
    cast.organisation.save()
    for message in told(cast, verdict):
        whole = message.subject + message.body + message.alternatives[0].content
        assert (SECRET in whole, WHY in whole) == (False, False)


@pytest.mark.parametrize(
    ("verdict", "hearing", "words"),
    [
        ("eligible", "civil-society", "it speaks as civil society"),
        ("own-bench", "own-bench", "it is heard on its own bench"),
        ("eligible", "personal", "in a personal capacity"),
        ("refused", "civil-society", "you can appeal"),
    ],
)
def test_what_it_says(cast, verdict, hearing, words):
    cast.organisation.groups.set([build.make_group(f"of-{hearing}", hearing=hearing)])
    assert words in told(cast, verdict)[0].body


def test_each_reads_it_in_their_own_language_and_once(cast):
    User.objects.filter(pk=cast.representative.pk).update(language="id")
    cast.organisation.contact_email, cast.organisation.applicant = "lead@example.org", cast.representative
    cast.organisation.save()
    [message] = told(cast, "eligible")
    assert (message.to, "/id/desk/" in message.body) == (["lead@example.org"], True)


def test_the_applicant_reads_it_where_nobody_leads(cast):
    organisation = build.make_organisation(state="refused", applicant=cast.stranger, contact_email="")
    emails.organisation_refused(decided(organisation, "refused"))
    assert [message.to for message in sent()] == [["stranger@example.org"]]


@pytest.mark.parametrize("language", CODES)
def test_a_refusal_leads_to_where_the_reader_can_appeal(cast, language):
    applied = {"applied_at": timezone.now(), "applicant": cast.stranger, "language": language, "state": "refused"}
    organisation = build.make_organisation(contact_email="union@example.org", **applied)
    build.make_member(organisation, email="other-lead@example.org", language=language)
    User.objects.filter(pk=cast.stranger.pk).update(language=language)
    emails.organisation_refused(decided(organisation, "refused"))
    status = f"/{language}/applications/{organisation.slug}/"
    found = {message.to[0]: (status in message.body, status in message.alternatives[0].content) for message in sent()}
    opens = {"stranger@example.org": (True, True), "union@example.org": (True, True)}
    assert found == {**opens, "other-lead@example.org": (False, False)}
    browser = as_person(cast.stranger)
    assert browser.get(status).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda cast: decided(cast.organisation, "suspended"),
        lambda cast: cast.organisation.memberships.update(role="drafter"),
        lambda cast: User.objects.filter(pk=cast.representative.pk).update(is_active=False),
    ],
    ids=["decided-again", "no-lead-any-more", "switched-off"],
)
def test_what_no_longer_matters_is_not_sent(cast, change):
    Organisation.objects.filter(pk=cast.organisation.pk).update(contact_email="")
    cast.organisation.refresh_from_db()
    emails.organisation_verified(decided(cast.organisation, "eligible"))
    change(cast)
    assert (sent(), OutgoingMessage.objects.get().state) == ([], "superseded")


def test_an_address_that_was_changed_reads_nothing(cast):
    organisation = build.make_organisation()
    emails.organisation_verified(decided(organisation, "eligible"))
    Organisation.objects.filter(pk=organisation.pk).update(contact_email="new@example.org")
    assert (sent(), OutgoingMessage.objects.get().state) == ([], "superseded")


def test_reasons_are_written_as_text_not_as_markup(cast):
    decision = decided(cast.organisation, "refused")
    Decision.objects.filter(pk=decision.pk).update(reasons="<script>alert(1)</script>")
    emails.organisation_refused(decision)
    assert "<script>" not in sent()[0].alternatives[0].content

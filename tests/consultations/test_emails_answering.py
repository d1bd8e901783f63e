"""The mails about seats, in every shipped language, as they are received; and when they are not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import actions, emails
from consultations.models import Consultation, Invitation, SeatRequest
from portal import languages
from stakeholders.models import Organisation
from tests import build
from tests.consultations.test_emails import html_of, received

LANGUAGES = [language.code for language in languages.SHIPPED]


@pytest.fixture
def offered(db):
    """Return somebody who asked for two seats and is offered one."""
    consultation = build.make_consultation(title_en="Fees and passports", title_ind="Biaya dan paspor")
    invitation = build.make_invitation(
        consultation, state="offered", waiting_seats=1, offered_until=timezone.now() + timedelta(days=2)
    )
    invitation.answers.create(verb="yes", seats=2, channel="link")
    return invitation


@pytest.fixture
def request_settled(db):
    """Return a request that was granted."""
    invitation = build.make_invitation(build.make_consultation(title_en="Fees", title_ind="Biaya"))
    return SeatRequest.objects.create(
        consultation=invitation.consultation, full_name="Siti", email="siti@example.org", state="granted"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_seat_is_offered(offered, language) -> None:
    message = received(emails.seat_offered, offered, language)
    link = f"/{language}/i/{offered.token}/"
    assert len(message.subject) <= 50
    assert {"en": "Fees and passports", "id": "Biaya dan paspor"}[language] in message.body
    assert message.body.count(link) == html_of(message).count(link) == 1
    assert "{{" not in message.body
    assert "{%" not in message.body
    assert message.to == [offered.address]


def test_that_it_is_fewer_than_asked_for_is_said(offered) -> None:
    assert "fewer than you asked for" in received(emails.seat_offered, offered).body
    offered.answers.create(verb="yes", seats=1, channel="link")
    assert "fewer than you asked for" not in received(emails.seat_offered, offered).body


@pytest.mark.parametrize(
    "values",
    [
        {"state": "accepted"},
        {"state": "revoked"},
        {"state": "waitlisted"},
        {"offered_until": timezone.now() - timedelta(minutes=1)},
    ],
)
def test_an_offer_that_is_over_is_not_written_about(offered, values) -> None:
    Invitation.objects.update(**values)
    assert received(emails.seat_offered, offered) is None


def test_nor_where_it_is_over_or_the_organisation_is_gone(offered) -> None:
    Organisation.objects.update(state="suspended")
    assert received(emails.seat_offered, offered) is None
    Organisation.objects.update(state="verified")
    Consultation.objects.update(state="cancelled")
    assert received(emails.seat_offered, offered) is None


def test_a_discreet_consultation_stays_so(offered, request_settled) -> None:
    Consultation.objects.update(discreet=True)
    for email, subject in ((emails.seat_offered, offered), (emails.seat_request_settled, request_settled)):
        message = received(email, subject)
        assert "Fees" not in message.body + html_of(message) + message.subject
    Invitation.objects.filter(pk=offered.pk).update(state="waitlisted", waiting_since=None)
    message = received(emails.seat_offer_lapsed, offered)
    assert "Fees" not in message.body + html_of(message) + message.subject


def test_nobody_s_name_is_in_it(offered) -> None:
    message = received(emails.seat_offered, offered)
    assert offered.organisation.name not in message.body + html_of(message)


@pytest.fixture
def lapsed(offered):
    """Return somebody whose offer ran out, and who is out of the line."""
    Invitation.objects.update(state="waitlisted", waiting_since=None, offered_until=None, waiting_seats=2)
    offered.refresh_from_db()
    return offered


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_offer_lapsed(lapsed, language) -> None:
    message = received(emails.seat_offer_lapsed, lapsed, language)
    link = f"/{language}/i/{lapsed.token}/"
    assert len(message.subject) <= 50
    assert {"en": "Fees and passports", "id": "Biaya dan paspor"}[language] in message.body
    assert message.body.count(link) == html_of(message).count(link) == 1
    assert "GMT+7" in message.body
    assert "{{" not in message.body
    assert message.to == [lapsed.address]
    assert lapsed.organisation.name not in message.body + html_of(message)
    assert "List-Unsubscribe" not in message.extra_headers


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_offer_that_lapsed_after_the_deadline_leads_to_a_convenor(lapsed, language) -> None:
    Consultation.objects.update(answer_by=timezone.localdate() - timedelta(days=2))
    message = received(emails.seat_offer_lapsed, lapsed, language)
    assert lapsed.token not in message.body + html_of(message)


@pytest.mark.parametrize(
    "values",
    [{"state": "accepted"}, {"state": "revoked"}, {"state": "offered"}, {"waiting_since": timezone.now()}],
)
def test_who_answered_again_is_not_told_that_it_lapsed(lapsed, values) -> None:
    Invitation.objects.update(**values)
    assert received(emails.seat_offer_lapsed, lapsed) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["granted", "declined"])
def test_a_request_is_settled(request_settled, state, language) -> None:
    SeatRequest.objects.update(state=state)
    message = received(emails.seat_request_settled, request_settled, language)
    assert len(message.subject) <= 50
    assert "{{" not in message.body
    assert "/i/" not in message.body
    assert "Siti" not in message.body


def test_an_open_request_is_not_written_about(request_settled) -> None:
    SeatRequest.objects.update(state="open")
    assert received(emails.seat_request_settled, request_settled) is None


def test_who_gave_no_address_gets_nothing(request_settled) -> None:
    request_settled.email = ""
    assert list(emails.seat_request_settled.recipients(request_settled)) == []


def test_after_a_move_who_had_agreed_is_reminded(cast) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor])
    moved = build.make_invitation(consultation, state="to_reconfirm", seats_accepted=2)
    office = build.make_invitation_of_body(consultation, way="mail", address="office@example.org")
    build.make_invitation(consultation, state="waitlisted")
    assert set(consultation.invitations.remindable()) == {moved, office}
    assert actions.send_reminders(consultation, by=cast.convenor) == 2
    assert received(emails.invitation_reminder, moved) is not None


def test_after_a_move_who_had_agreed_has_not_answered(cast) -> None:
    consultation = build.make_consultation()
    build.make_invitation(consultation, state="to_reconfirm")
    build.make_invitation(consultation, state="waitlisted")
    counted = Consultation.objects.with_progress().get()
    assert (counted.unanswered, counted.answered) == (1, 1)


@pytest.mark.parametrize("state", ["waitlisted", "offered", "to_reconfirm"])
def test_what_waited_lapses_after_the_last_day(db, state) -> None:
    past = timezone.localdate() - timedelta(days=3)
    consultation = build.make_consultation(starts_on=past, ends_on=past)
    invitation = build.make_invitation(consultation, state=state)
    assert list(Invitation.objects.overtaken(timezone.localdate())) == [invitation]
    assert actions.lapse_invitation(invitation).state == "lapsed"

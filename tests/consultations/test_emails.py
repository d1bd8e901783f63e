"""Every mail in every shipped language, as it is received."""

import pytest
from django.utils import timezone
from icalendar import Calendar

from consultations import emails
from portal import languages, mail
from portal.models import OutgoingMessage
from tests import build

LANGUAGES = [language.code for language in languages.SHIPPED]


def received(email, subject, language="en", **values):
    """Return the mail as it is handed to the server, or None where it no longer matters."""
    reader = next(iter(email.recipients(subject)))
    message = OutgoingMessage(
        purpose=email.purpose,
        subject_id=subject.pk,
        recipient=reader.address,
        recipient_key=mail.address_key(reader.address),
        language=language,
        time_zone=reader.time_zone,
        **values,
    )
    loaded = email.load([message])[subject.pk]
    letter = email.letter(loaded, message)
    return mail.compose(message, letter) if letter else None


def html_of(message) -> str:
    """Return the HTML part."""
    return next(part.content for part in message.alternatives if part.mimetype == "text/html")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("email", [emails.invitation_sent, emails.invitation_reminder])
def test_invitation_mails(db, email, language) -> None:
    consultation = build.make_consultation(purpose_en="To agree.", begins_at="09:00", ends_at="17:00")
    build.make_organiser(consultation, name="Bakung Raya")
    invitation = build.make_invitation(consultation)
    message = received(email, invitation, language)
    title = {"en": consultation.title_en, "id": consultation.title_ind}[language]
    link = f"/{language}/i/{invitation.token}/"
    assert len(message.subject) <= 50
    assert "\n" not in message.subject
    assert title in message.body
    assert message.body.count(link) == 1
    assert html_of(message).count(link) == 1
    assert title in html_of(message)
    assert len(html_of(message)) < 20_000
    assert "<img" not in html_of(message)
    assert "GMT+7" in message.body
    assert "{{" not in message.body
    assert "{%" not in message.body
    assert message.to == [invitation.address]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_invitation_carries_a_calendar_without_the_link(db, language) -> None:
    invitation = build.make_invitation(build.make_consultation())
    message = received(emails.invitation_sent, invitation, language)
    part = next(part.content for part in message.alternatives if part.mimetype.startswith("text/calendar"))
    assert len(Calendar.from_ical(part).walk("VEVENT")) == 1
    assert invitation.token not in part
    assert received(emails.invitation_reminder, invitation, language).attachments == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("email", [emails.invitation_sent, emails.invitation_reminder])
def test_a_discreet_invitation_tells_no_title_anywhere(db, email, language) -> None:
    consultation = build.make_consultation(
        discreet=True, title_en="Hidden title", title_ind="Judul tersembunyi", purpose_en="Hidden purpose"
    )
    build.make_organiser(consultation, name="Hidden organiser")
    invitation = build.make_invitation(consultation)
    source = received(email, invitation, language).message().as_string()
    message = received(email, invitation, language)
    for part in (source, message.body, html_of(message), message.subject):
        assert "idden" not in part
        assert "ersembunyi" not in part


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withheld_organiser_is_a_description(db, language) -> None:
    consultation = build.make_consultation()
    hidden = build.make_organisation(name="Rahasia Kita", visibility="withheld")
    build.make_organiser(consultation, organisation=hidden, name="")
    message = received(emails.invitation_sent, build.make_invitation(consultation), language)
    assert "Rahasia" not in message.body + html_of(message)
    assert {"en": "a trade union", "id": "sebuah serikat pekerja"}[language] in message.body


@pytest.mark.parametrize("email", [emails.invitation_sent, emails.invitation_reminder])
@pytest.mark.parametrize("state", ["revoked", "accepted", "declined", "tentative", "lapsed", "undeliverable"])
def test_outdated_invitation_mails_are_not_sent(db, email, state) -> None:
    invitation = build.make_invitation(build.make_consultation(), state=state)
    assert received(email, invitation) is None


@pytest.mark.parametrize("email", [emails.invitation_sent, emails.invitation_reminder])
@pytest.mark.parametrize("state", ["suspended", "merged", "dissolved", "refused", "applied"])
def test_nothing_goes_to_an_organisation_that_is_not_at_the_table(db, email, state) -> None:
    invitation = build.make_invitation(build.make_consultation(), build.make_organisation(state=state))
    assert received(email, invitation) is None


@pytest.mark.parametrize("state", ["draft", "concluded", "cancelled", "archived"])
def test_nothing_goes_out_for_a_consultation_that_is_not_ahead(db, state) -> None:
    invitation = build.make_invitation(build.make_consultation(state=state))
    assert received(emails.invitation_sent, invitation) is None


def test_a_mail_to_an_address_that_was_replaced_is_not_sent(db) -> None:
    invitation = build.make_invitation(build.make_consultation())
    emails.invitation_sent(invitation)
    invitation.address = "new@example.org"
    invitation.save()
    message = OutgoingMessage.objects.get()
    loaded = emails.invitation_sent.load([message])[invitation.pk]
    assert emails.invitation_sent.letter(loaded, message) is None


def test_no_reminder_after_the_deadline(db) -> None:
    yesterday = timezone.localdate() - timezone.timedelta(days=2)
    invitation = build.make_invitation(build.make_consultation(answer_by=yesterday))
    assert received(emails.invitation_reminder, invitation) is None


def test_without_an_address_nobody_is_written_to(db) -> None:
    invitation = build.make_invitation(build.make_consultation(), address="")
    assert list(emails.invitation_sent.recipients(invitation)) == []


@pytest.fixture
def concluded(cast):
    """Return a concluded consultation in which organisations answered in every way."""
    consultation = build.make_consultation(
        state="concluded",
        convenors=[cast.convenor, cast.second_convenor],
        outcome_en="We agreed.",
        outcome_ind="Sepakat.",
    )
    build.make_invitation(
        consultation, cast.organisation, state="accepted", address="office@example.org", language="id"
    )
    build.make_invitation(consultation, cast.other_organisation, state="declined", address="declined@example.org")
    build.make_invitation(consultation, state="sent", address="silent@example.org")
    return consultation


def test_the_summary_goes_to_everybody_who_was_invited_once(concluded, cast) -> None:
    # The same person behind two addresses in different case, and a contact that is also an account.
    build.make_invitation(concluded, state="tentative", address="convenor@example.org")
    readers = [reader.address for reader in emails.consultation_summary.recipients(concluded)]
    assert readers == [
        "convenor@example.org",
        "second@example.org",
        "lead@example.org",
        "other@example.org",
        "office@example.org",
        "declined@example.org",
        "silent@example.org",
    ]
    emails.consultation_summary(concluded)
    emails.consultation_summary(concluded)
    assert OutgoingMessage.objects.count() == 7


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_is_composed_from_the_record(concluded, cast, language) -> None:
    for _count in range(6):
        build.make_invitation(concluded, state="accepted")
        build.make_submission(concluded, cast.organisation, cast.representative)
    message = received(emails.consultation_summary, concluded, language)
    words = {
        "en": ("We agreed.", "Trade unions", f"/en/consultations/{concluded.slug}/"),
        "id": ("Sepakat.", "Serikat pekerja", f"/id/consultations/{concluded.slug}/"),
    }[language]
    for part in (message.body, html_of(message)):
        for word in words:
            assert word in part
        assert " 9" in part  # invited
        assert " 7" in part  # accepted
        assert " 6" in part  # points
    assert len(message.subject) <= 50
    assert cast.organisation.name not in message.body + html_of(message)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_tells_no_small_count(concluded, language) -> None:
    message = received(emails.consultation_summary, concluded, language)
    assert {"en": "Who took part", "id": "Siapa yang ikut serta"}[language] not in message.body
    assert "Trade unions" not in message.body
    assert "Serikat pekerja" not in message.body


def test_the_summary_says_what_became_of_the_statement(concluded) -> None:
    build.make_edition(build.make_statement(concluded))
    body = received(emails.consultation_summary, concluded).body
    assert f"Statement: {concluded.statement.title}" in body
    assert "ASEAN 1: Item 1 of ASEAN." in body
    assert "ID 2: Item 2 of" in body


def test_whoever_lost_the_right_gets_no_summary(concluded, cast) -> None:
    emails.consultation_summary(concluded)
    cast.organisation.memberships.update(state="left")
    message = OutgoingMessage.objects.get(recipient="lead@example.org")
    loaded = emails.consultation_summary.load([message])[concluded.pk]
    assert emails.consultation_summary.letter(loaded, message) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_to_do_stands_before_the_details(db, language) -> None:
    consultation = build.make_consultation(purpose_en="To agree.", purpose_ind="Untuk sepakat.")
    for title in ("Opening", "Closing"):
        build.make_session(consultation, title_en=title)
    invitation = build.make_invitation(consultation)
    message = received(emails.invitation_sent, invitation, language)
    about = {"en": "To agree.", "id": "Untuk sepakat."}[language]
    for part in (message.body, html_of(message)):
        places = [part.index(words) for words in (invitation.token, about, "Opening")]
        assert places == sorted(places)
    assert [part.filename for part in message.attachments] == ["invitation.ics", "programme.ics"]
    assert "programme.ics" in message.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_of_the_text_stand_on_lines_of_their_own(db, language) -> None:
    consultation = build.make_consultation(convenors=[build.make_convenor()])
    invitation = build.make_invitation(consultation)
    over = build.make_consultation(state="concluded", convenors=[build.make_convenor()])
    for email, subject in (
        (emails.invitation_sent, invitation),
        (emails.invitation_reminder, invitation),
        (emails.consultation_summary, over),
    ):
        lines = received(email, subject, language).body.splitlines()
        assert [line for line in lines if "http" in line and not line.startswith("http")] == []

"""Mails in the convenors' own words, through trusted contacts, to people, and as a test."""

import pytest

from consultations import actions, emails
from consultations.models import Wording
from portal import delivery
from portal.models import OutgoingMessage
from tests import build
from tests.consultations.test_emails import html_of, received

LANGUAGES = ["en", "id"]


def write(
    consultation, language="en", kind="invitation", subject="Come on {days}", body="Dear {organisation},\n\n{link}"
):
    """Return own words."""
    values = {"kind": kind, "language": language, "subject": subject, "body": body}
    return Wording.objects.create(consultation=consultation, **values)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("email", "kind"), [(emails.invitation_sent, "invitation"), (emails.invitation_reminder, "reminder")]
)
def test_own_words_take_the_place_of_the_usual_ones(db, language, email, kind) -> None:
    consultation = build.make_consultation()
    body = "Dear {organisation},\ncome to {title}.\n\n<b>*x*</b> {seats} {promise}"
    write(consultation, language, kind, "Come: {days}", body)
    invitation = build.make_invitation(consultation, build.make_organisation(name="Bakung & Raya"), language=language)
    message = received(email, invitation, language)
    title = {"en": consultation.title_en, "id": consultation.title_ind}[language]
    assert message.subject.startswith("Come: ")
    assert f"Dear Bakung & Raya,\ncome to {title}." in message.body
    assert "Bakung &amp; Raya,<br>" in html_of(message)
    assert "<b>*x*</b> 2" in message.body
    assert "&lt;b&gt;*x*&lt;/b&gt;" in html_of(message)
    for part in (message.body, html_of(message)):
        assert part.count(f"/{language}/i/{invitation.token}/") == 1  # it says nothing of a link: it stands below
        assert "{" not in part
        assert {"en": "Why you get this", "id": "Mengapa"}[language] in part
    assert "invited to send up to" not in message.body


def test_a_link_in_the_text_stands_nowhere_else(db) -> None:
    consultation = build.make_consultation()
    write(consultation)
    invitation = build.make_invitation(consultation)
    message = received(emails.invitation_sent, invitation)
    assert message.body.count(invitation.token) == 1
    assert "No account is needed" not in message.body


def test_own_words_in_a_language_that_the_portal_does_not_speak(db) -> None:
    consultation = build.make_consultation()
    write(consultation, "km", subject="សំបុត្រ {days}", body="សូមអញ្ជើញ {organisation}")
    reader = build.make_invitation(consultation, language="km")
    message = received(emails.invitation_sent, reader, "en")
    assert message.subject.startswith("សំបុត្រ ")
    assert "សូមអញ្ជើញ" in message.body
    assert '<div lang="km">' in html_of(message)
    assert message.extra_headers["Content-Language"] == "km"
    other = build.make_invitation(consultation, language="en")
    assert "សូមអញ្ជើញ" not in received(emails.invitation_sent, other, "en").body


def test_words_that_became_too_telling_say_less(db) -> None:
    consultation = build.make_consultation(discreet=True, title_en="Hidden title")
    build.make_organiser(consultation, name="Hidden organiser")
    write(consultation, subject="{title}", body="{title} of {organisers}")
    message = received(emails.invitation_sent, build.make_invitation(consultation))
    assert "Hidden" not in message.message().as_string()
    assert message.subject == "A consultation"


def test_a_batch_shares_words_and_mixes_up_nobody(cast, mailoutbox) -> None:
    consultation = build.make_consultation()
    write(consultation, body="Dear {organisation}, {seats}\n\n{link}")
    made = [
        build.make_invitation(
            consultation, build.make_organisation(name=f"Union {n}"), state="approved", seats_offered=1 + n % 2
        )
        for n in range(6)
    ]
    actions.send_invitations(consultation, by=cast.convenor)
    delivery.deliver_batch()
    found = {mail.to[0]: mail.body for mail in mailoutbox}
    for n, invitation in enumerate(made):
        body = found[invitation.address]
        assert f"Dear Union {n}, {1 + n % 2}\n" in body
        assert [one.token in body for one in made] == [one is invitation for one in made]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("email", [emails.invitation_sent, emails.invitation_reminder])
def test_through_a_trusted_contact_in_neutral_words(db, language, email) -> None:
    hidden = build.make_organisation(name="Rahasia Kita", visibility="withheld")
    invitation = build.make_invitation(build.make_consultation(), hidden, way="trusted", address="friend@example.org")
    message = received(email, invitation, language)
    described = {"en": "a trade union", "id": "sebuah serikat pekerja"}[language]
    for part in (message.body, html_of(message)):
        assert described in part
        assert "Rahasia" not in part
        assert invitation.token in part
    assert "Rahasia" not in message.message().as_string()
    assert len(message.subject) <= 50


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("email", [emails.invitation_sent, emails.invitation_reminder])
def test_a_person_is_not_called_an_organisation(db, language, email) -> None:
    consultation = build.make_consultation()
    invitation = build.make_invitation_of_person(consultation, way="mail", address="sri@example.org")
    message = received(email, invitation, language)
    assert "organi" not in message.body.replace(consultation.title_en, "").lower()


def test_whoever_is_reached_by_letter_gets_no_mail(db) -> None:
    invitation = build.make_invitation(build.make_consultation(), way="letter")
    assert list(emails.invitation_sent.recipients(invitation)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reminder_to_confirm_once_more(db, language) -> None:
    invitation = build.make_invitation(build.make_consultation(), state="to_reconfirm")
    message = received(emails.invitation_reminder, invitation, language)
    assert {"en": "has to be confirmed once more", "id": ""}[language] in message.body
    assert received(emails.invitation_sent, invitation, language) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_test_goes_to_the_convenor_alone_and_opens_nothing(cast, mailoutbox, language) -> None:
    cast.convenor.language = language
    cast.convenor.save()
    consultation = build.make_consultation(convenors=[cast.convenor])
    hidden = build.make_organisation(name="Rahasia Kita", visibility="withheld")
    invitation = build.make_invitation(consultation, hidden, state="approved")
    for _count in range(2):
        actions.send_test(invitation, by=cast.convenor, purpose=emails.invitation_sent.purpose, language="en")
    delivery.deliver_batch()
    assert [mail.to for mail in mailoutbox] == [[cast.convenor.email]] * 2
    source = mailoutbox[0].message().as_string()
    assert mailoutbox[0].subject.startswith({"en": "Test: Invitation", "id": ""}[language])
    assert "/en/i/" + "0" * 40 in mailoutbox[0].body
    assert invitation.token not in source
    assert "Rahasia" not in source
    assert consultation.invitations.get().state == "approved"


def test_nobody_who_stopped_convening_gets_a_test(cast, mailoutbox) -> None:
    consultation = build.make_consultation(convenors=[cast.convenor])
    invitation = build.make_invitation(consultation)
    actions.send_test(invitation, by=cast.convenor, purpose=emails.invitation_sent.purpose, language="en")
    consultation.convenors.clear()
    delivery.deliver_batch()
    assert OutgoingMessage.objects.get().state == "superseded"
    assert mailoutbox == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_that_ends_a_paragraph_is_a_button(db, language) -> None:
    consultation = build.make_consultation()
    write(consultation, language, body="Answer here:\n{link}\n\nOr look at {link} first.")
    invitation = build.make_invitation(consultation, language=language)
    page = html_of(received(emails.invitation_sent, invitation, language))
    link = f"/{language}/i/{invitation.token}/"
    assert {"en": ">Answer the invitation</a>", "id": ">Jawab undangan</a>"}[language] in page
    assert page.count("display: inline-block") == 1
    assert page.count(f"{link}</a>") == 1  # in the middle of a sentence it is written out


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["moved", "cancelled"])
def test_a_test_of_a_mail_about_a_change(cast, mailoutbox, kind, language) -> None:
    cast.convenor.language = language
    cast.convenor.save()
    consultation = build.make_consultation(convenors=[cast.convenor])
    write(consultation, language, kind, "Sorry: {days}", "We are sorry.")
    invitation = build.make_invitation(consultation, language=language)
    purpose = f"consultations.consultation_{kind}"
    actions.send_test(invitation, by=cast.convenor, purpose=purpose, language=language)
    delivery.deliver_batch()
    (message,) = mailoutbox
    assert message.to == [cast.convenor.email]
    assert "Sorry: " in message.subject
    assert "We are sorry." in message.body
    assert invitation.token not in message.message().as_string()

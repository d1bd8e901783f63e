"""The mails about a move and a cancellation, in every shipped language, as they are received."""

from datetime import time, timedelta

import pytest
from icalendar import Calendar

from consultations import actions, emails
from portal import languages, mail
from portal.models import OutgoingMessage
from tests import build

LANGUAGES = [language.code for language in languages.SHIPPED]
STATES = ("sent", "accepted", "tentative", "declined", "waitlisted", "to_reconfirm")


def planned(**values):
    """Return an announced consultation in Jakarta with a convenor."""
    return build.make_consultation(
        convenors=[build.make_convenor()], begins_at=time(9), ends_at=time(17), city_ind="Jakarta", **values
    )


def moved(consultation, **values) -> None:
    """Move it a week, to Bandung, for a reason."""
    week = timedelta(days=7)
    days = {"starts_on": consultation.starts_on + week, "ends_on": consultation.ends_on + week}
    reason = {"moved_because_en": "The hall is closed.", "moved_because_ind": "Aula ditutup."}
    city = {"city_en": "Bandung", "city_ind": "Bandung"}
    by = consultation.convenors.first()
    actions.move_consultation(consultation, by=by, version=1, **{**days, **city, **reason, **values})


def received(email, invitation, language):
    """Return the waiting mail as it is handed to the server, or None."""
    message = OutgoingMessage.objects.get(purpose=email.purpose, subject_id=invitation.pk)
    message.language = language
    letter = email.letter(email.load([message])[invitation.pk], message)
    return mail.compose(message, letter) if letter else None


def html_of(message) -> str:
    """Return the HTML part."""
    return next(part.content for part in message.alternatives if part.mimetype == "text/html")


def calendar_of(message):
    """Return the calendar part: its method in the mail, and the calendar."""
    part = next(part for part in message.alternatives if part.mimetype.startswith("text/calendar"))
    return part.mimetype, Calendar.from_ical(part.content)


@pytest.mark.parametrize("language", LANGUAGES)
def test_moved_says_what_was_what_is_and_why(db, language) -> None:
    consultation = planned()
    build.make_organisation()
    invitation = build.make_invitation(consultation, state="accepted")
    moved(consultation)
    message = received(emails.consultation_moved, invitation, language)
    words = {
        "en": ("It was:", "It is now:", "The hall is closed.", "You had agreed to come.", consultation.title_en),
        "id": ("Aula ditutup.", consultation.title_ind),
    }[language]
    for part in (message.body, html_of(message)):
        for word in (*words, "Jakarta", "Bandung", "09:00"):
            assert word in part
        assert part.count(f"/{language}/i/{invitation.token}/") == 1
    assert len(message.subject) <= 50
    assert message.to == [invitation.address]
    method, calendar = calendar_of(message)
    event = calendar.walk("VEVENT")[0]
    assert method == "text/calendar; method=REQUEST"
    assert (str(calendar["method"]), int(event["sequence"]), str(event["location"])) == ("REQUEST", 1, "Bandung")
    assert str(event["attendee"]) == f"mailto:{invitation.address}"
    assert invitation.token not in calendar.to_ical().decode().replace("\r\n ", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_cancelled_says_why_and_takes_the_entry_out(db, language) -> None:
    consultation = planned()
    invitation = build.make_invitation(consultation, state="accepted")
    reasons = {"cancelled_because_en": "No visas.", "cancelled_because_ind": "Visa ditolak."}
    actions.cancel_consultation(consultation, by=consultation.convenors.first(), **reasons)
    message = received(emails.consultation_cancelled, invitation, language)
    for part in (message.body, html_of(message)):
        assert {"en": "No visas.", "id": "Visa ditolak."}[language] in part
        assert invitation.token not in part
    assert len(message.subject) <= 50
    method, calendar = calendar_of(message)
    event = calendar.walk("VEVENT")[0]
    assert method == "text/calendar; method=CANCEL"
    assert (str(calendar["method"]), str(event["status"]), int(event["sequence"])) == ("CANCEL", "CANCELLED", 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_discreet_one_tells_no_title_and_no_reason(db, language) -> None:
    consultation = planned(discreet=True, title_en="Hidden title", title_ind="Judul tersembunyi")
    build.make_session(consultation, title_en="Hidden session")
    invitation = build.make_invitation(consultation)
    session = consultation.sessions.get()
    week = timedelta(days=7)
    values = {"starts_at": session.starts_at + week, "ends_at": session.ends_at + week}
    moved(consultation, lines=[actions.SessionLine(session, 1, values=values)])
    consultation.refresh_from_db()
    first = received(emails.consultation_moved, invitation, language)
    actions.cancel_consultation(consultation, by=consultation.convenors.first(), cancelled_because_en="Raided.")
    second = received(emails.consultation_cancelled, invitation, language)
    for message in (first, second):
        everything = message.subject + message.body + html_of(message) + str(message.message())
        secrets = (
            "Hidden title",
            "Judul tersembunyi",
            "Hidden session",
            "The hall is closed",
            "Aula ditutup",
            "Raided",
        )
        assert [secret for secret in secrets if secret in everything] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reader_is_asked_for_what_is_left_to_do(db, language) -> None:
    consultation = planned()
    made = {state: build.make_invitation(consultation, state=state) for state in STATES}
    moved(consultation)
    asked = {state: received(emails.consultation_moved, one, language).body for state, one in made.items()}
    said = {"en": {"declined": "You had declined.", "waitlisted": "You stay on the waiting list."}}.get(language, {})
    for state, words in said.items():
        assert [one for one, body in asked.items() if words in body] == [state]
    assert all("{{" not in body and "{%" not in body for body in asked.values())


def test_a_new_programme_alone_asks_nobody_again(db) -> None:
    consultation = planned()
    stays, goes = build.make_session(consultation, title_en="Stays"), build.make_session(consultation, title_en="Goes")
    invitation = build.make_invitation(consultation, state="accepted")
    by = consultation.convenors.first()
    actions.move_consultation(consultation, by=by, version=1, lines=[actions.SessionLine(goes, 1, out=True)])
    body = received(emails.consultation_moved, invitation, "en").body
    assert "The programme of the consultation to which you are invited has changed." in body
    assert "You have agreed to come and need not answer again." in body
    assert "It was:" not in body
    assert f": {stays.title_en}" in body
    assert "Goes" not in body


def test_a_new_venue_is_not_in_the_mail(db) -> None:
    consultation = planned(venue="Old hall")
    invitation = build.make_invitation(consultation)
    by = consultation.convenors.first()
    actions.move_consultation(consultation, by=by, version=1, venue="New hall")
    message = received(emails.consultation_moved, invitation, "en")
    assert "is at another venue" in message.body
    assert "New hall" not in message.body + html_of(message) + str(message.message())


@pytest.mark.parametrize("change", [{"state": "revoked"}, {"address": "new@example.org"}, {"state": "lapsed"}])
@pytest.mark.parametrize("purpose", ["moved", "cancelled"])
def test_whoever_is_no_longer_concerned_is_not_written_to(db, purpose, change) -> None:
    consultation = planned()
    invitation = build.make_invitation(consultation)
    if purpose == "moved":
        moved(consultation)
    else:
        actions.cancel_consultation(consultation, by=consultation.convenors.first(), cancelled_because_en="x")
    for name, value in change.items():
        setattr(invitation, name, value)
    invitation.save()
    email = {"moved": emails.consultation_moved, "cancelled": emails.consultation_cancelled}[purpose]
    assert received(email, invitation, "en") is None


def test_cancelled_meanwhile_the_move_is_not_told(db) -> None:
    consultation = planned()
    invitation = build.make_invitation(consultation)
    moved(consultation)
    actions.cancel_consultation(consultation, by=consultation.convenors.first(), cancelled_because_en="x")
    assert received(emails.consultation_moved, invitation, "en") is None
    assert received(emails.consultation_cancelled, invitation, "en") is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_subject_fits_for_the_longest_days(db, language) -> None:
    consultation = planned()
    invitation = build.make_invitation(consultation)
    days = {"starts_on": build.date(2027, 9, 28), "ends_on": build.date(2027, 10, 12)}
    moved(consultation, **days)
    assert len(received(emails.consultation_moved, invitation, language).subject) <= 50
    consultation.refresh_from_db()
    actions.cancel_consultation(consultation, by=consultation.convenors.first(), cancelled_because_en="x")
    assert len(received(emails.consultation_cancelled, invitation, language).subject) <= 50

"""The mails about a move and a cancellation, in every shipped language, as they are received."""

from datetime import time, timedelta

import pytest
from icalendar import Calendar

from consultations import actions, emails
from consultations.models import Wording
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
    assert f"\n  {stays.title_en}\n" in body
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


# --- In the convenors' own words ----------------------------------------------------------------------------------


def write(consultation, kind, language="en", **values) -> None:
    """Write own words for a change."""
    words = {"subject": "Sorry: {days}", "body": "Dear {organisation},\n\nthe <hall> is closed. {title}", **values}
    Wording.objects.create(consultation=consultation, kind=kind, language=language, **words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_words_open_the_mail_of_a_move_and_the_facts_follow(db, language) -> None:
    consultation = planned()
    write(consultation, "moved", language)
    organisation = build.make_organisation(name="Bakung & Raya")
    invitation = build.make_invitation(consultation, organisation, state="accepted", language=language)
    moved(consultation)
    message = received(emails.consultation_moved, invitation, language)
    title = {"en": consultation.title_en, "id": consultation.title_ind}[language]
    reason = {"en": "The hall is closed.", "id": "Aula ditutup."}[language]
    assert message.subject.startswith("Sorry: ")
    assert message.body.startswith(f"Dear Bakung & Raya,\n\nthe <hall> is closed. {title}\n")
    assert "the &lt;hall&gt; is closed." in html_of(message)
    for part in (message.body, html_of(message)):
        assert part.count(title) == 1
        assert part.count(f"/{language}/i/{invitation.token}/") == 1
        for fact in ("Jakarta", "Bandung", reason):
            assert fact in part
    usual = {"en": "The consultation to which you are invited has been moved.", "id": "dipindahkan"}[language]
    assert usual not in message.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_own_words_open_the_mail_of_a_cancellation(db, language) -> None:
    consultation = planned()
    write(consultation, "cancelled", language)
    invitation = build.make_invitation(consultation, build.make_organisation(name="Bakung Raya"), language=language)
    reasons = {"cancelled_because_en": "No visas.", "cancelled_because_ind": "Visa ditolak."}
    actions.cancel_consultation(consultation, by=consultation.convenors.first(), **reasons)
    message = received(emails.consultation_cancelled, invitation, language)
    assert message.subject.startswith("Sorry: ")
    assert message.body.startswith("Dear Bakung Raya,\n\nthe <hall> is closed.")
    assert {"en": "No visas.", "id": "Visa ditolak."}[language] in message.body
    assert "You need not answer" not in message.body


def test_own_words_in_a_language_that_the_portal_does_not_speak(db) -> None:
    consultation = planned()
    write(consultation, "moved", "km", subject="ប្តូរ {days}", body="សូមទោស")
    reader = build.make_invitation(consultation, language="km")
    other = build.make_invitation(consultation, language="en")
    moved(consultation)
    message = received(emails.consultation_moved, reader, "en")
    assert message.body.startswith("សូមទោស\n")
    assert message.extra_headers["Content-Language"] == "km"
    assert "សូមទោស" not in received(emails.consultation_moved, other, "en").body


def test_what_changed_is_said_also_beside_own_words(db) -> None:
    consultation = planned(venue="Old hall")
    write(consultation, "moved")
    invitation = build.make_invitation(consultation)
    actions.move_consultation(consultation, by=consultation.convenors.first(), version=1, venue="New hall")
    body = received(emails.consultation_moved, invitation, "en").body
    assert body.index("the <hall> is closed") < body.index("is at another venue")


def test_a_withheld_name_stays_out_of_own_words(db) -> None:
    consultation = planned()
    write(consultation, "moved")
    write(consultation, "cancelled")
    hidden = build.make_organisation(name="Rahasia Kita", visibility="withheld")
    invitation = build.make_invitation(consultation, hidden)
    moved(consultation)
    assert "Rahasia" not in received(emails.consultation_moved, invitation, "en").message().as_string()
    consultation.refresh_from_db()
    actions.cancel_consultation(consultation, by=consultation.convenors.first(), cancelled_because_en="x")
    assert "Rahasia" not in received(emails.consultation_cancelled, invitation, "en").message().as_string()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["moved", "cancelled"])
def test_a_preview_before_there_is_anything_to_tell(db, kind, language) -> None:
    consultation = planned()
    invitation = build.make_invitation(consultation, state="accepted")
    email = {"moved": emails.consultation_moved, "cancelled": emails.consultation_cancelled}[kind]
    letter = email.content(invitation, language, emails.TEST_TOKEN)
    message = OutgoingMessage(
        purpose=email.purpose, subject_id=invitation.pk, recipient=invitation.address, language=language
    )
    body = mail.compose(message, letter).body
    assert invitation.token not in body
    assert {"en": consultation.title_en, "id": consultation.title_ind}[language] in body


def test_the_programme_is_a_second_file(db) -> None:
    consultation = planned()
    stays, goes = build.make_session(consultation, title_en="Stays"), build.make_session(consultation, title_en="Goes")
    invitation = build.make_invitation(consultation, state="accepted")
    by = consultation.convenors.first()
    actions.move_consultation(consultation, by=by, version=1, lines=[actions.SessionLine(goes, 1, out=True)])
    message = received(emails.consultation_moved, invitation, "en")
    _method, asked = calendar_of(message)
    assert [str(event["uid"]) for event in asked.walk("VEVENT")] == [
        f"{consultation.uid}-{invitation.pk}@mufakat.example"
    ]
    names = [part.filename for part in message.attachments]
    assert names == ["invitation.ics", "programme.ics"]
    programme = Calendar.from_ical(message.attachments[1].content)
    found = {str(one["uid"]).split(f"-{invitation.pk}@")[0]: str(one["status"]) for one in programme.walk("VEVENT")}
    assert found == {str(stays.uid): "CONFIRMED", str(goes.uid): "CANCELLED"}
    assert str(programme["method"]) == "PUBLISH"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("values", "words"), [({"venue": "New hall"}, "New venue:"), ({}, "New programme:")])
def test_the_subject_says_moved_only_of_a_move(db, values, words, language) -> None:
    consultation = planned(venue="Old hall")
    goes = build.make_session(consultation, title_en="Goes")
    build.make_session(consultation, title_en="Stays")
    invitation = build.make_invitation(consultation, state="accepted")
    lines = [] if values else [actions.SessionLine(goes, 1, out=True)]
    actions.move_consultation(consultation, by=consultation.convenors.first(), version=1, lines=lines, **values)
    message = received(emails.consultation_moved, invitation, language)
    assert len(message.subject) <= 50
    assert {"en": words, "id": ""}[language] in message.subject
    assert "Moved" not in message.subject
    assert {"en": "It stays:", "id": ""}[language] in message.body

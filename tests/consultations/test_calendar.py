"""The calendar file, read back with the library that calendars use."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import prefetch_related_objects
from django.utils import translation
from icalendar import Calendar

from consultations import calendar
from tests import build


def read(invitation) -> tuple[Calendar, dict]:
    """Return the calendar and its one event."""
    parsed = Calendar.from_ical(calendar.invitation_file(invitation))
    events = parsed.walk("VEVENT")
    assert len(events) == 1
    return parsed, events[0]


def test_whole_day_without_hours(db) -> None:
    day = date(2027, 5, 12)
    consultation = build.make_consultation(starts_on=day, ends_on=day)
    invitation = build.make_invitation(consultation)
    parsed, event = read(invitation)
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (day, date(2027, 5, 13))
    assert str(parsed["method"]) == "PUBLISH"
    assert str(event["uid"]) == f"{consultation.uid}-{invitation.pk}@mufakat.example"
    assert (int(event["sequence"]), str(event["class"])) == (0, "PRIVATE")
    assert str(event["summary"]) == consultation.title_en
    assert parsed.walk("VTIMEZONE") == []


def test_hours_carry_the_zone_and_its_definition(db) -> None:
    day = date(2027, 5, 12)
    consultation = build.make_consultation(
        starts_on=day, ends_on=day + timedelta(days=1), begins_at=time(9), ends_at=time(17), time_zone="Asia/Yangon"
    )
    parsed, event = read(build.make_invitation(consultation))
    zone = ZoneInfo("Asia/Yangon")
    assert event.decoded("dtstart") == datetime(2027, 5, 12, 9, tzinfo=zone)
    assert event.decoded("dtend") == datetime(2027, 5, 12, 17, tzinfo=zone)
    assert event.decoded("dtstart").utcoffset() == timedelta(hours=6, minutes=30)
    assert dict(event["rrule"]) == {"FREQ": ["DAILY"], "COUNT": [2]}
    assert [str(found["tzid"]) for found in parsed.walk("VTIMEZONE")] == ["Asia/Yangon"]


@pytest.mark.parametrize("language", ["en", "id"])
def test_nothing_in_it_gives_the_invitation_away(db, language) -> None:
    organisation = build.make_organisation(name="Rahasia Kita", visibility="withheld")
    consultation = build.make_consultation(discreet=True, title_en="Secret title", title_ind="Judul rahasia")
    invitation = build.make_invitation(consultation, organisation)
    with translation.override(language):
        text = calendar.invitation_file(invitation)
    for secret in (
        "Secret title",
        "Judul rahasia",
        "Rahasia Kita",
        invitation.token,
        invitation.nonce,
        "ATTENDEE",
        "http",
    ):
        assert secret not in text.replace("\r\n ", "")


def test_the_same_invitation_keeps_its_uid_and_the_sequence_grows(db) -> None:
    consultation = build.make_consultation()
    invitation = build.make_invitation(consultation)
    first = read(invitation)[1]
    consultation.sequence, consultation.city_en = 3, "Bandung"
    second = read(invitation)[1]
    assert (first["uid"], int(first["sequence"])) == (second["uid"], 0)
    assert (int(second["sequence"]), str(second["location"])) == (3, "Bandung")


def test_two_invitations_have_two_uids(db) -> None:
    consultation = build.make_consultation()
    uids = {str(read(build.make_invitation(consultation))[1]["uid"]) for _count in range(2)}
    assert len(uids) == 2


def events_of(text) -> list:
    """Return the events of a file that survives being read and written again."""
    parsed = Calendar.from_ical(text)
    assert Calendar.from_ical(parsed.to_ical()) == parsed
    return parsed.walk("VEVENT")


def all_lines_fit(text) -> bool:
    return all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def two_sessions(consultation) -> list:
    """Return two sessions on days that are not adjacent, in two zones and cities."""
    first = build.make_session(consultation, title_en="Opening", title_ind="Pembukaan", city_en="Jakarta")
    starts = datetime(2027, 5, 14, 10, tzinfo=ZoneInfo("Asia/Yangon"))
    second = build.make_session(
        consultation,
        title_en="Closing",
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        time_zone="Asia/Yangon",
        city_en="Yangon",
        venue="Hall of the venue",
        call_link="https://call.example.org/secret",
    )
    return [first, second]


def in_may(**values):
    """Return a consultation from 12 to 14 May 2027."""
    return build.make_consultation(starts_on=date(2027, 5, 12), ends_on=date(2027, 5, 14), **values)


def test_one_entry_per_session_each_in_its_zone(db) -> None:
    consultation = in_may()
    sessions = two_sessions(consultation)
    invitation = build.make_invitation(consultation)
    text = calendar.invitation_file(invitation)
    first, second = events_of(text)
    assert [str(one["uid"]) for one in (first, second)] == [
        f"{session.uid}-{invitation.pk}@mufakat.example" for session in sessions
    ]
    assert str(first["summary"]) == f"{consultation.title_en}: Opening"
    assert [str(one["location"]) for one in (first, second)] == ["Jakarta", "Yangon"]
    assert second.decoded("dtstart") == datetime(2027, 5, 14, 10, tzinfo=ZoneInfo("Asia/Yangon"))
    zones = {str(found["tzid"]) for found in Calendar.from_ical(text).walk("VTIMEZONE")}
    assert zones == {"Asia/Jakarta", "Asia/Yangon"}
    assert [len(zone.subcomponents) for zone in Calendar.from_ical(text).walk("VTIMEZONE")] == [1, 1]
    for secret in ("Hall of the venue", "call.example.org", "ATTENDEE"):
        assert secret not in text.replace("\r\n ", "")
    assert all_lines_fit(text)


def test_a_request_names_its_reader_alone_and_the_sender(db) -> None:
    consultation = in_may()
    two_sessions(consultation)
    long = "a-rather-long-address-of-a-contact-in-a-far-office@a-long-name-of-an-office.example.org"
    one, other = build.make_invitation(consultation), build.make_invitation(consultation, address=long)
    for invitation in (one, other):
        text = calendar.entry(invitation)
        parsed = Calendar.from_ical(text)
        assert str(parsed["method"]) == "REQUEST"
        assert all_lines_fit(text)
        for event in events_of(text):
            assert str(event["attendee"]) == f"mailto:{invitation.address}"
            assert dict(event["attendee"].params) == {
                "ROLE": "REQ-PARTICIPANT",
                "PARTSTAT": "NEEDS-ACTION",
                "RSVP": "TRUE",
            }
            assert str(event["organizer"]) == f"mailto:{calendar.organiser_address()}"
            assert str(event["status"]) == "CONFIRMED"


@pytest.mark.parametrize(("state", "said"), [("accepted", "ACCEPTED"), ("to_reconfirm", "NEEDS-ACTION")])
def test_a_request_knows_what_was_said(db, state, said) -> None:
    invitation = build.make_invitation(build.make_consultation(), state=state)
    event = events_of(calendar.entry(invitation))[0]
    assert event["attendee"].params["PARTSTAT"] == said


def test_a_cancellation(db) -> None:
    consultation = build.make_consultation(state="cancelled", sequence=4)
    invitation = build.make_invitation(consultation, state="accepted")
    text = calendar.entry(invitation, "CANCEL")
    parsed, event = Calendar.from_ical(text), events_of(text)[0]
    assert (str(parsed["method"]), str(event["status"]), int(event["sequence"])) == ("CANCEL", "CANCELLED", 4)
    assert event.walk("VALARM") == []


def test_a_session_that_is_gone_is_cancelled_in_the_next_file(db) -> None:
    consultation = in_may()
    first, second = two_sessions(consultation)
    gone = calendar.Gone.of(second)
    second.delete()
    invitation = build.make_invitation(consultation)
    events = events_of(calendar.programme_file(invitation, gone=[gone]))
    assert [(str(one["uid"]), str(one["status"])) for one in events] == [
        (f"{first.uid}-{invitation.pk}@mufakat.example", "CONFIRMED"),
        (f"{second.uid}-{invitation.pk}@mufakat.example", "CANCELLED"),
    ]


def test_what_stands_in_place_of_the_gone_is_not_cancelled(db) -> None:
    consultation = in_may()
    build.make_session(consultation)
    first = build.make_session(consultation, uid=consultation.uid)
    gone = calendar.Gone.of(first)
    first.delete()
    events = events_of(calendar.programme_file(build.make_invitation(consultation), gone=[gone]))
    assert [str(one["status"]) for one in events] == ["CONFIRMED"]


FILES = {
    "of the page": calendar.invitation_file,
    "request": calendar.entry,
    "cancellation": lambda invitation: calendar.entry(invitation, "CANCEL"),
    "programme": calendar.programme_file,
}


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("language", ["en", "id"])
def test_sessions_of_a_discreet_consultation_have_no_title(db, file, language) -> None:
    consultation = in_may(discreet=True, title_en="Secret title", title_ind="Judul rahasia")
    two_sessions(consultation)
    invitation = build.make_invitation(consultation)
    with translation.override(language):
        text = FILES[file](invitation).replace("\r\n ", "")
    for secret in ("Secret title", "Judul rahasia", "Opening", "Pembukaan", invitation.token, invitation.nonce, "http"):
        assert secret not in text
    assert {str(event["class"]) for event in events_of(text)} == {"PRIVATE"}


def test_online_says_so_in_place_of_a_city(db) -> None:
    consultation = build.make_consultation(mode="online")
    assert str(read(build.make_invitation(consultation))[1]["location"]) == "online"


def test_a_thousand_files_are_drafted_once(db, django_assert_num_queries) -> None:
    consultation = build.make_consultation()
    for _count in range(2):
        build.make_session(consultation)
    prefetch_related_objects([consultation], "sessions")
    invitations = [build.make_invitation(consultation) for _count in range(3)]
    with django_assert_num_queries(0):
        texts = {make(invitation) for invitation in invitations for make in (calendar.entry, calendar.programme_file)}
    assert len(texts) == 6


@pytest.mark.parametrize("day", [date(2027, 5, 12), date(2026, 12, 31)])
def test_a_zone_is_told_by_its_rules_also_for_one_day(db, day) -> None:
    consultation = build.make_consultation(
        starts_on=day, ends_on=day, begins_at=time(9), ends_at=time(17), time_zone="Asia/Dili"
    )
    zone = read(build.make_invitation(consultation))[0].walk("VTIMEZONE")[0]
    rule = zone.subcomponents[0]
    assert (rule.name, rule["tzoffsetto"].to_ical()) == ("STANDARD", "+0900")


def test_a_title_that_looks_like_a_part_of_the_file_stays_a_title(db) -> None:
    title = "Fees\r\nUID:other-uid-\nATTENDEE:-reader- and more"
    consultation = build.make_consultation(title_en=title)
    event = read(build.make_invitation(consultation))[1]
    assert str(event["summary"]) == title.replace("\r\n", "\n")
    assert "attendee" not in event


# --- What a mail carries: one entry for the whole, for mail programs read no other -------------------------------


@pytest.mark.parametrize(("language", "heading"), [("en", "Programme:"), ("id", "Acara:")])
def test_a_mail_asks_by_one_entry_and_the_programme_is_its_text(db, language, heading) -> None:
    consultation = in_may(begins_at=time(9), ends_at=time(17), city_en="Jakarta", city_ind="Jakarta")
    two_sessions(consultation)
    invitation = build.make_invitation(consultation)
    with translation.override(language):
        text = calendar.entry(invitation)
    (event,) = events_of(text)
    assert str(event["uid"]) == f"{consultation.uid}-{invitation.pk}@mufakat.example"
    first, opening, closing = str(event["description"]).split("\n")
    assert first == heading
    assert {"en": "Opening", "id": "Pembukaan"}[language] in opening
    assert "10:00–12:00 (Yangon, GMT+6:30)" in closing
    for secret in ("Hall of the venue", "call.example.org", invitation.token):
        assert secret not in text.replace("\r\n ", "")
    assert all_lines_fit(text)


def test_days_between_sessions_stay_free(db) -> None:
    consultation = in_may(begins_at=time(9), ends_at=time(17))
    two_sessions(consultation)
    (event,) = events_of(calendar.entry(build.make_invitation(consultation)))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2027, 5, 12), date(2027, 5, 15))
    assert (str(event["transp"]), "rrule" in event) == ("TRANSPARENT", False)


def test_days_that_are_all_taken_repeat_the_hours(db) -> None:
    day = date(2027, 5, 12)
    consultation = build.make_consultation(
        starts_on=day, ends_on=date(2027, 5, 13), begins_at=time(9), ends_at=time(17)
    )
    for number in range(2):
        session = build.make_session(consultation)
        session.starts_at += timedelta(days=number)
        session.ends_at += timedelta(days=number)
        session.save()
    (event,) = events_of(calendar.entry(build.make_invitation(consultation)))
    assert dict(event["rrule"]) == {"FREQ": ["DAILY"], "COUNT": [2]}
    assert str(event["transp"]) == "OPAQUE"


def test_one_day_lasts_from_the_first_session_to_the_last(db) -> None:
    day, zone = date(2027, 5, 12), ZoneInfo("Asia/Jakarta")
    consultation = build.make_consultation(starts_on=day, ends_on=day, begins_at=time(8), ends_at=time(18))
    build.make_session(consultation)
    starts = datetime(2027, 5, 12, 14, tzinfo=zone)
    build.make_session(consultation, starts_at=starts, ends_at=starts + timedelta(hours=2))
    (event,) = events_of(calendar.entry(build.make_invitation(consultation)))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (
        datetime(2027, 5, 12, 9, tzinfo=zone),
        datetime(2027, 5, 12, 16, tzinfo=zone),
    )


def test_one_session_of_one_day_is_the_whole(db) -> None:
    day = date(2027, 5, 12)
    consultation = build.make_consultation(starts_on=day, ends_on=day, city_en="Jakarta")
    session = build.make_session(consultation, city_en="Bandung")
    invitation = build.make_invitation(consultation)
    assert calendar.programme_file(invitation) == ""
    event = read(invitation)[1]
    assert (event.decoded("dtstart"), str(event["location"])) == (session.starts_at, "Bandung")
    assert str(event["uid"]) == f"{consultation.uid}-{invitation.pk}@mufakat.example"
    assert "description" not in event


def test_the_programme_is_published_and_asks_nobody(db) -> None:
    consultation = in_may()
    sessions = two_sessions(consultation)
    invitation = build.make_invitation(consultation)
    text = calendar.programme_file(invitation)
    assert text == calendar.invitation_file(invitation)
    assert str(Calendar.from_ical(text)["method"]) == "PUBLISH"
    assert "ATTENDEE" not in text
    whole = str(events_of(calendar.entry(invitation))[0]["uid"])
    uids = [str(one["uid"]) for one in events_of(text)]
    assert uids == [f"{one.uid}-{invitation.pk}@mufakat.example" for one in sessions]
    assert whole not in uids


def test_the_programme_of_what_was_cancelled_is_taken_out(db) -> None:
    consultation = in_may(state="cancelled", sequence=3)
    two_sessions(consultation)
    events = events_of(calendar.programme_file(build.make_invitation(consultation)))
    assert {(str(one["status"]), int(one["sequence"])) for one in events} == {("CANCELLED", 3)}

"""The calendar file, read back with the library that calendars use."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
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

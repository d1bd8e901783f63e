"""The public calendar: what is in it, that it never names anybody, stable entries, cheap repeats."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from consultations.models import Consultation
from tests import build
from tests.conftest import PEOPLE, as_person

FEED = "/en/calendar.ics"


def entries(response) -> dict[str, object]:
    """Return the entries of the file by the beginning of their UID."""
    calendar = Calendar.from_ical(response.content)
    events = list(calendar.walk("VEVENT"))
    found = {str(event["UID"]).split("@")[0]: event for event in events}
    assert len(found) == len(events)
    return found


def stem(consultation) -> str:
    """Return how the UIDs of its entries begin."""
    return f"consultation-{consultation.pk}"


def test_consultation_sessions_and_deadlines(db, visitor) -> None:
    consultation = build.make_consultation(title_en="Fees; and, passports", purpose_en="Words\nof it")
    session = build.make_session(consultation, time_zone="Asia/Dili", city_en="Dili")
    found = entries(visitor.get(FEED))
    key = stem(consultation)
    assert set(found) == {key, f"session-{session.pk}", f"{key}-answers", f"{key}-points"}
    whole = found[key]
    assert whole["SUMMARY"] == "Fees; and, passports"
    assert whole["DTSTART"].dt == consultation.starts_on
    assert whole["DTEND"].dt == consultation.ends_on + timedelta(days=1)
    assert whole["URL"].endswith(f"/en/consultations/{consultation.slug}/")
    assert (whole["STATUS"], whole["CLASS"], whole["LOCATION"]) == ("CONFIRMED", "PUBLIC", "Jakarta, ID")
    assert "Words\nof it" in whole["DESCRIPTION"]
    assert found[f"session-{session.pk}"]["DTSTART"].dt == session.starts_at.astimezone(UTC)
    assert found[f"{key}-answers"]["DTSTART"].dt == consultation.answer_by
    assert found[f"{key}-points"]["DTEND"].dt == consultation.input_closes.astimezone(UTC).replace(microsecond=0)


def test_one_day_with_hours_is_told_to_the_hour(db, visitor) -> None:
    consultation = build.make_consultation(begins_at=time(9), ends_at=time(17), time_zone="Asia/Dili")
    whole = entries(visitor.get(FEED))[stem(consultation)]
    assert whole["DTSTART"].dt == datetime.combine(consultation.starts_on, time(0), UTC)


def test_what_is_not_for_everybody_is_not_there(db, visitor) -> None:
    build.make_consultation(state="draft")
    build.make_consultation(discreet=True)
    build.make_consultation(
        ends_on=timezone.localdate() - timedelta(days=500), starts_on=timezone.localdate() - timedelta(days=500)
    )
    assert entries(visitor.get(FEED)) == {}


def test_discreet_is_in_nobodys_feed(cast) -> None:
    consultation = build.make_consultation(discreet=True, convenors=[cast.convenor])
    build.make_invitation(consultation, cast.organisation, state="accepted")
    assert {name: entries(as_person(getattr(cast, name)).get(FEED)) for name in PEOPLE} == {name: {} for name in PEOPLE}


def test_nobody_and_no_way_in_is_in_it(db, visitor) -> None:
    consultation = build.make_consultation(
        venue="Hall of Reeds", convenors=[build.make_convenor(full_name="Pak Convenor")]
    )
    hidden = build.make_organisation(name="Rahasia Kita", visibility="withheld")
    build.make_organiser(consultation, organisation=hidden, name="")
    build.make_invitation(consultation, hidden, state="accepted")
    build.make_session(
        consultation, venue="Room of Clay", call_link="https://call.example/secret", rapporteur_name="Ibu Sri"
    )
    body = visitor.get(FEED).content.decode()
    for word in (
        "Reeds",
        "Clay",
        "call.example",
        "ahasia",
        "Sri",
        "Pak Convenor",
        "ORGANIZER",
        "ATTENDEE",
        str(consultation.uid),
    ):
        assert word not in body


def test_a_change_replaces_and_a_cancellation_strikes_out(db, visitor) -> None:
    consultation = build.make_consultation()
    session = build.make_session(consultation)
    first = entries(visitor.get(FEED))
    Consultation.objects.filter(pk=consultation.pk).update(
        state="cancelled", version=2, cancelled_because_en="The hall burnt down", updated_at=timezone.now()
    )
    second = entries(visitor.get(f"{FEED}?again"))
    assert set(first) == set(second)
    assert {event["STATUS"] for event in second.values()} == {"CANCELLED"}
    assert second[f"session-{session.pk}"]["SEQUENCE"] > first[f"session-{session.pk}"]["SEQUENCE"]
    assert second[stem(consultation)]["DESCRIPTION"].startswith("The hall burnt down")


def test_per_country_and_per_language(db, visitor) -> None:
    here = build.make_consultation(title_en="Fees", title_ind="Biaya")
    there = build.make_consultation(country=build.make_country("TH"))
    assert {key for key in entries(visitor.get("/en/calendar/TH.ics")) if key.count("-") == 1} == {stem(there)}
    whole = entries(visitor.get("/id/calendar/ID.ics"))[stem(here)]
    assert whole["SUMMARY"] == "Biaya"
    assert whole["URL"].endswith(f"/id/consultations/{here.slug}/")
    calendar = Calendar.from_ical(visitor.get("/id/calendar/ID.ics").content)
    assert calendar["X-WR-CALNAME"] != Calendar.from_ical(visitor.get(FEED).content)["X-WR-CALNAME"]
    assert visitor.get("/en/calendar/XX.ics").status_code == 404


def test_a_repeat_costs_nothing(db, visitor, django_assert_num_queries) -> None:
    build.make_consultation()
    response = visitor.get(FEED)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"].startswith("public")
    assert response.cookies == {}
    with django_assert_num_queries(1):  # the log's end
        again = visitor.get(FEED, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same(db, visitor, count, django_assert_num_queries) -> None:
    for _index in range(count):
        build.make_session(build.make_consultation(), country=build.make_country("TL"))
    with django_assert_num_queries(4):  # the log's end, consultations, sessions, their countries
        visitor.get(FEED)


def test_it_round_trips(db, visitor) -> None:
    build.make_session(build.make_consultation(title_en="ព្រឹក " * 20))
    content = visitor.get(FEED).content
    assert Calendar.from_ical(Calendar.from_ical(content).to_ical()).to_ical() == Calendar.from_ical(content).to_ical()
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


def test_the_page_that_explains(db, visitor, django_assert_num_queries) -> None:
    build.make_consultation()
    build.make_consultation(discreet=True, country=build.make_country("TH"))
    with django_assert_num_queries(2):  # the log's end, countries
        body = visitor.get("/en/subscribe/").content.decode()
    assert "/en/calendar/ID.ics" in body
    assert "/en/calendar/TH.ics" not in body
    assert "webcal://" in body
    assert "/en/news.atom" in body


@pytest.mark.parametrize("page", ["/en/", "/en/consultations/", "/en/statements/"])
def test_pages_name_both_feeds(db, visitor, page) -> None:
    body = visitor.get(page).content.decode()
    assert 'type="application/atom+xml" href="/en/news.atom"' in body
    assert 'type="text/calendar" href="/en/calendar.ics"' in body

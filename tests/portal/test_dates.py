"""Dates as readers write them, in every language of the list, with the zone named."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from portal import clock, dates, languages

JAKARTA = datetime(2007, 5, 12, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "12 May 2007"),
        ("id", "12 Mei 2007"),
        ("vi", "12 tháng 5, 2007"),
        ("pt", "12 de maio de 2007"),
        ("tet", "12 de maio de 2007"),
    ],
)
def test_day(language: str, written: str) -> None:
    with translation.override(language):
        assert dates.day(date(2007, 5, 12)) == written


@pytest.mark.parametrize("language", [language.code for language in languages.LANGUAGES])
def test_every_language_of_the_list_has_dates_of_its_own(language: str) -> None:
    with translation.override(language):
        written = dates.day(date(2007, 5, 12))
    assert "2007" in written
    assert ("12 May" in written) == (language == "en")


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [
        (date(2006, 4, 22), date(2006, 4, 23), "22–23 Apr 2006"),
        (date(2007, 5, 12), date(2007, 5, 12), "12 May 2007"),
        (date(2007, 5, 12), None, "12 May 2007"),
    ],
)
def test_span(start: date, end: date | None, written: str) -> None:
    with translation.override("en"):
        assert dates.span(start, end) == written


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("Asia/Jakarta", "12 May 2007, 09:00 (WIB, GMT+7)"),
        ("Asia/Dili", "12 May 2007, 11:00 (Dili, GMT+9)"),
        ("Asia/Yangon", "12 May 2007, 08:30 (Yangon, GMT+6:30)"),
        ("Europe/Zurich", "12 May 2007, 04:00 (Zurich, GMT+2)"),
    ],
)
def test_moment_names_its_zone(zone: str, written: str) -> None:
    with translation.override("en"):
        assert dates.moment(JAKARTA, zone) == written


def test_the_day_is_the_same_for_a_reader_in_geneva_and_in_dili() -> None:
    """Invariant 9: the Jakarta workshop is on 12 May for everybody; its deadline ends with that day in Jakarta."""
    end = clock.end_of_day(date(2007, 5, 12), "Asia/Jakarta")
    assert end.astimezone(UTC) == datetime(2007, 5, 12, 16, 59, 59, tzinfo=UTC)
    with translation.override("en"):
        assert {dates.day(date(2007, 5, 12)) for _zone in ("Europe/Zurich", "Asia/Dili")} == {"12 May 2007"}

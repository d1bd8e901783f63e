"""Dates and times as a reader writes them, by CLDR: Django prints Burmese and Lao dates in English."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval
from django.utils import timezone, translation

# CLDR has no Tetum; Timor-Leste's other official language is Portuguese.
_INSTEAD = {"zh-hans": "zh_Hans", "tet": "pt", "en": "en_GB"}
_ZONE_NAMES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def locale(code: str | None = None) -> Locale:
    """Return the CLDR locale of a language code, English where there is none."""
    code = code or translation.get_language() or "en"
    try:
        return Locale.parse(_INSTEAD.get(code, code))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def day(value: date, code: str | None = None) -> str:
    """Return a date such as “12 May 2007”, in the given language or the one that is active."""
    return _long(value, code or translation.get_language() or "en")


@lru_cache(maxsize=4_096)
def _long(value: date, code: str) -> str:
    return format_date(value, "long", locale=locale(code))


def span(start: date, end: date | None, code: str | None = None) -> str:
    """Return one date, or two as an interval such as “22–23 April 2006”."""
    if end is None or end == start:
        return day(start, code)
    return format_interval(start, end, "yMMMd", locale=locale(code))


def moment(value: datetime, zone: str = "") -> str:
    """Return a date and time with the zone named, such as “12 May 2007, 09:00 (Jakarta, GMT+7)”."""
    info = ZoneInfo(zone) if zone else timezone.get_current_timezone()
    local = value.astimezone(info)
    return f"{day(local.date())}, {local:%H:%M} ({zone_name(local)})"


def hours(start: datetime, end: datetime, zone: str) -> str:
    """Return a date with both times and the zone named, such as “12 May 2007, 09:00–12:30 (WIB, GMT+7)”."""
    info = ZoneInfo(zone)
    first, last = start.astimezone(info), end.astimezone(info)
    until = f"{last:%H:%M}" if last.date() == first.date() else f"{day(last.date())}, {last:%H:%M}"
    return f"{day(first.date())}, {first:%H:%M}–{until} ({zone_name(first)})"


def zone_name(local: datetime) -> str:
    """Return the zone of an aware time: its city and its distance from Greenwich."""
    key = getattr(local.tzinfo, "key", "UTC")
    city = key.split("/")[-1].replace("_", " ")
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    offset = f"{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"
    return f"{_ZONE_NAMES.get(key, city)}, GMT{offset}"

"""The time by which deadlines are judged: the database's, not the web server's."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone


def database_now() -> datetime:
    """Return the database's current time, aware, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        value = cursor.fetchone()[0]
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """Return the last moment of the day in the zone: a deadline “12 May” ends with that day there."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=ZoneInfo(zone))


def today_here() -> date:
    """Return today's date where the task force sits. Mandates begin and end by it.

    Never by the reader's own zone: everybody may set that, and could stretch a mandate by a day.
    """
    return today_in(settings.TIME_ZONE)


def today_in(zone: str) -> date:
    """Return today's date in the zone."""
    return timezone.now().astimezone(ZoneInfo(zone)).date()

"""Reading the demonstration's files: texts in both languages, and days counted from the day of loading."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).resolve().parent
Facts = dict[str, Any]


def read(name: str) -> Facts:
    """Return the content of one file of this folder."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def both(field: str, text: dict[str, str] | None) -> dict[str, str]:
    """Return the columns of a multilingual field; without a text they stay empty."""
    text = text or {}
    return {f"{field}_en": text.get("en", ""), f"{field}_ind": text.get("id", "")}


def one(text: dict[str, str] | None, language: str = "en") -> str:
    """Return the text for a field of one language: Indonesian for those who write Indonesian, else English."""
    return (text or {}).get("id" if language == "id" else "en", "")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Turns the files' days into dates: `date` is a day of history, `day` counts from today."""

    today: date
    zone: str

    def day(self, count: int) -> date:
        """Return the date that many days from today; negative numbers lie in the past."""
        return self.today + timedelta(days=count)

    def of(self, facts: Facts, name: str = "day") -> date | None:
        """Return the date of a fact: `date` as it stands, or the named count of days; None where there is none."""
        if facts.get("date"):
            return date.fromisoformat(facts["date"])
        return None if facts.get(name) is None else self.day(facts[name])

    def at(self, day: date, hour: str) -> datetime:
        """Return the moment in the consultation's zone."""
        return datetime.combine(day, time.fromisoformat(hour), tzinfo=ZoneInfo(self.zone))


def add_missing(model: Any, key: str, rows: list[Any]) -> list[Any]:
    """Write the rows whose key is not there yet; return these new ones. What is there stays as it is."""
    there = set(model.objects.values_list(key, flat=True))
    return model.objects.bulk_create([row for row in rows if getattr(row, key) not in there])


def by_key(model: Any, key: str) -> dict[str, Any]:
    """Return all rows of a small table by their key."""
    return {getattr(row, key): row for row in model.objects.all()}

"""The plan of the demonstration: the official calendar, what the consultation works towards, its programme."""

from typing import Any
from zoneinfo import ZoneInfo

from consultations import actions
from consultations.models import Consultation, OfficialMeeting
from portal.demo.facts import Calendar, Facts, both, one, read
from portal.demo.register import Register


def plan(consultation: Consultation, facts: Facts, calendar: Calendar, register: Register) -> Consultation:
    """Give a consultation that is ahead everything that a plan has; return it as it now stands."""
    plans, by = read("plan"), register.convenors[0]
    meetings = _meetings(plans, calendar, by)
    consultation = actions.change_consultation(
        consultation,
        by=by,
        version=consultation.version,
        target=meetings[plans["target"]],
        corrections_until=calendar.day(plans["corrections_day"]),
        reminder_days="5 2",
        **both("own_promise", facts["promise"]),
        **both("resting_on", facts["mandate"]),
    )
    for line in plans["sessions"]:
        _session(consultation, line, by)
    consultation.refresh_from_db()
    return consultation


def plan_next(consultation: Consultation, calendar: Calendar) -> None:
    """Say when the next one of the series is due: its planning begins now."""
    Consultation.objects.filter(pk=consultation.pk).update(next_due_on=calendar.day(read("plan")["next_due_day"]))


def _meetings(plans: Facts, calendar: Calendar, by: Any) -> dict[str, OfficialMeeting]:
    bodies = OfficialMeeting._meta.get_field("body").related_model.objects.in_bulk(field_name="slug")
    return {line["key"]: _meeting(line, one(plans["note"]), calendar, bodies, by) for line in plans["meetings"]}


def _meeting(line: Facts, source: str, calendar: Calendar, bodies: dict[str, Any], by: Any) -> OfficialMeeting:
    """Return the meeting; what an earlier loading or a convenor wrote stays."""
    there = OfficialMeeting.objects.filter(name_en=line["name"]["en"], city_en=line["city"]["en"]).first()
    return there or actions.note_meeting(
        by=by,
        body=bodies.get(line["body"]),
        country_id=line["country"],
        starts_on=calendar.day(line["start_day"]),
        ends_on=calendar.day(line["end_day"]),
        papers_by=calendar.of(line, "papers_day"),
        source=source,
        **both("name", line["name"]),
        **both("city", line["city"]),
    )


def _session(consultation: Consultation, line: Facts, by: Any) -> None:
    clock = Calendar(consultation.starts_on, line["time_zone"])
    session = actions.add_session(
        consultation,
        by=by,
        starts_at=clock.at(consultation.starts_on, line["from"]).astimezone(ZoneInfo("UTC")),
        ends_at=clock.at(consultation.starts_on, line["to"]).astimezone(ZoneInfo("UTC")),
        **{name: line[name] for name in ("time_zone", "mode", "interpreters", "closed")},
        country_id=line.get("country"),
        **both("title", line["title"]),
        **both("city", line.get("city")),
    )
    for words in line["items"]:
        actions.add_item(session, by=by, **both("title", words))

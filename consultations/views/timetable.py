"""The programme as it is read: by day, each session in its own zone, the way in only for those who take part."""

from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from consultations.models import Consultation, Paper, Session
from portal import dates, languages


def programme_of(
    consultation: Consultation, *, inside: bool, own_zone: bool, papers: list[Paper]
) -> list[dict[str, Any]]:
    """Return the days with their sessions. `inside` adds the venue, the way into the call, and what came out.

    `own_zone`: the reader has an account, and with it a zone; anybody else reads in the session's.
    """
    by_session: dict[int | None, list[Paper]] = {}
    for paper in papers:
        by_session.setdefault(paper.session_id, []).append(paper)
    rows = [
        {
            **_session(one, inside=inside),
            "own": _own_time(one) if own_zone else "",
            "papers": by_session.get(one.pk, []),
        }
        for one in consultation.sessions.for_programme()
    ]
    return [{"day": day, "sessions": list(listed)} for day, listed in groupby(rows, key=lambda row: row["day"])]


def _session(session: Session, *, inside: bool) -> dict[str, Any]:
    zone = ZoneInfo(session.time_zone)
    begins, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    place = ", ".join(str(part) for part in (session.city, session.country) if part)
    return {
        "session": session,
        "day": begins.date(),
        "hours": f"{begins:%H:%M}–{ends:%H:%M}",
        "zone": dates.zone_name(begins),
        "place": place,
        "languages": [{"code": code, "name": languages.own_name(code)} for code in session.languages],
        "items": session.items.all(),
        "venue": session.venue if inside else "",
        "call_link": session.call_link if inside else "",
        "output": session.output if inside and session.output_at else "",
    }


def _own_time(session: Session) -> str:
    """Return the beginning in the reader's zone where that is another time."""
    there = session.starts_at.astimezone(ZoneInfo(session.time_zone))
    here = session.starts_at.astimezone(timezone.get_current_timezone())
    return "" if here.utcoffset() == there.utcoffset() else dates.moment(session.starts_at)

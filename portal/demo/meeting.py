"""The day itself of the concluded consultation: sessions, who came, what came out, minutes open for corrections."""

import uuid
from datetime import timedelta
from itertools import cycle
from typing import Any

from consultations.models import AgendaItem, Consultation, Correction, Minutes, Presence, Seat, Session
from portal.demo.facts import Calendar, Facts, both, read
from portal.demo.register import Register


def meet(consultation: Consultation, facts: Facts, calendar: Calendar, register: Register) -> None:
    """Write down the day. No mail leaves and nobody did it: it is loaded with the consultation."""
    told = read("meeting")
    sessions = list(consultation.sessions.all()) or _sessions(consultation, told, calendar, facts["start_day"])
    _report(sessions, told, calendar, facts["start_day"], register)
    if not consultation.delegates.exists():
        seats = _delegates(consultation, facts, told, register) + _officials(consultation, told, register)
        _arrive(seats, sessions, calendar.at(calendar.day(facts["start_day"]), "08:40"), register)
    _take_minutes(consultation, told, calendar, facts["concluded_day"], register)


def _sessions(consultation: Consultation, told: Facts, calendar: Calendar, day: int) -> list[Session]:
    made = []
    for position, row in enumerate(told["sessions"]):
        session = Session.objects.create(
            consultation=consultation,
            position=position,
            starts_at=calendar.at(calendar.day(day), row["start"]),
            ends_at=calendar.at(calendar.day(day), row["end"]),
            time_zone=calendar.zone,
            mode=consultation.mode,
            venue=consultation.venue,
            closed=row.get("closed", False),
            **both("title", row["title"]),
        )
        items = [
            AgendaItem(session=session, position=number, **both("title", item["title"]))
            for number, item in enumerate(row["items"])
        ]
        AgendaItem.objects.bulk_create(items)
        made.append(session)
    return made


def _report(sessions: list[Session], told: Facts, calendar: Calendar, day: int, register: Register) -> None:
    """Name rapporteurs; the last session's output is still awaited, so that a desk has something to do."""
    for session, row in zip(sessions, told["sessions"], strict=False):
        session.rapporteur = register.people.get(row["rapporteur"])
        session.output = row.get("output", "")
        session.output_at = calendar.at(calendar.day(day), "17:00") if session.output else None
        session.save(update_fields=["rapporteur", "output", "output_at"])


def _delegates(consultation: Consultation, facts: Facts, told: Facts, register: Register) -> list[Seat]:
    """One seat for each that was accepted: who speaks for the organisation first, made-up names after."""
    present = {row["organisation"]: row.get("seats_present") or 0 for row in facts["invitations"]}
    names, seats = cycle(told["names"]), []
    accepted = consultation.invitations.filter(state="accepted").select_related("organisation").order_by("pk")
    for invitation in accepted:
        organisation, came = invitation.organisation, present.get(invitation.organisation.slug, 0)
        for number in range(invitation.seats_accepted):
            user = register.speakers.get(organisation.pk) if number == 0 else None
            seats.append(
                Seat(
                    consultation=consultation,
                    invitation=invitation,
                    organisation=organisation,
                    user=user,
                    full_name=user.full_name if user else next(names),
                    state="present" if number < came else "excused",
                    listing="nobody" if organisation.visibility == "withheld" else "name" if user else "organisation",
                )
            )
    return _written(seats)


def _officials(consultation: Consultation, told: Facts, register: Register) -> list[Seat]:
    seats = []
    for row in told["officials"]:
        body = register.bodies.get(row["body"])
        seats.append(
            Seat(
                consultation=consultation,
                body=body,
                full_name=row["name"],
                office=row["office"],
                part=row["part"],
                bench=row["bench"],
                state="present",
                walk_in=True,
                listing="organisation",
            )
        )
    return _written(seats)


def _written(seats: list[Seat]) -> list[Seat]:
    for seat in seats:
        seat.save(force_insert=True)
    return seats


def _arrive(seats: list[Seat], sessions: list[Session], at: Any, register: Register) -> None:
    by, rows = register.convenors[0], []
    for minute, seat in enumerate(one for one in seats if one.state == "present"):
        seat.arrived_at = at + timedelta(minutes=minute)
        seat.save(update_fields=["arrived_at"])
        rows += [
            Presence(seat=seat, session=session, at=max(seat.arrived_at, session.starts_at), by=by, key=uuid.uuid4())
            for session in sessions
            if not (session.closed and seat.part == "observer")
        ]
    Presence.objects.bulk_create(rows)


def _take_minutes(consultation: Consultation, told: Facts, calendar: Calendar, day: int, register: Register) -> None:
    words = cycle(told["minutes"])
    items = list(AgendaItem.objects.filter(session__consultation=consultation).order_by("session__starts_at", "pk"))
    for item in items:
        item.minutes, item.version = item.minutes or next(words), item.version + 1
        item.save(update_fields=["minutes", "version"])
    minutes = Minutes.objects.create(
        consultation=consultation,
        state="circulated",
        circulated_at=calendar.at(calendar.day(day + 2), "10:00"),
        corrections_until=calendar.day(told["corrections_until_day"]),
    )
    for row in told["corrections"]:
        organisation = register.organisations[row["organisation"]]
        Correction.objects.create(
            minutes=minutes,
            item=items[row["item"]] if row["item"] < len(items) else None,
            organisation=organisation,
            text=row["text"],
            outcome=row["outcome"],
            reason=row.get("reason", ""),
            by=register.speakers.get(organisation.pk, register.convenors[0]),
            at=calendar.at(calendar.day(day + 3), "11:00"),
        )

"""As `trying`, with the arrangements: the door, outputs of sessions, minutes."""

import json
import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from consultations.models import Correction, Minutes, Presence
from tests import build
from tests.portal.arranging import SUBJECTS, arranges, put
from tests.portal.trying import SLUG, Attempt, Sight, at, page_of, seen
from tests.portal.world import World

Tried = tuple[str, dict[str, Any]]
DELEGATE = "Delegate Of The Day"


@arranges("seat")
def seat(world: World, state: str, _chosen: str) -> None:
    """The last day is today, and somebody else is expected who has come already."""
    put(world.consultation, ends_on=timezone.localdate())
    put(world.invitation, state="accepted", seats_accepted=2)
    world.seat = build.make_seat(world.invitation, state=state, full_name=DELEGATE, listing="name")
    other = world.consultation.invitations.get(organisation=world.participating)
    world.other_seat = build.make_seat(other, state="present")
    if state == "present":
        Presence.objects.create(seat=world.seat, at=timezone.now(), by=world.people["convenor"])


@arranges("output of a session")
def output(world: World, state: str, _chosen: str) -> None:
    world.session = build.make_session(world.consultation, title_en="Session Of The Day")
    world.session.rapporteur = world.people["lead"] if state == "the lead reports" else None
    world.session.save()
    if state == "of what was cancelled":
        put(world.consultation, state="cancelled")
    world.session.consultation = world.consultation


@arranges("minutes")
def minutes(world: World, state: str, chosen: str) -> None:
    """The own organisation came, the participant accepted; one correction waits where its day is not over."""
    today = timezone.localdate()
    put(world.invitation, state="accepted")
    build.make_seat(world.invitation, state="present")
    world.point = build.make_agenda_item(build.make_session(world.consultation), minutes="Words of the minutes")
    until = today - timedelta(days=3) if chosen or state in {"approved", "locked"} else today + timedelta(days=1)
    world.minutes = Minutes.objects.create(consultation=world.consultation, state=state, corrections_until=until)
    world.correction = Correction.objects.create(
        minutes=world.minutes,
        organisation=world.own,
        text="Words of the correction",
        outcome="taken" if chosen else "open",
        by=world.people["lead"],
    )


SUBJECTS.update(
    {
        "seat": lambda world: world.consultation,
        "output of a session": lambda world: world.session,
        "minutes": lambda world: world.minutes,
    }
)


def at_door(name: str, **data: Any) -> Attempt:
    """Try a form of the door about the seat."""
    return lambda world: (at(name, world.consultation.slug), {"seat": world.seat.pk, **data})


def synced(world: World) -> Tried:
    rows = [{"key": str(uuid.uuid4()), "seat": world.seat.pk, "session": "", "at": timezone.now().isoformat()}]
    return at("door_sync", world.consultation.slug), {"arrivals": json.dumps(rows)}


def replaced(world: World) -> Tried:
    return at("door_substitute", world.consultation.slug, world.seat.pk), {"full_name": "Heir", "listing": "nobody"}


def joined(world: World) -> Tried:
    return at("attendance_join", world.consultation.slug, world.seat.pk), {"other": world.other_seat.pk}


def rewritten(world: World) -> Tried:
    data = {"full_name": "Newer", "part": "delegate", "mode": "on-site", "listing": "nobody"}
    return at("attendance_change", world.consultation.slug, world.seat.pk), data


def walked_in(world: World) -> Tried:
    data = {"full_name": "Newcomer", "bench": "workers", "part": "delegate", "mode": "on-site", "listing": "nobody"}
    return at("door_walk_in", world.consultation.slug), data


def handed_in(world: World) -> Tried:
    data = {"version": world.session.version, "output": "Agreed"}
    return at("output_edit", world.consultation.slug, world.session.pk), data


def named(world: World) -> Tried:
    return at("rapporteur_name", world.consultation.slug, world.session.pk), {"rapporteur_name": "Pak Amir"}


def written(world: World) -> Tried:
    data = {"version": world.point.version, "minutes": "Newer"}
    return at("minutes_edit", world.consultation.slug, world.point.pk), data


def moved(verb: str) -> Attempt:
    """Try a step of the minutes."""
    return lambda world: (at("minutes_move", world.consultation.slug, verb), {})


def circulated(world: World) -> Tried:
    until = timezone.localdate() + timedelta(days=2)
    return at("minutes_circulate", world.consultation.slug), {"corrections_until": until}


def corrected(world: World) -> Tried:
    data = {"organisation": world.own.pk, "item": world.point.pk, "text": "Say it so"}
    return at("correction_create", world.consultation.slug), data


def settled(world: World) -> Tried:
    return at("correction_settle", world.consultation.slug, world.correction.pk), {"outcome": "taken"}


ATTEMPTS: dict[str, Attempt] = {
    "seat.arrive": at_door("door_check_in"),
    "seat.arrive without a line": synced,
    "seat.undo_arrival": at_door("door_undo"),
    "seat.substitute": replaced,
    "seat.excuse": at_door("attendance_mark", verb="excuse"),
    "seat.miss": at_door("attendance_mark", verb="miss"),
    "seat.mark the missing ones": lambda world: (at("attendance_close", world.consultation.slug), {}),
    "seat.write somebody down": walked_in,
    "seat.change what is written": rewritten,
    "seat.join with another seat": joined,
    "output of a session.name the rapporteur": named,
    "output of a session.hand in": handed_in,
    "minutes.write": written,
    "minutes.circulate": circulated,
    "minutes.take_back": moved("take-back"),
    "minutes.approve": moved("approve"),
    "minutes.lock": moved("lock"),
    "minutes.ask for a correction": corrected,
    "minutes.settle a correction": settled,
}

SIGHTS: dict[str, Sight] = {
    "seat.see": seen(
        lambda _world: DELEGATE,
        page_of("attendance", SLUG),
        page_of("attendance_sheet", SLUG),
        page_of("door_list", SLUG),
        lambda world: at("door", world.consultation.slug) + "?q=Delegate",
        page_of("consultation_detail", SLUG),
        page_of("desk"),
    ),
    "seat.print its badge": seen(lambda _world: DELEGATE, page_of("badge_sheet", SLUG)),
    "output of a session.see the list": seen(lambda _world: "Session Of The Day", page_of("output_list", SLUG)),
    "minutes.see": seen(
        lambda _world: "Words of the minutes",
        page_of("minutes_detail", SLUG),
        page_of("consultation_detail", SLUG),
        page_of("desk"),
    ),
}

"""As `trying`: the verbs of the plan, of the programme, and of the official calendar."""

from typing import Any

from django.utils import timezone

from tests import build
from tests.portal.arranging import SUBJECTS, arranges
from tests.portal.arranging import consultation as arrange_consultation
from tests.portal.trying import Attempt, Sight, at, here, page_of, seen
from tests.portal.world import World

Tried = tuple[str, dict[str, Any]]
CASES = {
    "of a draft": ("draft", "open"),
    "of an announced one": ("announced", "open"),
    "of a discreet one": ("announced", "discreet"),
    "of a concluded one": ("concluded", "open"),
}


@arranges("session of the programme")
def session_of(world: World, state: str, _chosen: str) -> None:
    """A session with two points, of a consultation in the state."""
    arrange_consultation(world, *CASES[state])
    world.session = build.make_session(world.consultation, title_en="Words of the session")
    world.points = [build.make_agenda_item(world.session, position=place) for place in range(2)]


@arranges("official meeting")
def meeting(world: World, _state: str, _chosen: str) -> None:
    """One that is ahead."""
    world.meeting = build.make_meeting(name_en="Words of the meeting")


def sitting(world: World, **values: Any) -> dict[str, Any]:
    """Return what is typed about a session of the first day."""
    when = {"day": world.consultation.starts_on, "begins": "14:00", "ends": "15:00", "time_zone": "Asia/Jakarta"}
    return {"title_en": "New words", "mode": "on-site", **when, **values}


def changed_session(world: World) -> Tried:
    """Change the words alone: hours are moved elsewhere once people were invited."""
    session = world.session
    data = sitting(world, begins="09:00", ends="12:00", version=session.version)
    return at("session_edit", world.consultation.slug, session.pk), data


def about_session(name: str, **data: Any) -> Attempt:
    """Try a route of the session."""
    return lambda world: (at(name, world.consultation.slug, world.session.pk), data)


def about_point(name: str, **data: Any) -> Attempt:
    """Try a route of the second point."""

    def attempt(world: World) -> Tried:
        point = world.points[1]
        return at(name, world.consultation.slug, world.session.pk, point.pk), {"version": point.version, **data}

    return attempt


def moved(world: World) -> Tried:
    """Hold it online."""
    one = world.consultation
    days = {"starts_on": one.starts_on, "ends_on": one.ends_on, "time_zone": one.time_zone}
    data = {**days, "mode": "online", "city_en": one.city_en, "venue": one.venue, "version": one.version}
    return at("consultation_move", one.slug), data


def left(world: World) -> Tried:
    """Leave two behind."""
    if world.consultation.convenors.count() < 3:
        world.consultation.convenors.add(build.make_convenor(full_name="Third Convenor"))
    return at("consultation_leave", world.consultation.slug), {}


def copied(world: World) -> Tried:
    """Plan the next one."""
    day = world.consultation.starts_on + timezone.timedelta(days=364)
    return at("consultation_copy", world.consultation.slug), {"starts_on": day}


def met(name: str) -> Attempt:
    """Write a meeting down, or change it."""

    def attempt(world: World) -> Tried:
        data = {"name_en": "New words", "starts_on": timezone.localdate(), "ends_on": timezone.localdate()}
        arguments = [world.meeting.pk] if name == "meeting_edit" else []
        return at(name, *arguments), {**data, "version": world.meeting.version}

    return attempt


ATTEMPTS: dict[str, Attempt] = {
    "consultation.add a session": lambda world: (at("session_create", world.consultation.slug), sitting(world)),
    "consultation.move": moved,
    "consultation.cancel": here("consultation_cancel", cancelled_because_en="The hall is gone"),
    "consultation.leave": left,
    "consultation.copy": copied,
    "session of the programme.change": changed_session,
    "session of the programme.take out": about_session("session_remove"),
    "session of the programme.add a point": about_session("agenda_item_create", title_en="New words"),
    "session of the programme.change a point": about_point("agenda_item_edit", title_en="New words"),
    "session of the programme.shift a point": about_point("agenda_item_shift", to="up"),
    "session of the programme.take a point off": about_point("agenda_item_remove"),
    "official meeting.write down": met("meeting_create"),
    "official meeting.change": met("meeting_edit"),
}

SIGHTS: dict[str, Sight] = {
    "consultation.see the programme": seen(lambda _world: 'id="main"', page_of("programme_edit", "consultation.slug")),
    "official meeting.see the calendar": seen(lambda _world: "Words of the meeting", page_of("meeting_list")),
}
SUBJECTS |= {"session of the programme": lambda world: world.session, "official meeting": lambda world: world.meeting}

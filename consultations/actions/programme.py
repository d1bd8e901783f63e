"""The programme: sessions, and the points of their agenda. Two editors of one thing never lose each other's words."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations.actions.planning import demand_open, is_inside, write_changed
from consultations.models import AgendaItem, Consultation, Session
from portal import log
from portal.models import User
from portal.states import Conflict, Refusal

# What is moved with the consultation once people know of it.
MOVING = frozenset({"starts_at", "ends_at", "time_zone", "mode", "city_en", "city_ind"})
IN_CALENDAR = MOVING | {"title_en", "title_ind"}
MOST_SESSIONS = 60
MOST_ITEMS = 60


def _open(consultation: Consultation) -> Consultation:
    consultation = Consultation.locked(consultation.pk)
    demand_open(consultation)
    return consultation


def _locked(row: Any) -> Any:
    """Return the row, locked. Raises Refusal where somebody took it out meanwhile."""
    found = type(row).objects.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise Refusal(_("Somebody took this out of the programme meanwhile."))
    return found


def demand_inside(consultation: Consultation, session: Session) -> None:
    """Raise Refusal for a session that ends before it begins, or lies outside the days of the consultation."""
    if session.ends_at <= session.starts_at:
        raise Refusal(_("It ends before it begins."), field="ends")
    if not is_inside(consultation, session):
        raise Refusal(_("This day is outside the days of the consultation."), field="day")


@transaction.atomic
def add_session(consultation: Consultation, *, by: User, **values: Any) -> Session:
    """Add a session. Raises Refusal outside the consultation's days."""
    consultation = _open(consultation)
    there = consultation.sessions.count()
    if there >= MOST_SESSIONS:
        raise Refusal(_("Up to %(most)d sessions are possible.") % {"most": MOST_SESSIONS})
    session = Session(consultation=consultation, position=there, **values)
    demand_inside(consultation, session)
    session.save(force_insert=True)
    _renumber_calendar(consultation)
    log.record("add_session", session, by=by, topic=consultation)
    return session


@transaction.atomic
def change_session(session: Session, *, by: User, version: int, **values: Any) -> Session:
    """Write new values. Raises Conflict when somebody else changed it since `version`.

    Raises Refusal when people were invited and it would be another day, hour or place: that is moving.
    """
    consultation = _open(session.consultation)
    session = _locked(session)
    if session.version != version:
        raise Conflict(session)
    changed = write_changed(session, values).keys()
    if not changed:
        return session
    if changed & MOVING and consultation.invitations.concerned().exists():
        raise Refusal(_("Invitations are out: move it with the consultation, so that everybody is told."), field="day")
    demand_inside(consultation, session)
    session.version += 1
    session.save(update_fields=[*changed, "version"])
    if changed & IN_CALENDAR:
        _renumber_calendar(consultation)
    log.record("change_session", session, by=by, topic=consultation, detail=" ".join(sorted(changed))[:200])
    return session


@transaction.atomic
def remove_session(session: Session, *, by: User) -> Consultation:
    """Take a session out, with its agenda. Raises Refusal when people were invited to it, or were there."""
    consultation = _open(session.consultation)
    session = _locked(session)
    if consultation.invitations.concerned().exists():
        raise Refusal(_("Invitations are out: take it out on the page that moves the consultation."))
    demand_removable(session)
    log.record("remove_session", session, by=by, topic=consultation)
    session.delete()
    _renumber_calendar(consultation)
    return consultation


def demand_removable(session: Session) -> None:
    """Raise Refusal where something is on record about the session that would go with it."""
    if session.presences.exists() or session.output or session.items.exclude(minutes="").exists():
        raise Refusal(_("Attendance, minutes or an outcome of this session are on record. It stays."))


def _renumber_calendar(consultation: Consultation) -> None:
    """Calendars take over a file with a higher number only."""
    consultation.sequence += 1
    consultation.save(update_fields=["sequence", "updated_at"])


@transaction.atomic
def add_item(session: Session, *, by: User, **values: Any) -> AgendaItem:
    """Add a point at the end of the session's agenda."""
    consultation = _open(session.consultation)
    numbers = list(session.items.values_list("position", flat=True))
    if len(numbers) >= MOST_ITEMS:
        raise Refusal(_("Up to %(most)d points are possible.") % {"most": MOST_ITEMS})
    item = AgendaItem.objects.create(session=session, position=max(numbers, default=-1) + 1, **values)
    log.record("add_item", item, by=by, topic=consultation)
    return item


@transaction.atomic
def change_item(item: AgendaItem, *, by: User, version: int, **values: Any) -> AgendaItem:
    """Write new words. Raises Conflict when somebody else changed the point since `version`."""
    consultation = _open(item.session.consultation)
    item = _locked(item)
    if item.version != version:
        raise Conflict(item)
    changed = write_changed(item, values)
    if not changed:
        return item
    item.version += 1
    item.save(update_fields=[*changed, "version"])
    log.record("change_item", item, by=by, topic=consultation)
    return item


@transaction.atomic
def shift_item(item: AgendaItem, *, by: User, up: bool) -> AgendaItem:
    """Exchange the point with the one above or below it. At the end of the list nothing changes."""
    consultation = _open(item.session.consultation)
    items = list(AgendaItem.objects.select_for_update().filter(session=item.session_id))
    place = next((place for place, one in enumerate(items) if one.pk == item.pk), None)
    if place is None:
        raise Refusal(_("This point is no longer on the agenda."))
    other = place + (-1 if up else 1)
    if not 0 <= other < len(items):
        return items[place]
    items[place], items[other] = items[other], items[place]
    for position, one in enumerate(items):
        one.position = position
    AgendaItem.objects.bulk_update(items, ["position"])
    log.record("shift_item", item, by=by, topic=consultation)
    return items[other]


@transaction.atomic
def remove_item(item: AgendaItem, *, by: User) -> None:
    """Take a point off the agenda. Raises Refusal once there are minutes of it."""
    consultation = _open(item.session.consultation)
    item = _locked(item)
    if item.minutes:
        raise Refusal(_("There are minutes of this point. It stays."))
    log.record("remove_item", item, by=by, topic=consultation)
    item.delete()

"""The door: who came, who sits in for whom, who walked in, who was excused or stayed away."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.actions.forgetting import forget_in_answers
from consultations.models import Consultation, Invitation, Presence, Seat, Session
from consultations.querysets import HIDDEN_INVITATIONS, bench_of
from consultations.states import SeatPart
from portal import clock, log
from portal.models import User
from portal.states import Refusal
from stakeholders.models import Organisation, PublicBody
from stakeholders.states import Bench

DOOR_STATES = frozenset({"announced", "in_session", "concluded"})
KEPT_OUT = frozenset({Bench.OBSERVER, Bench.MEDIA})
SKEW = timedelta(minutes=2)  # by which a telephone's clock may be ahead of ours


@dataclass(frozen=True, slots=True)
class Arrival:
    """One arrival as a telephone kept it, under the telephone's own key."""

    key: uuid.UUID
    seat: int
    session: int | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one arrival: written, known already, unknown, or refused with a reason."""

    key: uuid.UUID
    outcome: str
    reason: Any = ""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody whom the door's list does not name, as the door writes them down."""

    full_name: str
    bench: str = ""
    part: str = SeatPart.DELEGATE
    organisation: Organisation | None = None
    body: PublicBody | None = None
    office: str = ""
    mode: str = "on-site"
    listing: str = "organisation"


def at_door(consultation: Consultation) -> Consultation:
    """Return the consultation, locked. Raises Refusal where nobody can have come: too early, cancelled, archived."""
    consultation = Consultation.locked(consultation.pk)
    if consultation.state not in DOOR_STATES:
        raise Refusal(_("The door is not open: the consultation is not announced, or it was cancelled or archived."))
    if clock.today_in(consultation.time_zone) < consultation.starts_on:
        raise Refusal(_("The first day has not come yet."))
    return consultation


@transaction.atomic
def record_arrivals(consultation: Consultation, *, by: User, arrivals: Iterable[Arrival]) -> list[Receipt]:
    """Write down a batch of arrivals; answer for each key. The same key, or the same person, twice is one presence.

    One arrival that cannot be written stops no other. The consultation is locked first: so two telephones that
    check in the same person at once are answered one after the other.
    """
    consultation, arrivals = at_door(consultation), list(arrivals)
    seats = {seat.pk: seat for seat in _seats_of(consultation).filter(pk__in={one.seat for one in arrivals})}
    sessions = consultation.sessions.in_bulk()
    receipts, written = [], 0
    for arrival in arrivals:
        seat, session = seats.get(arrival.seat), sessions.get(arrival.session)
        receipt = _receive(consultation, seat, session, arrival, by)
        receipts.append(receipt)
        written += receipt.outcome == "written"
    if written:
        log.record("arrive", consultation, by=by, detail=f"{written}")
    return receipts


def _seats_of(consultation: Consultation) -> Any:
    return consultation.delegates.select_related("invitation", "body", "organisation").prefetch_related(
        "organisation__groups"
    )


def _receive(
    consultation: Consultation, seat: Seat | None, session: Session | None, arrival: Arrival, by: User
) -> Receipt:
    if seat is None or (arrival.session is not None and session is None):
        return Receipt(arrival.key, "unknown", _("This seat is not on the list any more."))
    there = Q(key=arrival.key) | Q(seat=seat, session=session)
    if Presence.objects.filter(there).exists():
        return Receipt(arrival.key, "known")
    try:
        _let_in(seat, session)
    except Refusal as refusal:
        return Receipt(arrival.key, "refused", refusal.reason)
    _seat_person(consultation, seat, session, by=by, at=_believable(consultation, arrival.at), key=arrival.key)
    return Receipt(arrival.key, "written")


def _let_in(seat: Seat, session: Session | None) -> None:
    """Raise Refusal for a seat that somebody else has, and for observers and media before a closed session."""
    if seat.state == "substituted":
        raise Refusal(_("Somebody else sits in this seat now."))
    if session and session.closed and (seat.part == SeatPart.OBSERVER or bench_of(seat) in KEPT_OUT):
        raise Refusal(_("This session is closed: observers and media are not let in."))


def _believable(consultation: Consultation, at: datetime | None) -> datetime:
    """Return the telephone's time, unless it lies ahead of us or before the first day: then ours."""
    now = timezone.now()
    opens = datetime.combine(consultation.starts_on, time(), ZoneInfo(consultation.time_zone))
    return at if at and opens <= at <= now + SKEW else now


def _seat_person(
    consultation: Consultation, seat: Seat, session: Session | None, *, by: User, at: datetime, key: uuid.UUID
) -> None:
    """Write the person's presence on every seat of theirs: who speaks for two organisations is there for both."""
    others = consultation.delegates.filter(person_key=seat.person_key).exclude(pk=seat.pk).exclude(state="substituted")
    for one in (seat, *others):
        own_key = key if one.pk == seat.pk else uuid.uuid4()
        Presence.objects.get_or_create(seat=one, session=session, defaults={"at": at, "by": by, "key": own_key})
        if one.state != "present":
            one.move("arrive", arrived_at=at)


def check_in(seat: Seat, *, by: User, session: Session | None = None, key: uuid.UUID | None = None) -> Receipt:
    """Write down that one person has come. Raises Refusal where they are not let in."""
    arrival = Arrival(key or uuid.uuid4(), seat.pk, session.pk if session else None)
    receipt = record_arrivals(seat.consultation, by=by, arrivals=[arrival])[0]
    if receipt.outcome in {"refused", "unknown"}:
        raise Refusal(receipt.reason)
    return receipt


@transaction.atomic
def undo_arrival(seat: Seat, *, by: User, session: Session | None = None) -> Seat:
    """Take back a slip of the finger: at one session, or altogether. Raises Refusal where nothing is to take back."""
    consultation = at_door(seat.consultation)
    seat = Seat.locked(seat.pk)
    seat.demand("undo_arrival")
    for one in consultation.delegates.filter(person_key=seat.person_key, state="present"):
        there = one.presences.filter(session=session) if session else one.presences.all()
        there.delete()
        if not one.presences.exists():
            one.move("undo_arrival", arrived_at=None)
    log.record("undo_arrival", seat, by=by, topic=consultation)
    seat.refresh_from_db()
    return seat


@transaction.atomic
def walk_in(consultation: Consultation, *, by: User, who: Newcomer, session: Session | None = None) -> Seat:
    """Give a seat to somebody whom the list does not name, and check them in.

    Raises Refusal for an organisation that is never seated, or not at the table, and before a closed session.
    """
    consultation = at_door(consultation)
    _demand_seated(who.organisation)
    invitation = _invitation_of(consultation, who)
    seat = Seat(
        consultation=consultation,
        invitation=invitation,
        walk_in=not (invitation and _has_room(invitation)),
        **{name: getattr(who, name) for name in Newcomer.__dataclass_fields__},
    )
    _let_in(seat, session)
    seat.code = free_code(consultation, seat.code)
    seat.save(force_insert=True)
    _seat_person(consultation, seat, session, by=by, at=timezone.now(), key=uuid.uuid4())
    log.record("walk_in", seat, by=by, topic=consultation)
    return seat


def _demand_seated(organisation: Organisation | None) -> None:
    if organisation and not Organisation.objects.invitable().filter(pk=organisation.pk).exists():
        raise Refusal(
            _("This organisation is not at the table: it is not verified, or its group is never seated."),
            field="organisation",
        )


def _invitation_of(consultation: Consultation, who: Newcomer) -> Invitation | None:
    if not (who.organisation or who.body):
        return None
    sent = consultation.invitations.exclude(state__in=HIDDEN_INVITATIONS)
    return sent.filter(organisation=who.organisation, body=None if who.organisation else who.body).first()


def _has_room(invitation: Invitation) -> bool:
    """Whether the invited said yes to more seats than they named people for."""
    named = invitation.delegates.exclude(state="substituted").count()
    return invitation.state == "accepted" and named < invitation.seats_accepted


def free_code(consultation: Consultation, code: str) -> str:
    """Return the code, or another one where a badge of this consultation has it already."""
    while consultation.delegates.filter(code=code).exists():
        code = Seat._meta.get_field("code").get_default()
    return code


@transaction.atomic
def substitute_at_door(
    seat: Seat, *, by: User, full_name: str, office: str = "", session: Session | None = None, listing: str = ""
) -> Seat:
    """Let somebody else sit in the seat, and check them in. The seat stays the organisation's; the first one's data go.

    Raises Refusal where the delegate has come already.
    """
    consultation = at_door(seat.consultation)
    seat = Seat.locked(seat.pk)
    seat.demand("substitute")
    kept = ("invitation", "organisation", "body", "bench", "mandate", "part", "mode", "walk_in")
    heir = Seat(
        consultation=consultation,
        replaces=seat,
        full_name=full_name,
        office=office,
        listing=listing or "organisation",
        **{name: getattr(seat, name) for name in kept},
    )
    _let_in(heir, session)
    forget_in_answers(seat)
    gone = {"full_name": "", "email": "", "user": None, "office": "", "arrived_at": None}
    seat.move("substitute", person_key=uuid.uuid4(), **gone)
    heir.code = free_code(consultation, heir.code)
    heir.save(force_insert=True)
    _seat_person(consultation, heir, session, by=by, at=timezone.now(), key=uuid.uuid4())
    log.record("substitute", heir, by=by, topic=consultation)
    return heir


@transaction.atomic
def change_seat(seat: Seat, *, by: User, **values: Any) -> Seat:
    """Write how somebody is called, where they sit and how they are listed. Raises Refusal for a seat taken over."""
    consultation = Consultation.locked(seat.consultation_id)
    seat = Seat.locked(seat.pk)
    if seat.state == "substituted":
        raise Refusal(_("Somebody else sits in this seat now."))
    changed = sorted(name for name, value in values.items() if getattr(seat, name) != value)
    for name in changed:
        setattr(seat, name, values[name])
    if changed:
        seat.save(update_fields=[*changed, "updated_at"])
        log.record("change", seat, by=by, topic=consultation, detail=" ".join(changed))
    return seat


@transaction.atomic
def strike_out(seat: Seat, *, by: User) -> None:
    """Delete a seat that was written down at the door by mistake. Raises Refusal for any other, and after arrival."""
    consultation = at_door(seat.consultation)
    seat = Seat.locked(seat.pk)
    if not seat.walk_in or seat.state == "present" or Seat.objects.filter(replaces=seat).exists():
        raise Refusal(_("Only who walked in can be struck out, after the arrival was taken back."))
    log.record("strike_out", seat, by=by, topic=consultation)
    seat.delete()


@transaction.atomic
def mark_seat(seat: Seat, *, by: User, verb: str) -> Seat:
    """Mark somebody who did not come as excused, or as absent. Raises Refusal for any other verb, and after arrival."""
    consultation = at_door(seat.consultation)
    if verb not in {"excuse", "miss"}:
        raise Refusal(_("Choose excused or absent."))
    seat = Seat.locked(seat.pk)
    seat.move(verb)
    log.record(verb, seat, by=by, topic=consultation)
    return seat


@transaction.atomic
def close_door(consultation: Consultation, *, by: User) -> int:
    """Mark who was expected and did not come as absent; return how many. Raises Refusal before the last day."""
    consultation = at_door(consultation)
    if clock.today_in(consultation.time_zone) < consultation.ends_on:
        raise Refusal(_("The last day has not come yet: somebody may still arrive."))
    expected = consultation.delegates.filter(state__in=("nominated", "confirmed"))
    count = expected.update(state="absent", updated_at=timezone.now())
    if count:
        log.record("close_door", consultation, by=by, detail=f"{count}")
    return count


@transaction.atomic
def join_people(seat: Seat, *, by: User, other: Seat) -> Seat:
    """Say that two seats are one person's: counted once as a person, and each organisation for itself."""
    consultation = Consultation.locked(seat.consultation_id)
    if seat.pk == other.pk or other.consultation_id != consultation.pk:
        raise Refusal(_("Choose another seat of this consultation."), field="other")
    seats: Mapping[int, Seat] = consultation.delegates.in_bulk([seat.pk, other.pk])
    if any(one.state == "substituted" for one in seats.values()):
        raise Refusal(_("Somebody else sits in this seat now."), field="other")
    key = seats[seat.pk].person_key
    consultation.delegates.filter(person_key=seats[other.pk].person_key).update(person_key=key)
    log.record("join_people", seat, by=by, topic=consultation)
    return seats[seat.pk]

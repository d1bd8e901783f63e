"""Named reads of seats: who sits, who asks for a seat, and how many seats are free for whom."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q, Sum

from consultations.querysets.consultations import convened_by
from consultations.states import InvitationState, SeatState
from stakeholders.states import Bench, BodyKind

LIVING = (SeatState.NOMINATED, SeatState.CONFIRMED, SeatState.PRESENT)
# In these states an invitation holds seats that it accepted before; an offer holds what is offered.
ACCEPTED = (InvitationState.ACCEPTED, InvitationState.TO_RECONFIRM)
NO_LIMIT = 1_000_000  # free seats where a consultation has no number of seats
Kinds = frozenset[int | str]  # the groups (their ids) and the benches of one invitation


class SeatQuerySet(models.QuerySet):
    """Reads of seats."""

    def visible_to(self, user: Any) -> Self:
        """Those of consultations that the person convenes. Whoever is invited reads theirs through the invitation."""
        return self.filter(convened_by(user))

    def living(self) -> Self:
        """Of people who are to come or came: neither replaced nor excused nor absent."""
        return self.filter(state__in=LIVING)

    def of_address(self, address: str) -> Self:
        """Of whoever has the address."""
        return self.filter(email__iexact=address) if address else self.none()


class SeatRequestQuerySet(models.QuerySet):
    """Reads of requests for a seat."""

    def visible_to(self, user: Any) -> Self:
        """Those of consultations that the person convenes."""
        return self.filter(convened_by(user))

    def open(self) -> Self:
        """Those that nobody settled yet."""
        return self.filter(state="open")


@dataclass(slots=True)
class Kept:
    """Seats that are kept for one group or bench, and how many of them are taken."""

    quota: Any
    key: int | str
    seats: int
    taken: int = 0

    @property
    def left(self) -> int:
        """How many of them are free."""
        return max(self.seats - self.taken, 0)


@dataclass(slots=True)
class Room:
    """The seats of one consultation: kept for groups and benches first, then free for all."""

    total: int | None
    kept: list[Kept] = field(default_factory=list)
    taken: int = 0
    taken_of_all: int = 0

    @property
    def for_all(self) -> int:
        """How many seats are kept for nobody."""
        return NO_LIMIT if self.total is None else max(self.total - sum(one.seats for one in self.kept), 0)

    @property
    def left(self) -> int:
        """How many seats are free, for whomever."""
        return NO_LIMIT if self.total is None else max(self.total - self.taken, 0)

    def free_for(self, kinds: Kinds) -> int:
        """Return how many seats somebody of these groups and benches could have now."""
        own = sum(one.left for one in self.kept if one.key in kinds)
        return min(own + max(self.for_all - self.taken_of_all, 0), self.left)

    def take(self, kinds: Kinds, seats: int) -> None:
        """Count seats as taken: those kept for the own group first, then those that are free for all."""
        self.taken += seats
        for one in self.kept:
            if one.key in kinds:
                part = min(one.left, seats)
                one.taken, seats = one.taken + part, seats - part
        self.taken_of_all += seats


def room_of(consultation: Any, *, besides: Any = None, line: bool = False) -> Room:
    """Return the room as it is now, without what the given invitation itself holds.

    With `line`, those who wait take first what is free for them: nobody passes the waiting list by being quick. Whoever
    is on the list is only behind those who came before.
    """
    room = Room(consultation.seats, kept_seats(consultation))
    if consultation.seats is None:
        return room
    others = consultation.invitations.exclude(pk=besides.pk if besides else None).order_by()
    _seat(room, others)
    if line:
        waiting = in_line(others, before=besides.waiting_since if besides else None)
        rows = list(waiting.values_list("pk", "waiting_seats"))
        kinds = kinds_of(others.filter(pk__in=[pk for pk, _seats in rows])) if room.kept else {}
        for pk, seats in rows:
            key = kinds.get(pk, frozenset())
            room.take(key, min(seats, room.free_for(key)))
    return room


def kept_seats(consultation: Any) -> list[Kept]:
    """Return the seats that are kept, those of groups before those of benches."""
    quotas = consultation.quotas.select_related("group")
    rows = [Kept(one, one.group_id or one.bench, one.seats) for one in quotas]
    return sorted(rows, key=lambda row: isinstance(row.key, str))


def _seat(room: Room, invitations: Any) -> None:
    """Count what is accepted and what is offered. Only where seats are kept does it matter by whom."""
    accepted, offered = Q(state__in=ACCEPTED), Q(state=InvitationState.OFFERED)
    if not room.kept:
        sums = invitations.aggregate(
            held=Sum("seats_accepted", filter=accepted, default=0),
            promised=Sum("waiting_seats", filter=offered, default=0),
        )
        room.take(frozenset(), sums["held"] + sums["promised"])
        return
    holding = invitations.filter(accepted | offered)
    kinds = kinds_of(holding)
    keys = {one.key for one in room.kept}
    held = holding.values_list("pk", "state", "seats_accepted", "waiting_seats")
    # Those with one place to sit come before those with several, so that kept seats are used as far as they can be.
    for pk, state, seats, promised in sorted(held, key=lambda row: (len(kinds[row[0]] & keys), row[0])):
        room.take(kinds[pk], promised if state == InvitationState.OFFERED else seats)


def in_line(invitations: Any, *, before: datetime | None = None) -> Any:
    """Return who waits, the first one first. Whoever let an offer pass is no longer in the line."""
    waiting = invitations.filter(state=InvitationState.WAITLISTED, waiting_since__isnull=False)
    if before is not None:
        waiting = waiting.filter(waiting_since__lt=before)
    return waiting.order_by("waiting_since", "pk")


def kinds_of(invitations: Any) -> dict[int, Kinds]:
    """Return the groups and benches of each invitation, by id. One query."""
    found: dict[int, set[int | str]] = {}
    columns = ("pk", "bench", "body__kind", "organisation__groups", "organisation__groups__bench")
    for pk, bench, kind, group, of_group in invitations.order_by().values_list(*columns):
        kinds = found.setdefault(pk, set())
        kinds |= {group} if group else set()
        kinds |= {bench or of_group or bench_of_body(kind)} - {""}
    return {pk: frozenset(kinds) for pk, kinds in found.items()}


def bench_of_body(kind: str | None) -> str:
    """Return the side on which an office of the kind sits; nothing where there is no office."""
    if not kind:
        return ""
    return Bench.INTERNATIONAL if kind == BodyKind.INTERNATIONAL else Bench.GOVERNMENT


def main_bench(invitation: Any) -> str:
    """Return the side on which the delegates of the invitation sit."""
    kinds = kinds_of(type(invitation).objects.filter(pk=invitation.pk)).get(invitation.pk, frozenset())
    benches = sorted(kind for kind in kinds if isinstance(kind, str))
    return invitation.bench or (benches[0] if benches else "")

"""Who came: counted people and counted organisations, kept apart from what was declared."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from consultations.querysets.figures import publishable
from consultations.states import SeatPart, SeatState
from stakeholders.states import CONFLICT_BENCHES, ELSEWHERE, Bench, BodyKind, ConflictKind

# Who works for the meeting does not take part in it.
WORKING = (SeatPart.INTERPRETER, SeatPart.STAFF)


@dataclass(frozen=True, slots=True)
class BenchFigures:
    """How many people of one bench came; None where that must not be told."""

    bench: str
    label: Any
    people: int | None


@dataclass(frozen=True, slots=True)
class GroupCame:
    """How many organisations of one group came; None where that must not be told."""

    group: Any
    organisations: int | None


@dataclass(frozen=True, slots=True)
class AttendanceFigures:
    """Who came, as the record counts it. `counted` tells whether anybody was ever marked as present."""

    people: int | None
    organisations: int | None
    benches: list[BenchFigures]
    groups: list[GroupCame]
    some_hidden: bool
    counted: bool


@dataclass(frozen=True, slots=True)
class _Counts:
    people: int
    organisations: int
    benches: list[tuple[str, int]]
    groups: list[tuple[Any, int]]


def attendance_figures(consultation: Any) -> AttendanceFigures:
    """Return who came, as everybody may know it: no figure that could point at somebody. Two queries, or three."""
    counts = _counted(consultation)
    people, organisations = publishable([counts.people, counts.organisations], 10**9)
    benches = publishable([count for _bench, count in counts.benches], counts.people)
    groups = publishable([count for _group, count in counts.groups], counts.organisations)
    shown = [
        BenchFigures(bench, Bench(bench).label, count)
        for (bench, _count), count in zip(counts.benches, benches, strict=True)
        if count and bench
    ]
    came = [GroupCame(group, count) for (group, _count), count in zip(counts.groups, groups, strict=True) if count]
    hidden = None in (*benches, *groups)
    return AttendanceFigures(people, organisations, shown, came, hidden, counts.people > 0)


def attendance_counts(consultation: Any) -> AttendanceFigures:
    """Return who came, to the last person: for the convenors' desk alone."""
    counts = _counted(consultation)
    benches = [
        BenchFigures(bench, Bench(bench).label if bench else None, count) for bench, count in counts.benches if count
    ]
    groups = [GroupCame(group, count) for group, count in counts.groups]
    return AttendanceFigures(
        counts.people, counts.organisations, benches, groups, some_hidden=False, counted=counts.people > 0
    )


def bench_of(seat: Any) -> str:
    """Return the bench on which somebody sits: as written down, else as invited, else that of whom they speak for."""
    if seat.bench or (seat.invitation and seat.invitation.bench):
        return seat.bench or seat.invitation.bench
    if seat.body:
        return Bench.INTERNATIONAL if seat.body.kind == BodyKind.INTERNATIONAL else Bench.GOVERNMENT
    return _bench_of_organisation(seat.organisation) if seat.organisation else ""


def _bench_of_organisation(organisation: Any) -> str:
    groups = list(organisation.groups.all())
    elsewhere = [group for group in groups if group.hearing in ELSEWHERE]
    if organisation.conflict and not elsewhere:
        return CONFLICT_BENCHES.get(organisation.conflict, Bench.PRIVATE_SECTOR)
    return (elsewhere or groups)[0].bench if groups else Bench.CIVIL_SOCIETY


def present_seats(consultation: Any) -> Any:
    """Return the seats of those who came and took part, the first to come on top."""
    return (
        _present(consultation)
        .select_related("invitation", "organisation", "body")
        .prefetch_related("organisation__groups")
        .order_by("arrived_at", "pk")
    )


def _present(consultation: Any) -> Any:
    return consultation.delegates.filter(state=SeatState.PRESENT).exclude(part__in=WORKING)


def _counted(consultation: Any) -> _Counts:
    """Count each person once, by the person's own key, on the bench of the first seat; each organisation once."""
    present, tally, organisations = _present(consultation).order_by(), Counter(), 0
    several = present.values("person_key").annotate(seats=Count("pk")).filter(seats__gt=1).values("person_key")
    twice = Case(When(person_key__in=several, then=True), default=False)
    count = present.values("consultation").annotate(there=Count("organisation", distinct=True)).values("there")
    seats, some = present.annotate(sat_on=_bench_column(_all_groups(present)), twice=twice), False
    for bench, is_twice, there, seated in seats.values_list("sat_on", "twice", Subquery(count)).annotate(Count("pk")):
        organisations, some = there, some or is_twice
        tally[bench] += 0 if is_twice else seated
    if some:
        again = seats.filter(twice=True).order_by("-arrived_at", "-pk")
        tally.update(dict(again.values_list("person_key", "sat_on")).values())
    benches = [(bench, tally[bench]) for bench in (*Bench.values, "") if tally[bench]]
    return _Counts(tally.total(), organisations, benches, _groups(present))


def _all_groups(seats: Any) -> Any:
    organisations = seats.model._meta.get_field("organisation").related_model
    return organisations._meta.get_field("groups").related_model.objects.all()


def _bench_column(groups: Any) -> Case:
    """Return the bench of a seat as a column, as `bench_of` tells it."""
    groups = groups.filter(organisations=OuterRef("organisation")).order_by("position", "pk")
    elsewhere = groups.filter(hearing__in=ELSEWHERE).values("bench")[:1]
    moved = [
        When(organisation__conflict=kind, then=Value(CONFLICT_BENCHES.get(kind, Bench.PRIVATE_SECTOR).value))
        for kind in ConflictKind
    ]
    return Case(
        When(~Q(bench=""), then=F("bench")),
        When(~Q(invitation__bench="") & Q(invitation__isnull=False), then=F("invitation__bench")),
        When(body__kind=BodyKind.INTERNATIONAL, then=Value(Bench.INTERNATIONAL.value)),
        When(body__isnull=False, then=Value(Bench.GOVERNMENT.value)),
        When(organisation__isnull=True, then=Value("")),
        When(Exists(elsewhere), then=Subquery(elsewhere)),
        *moved,
        default=Coalesce(Subquery(groups.values("bench")[:1]), Value(Bench.CIVIL_SOCIETY.value)),
        output_field=CharField(),
    )


def _groups(present: Any) -> list[tuple[Any, int]]:
    """Return the groups with the number of their organisations; one of two groups counts in both."""
    there = Q(organisations__in=present.exclude(organisation=None).values("organisation"))
    groups = _all_groups(present).annotate(came=Count("organisations", filter=there, distinct=True))
    return [(group, group.came) for group in groups.filter(came__gt=0).order_by("position", "pk")]

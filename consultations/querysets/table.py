"""Reads of the table: who is on the list, and how many by group, bench or side of the corridor, and by country."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Value, When
from django.db.models.functions import Cast, Coalesce

from consultations.states import InvitationState
from stakeholders.states import CONFLICT_BENCHES, ELSEWHERE, Bench, ConflictKind

# Rows of the table beside those of the groups.
BODIES, PERSONS, UNSAID = "bodies", "persons", "unsaid"
# Who said no, or never answered, does not sit at the table.
GONE = (InvitationState.REVOKED, InvitationState.DECLINED, InvitationState.LAPSED)


def bench_at(path: str) -> Case:
    """Return the bench of the organisation at the path, as a column: its groups', unless an interest moves it."""
    elsewhere = When(Q(**{f"{path}groups__hearing__in": ELSEWHERE}), then=F(f"{path}groups__bench"))
    moved = [
        When(Q(**{f"{path}conflict": kind}), then=Value(CONFLICT_BENCHES.get(kind, Bench.PRIVATE_SECTOR).value))
        for kind in ConflictKind
    ]
    return Case(elsewhere, *moved, default=F(f"{path}groups__bench"), output_field=models.CharField())


def row_at(by: str, path: str = "") -> Any:
    """Return the row of the table in which the organisation at the path stands, as a column."""
    if by == "bench":
        return Coalesce(bench_at(path), Value(UNSAID))
    if by == "side":
        return Case(When(**{f"{path}side": ""}, then=Value(UNSAID)), default=F(f"{path}side"))
    return Coalesce(Cast(F(f"{path}groups"), models.CharField()), Value(UNSAID))


def _group(row: str) -> dict[str, Any]:
    return {"organisation__groups": None} if row == UNSAID else {"organisation__groups__slug": row}


class TableReads(models.QuerySet):
    """What the table asks of invitations."""

    def on_list(self) -> Self:
        """All but those that were revoked."""
        return self.exclude(state=InvitationState.REVOKED)

    def expected(self) -> Self:
        """Those that may still come, also those that are only drafted."""
        return self.exclude(state__in=GONE)

    def in_rows(self, by: str) -> Self:
        """Return them with `table_row`: a row for each group, bench or side of each."""
        row = Case(
            When(~Q(bench="") if by == "bench" else Q(pk=None), then=F("bench")),
            When(body__isnull=False, then=Value(BODIES)),
            When(organisation__isnull=True, then=Value(PERSONS)),
            default=row_at(by, "organisation__"),
            output_field=models.CharField(),
        )
        return self.order_by().annotate(table_row=row)

    def tally(self, by: str) -> list[tuple[str, str | None, str, int]]:
        """Return (row, country, state, how many) of those on the list. An organisation counts once in each row."""
        rows = self.on_list().in_rows(by).annotate(from_country=Coalesce("organisation__country", "body__country"))
        return list(rows.values_list("table_row", "from_country", "state").annotate(Count("pk", distinct=True)))

    def tally_of_states(self) -> list[tuple[str, int]]:
        """Return (state, how many)."""
        return list(self.order_by().values_list("state").annotate(Count("pk", distinct=True)))

    def seats_by(self, by: str) -> list[tuple[str, int, int]]:
        """Return (row, seats offered, seats accepted) of those that may come."""
        # As many of each number of seats: a bench may be that of two groups of one organisation, which counts once.
        rows = self.expected().in_rows(by).values_list("table_row", "seats_offered", "seats_accepted")
        found: dict[str, tuple[int, int]] = {}
        for row, offered, accepted, count in rows.annotate(Count("pk", distinct=True)):
            before = found.get(row, (0, 0))
            found[row] = (before[0] + offered * count, before[1] + accepted * count)
        return [(row, *seats) for row, seats in found.items()]

    def totals(self) -> list[tuple[str | None, str, int]]:
        """Return (country, state, how many): those of several groups count once."""
        rows = self.on_list().order_by().annotate(from_country=Coalesce("organisation__country", "body__country"))
        return list(rows.values_list("from_country", "state").annotate(Count("pk")))

    def of_row(self, by: str, row: str) -> Self:
        """Return those that one row of the table counts."""
        if row in {BODIES, PERSONS}:
            kind = Q(body__isnull=False) if row == BODIES else Q(organisation__isnull=True, body__isnull=True)
            return self.filter(kind, *([Q(bench="")] if by == "bench" else []))
        if by == "bench":
            seated = self.annotate(group_bench=bench_at("organisation__"))
            found = Q(group_bench=None) if row == UNSAID else Q(group_bench=row)
            return seated.filter(Q(bench=row) | Q(found, bench="", organisation__isnull=False)).distinct()
        if by == "side":
            return self.filter(organisation__side="" if row == UNSAID else row)
        return self.filter(organisation__isnull=False, **_group(row))

    def ties(self, kinds: Iterable[str]) -> list[tuple[int, int]]:
        """Return (branch, centre) of organisations that are tied in such a way and both may come."""
        links = self.model._meta.get_field("organisation").related_model.links.rel.related_model.objects
        expected = self.expected().order_by()
        # Tie by tie, each looked up by the key: the other way round the database would walk the whole register.
        both = [models.Exists(expected.filter(organisation=OuterRef(end))) for end in ("organisation", "other")]
        rows = links.filter(*both, kind__in=list(kinds), other__isnull=False)
        return list(rows.order_by("other", "pk").values_list("organisation", "other"))

    def tied(self, kinds: Iterable[str]) -> Self:
        """Return those whose organisation is tied in such a way to another one that may come as well."""
        return self.expected().filter(organisation__in={pk for tie in self.ties(kinds) for pk in tie})

    def repeatable(self, consultation: Any) -> Self:
        """Return those of an earlier consultation that the same list consists of."""
        return self.on_list().filter(consultation=consultation)

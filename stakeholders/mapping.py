"""The stakeholder map: how many of each group in each country, which figures may be published, who is tied to whom.

Why a figure is shown or not is in docs/decisions/0011-small-numbers.md.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Value, Window
from django.db.models.functions import RowNumber

from stakeholders.models import Organisation, OrganisationLink
from stakeholders.querysets import seen_by
from stakeholders.states import LinkKind, OrganisationState, Visibility

NO_COUNTRY = ""
NAMED_PER_GROUP = 4
HUBS = 6
TIES_PER_HUB = 12
Place = tuple[int, str]  # a group and a country
Node = tuple[str, Any]
FREE: Node = ("free", None)

# --- Figures -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Figures:
    """What was counted, and what of it this reader may see as a number. All counts are of organisations they may see.

    `smallest` is the smallest number that is shown; 1 shows everything, for convenors.
    """

    cells: dict[Place, int]
    countries: dict[str, int]
    smallest: int
    rows_shown: set[int] = field(default_factory=set)
    columns_shown: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Work out which totals may stand beside the cells."""
        self.rows_shown, self.columns_shown = shown_totals(self.cells, self.smallest)

    def group_total(self, group: int) -> int:
        """Return how many belong to the group. Each has one country or none, so a row adds up."""
        return sum(count for (of, _country), count in self.cells.items() if of == group)

    @property
    def groups(self) -> set[int]:
        """Return the groups that have somebody."""
        return {group for group, _country in self.cells}


def count_figures(user: Any, smallest: int) -> Figures:
    """Count the organisations that the person may see by group and country, and by country: one query."""
    through = Organisation.groups.through.objects.filter(seen_by(user, "organisation__"))
    seated = through.filter(organisation__state=OrganisationState.VERIFIED)
    cells = seated.values_list("organisation__country", "stakeholdergroup").annotate(of=Count("*"))
    visible = Organisation.objects.visible_to(user).seated().order_by()
    countries = visible.values_list("country").annotate(group=Value(0)).annotate(of=Count("*"))
    rows = list(cells.union(countries, all=True))
    return Figures(
        {(group, country or NO_COUNTRY): count for country, group, count in rows if group},
        {country or NO_COUNTRY: count for country, group, count in rows if not group},
        smallest,
    )


def shown_totals(cells: Mapping[Place, int], smallest: int) -> tuple[set[int], set[str]]:
    """Return the groups and the countries whose total may be shown.

    A total may not be shown where it is small itself, or where a hidden cell could be worked out from it. The total of
    the group goes first: that of the country also stands on the map of countries.
    """
    rows, columns = _totals(cells)
    shown_rows = {row for row, total in rows.items() if total >= smallest}
    shown_columns = {column for column, total in columns.items() if total >= smallest}
    while found := derivable(cells, shown_rows, shown_columns, smallest):
        told_by = shown_rows & {row for row, _column in found}
        shown_rows -= told_by
        if not told_by:
            shown_columns -= {column for _row, column in found}
    return shown_rows, shown_columns


def derivable(cells: Mapping[Place, int], rows: set[int], columns: set[str], smallest: int) -> list[Place]:
    """Return the hidden cells whose number follows from what is shown: cells from `smallest` up, and these totals.

    To whoever reads the table a hidden cell may hold 1 to `smallest` - 1. It can be another number than it is exactly
    if one can go round the table and add one here, take one away there, so that every shown total stays: a cycle
    through the cell. A total that is not shown lets one leave the table and come back elsewhere.
    """
    hidden = {place: count for place, count in cells.items() if 0 < count < smallest}
    steps = _steps(hidden, rows, columns, smallest)
    return sorted(place for place in hidden if not _may_differ(place, hidden[place], steps, smallest))


def _totals(cells: Mapping[Place, int]) -> tuple[dict[int, int], dict[str, int]]:
    rows: dict[int, int] = defaultdict(int)
    columns: dict[str, int] = defaultdict(int)
    for (row, column), count in cells.items():
        rows[row] += count
        columns[column] += count
    return rows, columns


def _steps(hidden: Mapping[Place, int], rows: set[int], columns: set[str], smallest: int) -> dict[Node, set[Node]]:
    """Return where one can go: along a row to a column where a cell can grow, back where one can shrink."""
    steps: dict[Node, set[Node]] = defaultdict(set)
    for (row, column), count in hidden.items():
        here, there = ("row", row), ("column", column)
        if count < smallest - 1:
            steps[here].add(there)
        if count > 1:
            steps[there].add(here)
        for line, shown in ((here, row in rows), (there, column in columns)):
            if not shown:
                steps[line].add(FREE)
                steps[FREE].add(line)
    return steps


def _may_differ(place: Place, count: int, steps: Mapping[Node, set[Node]], smallest: int) -> bool:
    here, there = ("row", place[0]), ("column", place[1])
    grows = count < smallest - 1 and _leads(there, here, steps, (there, here))
    return grows or (count > 1 and _leads(here, there, steps, (here, there)))


def _leads(start: Node, end: Node, steps: Mapping[Node, set[Node]], barred: tuple[Node, Node]) -> bool:
    """Whether one gets from start to end without the barred step, which would only undo the first."""
    waiting, seen = [start], {start}
    while waiting:
        node = waiting.pop()
        for following in steps.get(node, ()):
            if following in seen or (node, following) == barred:
                continue
            if following == end:
                return True
            seen.add(following)
            waiting.append(following)
    return False


# --- Who is named, and who is tied to whom -----------------------------------------------------------------------


def named_by_group() -> list[tuple[int, int]]:
    """Return group and organisation for the first few of each group that chose to be named to everybody."""
    named = {"organisation__state": OrganisationState.VERIFIED, "organisation__visibility": Visibility.PUBLIC}
    rows = Organisation.groups.through.objects.filter(**named).annotate(place=_place("stakeholdergroup"))
    return list(
        rows.filter(place__lte=NAMED_PER_GROUP)
        .order_by("stakeholdergroup", "place")
        .values_list("stakeholdergroup", "organisation")
    )


def tied_to_hubs(user: Any) -> list[tuple[int, int, str]]:
    """Return network, organisation and kind of tie for the first ties of those with most; both ends may be seen."""
    rows = (
        OrganisationLink.objects.visible_to(user)
        .filter(other__isnull=False)
        .annotate(place=_place("other"), ties=Window(Count("pk"), partition_by=F("other")))
        .filter(place__lte=TIES_PER_HUB + 1)
        .order_by("-ties", "other", "place")
        .values_list("other", "organisation", "kind")
    )
    found = list(rows[: HUBS * (TIES_PER_HUB + 1)])
    hubs = list(dict.fromkeys(other for other, _organisation, _kind in found))[:HUBS]
    return [row for row in found if row[0] in hubs]


def _place(partition: str) -> Window:
    """Number the rows of each part by the organisation's name. Only keys are carried along: names are wide."""
    order = (F("organisation__name_key"), F("organisation"))
    return Window(RowNumber(), partition_by=F(partition), order_by=order)


# --- The picture -------------------------------------------------------------------------------------------------

WIDTH, MIDDLE, RING, NODE, HUB = 320, 160, 124, 17, 34


@dataclass(frozen=True, slots=True)
class Spoke:
    """A tied organisation in the picture: its number, where it stands, where its line begins and ends."""

    number: int
    organisation: int
    kind: str
    x: int
    y: int
    from_x: int
    from_y: int
    to_x: int
    to_y: int


@dataclass(frozen=True, slots=True)
class Hub:
    """A network in the middle, the organisations tied to it around; `more` where there are too many to draw."""

    organisation: int
    spokes: list[Spoke]
    more: bool


def draw_hubs(ties: Sequence[tuple[int, int, str]]) -> list[Hub]:
    """Return each network with its ring, the largest first."""
    around: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for other, organisation, kind in ties:
        around[other].append((organisation, kind))
    return [
        Hub(other, list(_spokes(tied[:TIES_PER_HUB])), more=len(tied) > TIES_PER_HUB) for other, tied in around.items()
    ]


def _spokes(tied: Sequence[tuple[int, str]]) -> Iterator[Spoke]:
    """Place the organisations on the ring, clockwise from the top, always alike."""
    for number, (organisation, kind) in enumerate(tied):
        angle = 2 * math.pi * number / len(tied) - math.pi / 2
        across, down = math.cos(angle), math.sin(angle)
        places = (round(MIDDLE + part * radius) for radius in (RING, HUB, RING - NODE) for part in (across, down))
        said = "" if kind == LinkKind.NETWORK else str(LinkKind(kind).label)  # a network's members go without saying
        yield Spoke(number + 1, organisation, said, *places)

"""Which totals of the map may be shown: nobody can work out a hidden cell. And the picture's layout."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stakeholders.mapping import Figures, derivable, draw_hubs, shown_totals
from tests import build

SMALLEST = 5


def tables(rows, columns, most):
    """Return tables of counts of that size."""
    places = list(product(range(rows), "ABCD"[:columns]))
    return st.lists(st.integers(0, most), min_size=len(places), max_size=len(places)).map(
        lambda counts: {place: count for place, count in zip(places, counts, strict=True) if count}
    )


def possible(cells, rows, columns):
    """Return every number that each hidden cell may hold, found by trying out all of them.

    This knows nothing of how the totals were chosen: it reads the published table and counts on its fingers.
    """
    hidden = [place for place, count in cells.items() if count < SMALLEST]
    shown = [("row", row) for row in rows] + [("column", column) for column in columns]

    def sums(numbers):
        parts = list(zip(hidden, numbers, strict=True))
        return [sum(n for (row, column), n in parts if line in {("row", row), ("column", column)}) for line in shown]

    true = sums([cells[place] for place in hidden])
    fitting = [numbers for numbers in product(range(1, SMALLEST), repeat=len(hidden)) if sums(numbers) == true]
    return {place: {numbers[at] for numbers in fitting} for at, place in enumerate(hidden)}


@given(st.one_of(tables(2, 3, 9), tables(2, 2, 12)))
@settings(max_examples=60, deadline=None)
def test_no_hidden_cell_follows_from_rows_columns_and_totals(cells):
    rows, columns = shown_totals(cells, SMALLEST)
    assert [place for place, numbers in possible(cells, rows, columns).items() if len(numbers) < 2] == []


@given(
    tables(2, 3, 7),
    st.sets(st.integers(0, 1)),
    st.sets(st.sampled_from("ABC")),
)
@settings(max_examples=60, deadline=None)
def test_what_follows_is_found_exactly(cells, rows, columns):
    by_trying = sorted(place for place, numbers in possible(cells, rows, columns).items() if len(numbers) < 2)
    assert derivable(cells, rows, columns, SMALLEST) == by_trying


@given(tables(4, 4, 30))
def test_no_small_total_is_shown_and_large_ones_stay_where_nothing_is_hidden(cells):
    rows, columns = shown_totals(cells, SMALLEST)
    totals = {row: sum(count for (of, _), count in cells.items() if of == row) for row in range(4)}
    assert all(totals[row] >= SMALLEST for row in rows)
    whole = {row for row in range(4) if all(count >= SMALLEST for (of, _), count in cells.items() if of == row)}
    assert {row for row in whole if totals[row]} <= rows
    assert all(column in "ABCD" for column in columns)


@pytest.mark.parametrize(
    ("cells", "rows", "columns"),
    [
        ({(1, "A"): 7, (1, "B"): 2}, set(), {"A"}),  # the row would tell the 2
        ({(1, "A"): 7, (1, "B"): 2, (1, "C"): 3}, {1}, {"A"}),  # 5 in two cells: 1 and 4, 2 and 3 ...
        ({(1, "A"): 7, (1, "B"): 1, (1, "C"): 1}, set(), {"A"}),  # 2 in two cells: 1 and 1
        ({(1, "A"): 7, (1, "B"): 4, (1, "C"): 4}, set(), {"A"}),  # 8 in two cells: 4 and 4
        ({(1, "A"): 4}, set(), set()),
        ({(1, "A"): 5}, {1}, {"A"}),
        ({(1, "A"): 2, (1, "B"): 3, (2, "A"): 3, (2, "B"): 2}, {1, 2}, {"A", "B"}),
    ],
)
def test_totals(cells, rows, columns):
    assert shown_totals(cells, SMALLEST) == (rows, columns)


def test_convenors_see_every_total():
    figures = Figures({(1, "A"): 1, (2, ""): 3}, {"A": 1, "": 3}, smallest=1)
    assert (figures.rows_shown, figures.columns_shown, figures.group_total(2)) == ({1, 2}, {"A", ""}, 3)


def test_picture_is_always_alike_and_inside_its_frame():
    ties = [(9, number, "network") for number in range(1, 15)] + [(8, 9, "branch")]
    largest, small = draw_hubs(ties)
    assert draw_hubs(ties) == [largest, small]
    assert (largest.organisation, len(largest.spokes), largest.more) == (9, 12, True)
    assert (small.organisation, [spoke.kind for spoke in small.spokes], small.more) == (8, ["branch of"], False)
    assert all(17 <= spoke.x <= 303 and 17 <= spoke.y <= 303 for spoke in largest.spokes)
    assert len({(spoke.x, spoke.y) for spoke in largest.spokes}) == 12
    assert (small.spokes[0].x, small.spokes[0].y) == (160, 36)


def test_keys_for_look_alikes_are_kept_for_names(db):
    one = build.make_organisation(name="Hội Đồng Việt")
    assert list(one.names.values_list("key", flat=True)) == ["hoi dong viet"]

"""Tables of person, state and verb: all of their cells in the whole suite, a telling few in the fast one.

Beside these few, `tests/portal/test_policy.py` asks in the fast suite, for every verb, one who can and one who cannot.
"""

from collections.abc import Collection, Iterable
from itertools import product
from typing import Any

import pytest

TABLE = pytest.mark.table


def few(kept: Collection[Any], values: Iterable[Any]) -> list[Any]:
    """Return the values of one axis for `parametrize`; those that are not in `kept` are marked `table`."""
    values = list(values)
    assert set() < set(kept) < set(values), "what is kept must be some of the axis, and less than all of it"
    return [
        value if value in kept else pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=TABLE)
        for value in values
    ]


def diagonal(**axes: Iterable[Any]) -> pytest.MarkDecorator:
    """Parametrise by every combination of the axes; all are marked `table` but as few as name every value once."""
    values = {axis: list(row) for axis, row in axes.items()}
    longest = max(len(row) for row in values.values())
    kept = {tuple(row[number % len(row)] for row in values.values()) for number in range(longest)}
    cells = [pytest.param(*cell, marks=() if cell in kept else TABLE) for cell in product(*values.values())]
    return pytest.mark.parametrize(tuple(values), cells)

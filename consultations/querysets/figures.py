"""Which figures may be told: none that could point at somebody."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """How many organisations of one group were invited and accepted; None where that must not be told."""

    group: Any
    invited: int | None
    accepted: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """How many organisations were invited and accepted, as everybody may know it."""

    invited: int | None
    accepted: int | None
    groups: list[GroupFigures]
    some_hidden: bool


def publishable(counts: list[int], total: int) -> list[int | None]:
    """Return the counts without those that could point at somebody, also by subtracting from the total."""
    smallest = settings.SMALLEST_PUBLISHED_COUNT
    shown: list[int | None] = [count if count >= smallest else None for count in counts]
    while None in shown and 0 <= total - sum(known := [count for count in shown if count]) < smallest and known:
        shown[shown.index(min(known))] = None
    return shown

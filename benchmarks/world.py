"""What the load has made so far and draws from, and how broad each consultation is."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from benchmarks import words
from consultations.models import Consultation
from portal.models import User
from recommendations.models import Theme
from stakeholders.models import Country, Organisation, PublicBody, StakeholderGroup

BATCH = 500
SMALL = 70  # consultations with two items each, there at every size: lists are longer than a page
FULL = 20  # items, invitations, submissions and adopters of each of the others
WIDE, BROAD = SMALL + 2, 90  # the third full one is as long as a long statement is, at every size


def save(model: Any, rows: Iterable[Any]) -> list[Any]:
    """Write the rows in batches and return them with their keys."""
    return list(model.objects.bulk_create(list(rows), batch_size=BATCH))


@dataclass(slots=True)
class World:
    """What was made so far, to draw from."""

    size: int
    chance: random.Random
    stock: words.Stock = field(default_factory=words.stock)
    now: datetime = field(default_factory=timezone.now)
    countries: list[Country] = field(default_factory=list)
    groups: list[StakeholderGroup] = field(default_factory=list)
    themes: list[Theme] = field(default_factory=list)
    bodies: list[PublicBody] = field(default_factory=list)
    people: list[User] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day of the load."""
        return self.now.date()


def breadth(number: int) -> int:
    """Return how many items, invitations and submissions the consultation has."""
    if number == WIDE:
        return BROAD
    return 2 if number < SMALL else FULL


def lies_ahead(number: int) -> bool:
    """Whether the consultation is announced. The first full one is over, the second lies ahead."""
    return number % 6 == 5 if number < SMALL else (number - SMALL) % 30 == 1


def participants(world: World, consultation: Consultation) -> Sequence[Organisation]:
    """Return the organisations invited to the consultation: a stretch of the register."""
    number = number_of(consultation)
    wanted = breadth(number)
    start = 1 + number * wanted % (len(world.organisations) - wanted)
    return world.organisations[start : start + wanted]


def number_of(thing: Any) -> int:
    """Return the number at the end of the slug."""
    return int(thing.slug.rpartition("-")[2])

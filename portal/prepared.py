"""Reads whose SQL is made once a process: to build it often takes Django ten times as long as the database answers.

    @prepared
    def of_consultation(consultation: int) -> QuerySet:
        return Submission.objects.filter(consultation=consultation).values_list("pk", "text")

`of_consultation(7)` is then the list of rows. The SQL is made once for each language of the page; only the values that
are handed in differ. So a read that is prepared must depend on nothing else: not on a reader, not on the day.
"""

import copy
from collections.abc import Callable, Sequence
from functools import wraps
from types import SimpleNamespace
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.utils import translation

STAND_INS = (20_011, 25_013)  # small enough for every column of numbers


def prepared(build: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
    """Return the read whose SQL is kept. It takes whole numbers and words, and returns a list of rows or of models."""
    shapes: dict[Any, _Shape] = {}

    @wraps(build)
    def read(*values: int | str) -> list[Any]:
        key = (translation.get_language(), *(isinstance(value, str) for value in values))
        if key not in shapes:
            shapes[key] = _Shape(build, values)
        return shapes[key].rows(values)

    return read


class _Shape:
    """The SQL of one read, and which of its parameters are which of the values."""

    def __init__(self, build: Callable[..., QuerySet], values: Sequence[int | str]) -> None:
        """Build it twice with stand-ins: the parameters that differ are the places of the values."""
        first, second = ([_stand_in(value, place, base) for place, value in enumerate(values)] for base in STAND_INS)
        self.queryset = build(*first)
        self.using = self.queryset.db
        self.compiler = self.queryset.query.get_compiler(using=self.using)
        self.sql, self.parameters = self.compiler.as_sql()
        _sql, others = build(*second).query.get_compiler(using=self.using).as_sql()
        # What turns a column into a value is known from the columns; Django would look for it at every read.
        converters = self.compiler.get_converters([one[0] for one in self.compiler.select[: self.compiler.col_count]])
        self.compiler.get_converters = lambda _columns: converters
        pairs = enumerate(zip(self.parameters, others, strict=True))
        self.places = [(number, first.index(one)) for number, (one, other) in pairs if one != other]
        if {place for _number, place in self.places} != set(range(len(values))):
            raise ValueError(f"{build.__qualname__} does not ask for each of its values")

    def rows(self, values: Sequence[int | str]) -> list[Any]:
        """Ask the database with these values."""
        parameters = list(self.parameters)
        for number, place in self.places:
            parameters[number] = values[place]
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[self.using]
        compiler.as_sql = lambda *_args, **_options: (self.sql, tuple(parameters))
        query = SimpleNamespace(get_compiler=lambda *_args, **_options: compiler)
        asked = SimpleNamespace(db=self.using, query=query, model=self.queryset.model, _known_related_objects={})
        return list(self.queryset._iterable_class(asked))  # noqa: SLF001 - what the query set itself would do now


def _stand_in(value: int | str, place: int, base: int) -> int | str:
    return f"stand-in-{base + place}" if isinstance(value, str) else base + place

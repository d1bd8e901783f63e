"""Reads whose SQL is made once a process: to build it often takes Django ten times as long as the database answers.

    @prepared
    def of_consultation(consultation: int) -> QuerySet:
        return Submission.objects.filter(consultation=consultation).values_list("pk", "text")

`of_consultation(7)` is then the list of rows. The SQL is made once for each language of the page; only the values that
are handed in differ. So a read that is prepared must depend on nothing else: not on a reader, not on the day.

`@packed` makes a read that the database hands over as one text (JSON) instead of row by row: that is cheap to compare
with what was read before, and `unpacked` gives the rows to whoever needs them. Days and moments are words there.
"""

import copy
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.utils import timezone, translation

STAND_INS = (20_011, 25_013)  # small enough for every column of numbers
PACKING = {
    "sqlite": ("json_group_array({})", "json_array"),
    "postgresql": ("json_agg({})::text", "json_build_array"),
}


def prepared(build: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
    """Return the read whose SQL is kept. It takes whole numbers and words, and returns a list of rows or of models."""
    return _kept(build, _Shape)


def packed(build: Callable[..., QuerySet]) -> Callable[..., str]:
    """Return the read whose SQL is kept, and whose rows come as one text."""
    return _kept(build, _PackedShape)


def unpacked(text: str) -> list[tuple[Any, ...]]:
    """Return the rows that are in the text."""
    return [tuple(row) for row in json.loads(text)]


def moment_of(words: str | None) -> datetime | None:
    """Return the moment that stands in a packed row. SQLite knows no zones; Django writes UTC."""
    at = datetime.fromisoformat(words) if words else None
    return at.replace(tzinfo=UTC) if at and timezone.is_naive(at) else at


def day_of(words: str | None) -> date | None:
    """Return the day that stands in a packed row."""
    return date.fromisoformat(words) if words else None


def _kept(build: Callable[..., QuerySet], kind: type["_Shape"]) -> Callable[..., Any]:
    shapes: dict[Any, _Shape] = {}

    @wraps(build)
    def read(*values: int | str) -> Any:
        key = (translation.get_language(), *(isinstance(value, str) for value in values))
        if key not in shapes:
            shapes[key] = kind(build, values)
        return shapes[key].read(values)

    return read


class _Shape:
    """The SQL of one read, and which of its parameters are which of the values."""

    aliases = False

    def __init__(self, build: Callable[..., QuerySet], values: Sequence[int | str]) -> None:
        """Build it twice with stand-ins: the parameters that differ are the places of the values."""
        first, second = ([_stand_in(value, place, base) for place, value in enumerate(values)] for base in STAND_INS)
        self.queryset = build(*first)
        self.using = self.queryset.db
        self.compiler, self.sql, self.parameters = self._compiled(self.queryset)
        _compiler, _sql, others = self._compiled(build(*second))
        pairs = enumerate(zip(self.parameters, others, strict=True))
        self.places = [(number, first.index(one)) for number, (one, other) in pairs if one != other]
        if {place for _number, place in self.places} != set(range(len(values))):
            raise ValueError(f"{build.__qualname__} does not ask for each of its values")
        self.finish()

    def _compiled(self, queryset: QuerySet) -> tuple[Any, str, Sequence[Any]]:
        compiler: Any = queryset.query.get_compiler(using=self.using)
        sql, parameters = compiler.as_sql(with_col_aliases=self.aliases)
        return compiler, sql, parameters

    def finish(self) -> None:
        """Keep what turns a column into a value: Django would look for it at every read."""
        converters = self.compiler.get_converters([one[0] for one in self.compiler.select[: self.compiler.col_count]])
        self.compiler.get_converters = lambda _columns: converters

    def filled(self, values: Sequence[int | str]) -> tuple[Any, ...]:
        """Return the parameters with the values in their places."""
        parameters = list(self.parameters)
        for number, place in self.places:
            parameters[number] = values[place]
        return tuple(parameters)

    def read(self, values: Sequence[int | str]) -> Any:
        """Ask the database with these values."""
        parameters = self.filled(values)
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[self.using]
        compiler.as_sql = lambda *_args, **_options: (self.sql, parameters)
        query = _Instead(self.queryset.query, get_compiler=lambda *_args, **_options: compiler)
        asked: Any = _Instead(self.queryset, query=query)
        return list(self.queryset._iterable_class(asked))  # noqa: SLF001 - what the query set itself would do now


class _Instead:
    """Something with a few of its attributes replaced, itself unchanged: several threads use it."""

    def __init__(self, thing: Any, **replaced: Any) -> None:
        """Keep both."""
        self.__dict__.update(replaced, _thing=thing)

    def __getattr__(self, name: str) -> Any:
        """Return what was not replaced."""
        return getattr(self._thing, name)


class _PackedShape(_Shape):
    """The same, with the rows put into one text by the database."""

    aliases = True

    def finish(self) -> None:
        """Put the query inside another one; its order is kept by both databases."""
        columns = ", ".join(f'"{alias}"' for _expression, _sql, alias in self.compiler.select)
        whole, row = PACKING[connections[self.using].vendor]
        self.sql = f"SELECT {whole.format(f'{row}({columns})')} FROM ({self.sql}) packed"  # noqa: S608 - our own names

    def read(self, values: Sequence[int | str]) -> Any:
        """Return the text."""
        with connections[self.using].cursor() as cursor:
            cursor.execute(self.sql, self.filled(values))
            return cursor.fetchone()[0] or "[]"


def _stand_in(value: int | str, place: int, base: int) -> int | str:
    return f"stand-in-{base + place}" if isinstance(value, str) else base + place

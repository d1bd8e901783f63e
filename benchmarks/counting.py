"""Counts what a piece of work asks of the database: statements, rows handed over, seconds spent."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

TRANSACTION = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK")


def clock_of_both() -> Callable[[], float]:
    """Return a clock of what our thread and the database use of the processor.

    The embedded database works inside our thread. A server's process for this connection is asked where it runs beside
    us and the system tells; else what passes on the wall counts, waiting included.
    """
    if connection.vendor == "sqlite":
        return time.thread_time
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        used = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    if "127.0.0.1" not in str(connection.settings_dict["HOST"]) or not used.exists():
        return time.perf_counter
    return lambda: time.thread_time() + int(used.read_text().split()[0]) / 1e9


class Tally:
    """Statements, rows and seconds so far."""

    def __init__(self) -> None:
        """Nothing yet. Both sides are timed by the processor time that they use: others work here as well."""
        self.queries = self.rows = 0
        self.seconds = 0.0
        self.statements: list[str] = []
        self.clock: Callable[[], float] = clock_of_both()

    def note(self, sql: str) -> None:
        """Count a statement, unless it only marks where a transaction begins or ends."""
        if not sql.startswith(TRANSACTION):
            self.queries += 1
            self.statements.append(sql)

    @contextlib.contextmanager
    def timed(self) -> Iterator[None]:
        """Add the seconds of what happens meanwhile."""
        started = self.clock()
        try:
            yield
        finally:
            self.seconds += self.clock() - started


class CountingCursor(CursorWrapper):
    """A cursor that tells a tally."""

    def __init__(self, cursor: Any, database: Any, tally: Tally) -> None:
        """Stand between Django and the driver's cursor."""
        super().__init__(cursor, database)
        self.__dict__["tally"] = tally

    def execute(self, sql: str, params: Any = None) -> Any:
        """Run a statement."""
        self.tally.note(sql)
        with self.tally.timed():
            return super().execute(sql, params)

    def executemany(self, sql: str, param_list: Any) -> Any:
        """Run a statement many times; it counts once."""
        self.tally.note(sql)
        with self.tally.timed():
            return super().executemany(sql, param_list)

    def fetchone(self) -> Any:
        """Hand over a row."""
        with self.tally.timed():
            row = self.cursor.fetchone()
        self.tally.rows += row is not None
        return row

    def fetchmany(self, *size: int) -> Any:
        """Hand over some rows."""
        with self.tally.timed():
            rows = self.cursor.fetchmany(*size)
        self.tally.rows += len(rows)
        return rows

    def fetchall(self) -> Any:
        """Hand over all rows."""
        with self.tally.timed():
            rows = self.cursor.fetchall()
        self.tally.rows += len(rows)
        return rows

    def __iter__(self) -> Any:
        """Hand over row by row."""
        for row in super().__iter__():
            self.tally.rows += 1
            yield row


@contextlib.contextmanager
def counting() -> Iterator[Tally]:
    """Count what happens on this thread's connection meanwhile."""
    tally = Tally()
    connection.make_cursor = lambda cursor: CountingCursor(cursor, connection, tally)  # type: ignore[method-assign]
    try:
        yield tally
    finally:
        del connection.make_cursor

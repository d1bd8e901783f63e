"""One program run by the supervisor or by the suite: it dies with its parent, and its output goes to a file."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOG_LIMIT = 5_000_000  # bytes; a longer log of an earlier run is moved aside
TAIL_LINES = 15  # of the log, shown when a program ends by itself
PR_SET_PDEATHSIG = 1
TROUBLE = re.compile(r"\b(ERROR|CRITICAL|FATAL|Traceback)\b")


def dying_with_parent(number: int = signal.SIGTERM) -> Callable[[], None]:
    """Return what a new child does before its program starts, so that even `kill -9` of the parent ends it."""
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def in_the_child() -> None:
        if prctl:
            prctl(PR_SET_PDEATHSIG, number)
            if os.getppid() != parent:
                os._exit(1)

    return in_the_child


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and how it is asked to stop: first this signal, then that one, each with its patience in seconds."""

    name: str
    command: Sequence[str]
    stops: Sequence[tuple[int, float]] = ((signal.SIGTERM, 10),)


class Child:
    """A running program with a log file."""

    def __init__(
        self,
        program: Program,
        logs: Path,
        environment: Mapping[str, str],
        **options: Any,
    ) -> None:
        """Start the program in a session of its own: Ctrl-C reaches the supervisor alone."""
        self.name = program.name
        self.program = program
        self.log = logs / f"{program.name}.log"
        _move_long_log(self.log)
        with self.log.open("ab") as output:
            self.seen = output.tell()
            self.process = subprocess.Popen(
                list(program.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                start_new_session=True,
                preexec_fn=dying_with_parent(),  # noqa: PLW1509 (nothing else runs in this process)
                **options,
            )
        self.started_at = self.seen
        self.in_traceback = False

    def code(self) -> int | None:
        """Return the exit code, or nothing while it runs."""
        return self.process.poll()

    def stop(self) -> None:
        """Ask, ask again, then insist. Whatever is left of its group goes too."""
        for number, patience in self.program.stops:
            if self._ended_after(number, patience):
                break
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def news(self) -> Iterator[str]:
        """Yield what the log says of trouble since the last call: errors, and the last line of a traceback."""
        with self.log.open("rb") as log:
            log.seek(self.seen)
            text = log.read()
        whole = text[: text.rfind(b"\n") + 1]
        self.seen += len(whole)
        for line in whole.decode(errors="replace").splitlines():
            if self._tells_trouble(line):
                yield line

    def said(self) -> str:
        """Return what this run has printed."""
        with self.log.open("rb") as log:
            log.seek(self.started_at)
            return log.read().decode(errors="replace")

    def tail(self) -> list[str]:
        """Return the last lines of this run."""
        with self.log.open("rb") as log:
            log.seek(max(self.started_at, self.log.stat().st_size - 20_000))
            return log.read().decode(errors="replace").splitlines()[-TAIL_LINES:]

    def _ended_after(self, number: int, patience: float) -> bool:
        if self.process.poll() is None:
            self.process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        return self.process.poll() is not None

    def _tells_trouble(self, line: str) -> bool:
        if self.in_traceback:
            self.in_traceback = line.startswith((" ", "\t")) or not line
            return not self.in_traceback
        self.in_traceback = line.startswith("Traceback")
        return not self.in_traceback and bool(TROUBLE.search(line))


def explain(code: int) -> str:
    """Say an exit code in words."""
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def wait_for(condition: Callable[[], bool], seconds: float, step: float = 0.05) -> bool:
    """Ask until it is so, or the time is over."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(step)
    return True


def _move_long_log(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))

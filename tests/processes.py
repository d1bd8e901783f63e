"""The real thing for a test: a database of its own, a web server, a Celery worker with its clock, a mail server."""

import contextlib
import http.client
import itertools
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import psycopg2
from django.conf import settings

from portal.children import Child, Program, wait_for
from portal.runner import Plan, web_program, worker_program
from tests.services import free_port
from tests.smtp import Sink

LIMIT = 60
_sites = itertools.count()


@dataclass
class Site:
    """A running Mufakat. `sink` has its mail; `worker` can be killed and started again."""

    folder: Path
    sink: Sink
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    web: Child | None = None
    worker: Child | None = None
    clock: Child | None = None

    @property
    def url(self) -> str:
        """Return the address without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *command: str) -> str:
        """Run a management command on this site's database and return what it printed. Raises where it fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            env=self.environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def shell(self, code: str) -> str:
        """Run Python code inside this site's Django and return what it printed."""
        return self.manage("shell", "--no-imports", "--command", code).strip()

    def start_web(self) -> None:
        """Start the web server and wait for its first answer."""
        plan = Plan(host="127.0.0.1", port=self.port, var=self.folder)
        self.web = Child(web_program(plan), self.folder, self.environment, cwd=settings.BASE_DIR)
        assert wait_for(self._answers, LIMIT), self.web.tail()

    def start_worker(self, *, clock: bool = True) -> Child:
        """Start a Celery worker, with its clock or without."""
        program = worker_program()
        if not clock:
            program = Program("worker", [part for part in program.command if part != "--beat"], program.stops)
        self.worker = Child(program, self.folder, self.environment, cwd=settings.BASE_DIR)
        return self.worker

    def start_clock(self) -> Child:
        """Start the clock alone, as it runs beside several workers."""
        command = [sys.executable, "-m", "celery", "--app", "portal.celery", "beat", "--loglevel", "WARNING"]
        self.clock = Child(Program("clock", command), self.folder, self.environment, cwd=settings.BASE_DIR)
        return self.clock

    def senders(self) -> list[int]:
        """Return the processes in which the worker does its tasks."""
        if not self.worker:
            return []
        main = self.worker.process.pid
        with contextlib.suppress(OSError):
            return list(map(int, Path(f"/proc/{main}/task/{main}/children").read_text().split()))
        return []

    def kill_sender(self, rng: random.Random) -> bool:
        """Kill one of them, as the kernel does when memory runs out. Return whether there was one."""
        there = self.senders()
        if there:
            os.kill(rng.choice(there), signal.SIGKILL)
        return bool(there)

    def kill_worker(self) -> int:
        """Kill the whole worker at one blow; return how many of its processes did tasks."""
        if not self.worker:
            return 0
        there = self.senders()
        for pid in (self.worker.process.pid, *there):
            os.kill(pid, signal.SIGKILL)
        self.worker.process.wait()
        return len(there)

    def tally(self) -> dict[str, int]:
        """Return how many messages of the outbox are in each state."""
        told = self.shell(
            "import json; from portal.models import OutgoingMessage as M; print(json.dumps(M.objects.tally()))"
        )
        return dict(json.loads(told))

    def stop(self) -> None:
        """Stop what runs."""
        for child in (self.web, self.clock, self.worker):
            if child:
                child.stop()

    def _answers(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.closing(line), contextlib.suppress(OSError, http.client.HTTPException):
            line.request("GET", "/healthz")
            return line.getresponse().status == HTTPStatus.OK
        return False


@contextlib.contextmanager
def site(folder: Path, *, seeded: bool = False, **changes: str) -> Iterator[Site]:
    """Prepare a site in the folder: migrated database, static files, nothing running but the mail server.

    A seeded one holds the demonstration, as `make run` has it.
    """
    with Sink() as sink, _database(folder) as database:
        made = Site(folder, sink, {})
        made.environment = {
            **os.environ,
            "DEMO": "1",
            "MUFAKAT_VAR": str(folder),
            "DATABASE_URL": database,
            "EMAIL_URL": sink.url,
            "SITE_URL": made.url,
            "SWEEP_SECONDS": "2",
            "MAIL_LEASE_SECONDS": "4",
            "LOG_LEVEL": "WARNING",
            # Another virtual host of the broker than the test process uses: its tasks stay its own.
            "REDIS_URL": os.environ["REDIS_URL"].split("?")[0] + f"?virtual_host={_virtual_host()}",
            **changes,
        }
        if seeded:
            made.manage("prepare")
        else:
            made.manage("migrate", "--verbosity", "0")
            made.manage("collectstatic", "--noinput", "--verbosity", "0")
            made.manage("compile_catalogs")
        try:
            yield made
        finally:
            made.stop()


def _virtual_host() -> int:
    """Return a corner of the broker that no other site of this run uses meanwhile: there are 16, half for sites."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return 8 + (worker * 4 + next(_sites) % 4) % 8


@contextlib.contextmanager
def _database(folder: Path) -> Iterator[str]:
    """A database of its own beside the suite's: a file, or a new one in the suite's PostgreSQL."""
    base = os.environ["DATABASE_URL"]
    if base.startswith("sqlite"):
        yield f"sqlite:///{folder / 'site.sqlite3'}"
        return
    name = f"site_{os.getpid()}_{free_port()}"
    with contextlib.closing(psycopg2.connect(base)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    yield f"{base.rsplit('/', 1)[0]}/{name}"

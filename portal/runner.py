"""The supervisor behind `make run` and `manage.py serve`: broker, web and worker, up together and down together.

It is for trying and developing on one machine. A server runs the units in `deploy/` instead.
"""

import contextlib
import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import FrameType
from typing import TextIO

from portal import broker
from portal.children import Child, Program, explain, wait_for

BASE = Path(__file__).resolve().parent.parent
START_LIMIT = 90  # seconds that the broker, and then the first page, may take
LEFTOVER_LIMIT = 15  # seconds given to what a killed supervisor left behind
ECHO_LIMIT = 5  # lines of trouble shown at once; the rest is in the log
PAGES = ("/healthz", "/en/")


class Refusal(Exception):
    """Why it cannot go on, in a sentence for the person at the terminal."""


class Stop(BaseException):
    """A signal asked for the end."""


@dataclass(slots=True)
class Plan:
    """Where to listen and where to write, from the environment."""

    host: str = field(default_factory=lambda: os.environ.get("HOST") or "127.0.0.1")
    port: int = field(default_factory=lambda: _port(os.environ.get("PORT") or "8000"))
    var: Path = field(default_factory=lambda: Path(os.environ.get("MUFAKAT_VAR") or BASE / "var").resolve())

    @property
    def address(self) -> str:
        """The address to open."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}/"

    @property
    def logs(self) -> Path:
        """The folder of the log files."""
        return self.var / "log"

    @property
    def probe_host(self) -> str:
        """Where to ask whether the site answers."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 (only compared)


class Supervisor:
    """Starts the programs in order, watches them, stops them in the opposite order."""

    def __init__(self, plan: Plan, out: TextIO = sys.stdout) -> None:
        """Nothing is started yet."""
        self.plan = plan
        self.out = out
        self.children: list[Child] = []
        self.environment = dict(os.environ)
        self.listen: Path | None = None

    def run(self) -> int:
        """Run until a signal (0) or until something goes wrong (1)."""
        self.plan.logs.mkdir(parents=True, exist_ok=True)
        try:
            with _only_one(self.plan.var) as after_a_crash, self._stopping_on_signals():
                self._start(LEFTOVER_LIMIT if after_a_crash else 0)
                self._watch()
        except Refusal as refusal:
            self.say(str(refusal))
            return 1
        except Stop:
            return 0

    def say(self, text: str) -> None:
        """Print a line at once, also into a pipe."""
        print(text, file=self.out, flush=True)

    def _start(self, patience: float) -> None:
        if not wait_for(self._port_is_free, patience):
            raise Refusal(f"Port {self.plan.port} of {self.plan.host} is taken. Choose another one: PORT=8001 make run")
        self.environment |= {
            "SITE_URL": os.environ.get("SITE_URL") or self.plan.address.rstrip("/"),
            "PYTHONUNBUFFERED": "1",
        }
        self.environment["MUFAKAT_VAR"] = str(self.plan.var)
        if not self.environment.get("REDIS_URL"):
            self._start_broker(patience)
        hello = self._prepare()
        self._start_child(worker_program())
        self._start_child(web_program(self.plan))
        self._await("the first page", self._site_answers, START_LIMIT)
        self.say(f"{hello}Ready: {self.plan.address}")

    def _start_broker(self, patience: float) -> None:
        server = broker.find_server()
        if not server:
            raise Refusal("No Redis: set REDIS_URL, or install redis-server; no embedded one exists for this machine.")
        self.listen = listen = broker.socket_in(self.plan.var)
        if not wait_for(lambda: not broker.answers(listen), patience):
            raise Refusal(f"Another broker already listens on {listen}.")
        command = broker.start_command(server, self.plan.var, listen)
        self._start_child(Program("broker", command))
        self._await("the broker", lambda: broker.answers(listen), START_LIMIT)
        self.environment["REDIS_URL"] = broker.url(listen)

    def _prepare(self) -> str:
        """Bring database, catalogues and static files up to date. Return what there is to tell, such as sign-ins."""
        child = self._start_child(Program("prepare", [sys.executable, str(BASE / "manage.py"), "prepare"]))
        while (code := child.code()) is None:
            self._look_after(child)
            time.sleep(0.05)
        self.children.remove(child)
        if code:
            raise Refusal(_obituary(child, code))
        return child.said()

    def _start_child(self, program: Program) -> Child:
        child = Child(program, self.plan.logs, self.environment, cwd=BASE)
        self.children.append(child)
        return child

    def _await(self, what: str, condition: Callable[[], bool], seconds: float) -> None:
        until = time.monotonic() + seconds
        while not condition():
            self._look_after()
            if time.monotonic() > until:
                raise Refusal(f"Waited {seconds:.0f} seconds for {what} in vain. See {self.plan.logs}.")
            time.sleep(0.05)

    def _watch(self) -> None:
        while True:
            self._look_after()
            time.sleep(0.3)

    def _look_after(self, expected_to_end: Child | None = None) -> None:
        """Show new trouble; refuse to go on when a program has ended by itself."""
        for child in self.children:
            code = child.code()
            if code is not None and child is not expected_to_end:
                raise Refusal(_obituary(child, code))
            self._echo(child)

    def _echo(self, child: Child) -> None:
        lines = list(child.news())
        for line in lines[:ECHO_LIMIT]:
            self.say(f"{child.name} | {line}")
        if len(lines) > ECHO_LIMIT:
            self.say(f"{child.name} | ... and {len(lines) - ECHO_LIMIT} more in {child.log}")

    @contextlib.contextmanager
    def _stopping_on_signals(self) -> Iterator[None]:
        """Turn the first signal into an orderly end; later ones wait until it is done."""

        def on_signal(_number: int, _frame: FrameType | None) -> None:
            _ignore_signals()
            raise Stop

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, on_signal)
        try:
            yield
        finally:
            _ignore_signals()
            self._stop_all()

    def _stop_all(self) -> None:
        for child in reversed(self.children):
            child.stop()
        if self.listen:
            broker.forget_socket(self.listen, self.plan.var)

    def _port_is_free(self) -> bool:
        family = socket.AF_INET6 if ":" in self.plan.host else socket.AF_INET
        with socket.socket(family) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                line.bind((self.plan.host, self.plan.port))
            except OSError:
                return False
        return True

    def _site_answers(self) -> bool:
        return all(self._page_answers(page) for page in PAGES)

    def _page_answers(self, page: str) -> bool:
        line = http.client.HTTPConnection(self.plan.probe_host, self.plan.port, timeout=10)
        with (
            contextlib.closing(line),
            contextlib.suppress(OSError, http.client.HTTPException),
        ):
            line.request("GET", page)
            return line.getresponse().status < HTTPStatus.BAD_REQUEST
        return False


def web_program(plan: Plan) -> Program:
    """Two processes of four threads: enough for a demonstration, and for seeing what two processes break."""
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"]
    # A process asked to stop while it starts misses it: granian waits for ever unless told to insist.
    size = ["--workers", "2", "--blocking-threads", "4", "--workers-kill-timeout", "5"]
    return Program("web", [*granian, *size, "--host", plan.host, "--port", str(plan.port), "portal.wsgi:application"])


def worker_program() -> Program:
    """Worker and clock in one. TERM lets tasks finish, QUIT hands them back."""
    celery = [
        sys.executable,
        "-m",
        "celery",
        "--app",
        "portal.celery",
        "worker",
        "--beat",
        "--concurrency",
        "2",
    ]
    quiet = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    return Program("worker", [*celery, *quiet], stops=((signal.SIGTERM, 10), (signal.SIGQUIT, 10)))


@contextlib.contextmanager
def _only_one(var: Path) -> Iterator[bool]:
    """Hold the folder for one supervisor. Yield whether the one before it was killed, so its programs may be dying."""
    with (var / "serve.lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Refusal(f"Mufakat already runs on {var} (process {lock.read().strip()}). Stop it first.") from None
        lock.seek(0)
        after_a_crash = bool(lock.read())
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        try:
            yield after_a_crash
        finally:
            lock.truncate(0)


def _obituary(child: Child, code: int) -> str:
    last = "\n".join(f"{child.name} | {line}" for line in child.tail())
    return f"{last}\nThe {child.name} process ended by itself: {explain(code)}. Its log: {child.log}".lstrip()


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:  # noqa: PLR2004 (the number of ports there are)
        raise Refusal(f"PORT is not a port number: {text}")
    return int(text)


def main() -> int:
    """Run with the plan of the environment."""
    try:
        return Supervisor(Plan()).run()
    except Refusal as refusal:
        print(refusal, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())

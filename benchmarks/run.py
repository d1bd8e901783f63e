"""`make bench`: measures the portal against the floor and writes the table into docs/performance.md.

It stops by itself, listens on the loopback only, and ends what it started, also when it is interrupted.
"""

import argparse
import contextlib
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from benchmarks import measuring, report
from benchmarks.places import Databases, MailServer, embedded_broker, floor_site, portal_site

SIZES = (200, 2_000, 20_000)
TABLES = (50, 500, 5_000)  # invitations in one consultation
WORKSPACES = (50, 500, 2_000)  # submissions in one consultation
EDITIONS = {"statement_detail", "edition_detail", "item_detail"}
ALONE = {"table", "workspace", "documents"}  # parts that need none of the other load


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one size, one round of one second: a look, not a measure")
    parts = ["pages", "editions", "mail", "register", "table", "workspace", "documents"]
    parser.add_argument("--only", choices=parts, help="a part of it")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many items to load")
    parser.add_argument("--seconds", type=int, default=1, help="length of one burst")
    parser.add_argument("--rounds", type=int, default=3, help="bursts per figure; the median counts")
    parser.add_argument("--mails", type=int, default=1_000, help="invitations in the mailing")
    parser.add_argument("--servers", action="store_true", help="PostgreSQL instead of SQLite")
    parser.add_argument("--print", action="store_true", dest="only_print", help="leave docs/performance.md alone")
    given = parser.parse_args()
    if given.quick:
        given.sizes, given.seconds, given.rounds = given.sizes[:1] if len(given.sizes) < 3 else (2_000,), 1, 1
    return given


def say(text: str) -> None:
    """Tell the terminal what goes on."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Yield a folder of our own that PostgreSQL's account may pass through, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="mufakat-bench-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)


def measure(given: argparse.Namespace) -> report.Result:
    """Measure everything that was asked for."""
    result = report.Result()
    with (
        folder() as here,
        Databases(here, servers=given.servers) as databases,
        MailServer(here) as sink,
        embedded_broker(here) as bell,
    ):
        result.kind = databases.kind
        floor = floor_site(here, databases.url("floor"), sink.port)
        say("filling the floor")
        floor.step("floor.fill")
        middle = sorted(given.sizes)[len(given.sizes) // 2]
        for size in TABLES if given.only in {None, "table"} else ():
            say(f"inviting {size}")
            result.table[size] = inside("table", here, size, databases, sink, bell)
        for size in WORKSPACES if given.only in {None, "workspace"} else ():
            say(f"consolidating {size} submissions")
            result.workspace[size] = inside("consolidating", here, size, databases, sink, bell)
        if given.only in {None, "documents"}:
            say("making documents")
            result.documents = portal_site(here, 0, databases.url("portal-0"), sink.port, bell).step("documents")
        for size in sorted(given.sizes) if given.only not in ALONE else ():
            say(f"loading {size} items")
            if given.only in {None, "register"}:
                result.register[size] = inside("register", here, size, databases, sink, bell)
            if given.only == "register":
                continue
            site = portal_site(here, size, databases.url(f"portal-{size}"), sink.port, bell)
            site.step("load", "--size", str(size))
            if given.only in {None, "pages"}:
                pages = measuring.Pages(site, floor, databases, given.seconds, given.rounds, say)
                result.pages[size] = pages.measure(whole=size == middle)
            if given.only == "editions" and size == middle:
                pages = measuring.Pages(site, floor, databases, given.seconds, given.rounds, say)
                result.editions = pages.measure_some(EDITIONS)
            if given.only in {None, "mail"} and size == middle:
                mail = measuring.Mail(site, floor, sink, given.mails, given.rounds, say)
                result.mail, result.door = mail.measure(), mail.door
        result.middle = middle
    return result


def inside(step: str, here: Path, size: int, databases: Databases, sink: MailServer, bell: str) -> Any:
    """Measure the register, the table or the workspace at a size, inside one process that keeps no page."""
    folder = here / f"{step}-{size}"
    folder.mkdir()
    site = portal_site(folder, size, databases.url(f"{step}-{size}"), sink.port, bell)
    site.environment["KEPT_PAGES"] = "0"
    site.step(step, "--size", str(size))
    return site.step(step)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Measure, print, write down."""
    signal.signal(signal.SIGTERM, _stop)
    given = arguments()
    started = time.monotonic()
    result = measure(given)
    result.minutes = (time.monotonic() - started) / 60
    texts = {}
    if result.pages:
        texts[result.kind] = report.markdown(result, given)
    if result.mail:
        texts[f"{result.kind}, the mail"] = report.mail_markdown(result, given)
    if result.register:
        texts[f"{result.kind}, the register"] = report.register_markdown(result, given)
    if result.table:
        texts[f"{result.kind}, the table"] = report.table_markdown(result, given)
    if result.editions:
        texts[f"{result.kind}, an edition"] = report.editions_markdown(result, given)
    if result.workspace:
        texts[f"{result.kind}, the workspace"] = report.workspace_markdown(result, given)
    if result.documents:
        texts["documents"] = report.documents_markdown(result, given)
    for kind, text in texts.items():
        print(text)
        if not given.only_print:
            report.write(text, kind)
    return 0


if __name__ == "__main__":
    sys.exit(main())

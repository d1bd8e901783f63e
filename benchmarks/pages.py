"""The measured pages: where they are, what each asks of the database, how much work it is inside one process."""

import argparse
import gzip
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse

from benchmarks.counting import counting
from benchmarks.world import BROAD, SMALL, WIDE
from portal.models import User
from recommendations.models import Conveyance

AGAIN = 100  # what a process keeps, where that is measured
LEAST = 3  # rounds of a page that takes longer than its share of time
SIGN_IN = "stakeholders.signing_in.Backend"
WHO = {"convenor": "convenor", "member": "member0", "liaison": "liaison"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its URL name, the kind of budget it has, who reads it, and what its address is filled with."""

    name: str
    kind: str
    who: str = ""
    arguments: Sequence[Any] = ()
    query: str = ""
    again: bool = False  # nothing happened since this process made it last
    note: str = ""  # what is more to say of it than its name


@dataclass(slots=True)
class Measured:
    """What one page is and costs. `missing` says why there is nothing to measure."""

    name: str
    kind: str
    who: str
    path: str = ""
    cookie: str = ""
    missing: str = ""
    queries: int = 0
    rows: int = 0
    app_ms: float = 0.0
    database_ms: float = 0.0
    size: int = 0
    packed: int = 0
    view: str = ""


def catalogue() -> list[Page]:
    """Return the pages of the table. The first full consultation and statement are the measured ones."""
    over, ahead = f"consultation-{SMALL}", f"consultation-{SMALL + 1}"
    statement, long = f"statement-{SMALL}", f"statement-{WIDE}"
    many = f", {BROAD} items"
    sheet = Conveyance.objects.filter(edition__statement__slug=statement).order_by("pk").values_list("pk").first()
    return [
        Page("home", "list"),
        Page("consultation_list", "list"),
        Page("consultation_detail", "detail", arguments=(over,)),
        Page("statement_list", "list"),
        Page("statement_detail", "detail", arguments=(statement,)),
        Page("edition_detail", "detail", arguments=(statement, 1)),
        Page("item_detail", "detail", arguments=(statement, "asean", 1)),
        Page("statement_detail", "detail", arguments=(long,), note=many),
        Page("statement_detail", "detail", arguments=(long,), query="?beside=id", note=many),
        Page("edition_detail", "detail", arguments=(long, 1), note=many),
        Page("item_detail", "detail", arguments=(long, "asean", 1), note=many),
        Page("statement_timeline", "detail", arguments=(statement,)),
        Page("follow_up", "list"),
        Page("organisation_list", "list"),
        Page("organisation_detail", "detail", arguments=("organisation-1",)),
        Page("public_body_list", "list"),
        Page("search", "search", query="?q=migran"),
        Page("statement_list", "list, signed in", who="member"),
        Page("submission_list", "list, signed in", who="member"),
        Page("desk", "desk", who="member"),
        Page("desk", "desk", who="convenor"),
        Page("consultation_desk", "desk", who="convenor", arguments=(ahead,)),
        Page("invitation_outbox", "desk", who="convenor", arguments=(ahead,)),
        Page("invitation_pick", "desk", who="convenor", arguments=(ahead,)),
        Page("workspace", "desk", who="convenor", arguments=(over,)),
        Page("plenary", "desk", who="convenor", arguments=(over,)),
        Page("trail_desk", "desk", who="convenor", arguments=(statement,)),
        Page("liaison_desk", "desk", who="liaison"),
        Page("answer_sheet", "desk", who="liaison", arguments=sheet or (0,)),
    ]


def address(page: Page) -> str:
    """Return the page's address. Raises NoReverseMatch where no such page exists."""
    return reverse(page.name, args=page.arguments) + page.query


def client_of(who: str) -> Client:
    """Return a browser on which that person is signed in."""
    client = Client(raise_request_exception=False, HTTP_HOST="127.0.0.1")
    if who:
        client.force_login(User.objects.get(email=f"{WHO[who]}@bench.example"), backend=SIGN_IN)
    return client


def measure(page: Page, seconds: float) -> Measured:
    """Fetch the page: once counted, then again and again with a stopwatch for this thread's work alone."""
    with override_settings(KEPT_PAGES=AGAIN if page.again else settings.KEPT_PAGES):
        return _measured(page, seconds)


def _measured(page: Page, seconds: float) -> Measured:
    again = ", again" if page.again else ""
    found = Measured(page.name + page.query + again + page.note, page.kind, page.who, view=page.name)
    try:
        found.path = address(page)
    except NoReverseMatch:
        found.missing = "no such page yet"
        return found
    client = client_of(page.who)
    found.cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    caches["process"].clear()
    response: Any = client.get(found.path)
    if response.status_code != 200:
        found.missing = f"answers {response.status_code}"
        return found
    content = response.getvalue()
    found.size, found.packed = len(content), len(gzip.compress(content, 5))
    with counting() as tally:
        read(client, found.path)
    found.queries, found.rows = tally.queries, tally.rows
    found.app_ms, found.database_ms = _work(client, found.path, seconds)
    return found


def read(client: Client, path: str) -> None:
    """Fetch a page to its end; a file is made while it is read. A refusal would be fast, and no measure."""
    response: Any = client.get(path)
    response.getvalue()
    if response.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{path} answers {response.status_code}")


def _work(client: Client, path: str, seconds: float) -> tuple[float, float]:
    """Return the median milliseconds of our own code, and of the database."""
    ours, theirs, until = [], [], time.perf_counter() + seconds
    while time.perf_counter() < until or len(ours) < LEAST:
        caches["process"].clear()  # nobody asks as often as a stopwatch does
        with counting() as tally:
            started = tally.clock()
            read(client, path)
            whole = tally.clock() - started
        ours.append(whole - tally.seconds)
        theirs.append(tally.seconds)
    return statistics.median(ours) * 1000, statistics.median(theirs) * 1000


def survey(seconds: float) -> Iterator[Measured]:
    """Measure every page of the catalogue."""
    for page in catalogue():
        yield measure(page, seconds)


def main(arguments: list[str]) -> None:
    """Print what was found as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=0.5)
    seconds = parser.parse_args(arguments).seconds
    json.dump([asdict(found) for found in survey(seconds)], sys.stdout)

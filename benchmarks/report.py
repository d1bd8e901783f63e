"""The table of what was measured, and its place in docs/performance.md."""

import argparse
import datetime as dt
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import drive
from benchmarks.measuring import PageResult, SizeResult

BASE = Path(__file__).resolve().parent.parent
DOCUMENT = BASE / "docs" / "performance.md"
# Which part of F a page of the kind must reach at least.
BUDGETS = {"list": 3, "detail": 3, "list, signed in": 4, "desk": 12, "search": 12}
MOST_REGISTER_QUERIES, MOST_REGISTER_MS = 12, 150
MOST_WORKSPACE_MS, MOST_SEARCH_SECONDS = 200, 5
LEAST_REPEAT = 3
MOST_QUERIES = {"list": 8, "detail": 8, "list, signed in": 12, "desk": 15, "search": 15}


@dataclass(slots=True)
class Result:
    """Everything that was measured."""

    kind: str = ""
    middle: int = 0
    minutes: float = 0.0
    pages: dict[int, SizeResult] = field(default_factory=dict)
    mail: dict[str, float] = field(default_factory=dict)
    door: str = "request"
    register: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    table: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    editions: SizeResult | None = None
    workspace: dict[int, dict[str, Any]] = field(default_factory=dict)
    documents: list[dict[str, Any]] = field(default_factory=list)


def markdown(result: Result, given: argparse.Namespace) -> str:
    """Return the figures as Markdown."""
    parts = [_machine(result, given)]
    if result.middle in result.pages:
        parts += [_pages(result), _around(result)]
    if len(result.pages) > 1:
        parts.append(_growth(result))
    return "\n\n".join(parts) + "\n"


def mail_markdown(result: Result, given: argparse.Namespace) -> str:
    """Return the figures of mail, which have a place of their own."""
    return f"{_machine(result, given)}\n\n{_mail(result)}\n"


def register_markdown(result: Result, given: argparse.Namespace) -> str:
    """Return the figures of the register, which have a place of their own."""
    return f"{_machine(result, given)}\n\n{_register(result)}\n"


def table_markdown(result: Result, given: argparse.Namespace) -> str:
    """Return the figures of the table, which have a place of their own."""
    title = (
        "### The table, by the number of invitations\n\nMade anew; the register has 6,000 organisations at each size."
    )
    return f"{_machine(result, given)}\n\n{title}\n\n{_by_size(result.table)}\n"


def workspace_markdown(result: Result, given: argparse.Namespace) -> str:
    """Return the figures of the workspace, which have a place of their own."""
    title = "### The workspace, by the number of submissions\n\nMade anew."
    pages = _by_size({size: found["pages"] for size, found in result.workspace.items()}, MOST_WORKSPACE_MS)
    rows = []
    for size, found in result.workspace.items():
        did = found["search"]
        what = f"the worker's search for what is alike among {size:,}"
        figure = f"{did['seconds']:.2f} s, of them {did['worked']:.2f} s of work; {did['alike']:,} stand in groups"
        rows.append(_due(what, figure, f"{MOST_SEARCH_SECONDS} s", kept=did["seconds"] <= MOST_SEARCH_SECONDS))
    return f"{_machine(result, given)}\n\n{title}\n\n{pages}\n\n{_table(('What', 'figure', 'must'), rows)}\n"


def documents_markdown(result: Result, given: argparse.Namespace) -> str:
    """Return the figures of an edition's documents, which have a place of their own."""
    title = (
        "### Documents of an edition\n\nNinety items, English and Indonesian side by side: in a process that made none "
        "before, and then with other words, the best of five. Behind it the processor time, which is judged: "
        "others use the machine."
    )
    rows = []
    for one in result.documents:
        must = one["must"]
        judged = f"{must:.1f} s{_mark(kept=max(one['first work'], one['then work']) <= must)}" if must else ""
        figures = [f"{one[name]:.2f} s, {one[f'{name} work']:.2f} s" for name in ("first", "then")]
        rows.append((one["ending"], *figures, judged, f"{one['kB']:.0f}"))
    table = _table(("Format", "first", "then", "must", "kB"), rows)
    return f"{_machine(result, given)}\n\n{title}\n\n{table}\n"


def write(text: str, kind: str) -> None:
    """Put the figures between their marks; the words around them stay."""
    whole = DOCUMENT.read_text(encoding="utf-8")
    begin, end = f"<!-- figures: {kind} -->", f"<!-- end of figures: {kind} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    block = f"{begin}\n\n{text}\n{end}"
    whole = pattern.sub(lambda _found: block, whole) if pattern.search(whole) else f"{whole.rstrip()}\n\n{block}\n"
    DOCUMENT.write_text(whole, encoding="utf-8")


def _machine(result: Result, given: argparse.Namespace) -> str:
    now = dt.datetime.now(dt.UTC).strftime("%-d %B %Y, %H:%M UTC")
    commit = subprocess.run(
        ["git", "-C", str(BASE), "rev-parse", "--short", "HEAD"],  # noqa: S607 - whichever git there is
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    versions = ", ".join(f"{name} {version(name)}" for name in ("django", "granian"))
    facts = (
        f"**{result.kind}**, {now}, commit {commit or 'unknown'}: {os.cpu_count()} processors, {platform.machine()}, "
        f"Python {platform.python_version()}, {versions}; driven by {drive.client_name()}; load average at the end "
        f"{os.getloadavg()[0]:.1f}; {given.rounds} rounds of {given.seconds} s; {result.minutes:.0f} minutes in all."
    )
    return f"{facts}\n\nA quick look, one round only: no measure." if given.quick else facts


def editions_markdown(result: Result, given: argparse.Namespace) -> str:
    """Return the figures of an edition's pages alone, by the best round."""
    assert result.editions  # noqa: S101 - asked for
    title = f"### An edition's pages\n\nThe best of {given.rounds} rounds. {_floor(result.editions)}"
    return f"{_machine(result, given)}\n\n{title}\n\n{_page_table(result.editions)}\n"


def _pages(result: Result) -> str:
    size = result.pages[result.middle]
    return f"### Pages at {result.middle:,} items\n\n{_floor(size)}\n\n{_page_table(size)}"


def _floor(size: SizeResult) -> str:
    return f"F = {size.floor:,.0f} requests/s ({size.floor_cpu:.2f} ms of processor time a request)."


def _page_table(size: SizeResult) -> str:
    head = (
        *("Page", "kind", "made anew, of F", "must", "CPU ms", "by CPU, of F"),
        *("as served", "the same compressed", "repeat visit", "queries", "rows", "kB"),
    )
    return _table(head, (_page_row(page, size.floor_cpu) for page in size.pages))


def _page_row(page: PageResult, floor_cpu: float) -> Sequence[str]:
    found = page.found
    if found["missing"]:
        return (name_of(found), found["kind"], f"not measured: {found['missing']}", *[""] * 9)
    must, most = BUDGETS[found["kind"]], MOST_QUERIES[found["kind"]]
    return (
        name_of(found),
        found["kind"],
        fraction(page.ratio()),
        f"F/{must}{_mark(kept=page.ratio() >= 1 / must)}",
        f"{page.cpu():.1f}",
        fraction(floor_cpu / page.cpu()),
        fraction(page.ratio("served")),
        fraction(page.ratio("packed")),
        _repeat(page),
        f"{found['queries']}{_mark(kept=found['queries'] <= most)}",
        str(found["rows"]),
        f"{found['packed'] / 1000:.1f}",
    )


def _repeat(page: PageResult) -> str:
    ratio = page.ratio("repeat")
    return f"{fraction(ratio)}{_mark(kept=ratio >= LEAST_REPEAT)}" if ratio else ""


def name_of(found: Mapping[str, Any]) -> str:
    """Return the page's name, with who reads it where that matters."""
    return f"{found['name']} ({found['who']})" if found["who"] else found["name"]


def fraction(ratio: float) -> str:
    """Write a ratio to the floor: F/2.5 below it, 3.1 F above it."""
    if not ratio:
        return ""
    return f"{ratio:.1f} F" if ratio >= 1 else f"F/{1 / ratio:.1f}"


def _mark(*, kept: bool) -> str:
    """A word, not a colour alone."""
    return "" if kept else " missed"


def _growth(result: Result) -> str:
    sizes = sorted(result.pages)
    first, last = sizes[0], sizes[-1]
    head = ("Page", *(f"queries, rows at {size:,}" for size in sizes), "own work", "database", "requests/s")
    rows = []
    for pages in zip(*(result.pages[size].pages for size in sizes), strict=True):
        founds = [page.found for page in pages]
        if any(found["missing"] for found in founds):
            continue
        counts = [f"{found['queries']}, {found['rows']}" for found in founds]
        own = founds[-1]["app_ms"] / founds[0]["app_ms"]
        database = founds[-1]["database_ms"] / max(founds[0]["database_ms"], 0.01)
        rate = pages[-1].ratio() / pages[0].ratio() if pages[0].ratio() else 0.0
        own_said = f"{own:.2f} x{_mark(kept=own <= 1.2)}"
        rows.append(
            (name_of(founds[0]), *counts, own_said, f"{database:.2f} x{_mark(kept=database <= 2)}", f"{rate:.2f} x")
        )
    return f"### Growth from {first:,} to {last:,} items\n\n{_table(head, rows)}"


def _register(result: Result) -> str:
    made = "Made anew, but for “again”; each organisation has three names and eight traits, every third a tie."
    return f"### The register, by its number of organisations\n\n{made}\n\n{_by_size(result.register)}"


def _by_size(measured: dict[int, list[dict[str, Any]]], most_ms: int = MOST_REGISTER_MS) -> str:
    """Milliseconds of one process for each page, by the size of what is loaded."""
    sizes = sorted(measured)
    head = ("Page", *(f"{size:,}: queries, rows, own + database ms" for size in sizes), "must")
    rows = []
    for founds in zip(*(measured[size] for size in sizes), strict=True):
        figures = [
            found["missing"]
            or f"{found['queries']}, {found['rows']}, {found['app_ms']:.0f} + {found['database_ms']:.0f}"
            for found in founds
        ]
        last, file = founds[-1], founds[-1]["kind"] == "file"
        most = MOST_QUERIES["desk"] if founds[0]["kind"] == "desk" else MOST_REGISTER_QUERIES
        kept = last["queries"] <= most and last["app_ms"] + last["database_ms"] <= most_ms
        name = f"{name_of(founds[0])} {founds[0]['path'].rpartition('/')[2] if file else ''}".strip()
        rows.append((name, *figures, "" if file else f"{most}, {most_ms} ms{_mark(kept=kept)}"))
    return _table(head, rows)


def _around(result: Result) -> str:
    size = result.pages[result.middle]
    extras, f = size.extras, size.floor
    requests, weight = extras["first visit requests"], extras["first visit kB"]
    before, after = extras["memory before"], extras["memory after"]
    light = requests <= 5 and weight <= 40
    rows = [
        ("other floors: a response without a query", fraction(extras["floor: plain"] / f), ""),
        ("other floors: 304 after one small query", fraction(extras["floor: 304"] / f), ""),
        ("a ready compressed file, from the same server", fraction(extras.get("ready file", 0) / f), ""),
        ("from the start of the process to the first page", f"{extras['first page']:.1f} s", ""),
        ("the same for the floor", f"{extras['floor: first page']:.1f} s", ""),
        _due("first visit", f"{requests:.0f} requests, {weight:.0f} kB", "5, 40 kB", kept=light),
        _due("memory of a web worker", f"{before:.0f} MB", "110 MB", kept=before <= 110),
        _due("the same after the heaviest page", f"{after:.0f} MB", "+10 %", kept=after <= 1.1 * before),
    ]
    return "### Around the pages\n\n" + _table(("What", "figure", "must"), rows)


def _mail(result: Result) -> str:
    mail, door = result.mail, result.door
    ratio, two, beyond = mail["one to plain"], mail["two to one"], mail["queries beyond the claim"]
    at_once, queries = mail["mails a connection"], mail["request queries"]
    rows = [
        ("plain loop over one connection (the mail floor)", f"{mail['plain']:,.0f} mails/s", ""),
        ("one worker", f"{mail['one']:,.0f} mails/s", ""),
        _due("one worker to the mail floor", f"{ratio:.2f}", "0.8", kept=ratio >= 0.8),
        ("processor time a mail, to the mail floor", f"{mail['cpu to plain']:.2f}", ""),
        ("two workers", f"{mail['two']:,.0f} mails/s", ""),
        _due("two workers to one", f"{two:.2f}", "1.6", kept=two >= 1.6),
        ("the same for the mail floor: two loops to one", f"{mail['two plain to one']:.2f}", ""),
        _due("queries a mail beyond the claim", f"{beyond:.2f}", "0.2", kept=beyond <= 0.2),
        _due("mails a connection", f"{at_once:.0f}", "100", kept=at_once >= 100),
        _due(f"the {door} that sends them: queries", f"{queries:.0f}", "10", kept=queries <= 10),
        (f"the {door} that sends them: time", f"{mail['request ms']:.0f} ms", "at once"),
        ("size of a mail, ours and the floor's", f"{mail['kB a mail']:.1f} kB, {mail['kB a plain mail']:.1f} kB", ""),
    ]
    title = "### Mail: invitations in five languages, with text, HTML and calendar"
    return f"{title}\n\n{_table(('What', 'figure', 'must'), rows)}"


def _due(what: str, figure: str, must: str, *, kept: bool) -> tuple[str, str, str]:
    """A line with a budget; a word says where it was missed."""
    return what, figure, must + _mark(kept=kept)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

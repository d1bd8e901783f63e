"""The measurements themselves. Bursts are short and interleaved with bursts on the floor, and medians count."""

import re
import statistics
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import drive
from benchmarks.places import Databases, MailServer, Site
from benchmarks.waiting import WARM_UP

# Made anew for each request; as served to a reader without a copy; the same, compressed; asked for again.
MANNERS = ("anew", "served", "packed", "repeat")
SLICE = 300  # seconds after which a public page gets another validator; a burst must not span two of them
PAUSE = 0.1
VISITS = 40  # of the heaviest page, around which memory is looked at
GZIP = {"Accept-Encoding": "gzip"}


@dataclass(slots=True)
class Burst:
    """One burst: requests a second, and processor milliseconds of the site and of the database server per request."""

    rate: float
    cpu_ms: float
    database_ms: float
    floor: float = 0.0


@dataclass(slots=True)
class PageResult:
    """All that was found about one page: what it asks of the database, and bursts by manner."""

    found: dict[str, Any]
    bursts: dict[str, list[Burst]] = field(default_factory=dict)
    best: bool = False  # the best round counts, where others use the machine; else the median

    def rate(self, manner: str = "anew") -> float:
        """Return the median of requests a second."""
        return _median(burst.rate for burst in self.bursts.get(manner, ()))

    def ratio(self, manner: str = "anew") -> float:
        """Return the ratio to the floor's bursts of the same round: the median, or the best."""
        ratios = [burst.rate / burst.floor for burst in self.bursts.get(manner, ()) if burst.floor]
        return max(ratios, default=0.0) if self.best else _median(ratios)

    def cpu(self, manner: str = "anew") -> float:
        """Return the processor milliseconds of a request: the median, or the least."""
        used = [burst.cpu_ms + burst.database_ms for burst in self.bursts.get(manner, ())]
        return min(used, default=0.0) if self.best else _median(used)


@dataclass(slots=True)
class SizeResult:
    """What was found at one size."""

    pages: list[PageResult]
    floor: float
    floor_cpu: float
    extras: dict[str, float] = field(default_factory=dict)


class Pages:
    """Measures the pages of one site."""

    def __init__(
        self, site: Site, floor: Site, databases: Databases, seconds: int, rounds: int, say: Callable[[str], None]
    ) -> None:
        """Nothing is running yet."""
        self.site, self.floor, self.databases = site, floor, databases
        self.anew = site.twin("portal-anew", KEPT_PAGES="0")
        self.seconds, self.rounds, self.say = seconds, rounds, say
        self.floors: list[Burst] = []

    def measure(self, *, whole: bool) -> SizeResult:
        """Count in one process, then drive both sites. `whole` adds repeat visits, compression, memory and the rest."""
        self.say("counting queries and rows")
        pages = [PageResult(found) for found in self.anew.step("pages")]
        for page in pages:
            if page.found["missing"]:
                self.say(f"SKIPPED {page.found['name']} {page.found['who']}: {page.found['missing']}")
        there = [page for page in pages if not page.found["missing"]]
        extras: dict[str, float] = {}
        with self.floor.running(), self.site.running(), self.anew.running():
            if whole:
                extras |= {
                    "first page": self.site.seconds_to_first_page,
                    "floor: first page": self.floor.seconds_to_first_page,
                }
                extras |= self._first_visit()
            self._warm(there)
            manners = MANNERS if whole else MANNERS[:1]
            for number in range(self.rounds):
                self.say(f"driving {len(there)} pages, round {number + 1} of {self.rounds}")
                self._round(there, manners)
            if whole:
                extras |= self._extras()
        if whole:
            extras |= self._memory([page for page in there if not page.found["missing"]])
        floor = _median(burst.rate for burst in self.floors)
        return SizeResult(pages, floor, _median(b.cpu_ms + b.database_ms for b in self.floors), extras)

    def measure_some(self, names: Collection[str]) -> SizeResult:
        """Drive the pages of these names in all manners; the best round counts."""
        pages = [PageResult(found, best=True) for found in self.anew.step("pages") if found["view"] in names]
        there = [page for page in pages if not page.found["missing"]]
        with self.floor.running(), self.site.running(), self.anew.running():
            self._warm(there)
            for number in range(self.rounds):
                self.say(f"driving {len(there)} pages, round {number + 1} of {self.rounds}")
                self._round(there, MANNERS)
        least = min(burst.cpu_ms + burst.database_ms for burst in self.floors)
        return SizeResult(pages, max(burst.rate for burst in self.floors), least)

    def _warm(self, pages: Sequence[PageResult]) -> None:
        for page in pages:
            for _each in range(8):
                self._fetch(self.site, page, {})
                self._fetch(self.anew, page, {})
        self._burst(self.floor, self.floor.url("/page"), {})

    def _round(self, pages: Sequence[PageResult], manners: Sequence[str]) -> None:
        """Each page between two bursts on the floor, which are its measure."""
        before = self._floor_burst()
        for page in pages:
            bursts = list(self._bursts_on(page, manners))
            after = self._floor_burst()
            for manner, burst in bursts:
                burst.floor = (before.rate + after.rate) / 2
                page.bursts.setdefault(manner, []).append(burst)
            before = after

    def _floor_burst(self) -> Burst:
        burst = self._burst(self.floor, self.floor.url("/page"), {})
        self.floors.append(burst)
        return burst

    def _bursts_on(self, page: PageResult, manners: Sequence[str]) -> Iterator[tuple[str, Burst]]:
        """A page that breaks is told aloud and left out; the others go on."""
        for manner in manners:
            if page.found["missing"] or not self._applies(page, manner):
                continue
            try:
                yield manner, self._burst_on(page, manner)
            except drive.Broken as reason:
                page.found["missing"] = "wrong answers under load"
                self.say(f"BROKEN {reason}")

    @staticmethod
    def _applies(page: PageResult, manner: str) -> bool:
        """Nothing is kept for somebody who is signed in."""
        return manner == "anew" or not page.found["who"]

    def _burst_on(self, page: PageResult, manner: str) -> Burst:
        site = self.anew if manner == "anew" else self.site
        headers = self._cookie(page) | ({} if manner in {"anew", "served"} else GZIP)
        if manner != "anew":
            _wait_for_room(self.seconds)
            etag = self._fetch(site, page, headers)["etag"]
        if manner == "repeat":
            headers["If-None-Match"] = etag
            if drive.fetch(site.url(page.found["path"]), headers)[0] != 304:
                raise drive.Broken(f"{page.found['path']} does not answer 304")
        return self._burst(site, site.url(page.found["path"]), headers)

    @staticmethod
    def _cookie(page: PageResult) -> dict[str, str]:
        return {"Cookie": page.found["cookie"]} if page.found["cookie"] else {}

    def _fetch(self, site: Site, page: PageResult, headers: Mapping[str, str]) -> dict[str, str]:
        status, answered, _body = drive.fetch(site.url(page.found["path"]), {**headers, **self._cookie(page)})
        if status != 200:
            raise drive.Broken(f"{page.found['path']} answers {status}")
        return answered

    def _burst(self, site: Site, url: str, headers: Mapping[str, str]) -> Burst:
        used, served = site.cpu(), self.databases.cpu()
        shot = drive.shoot(url, self.seconds, headers)
        used, served = site.cpu() - used, self.databases.cpu() - served
        time.sleep(PAUSE)
        return Burst(shot.rate, used / shot.count * 1000, served / shot.count * 1000)

    def _extras(self) -> dict[str, float]:
        """Return the other floors, and a ready file from the same server."""
        validated = {"If-None-Match": '"the-floor"'}
        found = {
            "floor: plain": self._burst(self.floor, self.floor.url("/plain"), {}).rate,
            "floor: 304": self._burst(self.floor, self.floor.url("/validated"), validated).rate,
        }
        if files := self._static_files():
            found["ready file"] = self._burst(self.site, self.site.url(files[0]), GZIP).rate
        return found

    def _memory(self, pages: Sequence[PageResult]) -> dict[str, float]:
        """A worker that served one light page, and the same after the heaviest one. The server is started anew."""
        heaviest = max(pages, key=lambda page: page.cpu())
        with self.anew.running() as site:
            for _each in range(VISITS):
                drive.fetch(site.url(site.first_page))
            before = site.memory()
            for _each in range(VISITS):
                self._fetch(site, heaviest, {})
            return {"memory before": before, "memory after": site.memory()}

    def _first_visit(self) -> dict[str, float]:
        """Count the requests and bytes of a first visit: the page and all that it makes a browser fetch."""
        home = self.site.url(self.site.first_page)
        sizes = [len(drive.fetch(home, GZIP)[2])]
        sizes += [len(drive.fetch(self.site.url(path), GZIP)[2]) for path in self._static_files()]
        return {"first visit requests": len(sizes), "first visit kB": sum(sizes) / 1000}

    def _static_files(self) -> list[str]:
        page = drive.fetch(self.site.url(self.site.first_page))[2].decode()
        tags = re.findall(r"<(?:link|script|img)\b[^>]*>", page)
        wanted = [tag for tag in tags if "<link" not in tag or re.search(r'rel="(?:stylesheet|icon|manifest)', tag)]
        paths = [found[1] for tag in wanted if (found := re.search(r'(?:href|src)="(/[^"]*)"', tag))]
        return sorted(set(paths), key=lambda path: (not path.endswith(".css"), path))


class Mail:
    """Measures the mailing of invitations against a plain loop."""

    def __init__(
        self, site: Site, floor: Site, sink: MailServer, count: int, rounds: int, say: Callable[[str], None]
    ) -> None:
        """Nothing is queued yet."""
        self.site, self.floor, self.sink, self.count, self.rounds, self.say = site, floor, sink, count, rounds, say
        self.door = ""

    def measure(self) -> dict[str, float]:
        """Interleave the plain loop, one worker and two workers; count queries in a mailing of its own."""
        plain, plains, one, two = [], [], [], []
        sent: list[dict[str, Any]] = []
        for number in range(self.rounds):
            self.say(f"mailing {self.count} invitations, round {number + 1} of {self.rounds}")
            plain.append(self._tallied(lambda: self._plain(1)))
            sent.append(self._send(1))
            one.append(self._tallied(lambda: self._workers(1)))
            sent.append(self._send(2))
            plains.append(self._tallied(lambda: self._plain(2)))
            two.append(self._tallied(lambda: self._workers(2)))
        self._send(1)
        counted = self.site.step("mails", "work", "--count-queries")
        rates = {"plain": _median(run["rate"] for run in plain), "one": _median(run["rate"] for run in one)}
        return {
            **rates,
            "two": _median(run["rate"] for run in two),
            "one to plain": _median(a["rate"] / b["rate"] for a, b in zip(one, plain, strict=True)),
            "cpu to plain": _median(a["cpu"] / b["cpu"] for a, b in zip(one, plain, strict=True)),
            "two to one": _median(a["rate"] / b["rate"] for a, b in zip(two, one, strict=True)),
            "two plain to one": _median(a["rate"] / b["rate"] for a, b in zip(plains, plain, strict=True)),
            "queries beyond the claim": counted["queries"] / counted["count"] - 1,
            "mails a connection": _median(run["a connection"] for run in one),
            "kB a mail": _median(run["kB"] for run in one),
            "kB a plain mail": _median(run["kB"] for run in plain),
            "request queries": _median(run["queries"] for run in sent),
            "request ms": _median(run["ms"] for run in sent),
        }

    def _send(self, workers: int) -> dict[str, Any]:
        """Queue the mailing, and what each worker warms up with."""
        count = self.count + WARM_UP * workers
        sent: dict[str, Any] = self.site.step("mails", "send", "--count", str(count))
        self.door = str(sent["door"])
        if sent["queued"] != count:
            raise drive.Broken(f"{sent['queued']} of {count} invitations were queued by the {sent['door']}")
        return sent

    def _tallied(self, work: Callable[[], list[dict[str, Any]]]) -> dict[str, float]:
        """Run the work and set beside it what arrived."""
        before = self.sink.tally()
        runs = work()
        arrived = {name: value - before[name] for name, value in self.sink.tally().items()}
        sent = sum(run["count"] for run in runs)
        count = sent + sum(run["warmed"] for run in runs)
        if arrived["mails"] != count:
            raise drive.Broken(f"{arrived['mails']} of {count} mails arrived")
        seconds = max(run["ended"] for run in runs) - min(run["began"] for run in runs)
        return {
            "rate": sent / seconds,
            "cpu": sum(run["cpu"] for run in runs) / sent,
            "a connection": sent / max(1, arrived["connections"] - len(runs)),
            "kB": arrived["bytes"] / arrived["mails"] / 1000,
        }

    def _plain(self, number: int) -> list[dict[str, Any]]:
        return self._together(self.floor, number, "floor.mail", "--count", str(self.count // number))

    def _workers(self, number: int) -> list[dict[str, Any]]:
        return self._together(self.site, number, "mails", "work")

    @staticmethod
    def _together(site: Site, number: int, *step: str) -> list[dict[str, Any]]:
        """Start the processes, let them warm up, and give the word to all at once."""
        go = site.var / f"go-{time.monotonic_ns()}"
        running = [site.begin(*step, "--go", str(go)) for _each in range(number)]
        until = time.monotonic() + 60
        while len(list(_ready(go))) < number and time.monotonic() < until:
            time.sleep(0.02)
        go.touch()
        return [site.result(process) for process in running]


def _ready(go: Path) -> Iterator[Path]:
    return go.parent.glob(f"{go.name}.*")


def _median(values: Any) -> float:
    found = list(values)
    return statistics.median(found) if found else 0.0


def _wait_for_room(seconds: float) -> None:
    """Wait where a burst of that length would meet a new validator."""
    left = SLICE - time.time() % SLICE
    if left < seconds + 2:
        time.sleep(left + 0.1)

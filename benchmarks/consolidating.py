"""The workspace by the number of submissions: N in one consultation, in six languages, a fifth of them near-duplicates.

First the worker searches for what is alike, as it does after a convenor asked; then come the pages.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from benchmarks import likeness
from benchmarks.load import make_organisations, make_people, make_reference, settle
from benchmarks.pages import Measured, Page, measure
from benchmarks.world import World, save
from consultations.models import Consultation
from portal import log
from portal.models import User
from recommendations import actions
from recommendations.models import Grouping, Likeness, Recommendation, Source, Statement, Submission
from recommendations.tasks.grouping import group_submissions

SLUG = "the-workspace"
EACH = 8  # submissions of one recommendation; two of three are worked in
EVERY = 3


def pages() -> list[Page]:
    """Return what is measured: the first page, its groups, a filter, a later page."""
    desk = {"kind": "desk", "who": "convenor", "arguments": (SLUG,)}
    return [
        Page("workspace", **desk),
        Page("workspace", **desk, query="?show=groups"),
        Page("workspace", **desk, query="?section=asean"),
        Page("workspace", **desk, query="?page=2"),
    ]


def load(size: int, seed: int = 2007) -> None:
    """Fill one consultation with that many submissions, two of three in the common text; nothing is searched yet."""
    world = World(0, random.Random(seed))
    make_reference(world)
    make_people(world)
    make_organisations(world)
    day = timezone.localdate() - timedelta(days=9)
    words = {"title_en": "The workspace", "title_ind": "Ruang kerja", "level": "regional"}
    consultation = Consultation.objects.create(slug=SLUG, starts_on=day, ends_on=day, **words, state="concluded")
    consultation.convenors.set(User.objects.filter(email__in=("convenor@bench.example", "second@bench.example")))
    statement = Statement.objects.create(consultation=consultation, slug=SLUG, title_en="Draft", title_ind="Rancangan")
    submissions = save(Submission, _submissions(world, consultation, size))
    texts = save(Recommendation, _recommendations(world, statement, max(30, size // EACH)))
    rows = (Source(recommendation=texts[n % len(texts)], submission=one) for n, one in enumerate(submissions))
    save(Source, (row for n, row in enumerate(rows) if n % EVERY))
    log.record("load", consultation, by=world.people[0])
    settle()


def _submissions(world: World, consultation: Consultation, size: int) -> Iterator[Submission]:
    for number, text in enumerate(likeness.made(size)[0]):
        used = number % EVERY
        yield Submission(
            consultation=consultation,
            organisation=world.organisations[number % len(world.organisations)],
            author=world.people[3 + number % 40],
            section=None if number % 2 else world.countries[number % len(world.countries)],
            theme=world.themes[number % len(world.themes)],
            text=text.words,
            language=text.language,
            attribution="named",
            state="in_treatment" if used else "submitted",
            treatment="joined" if used else "",
            submitted_at=world.now,
        )


def _recommendations(world: World, statement: Statement, count: int) -> Iterator[Recommendation]:
    for number in range(count):
        english, indonesian = world.stock.items[number % len(world.stock.items)]
        yield Recommendation(statement=statement, position=number + 1, text_en=english, text_ind=indonesian)


def search() -> dict[str, Any]:
    """Ask for the search and do the worker's task. Progress is what a convenor sees meanwhile."""
    consultation = Consultation.objects.get(slug=SLUG)
    actions.ask_grouping(consultation, by=User.objects.get(email="convenor@bench.example"))
    begun, used = time.perf_counter(), time.process_time()
    done = group_submissions()
    seconds, worked = time.perf_counter() - begun, time.process_time() - used
    grouping = Grouping.objects.get(consultation=consultation)
    if done != 1 or grouping.failed or grouping.done != grouping.total:
        raise RuntimeError("the search did not finish")
    alike = Likeness.objects.filter(group__isnull=False).count()
    return {"seconds": seconds, "worked": worked, "total": grouping.total, "alike": alike}


def survey(seconds: float) -> Iterator[Measured]:
    """Measure every page."""
    for page in pages():
        yield measure(page, seconds)


def main(arguments: list[str]) -> None:
    """Load where a size is given; else print what was found as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0.5)
    given = parser.parse_args(arguments)
    if given.size:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        load(given.size)
        return
    found = {"search": search(), "pages": [asdict(one) for one in survey(given.seconds)]}
    json.dump(found, sys.stdout)

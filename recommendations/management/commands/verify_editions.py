"""Check that no adopted text and no entry of the log was changed: a line per problem, exit code 1 if there is one."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from portal import log
from recommendations import canonical
from recommendations.models import Edition, Item

Row = tuple[str, int]


class Command(BaseCommand):
    """Recompute the fingerprint of each edition, compare its items, and walk the chain of the log."""

    help = "Check the fingerprints of all editions and the chain of the log."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print what does not hold, then how much was checked."""
        editions = Edition.objects.select_related("statement", "corrigendum__corrects").order_by(
            "statement_id", "number"
        )
        problems = [problem for edition in editions for problem in problems_of(edition)]
        broken = log.first_break()
        if broken:
            problems.append(f"log entry {broken[0]}: {broken[1]}")
        for problem in problems:
            self.stdout.write(problem)
        self.stdout.write(f"{len(editions)} editions and the log checked, {len(problems)} problems")
        if problems:
            sys.exit(1)


def problems_of(edition: Edition) -> Iterator[str]:
    """Yield what does not hold about one edition."""
    name = f"{edition.statement.slug} edition {edition.number}"
    if canonical.fingerprint(edition.canonical) != edition.fingerprint:
        yield f"{name}: the fingerprint is not that of the text"
    yield from broken_chain(edition, name)
    try:
        frozen = frozen_items(edition)
    except (ValueError, KeyError, TypeError):
        yield f"{name}: the canonical form cannot be read"
        return
    shown = {key(item): shown_item(item) for item in edition.items.prefetch_related("addressees")}
    for row in sorted({*frozen, *shown}):
        if frozen.get(row) != shown.get(row):
            yield f"{name}: item {row[0]} {row[1]} is not as adopted"


def broken_chain(edition: Edition, name: str) -> Iterator[str]:
    """Yield what does not hold where a corrigendum made the edition: it names the one before by its fingerprint."""
    if getattr(edition, "corrigendum", None) is None:
        return
    before = edition.corrigendum.corrects
    try:
        said = json.loads(edition.canonical)["corrects"]
    except (ValueError, KeyError, TypeError):
        said = None
    if said != {"number": before.number, "fingerprint": before.fingerprint}:
        yield f"{name}: it does not name the edition that it corrects"


def key(item: Item) -> Row:
    """Return section and number."""
    return item.section_id or canonical.ASEAN, item.number


def frozen_items(edition: Edition) -> dict[Row, Any]:
    """Return the items of the canonical form: their words, and to whom they speak."""
    sections = json.loads(edition.canonical)["sections"]
    return {
        (section["section"], item["number"]): (item["text"], sorted(body["slug"] for body in item["addressees"]))
        for section in sections
        for item in section["items"]
    }


def shown_item(item: Item) -> Any:
    """Return the words of the row that pages show, and to whom it speaks."""
    return canonical.in_each_language(item, "text"), sorted(body.slug for body in item.addressees.all())

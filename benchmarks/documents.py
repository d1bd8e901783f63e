"""How long the documents of an edition take: ninety items in two languages."""

import datetime as dt
import json
import sys
import time

from benchmarks import words
from recommendations import canonical, documents
from recommendations.models import Edition, Statement
from stakeholders.models import PublicBody

ITEMS, ROUNDS = 90, 5
MUST = {"pdf": 1.0}  # seconds


def edition(turn: int) -> Edition:
    """Return an edition of ninety items in English and Indonesian; it is in no database, and like no other one."""
    stock, body = words.stock(), PublicBody(slug="ministry", name_en="Ministry of Manpower", name_ind="Kementerian")
    statement = Statement(slug="bench", title_en="Statement", title_ind="Pernyataan", official_title="Statement")
    entries = []
    for number in range(ITEMS):
        english, indonesian = (f"{turn} {number} {text}" for text in stock.items[number % len(stock.items)])
        place = number + 1 if number < ITEMS // 2 else number + 1 - ITEMS // 2
        section = None if number < ITEMS // 2 else "ID"
        entries.append(canonical.Entry(section, place, {"en": english, "id": indonesian}, [body]))
    day = dt.date(2026, 5, 12)
    text = canonical.form(statement, number=1, adopted_on=day, entries=entries)
    mark = canonical.fingerprint(text)
    return Edition(
        statement=statement, number=1, canonical=text, fingerprint=mark, adopted_on=day, prevailing_language="en"
    )


def main(_arguments: list[str]) -> None:
    """Make each format first in a process that made none, then with other words again and again; print JSON."""
    people = documents.People(names=tuple(f"Organisation {number}" for number in range(30)))
    # The typesetter remembers what it set: every round has words of its own.
    sheets = [documents.sheet(edition(turn), "en", "id", people, {"ID": "Indonesia"}) for turn in range(ROUNDS + 1)]
    rows = []
    for ending, one in documents.FORMATS.items():
        seconds, work = [], []
        for sheet in sheets:
            start, used = time.perf_counter(), time.process_time()
            made = one.make(sheet)
            seconds.append(time.perf_counter() - start)
            work.append(time.process_time() - used)
        row = {"ending": ending, "first": seconds[0], "then": min(seconds[1:]), "kB": len(made) / 1000}
        row |= {"first work": work[0], "then work": min(work[1:])}
        rows.append({**row, "must": MUST.get(ending, 0)})
    json.dump(rows, sys.stdout)

"""Importing a list of organisations and people: read, check row by row, then take all of it over or nothing."""

import time
import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from portal import jobs, languages, log
from portal.models import User
from portal.states import Refusal
from stakeholders.importing import reading, sheets, writing
from stakeholders.importing.checking import Checker
from stakeholders.models import ImportRow, ListImport
from stakeholders.querysets import standing_of
from stakeholders.states import ImportState, RowVerdict

JOB = "stakeholders.work_imports"
LEASE = timedelta(seconds=130)  # a little longer than a task may take
CHUNK = 250
LONGEST_RUN = 60.0  # seconds of checking before a new task goes on
BATCH = 500


@transaction.atomic
def upload_list(file: File, *, by: User, file_name: str, encoding: str = "", delimiter: str = "") -> ListImport:
    """Take a file in, to be read by a worker. On disk it has a name that says nothing, and nobody is served it."""
    run = ListImport(by=by, file_name=file_name[:200], options={"encoding": encoding, "delimiter": delimiter})
    run.file.save(uuid.uuid4().hex, file, save=False)
    run.save()
    log.record("upload_list", run, by=by)
    jobs.ring(JOB)
    return run


def claim(run: ListImport) -> bool:
    """Take an import to work on, unless another worker has it. A killed worker's claim runs out."""
    now = timezone.now()
    return bool(ListImport.objects.due(now).filter(pk=run.pk).update(claimed_until=now + LEASE))


@transaction.atomic
def read_import(run: ListImport) -> ListImport:
    """Store the rows of the uploaded file and delete it. Raises Unreadable; a second time changes nothing."""
    run = ListImport.locked(run.pk)
    if run.state != ImportState.UPLOADED:
        return run
    with run.file.open() as file:
        found = reading.read(file.read(), **_asked(run.options))
    rows, layout = sheets.stored(found)
    ImportRow.objects.bulk_create(
        [ImportRow(run=run, number=number, cells=cells) for number, cells in rows], batch_size=BATCH
    )
    _delete_file(run)
    run.move("read", file="", layout=layout, options={}, claimed_until=None)
    return run


def _asked(options: dict[str, str]) -> dict[str, str]:
    return {name: options.get(name, "") for name in ("encoding", "delimiter")}


def _delete_file(run: ListImport) -> None:
    """Delete the file once the change is committed; the clock sweeps what a crash in between leaves."""
    if run.file:
        name = run.file.name
        transaction.on_commit(lambda: default_storage.delete(name))


@transaction.atomic
def map_columns(run: ListImport, *, by: User, mapping: Mapping[str, str], options: Mapping[str, Any]) -> ListImport:
    """Say what each column stands for, and have all rows checked. Raises Refusal when it is too late for that."""
    run = ListImport.locked(run.pk)
    run.demand("map")
    _begin_check(run, "map", mapping=dict(mapping), options=dict(options), problem="")
    log.record("map_columns", run, by=by)
    return run


def _begin_check(run: ListImport, verb: str, **values: Any) -> None:
    run.rows.exclude(verdict="").update(verdict="", notes=[], values={}, organisation=None)
    run.move(verb, done=0, counts={}, claimed_until=None, **values)
    run.total = sheets.rows_of(run).count()
    run.save(update_fields=["total"])
    jobs.ring(JOB)


def check_import(run: ListImport) -> ListImport:
    """Check the rows that have no verdict yet, chunk by chunk: what is done stays done when the worker is killed."""
    started = time.monotonic()
    with translation.override(languages.DEFAULT):
        checker = _checker(run)
        while _check_chunk(run, checker):
            if time.monotonic() - started > LONGEST_RUN:
                ListImport.objects.filter(pk=run.pk).update(claimed_until=None)
                jobs.ring(JOB)
                break
    return run


def _checker(run: ListImport) -> Checker:
    """Return what judges the rows, with the verdicts that are there already."""
    rows = list(sheets.rows_of(run).values_list("number", "cells", "verdict", "organisation"))
    checker = Checker(run, [(number, sheets.as_text(run, cells)) for number, cells, _verdict, _pk in rows])
    for number, _cells, verdict, organisation in rows:
        if verdict:
            checker.remember(number, verdict, organisation)
    return checker


@transaction.atomic
def _check_chunk(begun: ListImport, checker: Checker) -> bool:
    """Check some rows and write down how far it is; return whether there is more.

    Where the list was dropped, or its columns were changed meanwhile, nothing is written.
    """
    run = ListImport.locked(begun.pk)
    if (run.state, run.mapping, run.options) != (ImportState.MAPPED, begun.mapping, begun.options):
        return False
    rows = list(sheets.rows_of(run).filter(verdict="")[:CHUNK])
    for row, outcome in zip(rows, checker.check([row.number for row in rows]), strict=True):
        row.verdict, row.organisation_id = outcome.verdict, outcome.organisation
        row.values, row.notes = outcome.values(), outcome.row.notes
    # An upsert writes plain values: a bulk update would build four expressions a row.
    written = ["verdict", "organisation", "values", "notes"]
    ImportRow.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=written)
    if rows:
        run.done, run.claimed_until = run.done + len(rows), timezone.now() + LEASE
        run.save(update_fields=["done", "claimed_until", "updated_at"])
    else:
        run.move("check", counts=_counts(run), claimed_until=None)
    return bool(rows)


def _counts(run: ListImport) -> dict[str, int]:
    found = Counter(sheets.rows_of(run).values_list("verdict", flat=True))
    return {verdict: found[verdict] for verdict in RowVerdict.values}


def has_work(run: ListImport) -> bool:
    """Whether taking the list over would change anything."""
    return bool(run.counts.get(RowVerdict.CREATE) or run.counts.get(RowVerdict.UPDATE))


@transaction.atomic
def approve_import(run: ListImport, *, by: User) -> ListImport:
    """Have everything that the check announced taken over. Raises Refusal where there is nothing to do."""
    run = ListImport.locked(run.pk)
    run.demand("approve")
    if not has_work(run):
        raise Refusal(_("There is nothing to do: everything in this list is in the register already."))
    run.move("approve", claimed_until=None, problem="")
    log.record("approve_import", run, by=by)
    jobs.ring(JOB)
    return run


@transaction.atomic
def finish_import(run: ListImport) -> ListImport:
    """Write everything in one transaction, then forget the rows. A second time changes nothing.

    What was approved is checked against the register as it is now; when something else would come of it, nothing is
    written and the list is checked again.
    """
    # Two lists that name the same newcomer must not both make it: they are written one after the other.
    list(ListImport.objects.filter(state=ImportState.APPROVED).order_by("pk").select_for_update())
    run = ListImport.locked(run.pk)
    if run.state != ImportState.APPROVED:
        return run
    if not standing_of(run.by).convenor:
        return _refuse(run, "no-convenor")
    with translation.override(languages.DEFAULT):
        outcomes = _as_approved(run)
        if outcomes is None:
            _begin_check(run, "recheck", problem="changed")
            return run
        writing.write(outcomes, by=run.by)
    _end(run, "finish")
    log.record("import_list", run, by=run.by, detail=f"{run.counts['create']} new, {run.counts['update']} changed")
    return run


def _as_approved(run: ListImport) -> list[Any] | None:
    """Return what is to be written; None where it is no longer what the convenor saw."""
    stored = list(sheets.rows_of(run).values_list("number", "cells", "verdict", "organisation", "values"))
    checker = Checker(run, [(number, sheets.as_text(run, cells)) for number, cells, *_rest in stored])
    numbers, outcomes = [number for number, *_rest in stored], []
    for start in range(0, len(numbers), BATCH * 2):
        outcomes += checker.check(numbers[start : start + BATCH * 2])
    for outcome, (_number, _cells, verdict, organisation, values) in zip(outcomes, stored, strict=True):
        if outcome.fingerprint() != (verdict, organisation, values["changes"]):
            return None
    return outcomes


@transaction.atomic
def refuse_import(run: ListImport, *, code: str) -> ListImport:
    """End an import that cannot go on, and forget its file and rows. `code` says why."""
    return _refuse(ListImport.locked(run.pk), code)


def _refuse(run: ListImport, code: str) -> ListImport:
    _end(run, "refuse", problem=code)
    log.record("refuse_import", run, by=run.by, detail=code)
    return run


@transaction.atomic
def drop_import(run: ListImport, *, by: User | None) -> ListImport:
    """Forget the list: its file and its rows are deleted, nothing of it is taken over. Raises Refusal when too late."""
    run = ListImport.locked(run.pk)
    _end(run, "drop")
    log.record("drop_import", run, by=by)
    return run


def _end(run: ListImport, verb: str, **values: Any) -> None:
    """Take the last step, and leave nothing of the list: neither file, nor rows, nor what its columns were called."""
    run.demand(verb)
    run.rows.all().delete()
    _delete_file(run)
    emptied = {"file": "", "layout": {}, "mapping": {}, "options": {}, "claimed_until": None}
    run.move(verb, **emptied, ended_at=timezone.now(), **values)

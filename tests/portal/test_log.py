"""The log: one entry an act, chained, append-only; every tampering is found."""

import threading
import time
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import DatabaseError, connection, connections, transaction

from portal import log
from portal.models import LogEntry, LogHead
from portal.states import Refusal
from tests import build
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def three_entries(cast: Cast) -> list[LogEntry]:
    return [log.record(verb, cast.organisation, by=cast.convenor) for verb in ("verify", "suspend", "reinstate")]


def unfrozen(sql: str, *values: object) -> None:
    """Tamper as somebody with the database in hand would: past the trigger."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER portal_logentry_frozen")
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)


def test_entries_are_chained(cast: Cast) -> None:
    first, second, third = three_entries(cast)
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert [second.previous, third.previous] == [first.digest, second.digest]
    assert log.first_break() is None


@pytest.mark.parametrize("moment", ["2027-05-12T09:00:00", "2027-05-12T09:00:00.000100", "2027-05-12T09:00:00.120000"])
def test_the_database_words_an_entry_as_we_do(cast: Cast, moment: str) -> None:
    """What it made its digest of is what the walk reads; the same things come back from both."""
    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False):
        made = log.record("verify", cast.organisation, by=cast.convenor, topic=cast.body, detail="ញ \x1f'%s")
    log.record("lapse", cast.organisation, by=None)
    kept, unsigned = LogEntry.objects.order_by("number")
    names = [field.attname for field in LogEntry._meta.concrete_fields]
    assert {name: getattr(made, name) for name in names} == {name: getattr(kept, name) for name in names}
    assert made.at.isoformat() == f"{moment}+00:00"
    assert (kept.actor, unsigned.actor, made.digest) == (cast.convenor, None, made.expected_digest())
    assert log.first_break() is None
    head = LogHead.objects.get()
    assert (head.number, head.digest, head.at) == (2, unsigned.digest, unsigned.at)


def test_an_act_is_one_statement(cast: Cast, django_assert_num_queries) -> None:
    log.record("verify", cast.organisation, by=cast.convenor)
    with django_assert_num_queries(1):
        log.record("suspend", cast.organisation, by=cast.convenor)


@pytest.mark.django_db(transaction=True)
def test_whoever_waits_for_the_end_of_the_log_comes_later() -> None:
    user, organisation = build.make_user(), build.make_organisation()
    started = threading.Event()

    def write() -> None:
        started.set()
        with transaction.atomic():
            log.record("suspend", organisation, by=user)
        connections.close_all()

    with transaction.atomic():
        log.record("verify", organisation, by=user)
        thread = threading.Thread(target=write)
        thread.start()
        started.wait(5)
        time.sleep(0.5)
        log.record("reinstate", organisation, by=user)
    thread.join()
    first, second, third = LogEntry.objects.order_by("number")
    assert [first.verb, second.verb, third.verb] == ["verify", "reinstate", "suspend"]
    assert first.at < second.at < third.at
    assert log.first_break() is None


def test_entry_cannot_be_saved_again_or_deleted(cast: Cast) -> None:
    entry = three_entries(cast)[0]
    with pytest.raises(Refusal):
        entry.save()
    with pytest.raises(Refusal):
        entry.delete()


def test_database_refuses_a_change(cast: Cast) -> None:
    three_entries(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        LogEntry.objects.filter(number=2).update(verb="adopt")


@pytest.mark.parametrize(
    ("sql", "values", "found"),
    [
        (
            "UPDATE portal_logentry SET verb = %s WHERE number = 2",
            ("adopt",),
            (2, "changed"),
        ),
        (
            "UPDATE portal_logentry SET actor_id = NULL WHERE number = 1",
            (),
            (1, "changed"),
        ),
        ("DELETE FROM portal_logentry WHERE number = 2", (), (2, "missing")),
        ("DELETE FROM portal_logentry WHERE number = 3", (), (3, "cut off")),
    ],
)
def test_tampering_is_found(cast: Cast, sql: str, values: tuple, found: tuple[int, str]) -> None:
    three_entries(cast)
    unfrozen(sql, *values)
    assert log.first_break() == found


@pytest.mark.django_db(transaction=True)
def test_entries_of_many_threads_make_one_chain() -> None:
    user, organisation = build.make_user(), build.make_organisation()

    def write() -> None:
        with transaction.atomic():
            log.record("verify", organisation, by=user)
        connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(LogEntry.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 9))
    assert log.first_break() is None
    assert LogHead.objects.get().number == 8

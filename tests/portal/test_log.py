"""The log: one entry an act, chained, append-only; every tampering is found."""

import threading

import pytest
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

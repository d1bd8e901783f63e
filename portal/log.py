"""The log: one append-only entry an act, chained by hash. Entries hold no confidential text.

An entry is written by one statement: it locks the end of the chain, takes the number and the digest from there, and
makes its own digest as `LogEntry.expected_digest` does; a trigger of the database moves the end on.
"""

from typing import Any

from django.db import connection, models
from django.utils import timezone

from portal.models import LogEntry, LogHead, User

NAMES = ("id", "number", "at", "previous", "digest")
# On SQLite the write transaction is the lock.
SQLITE = """
INSERT INTO portal_logentry (number, at, actor_id, verb, subject_type, subject_id, topic, detail, previous, digest)
SELECT number + 1, %(at)s, %(actor_id)s, %(verb)s, %(subject_type)s, %(subject_id)s, %(topic)s, %(detail)s, digest,
  SHA256(digest || char(31) || (number + 1) || char(31) || %(at_words)s || %(rest)s)
FROM portal_loghead WHERE id = 1
RETURNING id, number, at, previous, digest
"""
# Whoever waits for the lock gets the row as the one before left it. A wait that can be noticed moves the moment on, so
# that moments grow with the numbers. Python's words leave out microseconds of zero: so do these.
POSTGRESQL = """
WITH head AS MATERIALIZED (SELECT number, digest FROM portal_loghead WHERE id = 1 FOR UPDATE),
waited AS MATERIALIZED (SELECT *, clock_timestamp() - statement_timestamp() AS wait FROM head),
entry AS (
  SELECT number + 1 AS number, digest,
    %(at)s::timestamptz + CASE WHEN wait > interval '0.1 seconds' THEN wait ELSE interval '0' END AS at
  FROM waited
),
words AS (
  SELECT *, replace(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || '+00:00' AS at_words
  FROM entry
)
INSERT INTO portal_logentry (number, at, actor_id, verb, subject_type, subject_id, topic, detail, previous, digest)
SELECT number, at, %(actor_id)s::bigint, %(verb)s, %(subject_type)s, %(subject_id)s::bigint, %(topic)s, %(detail)s,
  digest,
  encode(sha256(convert_to(digest || chr(31) || number || chr(31) || at_words || %(rest)s, 'UTF8')), 'hex')
FROM words
RETURNING id, number, at, previous, digest
"""


def record(
    verb: str,
    subject: models.Model,
    *,
    by: User | None,
    topic: models.Model | None = None,
    detail: str = "",
) -> LogEntry:
    """Write one entry at the end of the chain. Call it inside the action's transaction, last of all.

    `topic` is the thing under which the act is listed (a consultation); `detail` is a word of ours, never typed text.
    """
    values = {
        "actor_id": by.pk if by else None,
        "verb": verb,
        "subject_type": subject._meta.label_lower,
        "subject_id": subject.pk,
        "topic": topic_of(topic if topic is not None else subject),
        "detail": detail,
    }
    made = _insert(values)
    while made is None:  # the first act of all: there is no end yet
        LogHead.objects.get_or_create(pk=1)
        made = _insert(values)
    fields = [field.attname for field in LogEntry._meta.concrete_fields]
    return LogEntry.from_db(connection.alias, fields, [{**made, **values}[name] for name in fields])


def _insert(values: dict[str, Any]) -> dict[str, Any] | None:
    """Write the entry; return what the database added, None where there is no end of the log to go on from."""
    at, rest = timezone.now(), "".join(f"\x1f{value}" for value in values.values())
    given = {"at": connection.ops.adapt_datetimefield_value(at), "at_words": at.isoformat(), "rest": rest}
    with connection.cursor() as cursor:
        cursor.execute(SQLITE if connection.vendor == "sqlite" else POSTGRESQL, {**values, **given})
        row = cursor.fetchone()
    if row is None:
        return None
    made = dict(zip(NAMES, row, strict=True))
    return made if connection.vendor == "postgresql" else {**made, "at": at}


def topic_of(thing: models.Model) -> str:
    """Return the short name under which mails and log entries of one thing are found."""
    return f"{thing._meta.label_lower}:{thing.pk}"


def first_break() -> tuple[int, str] | None:
    """Walk the whole chain. Return the number of the first entry that does not hold, and why; None if all hold."""
    previous, number = "", 0
    for entry in LogEntry.objects.order_by("number").iterator():
        number += 1
        if entry.number != number:
            return number, "missing"
        if entry.previous != previous or entry.digest != entry.expected_digest():
            return number, "changed"
        previous = entry.digest
    return _head_break(number, previous)


def _head_break(number: int, digest: str) -> tuple[int, str] | None:
    head: Any = LogHead.objects.filter(pk=1).first()
    if head and (head.number != number or head.digest != digest):
        return number + 1, "cut off"
    return None

"""The log: one append-only entry an act, chained by hash. Entries hold no confidential text."""

from typing import Any

from django.db import models, transaction
from django.utils import timezone

from portal.models import LogEntry, LogHead, User


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
    with transaction.atomic():
        head = LogHead.objects.select_for_update().get_or_create(pk=1)[0]
        entry = LogEntry(
            number=head.number + 1,
            at=timezone.now(),
            actor=by if by and by.pk else None,
            verb=verb,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            topic=topic_of(topic if topic is not None else subject),
            detail=detail,
            previous=head.digest,
        )
        entry.digest = entry.expected_digest()
        entry.save(force_insert=True)
        LogHead.objects.filter(pk=1).update(number=entry.number, digest=entry.digest, at=entry.at)
    return entry


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

"""Near-duplicates: a convenor asks for the search, a worker groups what is alike, convenors take groups apart.

What a convenor took apart stays apart in every later search. A later search compares only what is new or was changed,
and leaves the groups that are there in place.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from portal import jobs, log
from portal.models import User
from portal.states import Refusal
from recommendations import likeness
from recommendations.models import Apart, Grouping, LikeGroup, Likeness, Submission, WorkingTranslation
from recommendations.querysets import SENT_IN

JOB = "recommendations.group_submissions"
LEASE = timedelta(seconds=130)  # a little longer than a task may take
BATCH = 500


@transaction.atomic
def ask_grouping(consultation: Consultation, *, by: User | None) -> Grouping:
    """Have a worker group what is alike. While one is at it nothing is asked twice."""
    consultation = Consultation.locked(consultation.pk)
    grouping, _new = Grouping.objects.get_or_create(consultation=consultation)
    if grouping.is_at_work:
        return grouping
    grouping.asked_at, grouping.by, grouping.failed = timezone.now(), by, False
    grouping.done, grouping.total, grouping.claimed_until = 0, 0, None
    grouping.save()
    log.record("ask_grouping", grouping, by=by, topic=consultation)
    jobs.ring(JOB)
    return grouping


def claim(grouping: Grouping) -> bool:
    """Take a search to work on, unless another worker has it. A killed worker's claim runs out."""
    now = timezone.now()
    return bool(Grouping.objects.due(now).filter(pk=grouping.pk).update(claimed_until=now + LEASE))


def find_groups(grouping: Grouping) -> int:
    """Compare what is new with everything, and write the groups in one step; return how many there are.

    Killed on the way it leaves nothing behind, and begins anew. A second time it changes nothing.
    """
    texts = texts_of(grouping.consultation_id)
    digests = {pk: likeness.digest_of(rows) for pk, rows in texts.items()}
    fresh = _fresh(grouping, digests)
    begun = Grouping.objects.filter(pk=grouping.pk)
    begun.update(total=len(texts), done=0)

    def progress(done: int) -> None:
        begun.update(done=min(done, len(texts)), claimed_until=timezone.now() + LEASE)

    everything = [one for rows in texts.values() for one in rows]
    found = likeness.pairs(everything, fresh, progress) if fresh else set()
    return _write_groups(grouping, digests, found)


def texts_of(consultation: int) -> dict[int, list[likeness.Text]]:
    """Return what is compared of each submission that was sent in: its words, and those of its translations."""
    sent = Submission.objects.filter(consultation=consultation, state__in=SENT_IN)
    texts: dict[int, list[likeness.Text]] = defaultdict(list)
    for pk, language, words in sent.order_by("pk").values_list("pk", "language", "text"):
        texts[pk].append(likeness.Text(pk, language, words))
    translated = WorkingTranslation.objects.filter(submission__in=sent).order_by("pk")
    for pk, language, words in translated.values_list("submission", "language", "text"):
        texts[pk].append(likeness.Text(pk, language, words))
    return texts


def _fresh(grouping: Grouping, digests: dict[int, str]) -> set[int]:
    """Return the submissions that were not compared with these words yet."""
    known = Likeness.objects.filter(submission__consultation=grouping.consultation_id)
    seen = dict(known.values_list("submission", "digest"))
    return {pk for pk, digest in digests.items() if seen.get(pk) != digest}


@transaction.atomic
def _write_groups(begun: Grouping, digests: dict[int, str], found: set[likeness.Pair]) -> int:
    """Write the groups, unless another worker finished the search meanwhile. Groups that are there keep their row."""
    grouping = Grouping.objects.select_for_update().get(pk=begun.pk)
    if grouping.asked_at != begun.asked_at:
        return 0
    rows = list(Likeness.objects.filter(submission__consultation=grouping.consultation_id))
    old = _groups_there(rows, digests)
    apart = Apart.objects.filter(one__consultation=grouping.consultation_id).values_list("one", "other")
    groups = likeness.clusters(found, apart, old.values())
    group_of = _kept_or_made(grouping, groups, old)
    _write_likenesses({row.submission_id: row for row in rows}, digests, group_of)
    LikeGroup.objects.filter(consultation=grouping.consultation_id, members=None).delete()
    grouping.asked_at, grouping.claimed_until, grouping.finished_at = None, None, timezone.now()
    grouping.done, grouping.total = len(digests), len(digests)
    grouping.save()
    log.record("find_groups", grouping, by=grouping.by, topic=grouping.consultation, detail=f"{len(groups)}")
    return len(groups)


def _groups_there(rows: Iterable[Likeness], digests: dict[int, str]) -> dict[int, set[int]]:
    """Return the members of each group whose words are as they were when it was found."""
    old: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        if row.group_id and digests.get(row.submission_id) == row.digest:
            old[row.group_id].add(row.submission_id)
    return old


def _kept_or_made(grouping: Grouping, groups: list[set[int]], old: dict[int, set[int]]) -> dict[int, int]:
    """Return the group of each member: the row of the old group that most of them come from, or a new row."""
    free, group_of = dict(old), {}
    for members in groups:
        shared = {pk: len(known & members) for pk, known in free.items()}
        best = max(shared, key=lambda pk: (shared[pk], -pk), default=None)
        if best is None or not shared[best]:
            best = LikeGroup.objects.create(consultation_id=grouping.consultation_id).pk
        free.pop(best, None)
        group_of.update(dict.fromkeys(members, best))
    return group_of


def _write_likenesses(rows: dict[int, Likeness], digests: dict[int, str], group_of: dict[int, int]) -> None:
    """Write for each submission with which words it was compared, and its group. What was withdrawn drops out."""
    Likeness.objects.filter(submission__in=[pk for pk in rows if pk not in digests]).delete()
    changed = []
    for pk, digest in digests.items():
        row, group = rows.get(pk), group_of.get(pk)
        if row is None or (row.digest, row.group_id) != (digest, group):
            changed.append(Likeness(submission_id=pk, group_id=group, digest=digest))
    options: Any = {"update_conflicts": True, "unique_fields": ["submission"], "update_fields": ["group", "digest"]}
    Likeness.objects.bulk_create(changed, batch_size=BATCH, **options)


@transaction.atomic
def fail_grouping(grouping: Grouping) -> None:
    """End a search that cannot go on; a convenor may ask for it again."""
    Grouping.objects.filter(pk=grouping.pk).update(asked_at=None, claimed_until=None, failed=True)


@transaction.atomic
def dissolve_group(group: LikeGroup, *, by: User) -> None:
    """Say that the members of a group are points of their own: no later search brings two of them together.

    Raises Refusal where somebody else was faster.
    """
    _wait_for_search(group.consultation_id)
    found = LikeGroup.objects.select_for_update().filter(pk=group.pk).first()
    if found is None:
        raise Refusal(_("This group is gone."))
    members = list(found.members.values_list("submission", flat=True))
    _set_apart(likeness.all_pairs(members), by)
    log.record("dissolve_group", found, by=by, topic=found.consultation, detail=f"{len(members)}")
    found.delete()


@transaction.atomic
def take_out_submission(submission: Submission, *, by: User) -> None:
    """Take one submission out of its group: no later search brings it together with these. Raises Refusal."""
    _wait_for_search(submission.consultation_id)
    row = Likeness.objects.select_for_update(of=("self",)).filter(submission=submission, group__isnull=False).first()
    if row is None:
        raise Refusal(_("This submission is in no group."))
    others = list(row.group.members.exclude(pk=row.pk).values_list("submission", flat=True))
    _set_apart([(min(row.submission_id, other), max(row.submission_id, other)) for other in others], by)
    log.record("take_out", submission, by=by, topic=submission.consultation)
    if len(others) > 1:
        Likeness.objects.filter(pk=row.pk).update(group=None)
    else:
        row.group.delete()


def _wait_for_search(consultation: int) -> None:
    """Let a search that is being written finish first: it holds this lock."""
    list(Grouping.objects.select_for_update().filter(consultation=consultation))


def _set_apart(pairs: list[likeness.Pair], by: User) -> None:
    Apart.objects.bulk_create([Apart(one_id=one, other_id=other, by=by) for one, other in pairs], ignore_conflicts=True)


@transaction.atomic
def save_translation(submission: Submission, *, by: User, language: str, text: str) -> None:
    """Write a working translation of a submission, or take it away with an empty text. Raises Refusal."""
    submission = Submission.locked(submission.pk)
    if submission.state not in SENT_IN:
        raise Refusal(_("Only what was sent in is translated here."))
    if language == submission.language:
        raise Refusal(_("The submission is in this language already."), field="language")
    if text:
        values = {"text": text, "by": by}
        WorkingTranslation.objects.update_or_create(submission=submission, language=language, defaults=values)
    else:
        submission.translations.filter(language=language).delete()
    # What is compared has changed: the next search finds it.
    Likeness.objects.filter(submission=submission).update(digest="")
    log.record("save_translation", submission, by=by, topic=submission.consultation, detail=language)

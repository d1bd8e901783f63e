"""Evidence comes and goes with its submission: a row is there only with its whole file, a file goes with its row."""

import hashlib
import secrets
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations.papers import Prepared
from portal import log
from portal.models import User
from portal.states import Refusal
from recommendations.models import Evidence, Submission
from stakeholders.querysets import standing_of

FOLDER = "evidence"
AT_MOST = 5  # files of one submission


def add_evidence(submission: Submission, *, by: User, prepared: Prepared, title: str) -> Evidence:
    """Keep a file that was checked with a draft. Raises Refusal where there is no room or the file is there already.

    The file is written first and whole. What is left by a process that was killed in between is swept by the clock.
    """
    name = _written(prepared)
    try:
        return _attached(submission, by=by, prepared=prepared, file=name, title=title)
    except BaseException:
        default_storage.delete(name)
        raise


def _written(prepared: Prepared) -> str:
    name = f"{FOLDER}/{secrets.token_hex(16)}.{prepared.kind}"
    try:
        return default_storage.save(name, ContentFile(prepared.content))
    except OSError as error:
        default_storage.delete(name)
        sentence = _("The file could not be kept: there is no room on the server. Nothing was attached.")
        raise Refusal(sentence, field="file") from error


@transaction.atomic
def _attached(submission: Submission, *, by: User, prepared: Prepared, file: str, title: str) -> Evidence:
    submission = _locked(submission.pk, by)
    digest = hashlib.sha256(prepared.content).hexdigest()
    if submission.evidence.filter(digest=digest).exists():
        raise Refusal(_("This very file is attached already."), field="file")
    if submission.evidence.count() >= AT_MOST:
        most = {"most": AT_MOST}
        raise Refusal(_("A submission has up to %(most)d files. Take one off first.") % most, field="file")
    facts = {"kind": prepared.kind, "size": len(prepared.content), "digest": digest, "title": title}
    made = Evidence.objects.create(submission=submission, file=file, by=by, **facts)
    log.record("add_evidence", made, by=by, topic=submission.consultation)
    return made


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: User) -> None:
    """Take the file off a draft, and from the disk. Raises Refusal where somebody did so meanwhile."""
    submission = _locked(evidence.submission_id, by)
    found = submission.evidence.filter(pk=evidence.pk).first()
    if found is None:
        raise Refusal(_("Somebody took this file off meanwhile."))
    log.record("remove_evidence", found, by=by, topic=submission.consultation)
    drop_evidence([found])


def drop_evidence(rows: Iterable[Evidence]) -> None:
    """Delete the rows, and their files once that is sure."""
    for row in rows:
        name = row.file.name
        row.delete()
        transaction.on_commit(lambda name=name: default_storage.delete(name))


def _locked(pk: int, by: User) -> Submission:
    submission = Submission.locked(pk)
    if submission.organisation_id not in standing_of(by).organisations:
        raise Refusal(_("You do not act for this organisation."))
    if submission.state != "draft":
        raise Refusal(_("Files are attached to a draft. This one stands still."))
    return submission

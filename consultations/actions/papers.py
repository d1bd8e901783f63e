"""Papers come and go: a row is there only with its whole file, and a file goes when its row does."""

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation, Paper
from consultations.papers import Prepared
from consultations.states import TAKES_PAPERS
from portal import log
from portal.models import User
from portal.states import Refusal

FOLDER = "papers"


def add_paper(consultation: Consultation, *, by: User, prepared: Prepared, **values: Any) -> Paper:
    """Keep a file that was checked. Raises Refusal where there is no room, or the same file is there already.

    The file is written first and whole. What is left by a process that was killed in between is swept by the clock.
    """
    name = _written(prepared)
    try:
        return _attached(consultation, by=by, prepared=prepared, file=name, **values)
    except BaseException:
        default_storage.delete(name)
        raise


def _written(prepared: Prepared) -> str:
    """Write the file under a name that tells nothing. What could be written of it goes when the disk is full."""
    name = f"{FOLDER}/{secrets.token_hex(16)}.{prepared.kind}"
    try:
        return default_storage.save(name, ContentFile(prepared.content))
    except OSError as error:
        default_storage.delete(name)
        sentence = _("The file could not be kept: there is no room on the server. Nothing was attached.")
        raise Refusal(sentence, field="file") from error


@transaction.atomic
def _attached(consultation: Consultation, *, by: User, prepared: Prepared, file: str, **values: Any) -> Paper:
    consultation = Consultation.locked(consultation.pk)
    _demand_taking(consultation)
    _demand_own_session(consultation, values)
    digest = hashlib.sha256(prepared.content).hexdigest()
    if consultation.papers.filter(digest=digest).exists():
        raise Refusal(_("This very file is among the papers already."), field="file")
    if consultation.papers.count() >= settings.PAPERS_AT_MOST:
        most = {"most": settings.PAPERS_AT_MOST}
        raise Refusal(_("A consultation has up to %(most)d papers. Take one out first.") % most, field="file")
    facts = {"kind": prepared.kind, "size": len(prepared.content), "digest": digest}
    paper = Paper.objects.create(consultation=consultation, file=file, by=by, **facts, **values)
    log.record("add_paper", paper, by=by, topic=consultation)
    return paper


def _demand_taking(consultation: Consultation) -> None:
    if consultation.state not in TAKES_PAPERS:
        raise Refusal(_("This consultation is over; its papers stay as they are."))


def _demand_own_session(consultation: Consultation, values: dict[str, Any]) -> None:
    session = values.get("session")
    if session is not None and session.consultation_id != consultation.pk:
        raise Refusal(_("This session belongs to another consultation."), field="session")


@transaction.atomic
def change_paper(paper: Paper, *, by: User, **values: Any) -> Paper:
    """Change what stands about the file; the file stays. Raises Refusal where somebody took it out meanwhile."""
    paper = _locked(paper)
    _demand_own_session(paper.consultation, values)
    changed = [name for name, value in values.items() if getattr(paper, name) != value]
    if not changed:
        return paper
    for name in changed:
        setattr(paper, name, values[name])
    paper.save(update_fields=changed)
    log.record("change_paper", paper, by=by, topic=paper.consultation, detail=" ".join(sorted(changed))[:200])
    return paper


@transaction.atomic
def remove_paper(paper: Paper, *, by: User) -> None:
    """Take the paper out, and its file from the disk. Raises Refusal where somebody did so meanwhile."""
    paper = _locked(paper)
    name = paper.file.name
    log.record("remove_paper", paper, by=by, topic=paper.consultation)
    paper.delete()
    transaction.on_commit(lambda: default_storage.delete(name))


def _locked(paper: Paper) -> Paper:
    consultation = Consultation.locked(paper.consultation_id)
    _demand_taking(consultation)
    found = Paper.objects.select_for_update().filter(pk=paper.pk).first()
    if found is None:
        raise Refusal(_("Somebody took this paper out meanwhile."))
    found.consultation = consultation
    return found

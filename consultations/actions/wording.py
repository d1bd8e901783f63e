"""The convenors' own words in mails and letters: written, changed, taken back."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations import placeholders
from consultations.models import Consultation, Wording
from portal import log
from portal.models import User
from portal.states import Conflict, Refusal


@transaction.atomic
def save_wording(
    consultation: Consultation, *, by: User, kind: str, language: str, subject: str, body: str, version: int
) -> Wording | None:
    """Keep the words of one kind in one language; none at all brings the usual words back, and returns None.

    `version` is what the writer started from, 0 for new words. Raises Conflict where somebody else wrote meanwhile, and
    Refusal for words that must not be sent.
    """
    consultation = Consultation.locked(consultation.pk)
    if consultation.state not in {"draft", "announced", "in_session"}:
        raise Refusal(_("This consultation is over; it cannot be changed any more."))
    if kind not in placeholders.KINDS:
        raise Refusal(_("Nothing is sent with these words."))
    there = consultation.wordings.filter(kind=kind, language=language).first()
    if (there.version if there else 0) != version:
        raise Conflict(there or Wording(consultation=consultation, kind=kind, language=language, version=0))
    if not subject and not body:
        if there:
            there.delete()
            log.record("drop_wording", consultation, by=by, detail=f"{kind} {language}")
        return None
    _check(consultation, kind, subject, body)
    row = there or Wording(consultation=consultation, kind=kind, language=language, version=0)
    row.subject, row.body, row.version = subject, body, row.version + 1
    row.save()
    log.record("save_wording", consultation, by=by, detail=f"{kind} {language}")
    return row


def _check(consultation: Consultation, kind: str, subject: str, body: str) -> None:
    """Refuse here as well what the form refuses: a placeholder may have become too telling since it was opened."""
    if not subject or not body:
        raise Refusal(_("Write both, the subject and the text."), field="body" if subject else "subject")
    for field, words in (("subject", subject), ("body", body)):
        found = placeholders.problems(words, placeholders.offered(consultation, kind, subject=field == "subject"))
        if found:
            raise Refusal(found[0], field=field)

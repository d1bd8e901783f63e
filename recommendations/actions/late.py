"""Late with a code: a convenor lets one organisation send in after the deadline, and can take that back."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from consultations.rules import is_convenor_of
from portal import clock, dates, log
from portal.models import User
from portal.states import Refusal
from recommendations.models import LateCode
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read as something else over the telephone
LENGTH = 16
GROUP = 4


@transaction.atomic
def give_late_code(
    consultation: Consultation, *, by: User, organisation: Organisation, until: datetime, reason: str
) -> tuple[LateCode, str]:
    """Return the new code's row and the code itself, which is shown once and kept nowhere. An earlier one ends.

    Raises Refusal where nothing can be sent in any more, or the convenor acts for the organisation.
    """
    consultation = Consultation.locked(consultation.pk)
    _demand_convenor(consultation, by)
    if consultation.state not in {"announced", "in_session"}:
        raise Refusal(_("This consultation does not take submissions now."))
    if organisation.pk in standing_of(by).organisations:
        raise Refusal(_("You act for this organisation. Another convenor decides on it."), field="organisation")
    if organisation.state != "verified":
        raise Refusal(_("This organisation cannot send in: it is not verified."), field="organisation")
    if consultation.discreet and not consultation.invitations.of([organisation.pk]).reached().exists():
        raise Refusal(_("Only invited organisations take part in this consultation."), field="organisation")
    if not reason:
        raise Refusal(_("Say why: the other convenors read it."), field="reason")
    if until <= clock.database_now():
        raise Refusal(_("Choose a moment that is still to come."), field="until")
    given = LateCode.objects.standing().filter(consultation=consultation, organisation=organisation)
    given.update(revoked_at=timezone.now())
    code = "".join(secrets.choice(LETTERS) for _letter in range(LENGTH))
    words = {"organisation": organisation, "until": until, "reason": reason, "by": by}
    made = LateCode.objects.create(consultation=consultation, code_hash=_hash(consultation, code), **words)
    log.record("give_late_code", made, by=by, topic=consultation)
    return made, "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


@transaction.atomic
def revoke_late_code(code: LateCode, *, by: User) -> LateCode:
    """Take the code back: it opens nothing any more. What was sent in with it stays. Raises Refusal."""
    code = LateCode.objects.select_for_update().get(pk=code.pk)
    _demand_convenor(code.consultation, by)
    if code.revoked_at is None:
        code.revoked_at = timezone.now()
        code.save(update_fields=["revoked_at"])
        log.record("revoke_late_code", code, by=by, topic=code.consultation)
    return code


def opened_by(typed: str, consultation: Consultation, organisation: Organisation, at: datetime) -> LateCode:
    """Return the row of the code that was typed. Raises Refusal where it is none, not theirs, revoked or over."""
    letters = "".join(char for char in typed.upper() if char in LETTERS)
    given = LateCode.objects.select_for_update().filter(consultation=consultation, organisation=organisation)
    found = given.filter(code_hash=_hash(consultation, letters)).first()
    if found is None or found.revoked_at:
        raise Refusal(_("This code is not valid. Check it letter by letter, or ask a convenor for a new one."))
    if found.until < at:
        until = dates.moment(found.until, consultation.time_zone)
        raise Refusal(_("This code was valid until %(when)s. Ask a convenor for a new one.") % {"when": until})
    return found


def _demand_convenor(consultation: Consultation, by: User) -> None:
    if not is_convenor_of(by, consultation):
        raise Refusal(_("Only a convenor of this consultation can do this."))


def _hash(consultation: Consultation, code: str) -> str:
    """Return the keyed hash: a copy of the database alone lets nobody try codes."""
    return salted_hmac("recommendations.late_code", f"{consultation.pk}:{code}", algorithm="sha256").hexdigest()

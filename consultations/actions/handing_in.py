"""What came out of a session: who reports, and what they hand in."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation, Session
from consultations.querysets import can_report
from portal import clock, log
from portal.models import User
from portal.states import Conflict, Refusal

REPORTABLE = frozenset({"announced", "in_session", "concluded"})


def _locked(session: Session) -> Session:
    """Return the session, locked. Raises Refusal where its consultation takes no reports."""
    consultation = Consultation.locked(session.consultation_id)
    if consultation.state not in REPORTABLE:
        raise Refusal(_("This consultation takes no reports: it is a draft, cancelled or archived."))
    found = Session.objects.select_for_update().get(pk=session.pk)
    found.consultation = consultation
    return found


@transaction.atomic
def name_rapporteur(session: Session, *, by: User, user: User | None, name: str = "") -> Session:
    """Name who reports from the session: an account, or somebody without one by name. Raises Refusal.

    An account is one of a convenor of the consultation, or of somebody who speaks for an invited organisation.
    """
    session = _locked(session)
    if user and not can_report(session.consultation, user):
        raise Refusal(_("Choose a convenor, or somebody who speaks for an invited organisation."), field="rapporteur")
    session.rapporteur, session.rapporteur_name = user, "" if user else name
    session.save(update_fields=["rapporteur", "rapporteur_name"])
    log.record("name_rapporteur", session, by=by, topic=session.consultation)
    return session


@transaction.atomic
def hand_in_output(session: Session, *, by: User, version: int, output: str) -> Session:
    """Write what came out. Raises Conflict when somebody else wrote since `version`: nothing is lost."""
    session = _locked(session)
    if session.version != version:
        raise Conflict(session)
    if session.output == output:
        return session
    now: Any = clock.database_now()
    session.output, session.output_at, session.version = output, now, version + 1
    session.save(update_fields=["output", "output_at", "version"])
    log.record("hand_in", session, by=by, topic=session.consultation)
    return session

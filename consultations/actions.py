"""The verbs of consultations: lock, check, write, record, tell."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations import emails
from consultations.models import Consultation, Invitation
from consultations.querysets import InvitationQuerySet
from portal import log
from portal.models import User
from portal.states import Refusal


@transaction.atomic
def announce_consultation(consultation: Consultation, *, by: User) -> Consultation:
    """Make the consultation public, or known to invitees where it is discreet.

    Raises Refusal with fewer than two convenors: no consultation depends on one person.
    """
    consultation = Consultation.locked(consultation.pk)
    if consultation.convenors.count() < settings.CONVENORS_AT_LEAST:
        raise Refusal(_("Name at least two convenors first."))
    consultation.move("announce")
    log.record("announce", consultation, by=by)
    return consultation


@transaction.atomic
def send_invitations(consultation: Consultation, *, by: User) -> int:
    """Send all approved invitations; return how many. Sending again sends nothing twice. Raises Refusal."""
    consultation = Consultation.locked(consultation.pk)
    if consultation.state not in {"announced", "in_session"}:
        raise Refusal(_("Announce the consultation before you send invitations."))
    approved: InvitationQuerySet = consultation.invitations.filter(state="approved")
    invitations = list(approved.select_related("consultation"))
    ids = [invitation.pk for invitation in invitations]
    Invitation.objects.filter(pk__in=ids).update(state="sent", sent_at=timezone.now())
    emails.invitation_sent(*invitations)
    log.record("send_invitations", consultation, by=by, detail=f"{len(ids)}")
    return len(ids)

"""Invitations, from the pick out of the register to the day on which nobody answers any more."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.actions.nominating import release_delegates
from consultations.models import Consultation, Invitation
from consultations.states import Way
from portal import clock, log
from portal.models import OutgoingMessage, User
from portal.states import Refusal
from stakeholders.models import Organisation

MOST_SEATS = 50  # for one organisation; more is a slip of the finger
BATCH = 500
State = OutgoingMessage.State


def open_for_invitations(consultation: Consultation) -> Consultation:
    """Return the consultation, locked. Raises Refusal once it is over."""
    consultation = Consultation.locked(consultation.pk)
    if consultation.state not in {"draft", "announced", "in_session"}:
        raise Refusal(_("This consultation is over; nobody can be invited any more."))
    return consultation


@transaction.atomic
def pick_organisations(
    consultation: Consultation, *, by: User, seats: Mapping[int, int], language: str = "", whole: bool = False
) -> int:
    """Draft an invitation for each organisation (id to seats); return how many are new.

    Organisations that are invited already, not verified, or of a group that is never seated are passed over. With
    `whole`, one that can no longer be invited stops all. Each gets its mail in its own language unless one is given.
    Raises Refusal for a number of seats that cannot be meant.
    """
    consultation = open_for_invitations(consultation)
    if any(not 1 <= count <= MOST_SEATS for count in seats.values()):
        raise Refusal(_("Offer between 1 and %(most)d seats.") % {"most": MOST_SEATS}, field="seats")
    there = set(consultation.invitations.filter(organisation__in=seats).values_list("organisation", flat=True))
    wanted = set(seats) - there
    chosen = Organisation.objects.invitable().filter(pk__in=wanted).prefetch_related("groups").distinct()
    drafted = [draft_for(consultation, organisation, seats[organisation.pk], language) for organisation in chosen]
    if whole and len(drafted) < len(wanted):
        raise Refusal(_("The register changed meanwhile: somebody on this list can no longer be invited. Look again."))
    Invitation.objects.bulk_create(drafted, ignore_conflicts=True, batch_size=BATCH)
    log.record("pick_organisations", consultation, by=by, detail=f"{len(drafted)}")
    return len(drafted)


def draft_for(consultation: Consultation, organisation: Organisation, seats: int, language: str = "") -> Invitation:
    """Return an invitation of the organisation, not saved: on its bench, and by the way in which it is reached."""
    invitation = Invitation(
        consultation=consultation,
        organisation=organisation,
        bench=organisation.bench,
        seats_offered=seats,
        way=way_to(organisation),
        address=organisation.contact_email,
        language=language or organisation.language,
    )
    invitation.seal()
    return invitation


def way_to(organisation: Organisation) -> str:
    """Return how the organisation is reached: without an address by letter, or through whom it trusts."""
    if organisation.contact_email:
        return Way.MAIL
    return Way.TRUSTED if organisation.trusted_contact else Way.LETTER


@transaction.atomic
def approve_invitations(consultation: Consultation, *, by: User, invitations: Iterable[int] | None = None) -> int:
    """Approve drafted invitations, all or the given ones; return how many."""
    consultation = open_for_invitations(consultation)
    drafted: Any = consultation.invitations.filter(state="drafted")
    if invitations is not None:
        drafted = drafted.filter(pk__in=list(invitations))
    count = drafted.update(state="approved", updated_at=timezone.now())
    if count:
        log.record("approve_invitations", consultation, by=by, detail=f"{count}")
    return count


@transaction.atomic
def return_invitation(invitation: Invitation, *, by: User | None = None) -> Invitation:
    """Mark an invitation whose mail came back. Raises Refusal when it was answered or repaired meanwhile."""
    invitation = Invitation.locked(invitation.pk)
    if not Invitation.objects.came_back().filter(pk=invitation.pk).exists():
        raise Refusal(_("This invitation did not come back."))
    invitation.move("return")
    log.record("return", invitation, by=by, topic=invitation.consultation)
    return invitation


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Take an invitation back. Its link ends, mails that wait are not sent, its seats are free."""
    invitation = Invitation.locked(invitation.pk)
    invitation.move("revoke", seats_accepted=0, waiting_seats=0, waiting_since=None, offered_until=None)
    release_delegates(invitation)
    log.record("revoke", invitation, by=by, topic=invitation.consultation)
    return invitation


@transaction.atomic
def redraft_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Draft a revoked invitation once more, with a new link, as if nothing had been sent or said before.

    A mail of before that still waits is not sent. Raises Refusal once the consultation is over, and for whoever can no
    longer be invited.
    """
    consultation = open_for_invitations(invitation.consultation)
    invitation = Invitation.locked(invitation.pk)
    invitation.consultation = consultation
    invitation.demand("redraft")
    _demand_invitable(invitation)
    mails = OutgoingMessage.objects.filter(purpose__startswith="consultations.invitation_", subject_id=invitation.pk)
    mails.filter(state=State.QUEUED, lease__isnull=True).update(state=State.SUPERSEDED, updated_at=timezone.now())
    invitation.renew_token()
    renewed = {name: getattr(invitation, name) for name in ("nonce", "token_hash", "expires_at")}
    invitation.move("redraft", sent_at=None, answered_at=None, reminded_at=None, reminders=0, **renewed)
    log.record("redraft", invitation, by=by, topic=consultation)
    return invitation


def _demand_invitable(invitation: Invitation) -> None:
    """Raise Refusal where the organisation or office can no longer be invited."""
    organisation, body = invitation.organisation, invitation.body
    if organisation and not Organisation.objects.invitable().filter(pk=organisation.pk).exists():
        raise Refusal(_("This organisation can no longer be invited."))
    if body and body.has_ended:
        raise Refusal(_("This office has ended. Invite the one that took over from it."))


@transaction.atomic
def lapse_invitation(invitation: Invitation, *, by: User | None = None) -> Invitation:
    """Close an invitation that nobody answered firmly by the end of the last day. Raises Refusal before that."""
    invitation = Invitation.locked(invitation.pk)
    consultation = invitation.consultation
    if clock.database_now() <= clock.end_of_day(consultation.ends_on, consultation.time_zone):
        raise Refusal(_("The consultation is not over yet."))
    invitation.move("lapse")
    release_delegates(invitation)
    log.record("lapse", invitation, by=by, topic=consultation)
    return invitation

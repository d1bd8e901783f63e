"""Invitations, from the pick out of the register to the last reminder."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations import emails
from consultations.actions.nominating import release_delegates
from consultations.models import Consultation, Invitation
from consultations.querysets import INVITATION_MAIL, InvitationQuerySet
from consultations.states import Way
from portal import blocking, clock, log
from portal.models import OutgoingMessage, User
from portal.states import Refusal
from stakeholders.models import Organisation

MOST_SEATS = 50  # for one organisation; more is a slip of the finger
BATCH = 500


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
    drafted: InvitationQuerySet = consultation.invitations.filter(state="drafted")
    if invitations is not None:
        drafted = drafted.filter(pk__in=list(invitations))
    count = drafted.update(state="approved", updated_at=timezone.now())
    if count:
        log.record("approve_invitations", consultation, by=by, detail=f"{count}")
    return count


@transaction.atomic
def send_invitations(consultation: Consultation, *, by: User) -> int:
    """Send all approved invitations; return how many. Sending again sends nothing twice. Raises Refusal."""
    consultation = Consultation.locked(consultation.pk)
    if consultation.state not in {"announced", "in_session"}:
        raise Refusal(_("Announce the consultation before you send invitations."))
    approved: InvitationQuerySet = consultation.invitations.filter(state="approved")
    invitations = list(approved.select_related("consultation").select_for_update(of=("self",)))
    if not invitations:
        return 0
    now = timezone.now()
    ids = [invitation.pk for invitation in invitations]
    Invitation.objects.filter(pk__in=ids).update(state="sent", sent_at=now, updated_at=now)
    emails.invitation_sent(*invitations)
    log.record("send_invitations", consultation, by=by, detail=f"{len(ids)}")
    return len(ids)


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
def repair_invitation(invitation: Invitation, *, by: User, address: str) -> Invitation:
    """Send an invitation that came back to another address, with a new link; the old link ends. Raises Refusal.

    The same address again is tried again: whoever repairs it knows that it works by now.
    """
    open_for_invitations(invitation.consultation)
    blocking.lift(address)
    invitation = Invitation.locked(invitation.pk)
    invitation.renew_token()
    invitation.move(
        "repair",
        address=address,
        sent_at=timezone.now(),
        **{name: getattr(invitation, name) for name in ("nonce", "token_hash", "expires_at")},
    )
    emails.invitation_sent(invitation, version=_next_version(invitation))
    log.record("repair", invitation, by=by, topic=invitation.consultation)
    return invitation


def _next_version(invitation: Invitation) -> int:
    """Return the number of the next mail about this invitation: each sending is an event of its own."""
    before = OutgoingMessage.objects.filter(purpose=INVITATION_MAIL, subject_id=invitation.pk)
    return (before.order_by("-version").values_list("version", flat=True).first() or 0) + 1


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """Take an invitation back. Its link ends, mails that wait are not sent, its seats are free."""
    invitation = Invitation.locked(invitation.pk)
    invitation.move("revoke", seats_accepted=0, waiting_seats=0, waiting_since=None, offered_until=None)
    release_delegates(invitation)
    log.record("revoke", invitation, by=by, topic=invitation.consultation)
    return invitation


@transaction.atomic
def send_reminders(consultation: Consultation, *, by: User) -> int:
    """Remind exactly those who have not answered; return how many. A second time on the same day reminds nobody.

    Raises Refusal when there is nothing to answer any more.
    """
    consultation = Consultation.locked(consultation.pk)
    if consultation.state not in {"announced", "in_session"} or clock.database_now() > consultation.answers_close_at:
        raise Refusal(_("The time for answers is over. Move the date for answers before you remind anybody."))
    today = clock.today_in(consultation.time_zone)
    midnight = clock.end_of_day(today - timedelta(days=1), consultation.time_zone)
    waiting = consultation.invitations.remindable().not_reminded_since(midnight)
    invitations = list(waiting.select_related("consultation").select_for_update(of=("self",)))
    if not invitations:
        return 0
    Invitation.objects.filter(pk__in=[invitation.pk for invitation in invitations]).mark_reminded(timezone.now())
    emails.invitation_reminder(*invitations, version=today.toordinal())
    log.record("send_reminders", consultation, by=by, detail=f"{len(invitations)}")
    return len(invitations)


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

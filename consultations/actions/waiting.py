"""The waiting list: what becomes free is offered by group, for some days, and then goes on to the next."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations import emails
from consultations.models import Consultation, Invitation
from consultations.querysets import in_line, kinds_of, room_of
from portal import clock, log
from portal.models import OutgoingMessage, User
from portal.states import Refusal
from stakeholders.querysets import standing_of


@transaction.atomic
def offer_free_seats(consultation: Consultation, *, by: User | None = None) -> int:
    """Offer what is free to those who wait, in their order, as far as it goes for each; return how many offers.

    Seats that are kept for a group go to that group first. Whoever asked for two is offered one where one is free.
    Raises Refusal once it is too late for offers.
    """
    consultation = Consultation.locked(consultation.pk)
    until = offer_ends(consultation)
    line = list(in_line(consultation.invitations.all()).select_for_update(of=("self",)))
    if not line:
        return 0
    room, kinds, count = room_of(consultation), kinds_of(consultation.invitations.filter(state="waitlisted")), 0
    for invitation in line:
        seats = min(room.free_for(kinds[invitation.pk]), invitation.waiting_seats)
        if seats > 0 and invitation.is_at_table:
            room.take(kinds[invitation.pk], seats)
            _offer(invitation, seats=seats, until=until, by=by)
            count += 1
    return count


@transaction.atomic
def offer_seat(invitation: Invitation, *, by: User) -> Invitation:
    """Offer what is free to one of those who wait, also out of turn. Raises Refusal where nothing is free for them.

    And for the convenor's own organisation.
    """
    consultation = Consultation.locked(invitation.consultation_id)
    invitation = Invitation.locked(invitation.pk)
    invitation.demand("offer")
    if invitation.organisation_id in standing_of(by).organisations:
        raise Refusal(_("This is your own organisation. Another convenor decides about its seats."))
    if not invitation.is_at_table:
        raise Refusal(_("This organisation is not at the table at the moment."))
    kinds = kinds_of(Invitation.objects.filter(pk=invitation.pk))[invitation.pk]
    seats = min(room_of(consultation).free_for(kinds), invitation.waiting_seats)
    if seats < 1:
        raise Refusal(_("No seat is free that could be offered here. Seats may be kept for other groups."))
    _offer(invitation, seats=seats, until=offer_ends(consultation), by=by)
    return invitation


@transaction.atomic
def pass_over_offer(invitation: Invitation, *, by: User | None = None) -> Invitation:
    """Let an offer lapse that nobody took in time: the seats go on to the next. Raises Refusal before that.

    The invited is told, stays on the list, and comes back into the line by answering again.
    """
    consultation = Consultation.locked(invitation.consultation_id)
    invitation = Invitation.locked(invitation.pk)
    invitation.demand("pass_over")
    if invitation.offered_until is not None and clock.database_now() <= invitation.offered_until:
        raise Refusal(_("The offer still stands."))
    last = invitation.answers.first()
    asked = last.seats if last and last.seats else invitation.waiting_seats
    invitation.move("pass_over", waiting_seats=asked, waiting_since=None, offered_until=None)
    emails.seat_offer_lapsed(invitation, version=_next_version(invitation, emails.seat_offer_lapsed.purpose))
    log.record("pass_over", invitation, by=by, topic=consultation)
    return invitation


def offer_ends(consultation: Consultation) -> datetime:
    """Return until when an offer of today stands: some days, but not into the first day. Raises Refusal too late."""
    if consultation.state not in {"announced", "in_session"}:
        raise Refusal(_("Seats are offered while a consultation is announced or in session."))
    today = clock.today_in(consultation.time_zone)
    last = min(today + timedelta(days=settings.SEAT_OFFER_DAYS), consultation.starts_on - timedelta(days=1))
    if last < today:
        raise Refusal(_("It begins today or is under way: call those who wait, and note their answer."))
    return clock.end_of_day(last, consultation.time_zone)


def _offer(invitation: Invitation, *, seats: int, until: datetime, by: User | None) -> None:
    invitation.move("offer", waiting_seats=seats, offered_until=until)
    emails.seat_offered(invitation, version=_next_version(invitation, emails.seat_offered.purpose))
    log.record("offer", invitation, by=by, topic=invitation.consultation, detail=f"{seats}")


def _next_version(invitation: Invitation, purpose: str) -> int:
    """Return the number of the next such mail: each offer is an event of its own."""
    return OutgoingMessage.objects.next_version(purpose, [invitation.pk])

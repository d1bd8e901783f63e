"""Who comes: delegates are named, confirmed, replaced and taken out; the acceptance stays with the invited."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consultations.models import Consultation, Invitation, Seat, new_code
from consultations.querysets import main_bench
from consultations.states import Listing, SeatMode, SeatPart
from portal import clock, log, text
from portal.models import User
from portal.states import Refusal
from stakeholders.models import Membership

# What is known of one person. It goes when somebody else comes instead.
PERSONAL = ("full_name", "email", "office", "mandate")


@dataclass(frozen=True, slots=True)
class Delegate:
    """One person who is to come, as whoever invited them in writes it down."""

    full_name: str
    mandate: str = ""
    mode: str = SeatMode.ON_SITE
    listing: str = Listing.NOBODY
    office: str = ""
    email: str = ""


@transaction.atomic
def nominate_delegate(invitation: Invitation, *, by: User | None, who: Delegate) -> Seat:
    """Name one more of those who come. `by` is None for whoever holds the link.

    Raises Refusal where all seats that were accepted have a name, or the person is named already.
    """
    invitation = _open(invitation)
    (seat,) = seat_delegates(invitation, [who]) or (None,)
    if seat is None:
        raise Refusal(_("This person is named already."), field="full_name")
    log.record("nominate", seat, by=by, topic=invitation.consultation)
    return seat


@transaction.atomic
def confirm_delegate(seat: Seat, *, by: User | None) -> Seat:
    """Say that the person who was named will come."""
    invitation = _open(seat.invitation)
    seat = Seat.locked(seat.pk)
    seat.move("confirm")
    log.record("confirm", seat, by=by, topic=invitation.consultation)
    return seat


@transaction.atomic
def substitute_delegate(seat: Seat, *, by: User | None, who: Delegate) -> Seat:
    """Let somebody else come. The acceptance stays with the invited; what is known of the first one goes."""
    invitation = _open(seat.invitation)
    seat = Seat.locked(seat.pk)
    others = invitation.delegates.living().exclude(pk=seat.pk)
    if _named(who, others):
        raise Refusal(_("This person is named already."), field="full_name")
    if not seat.is_living:
        _check_places(invitation, 1)
    seat.move("substitute")
    _forget_in_answers(invitation, seat.full_name)
    forget_delegate(seat)
    new = _seated(invitation, who, main_bench(invitation), replaces=seat)
    log.record("substitute", seat, by=by, topic=invitation.consultation)
    return new


@transaction.atomic
def excuse_delegate(seat: Seat, *, by: User | None) -> Seat:
    """Take one out of those who come. The seat stays the invited's, and somebody else can be named for it."""
    invitation = _open(seat.invitation)
    seat = Seat.locked(seat.pk)
    seat.move("excuse")
    log.record("excuse", seat, by=by, topic=invitation.consultation)
    return seat


@transaction.atomic
def record_export(consultation: Consultation, *, by: User) -> None:
    """Write down that a convenor took along who comes and what they need."""
    log.record("export_who_comes", consultation, by=by)


def seat_delegates(invitation: Invitation, people: Iterable[Delegate]) -> list[Seat]:
    """Give each a seat of those that were accepted; who is named already is passed over. Call it on locked rows.

    Raises Refusal where there are more people than seats.
    """
    there = list(invitation.delegates.living())
    new: list[Delegate] = []
    for one in people:
        if not _named(one, there) and not any(same_name(one.full_name, other.full_name) for other in new):
            new.append(one)
    if not new:
        return []
    _check_places(invitation, len(new), there=len(there))
    bench = main_bench(invitation)
    return [_seated(invitation, one, bench) for one in new]


def release_delegates(invitation: Invitation) -> None:
    """Excuse everybody who was named, because the invited does not come; what is known of them goes."""
    for seat in invitation.delegates.select_for_update().exclude(state="present"):
        if seat.can("excuse"):
            seat.move("excuse")
            forget_delegate(seat)
    invitation.answers.exclude(delegates="").update(delegates="")


def forget_delegate(seat: Seat) -> None:
    """Take out what is known of the person; that somebody had the seat remains."""
    for name in PERSONAL:
        setattr(seat, name, "")
    seat.user, seat.listing = None, Listing.NOBODY
    seat.person_key, seat.code = uuid.uuid4(), new_code()
    seat.save(update_fields=[*PERSONAL, "user", "listing", "person_key", "code", "updated_at"])


def _forget_in_answers(invitation: Invitation, name: str) -> None:
    """Take the name out of what was written with an answer, a line a name."""
    for answer in invitation.answers.exclude(delegates=""):
        lines = answer.delegates.splitlines()
        stays = "\n".join(line for line in lines if not same_name(line, name))
        if stays != answer.delegates:
            invitation.answers.filter(pk=answer.pk).update(delegates=stays)


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same to a reader: case and invisible characters do not count."""
    return text.comparison_key(one) == text.comparison_key(other)


def _open(invitation: Invitation) -> Invitation:
    """Return the invitation, locked after its consultation. Raises Refusal where nobody comes, or all is over."""
    consultation = Consultation.locked(invitation.consultation_id)
    invitation = Invitation.locked(invitation.pk)
    if invitation.state != "accepted":
        raise Refusal(_("Answer the invitation with yes before you name those who come."))
    last_moment = clock.end_of_day(consultation.ends_on, consultation.time_zone)
    if consultation.state not in {"announced", "in_session"} or clock.database_now() > last_moment:
        raise Refusal(_("This consultation is over; who came is on record."))
    return invitation


def _check_places(invitation: Invitation, more: int, *, there: int | None = None) -> None:
    there = invitation.delegates.living().count() if there is None else there
    seats = invitation.seats_accepted
    if there + more > seats:
        sentence = ngettext(
            "You accepted %(seats)d seat, and it has a name. Change the answer if more people come.",
            "You accepted %(seats)d seats, and each has a name. Change the answer if more people come.",
            seats,
        )
        raise Refusal(sentence % {"seats": seats}, field="full_name")


def _named(who: Delegate, seats: Iterable[Seat]) -> bool:
    return any(
        same_name(who.full_name, seat.full_name) or bool(who.email and who.email.lower() == seat.email.lower())
        for seat in seats
    )


def _seated(invitation: Invitation, who: Delegate, bench: str, *, replaces: Seat | None = None) -> Seat:
    """Write the seat. The same person for two organisations is recognised by the account or the address."""
    user = _account_of(invitation, who.email)
    values: dict[str, Any] = {"user": user, "replaces": replaces}
    if double := _same_person(invitation, who.email, user):
        values["person_key"] = double.person_key
    return Seat.objects.create(
        consultation_id=invitation.consultation_id,
        invitation=invitation,
        organisation_id=invitation.organisation_id,
        body_id=invitation.body_id,
        full_name=who.full_name,
        email=who.email.lower(),
        mandate=who.mandate,
        office=who.office or (invitation.office if not invitation.organisation_id else ""),
        mode=who.mode,
        listing=who.listing,
        bench=bench,
        part=SeatPart.OFFICIAL if invitation.body_id else SeatPart.DELEGATE,
        **values,
    )


def _account_of(invitation: Invitation, address: str) -> User | None:
    """Return the account with the address, of somebody who acts for the invited organisation; of nobody else."""
    if not address or not invitation.organisation_id:
        return None
    acting = Membership.objects.current(clock.today_here()).filter(
        organisation=invitation.organisation_id, user__email__iexact=address
    )
    found = acting.select_related("user").first()
    return found.user if found else None


def _same_person(invitation: Invitation, address: str, user: User | None) -> Seat | None:
    seats = Seat.objects.filter(consultation=invitation.consultation_id).living()
    found = seats.filter(user=user).first() if user else None
    return found or seats.of_address(address).first()

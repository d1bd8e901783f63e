"""A link that was forwarded: whoever holds it and is not meant may ask for a seat; the convenors decide."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations import emails
from consultations.actions.nominating import same_name
from consultations.models import Consultation, Invitation, SeatRequest
from consultations.states import Way
from portal import clock, log
from portal.models import User
from portal.states import Refusal
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of

MOST_SEATS = 50  # for one organisation; more is a slip of the finger


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a seat, and why."""

    full_name: str
    organisation_name: str = ""
    email: str = ""
    language: str = "en"
    reason: str = ""


@transaction.atomic
def request_seat(invitation: Invitation, *, who: Asking, by: User | None = None) -> SeatRequest:
    """Keep a request for a seat; it is never a seat. Asking twice is one request. Raises Refusal once it is too late.

    And where the link of one invitation already brought in more requests than can be meant.
    """
    consultation = Consultation.locked(invitation.consultation_id)
    if consultation.state not in {"announced", "in_session"}:
        raise Refusal(_("This consultation is over. Answers are no longer taken."))
    waiting = list(consultation.seat_requests.open().filter(invitation=invitation))
    for one in waiting:
        if same_name(one.full_name, who.full_name) and one.email == who.email:
            return one
    if len(waiting) >= settings.OPEN_SEAT_REQUESTS_AT_MOST:
        raise Refusal(_("Many people have asked with this link already. Write or call the convenor."))
    asked = SeatRequest.objects.create(
        consultation=consultation,
        invitation=invitation,
        full_name=who.full_name,
        organisation_name=who.organisation_name,
        email=who.email,
        language=who.language,
        reason=who.reason,
    )
    log.record("request", asked, by=by, topic=consultation)
    return asked


@transaction.atomic
def grant_request(
    asked: SeatRequest, *, by: User, seats: int = 1, organisation: Organisation | None = None
) -> Invitation:
    """Give an invitation to the person, or to the organisation that was named; it is approved and can be sent.

    An organisation is written to at its own contact address, whoever asked. Raises Refusal where it is invited
    already, cannot be invited, or is the convenor's own.
    """
    consultation = Consultation.locked(asked.consultation_id)
    asked = _locked(asked)
    if consultation.state not in {"announced", "in_session"}:
        raise Refusal(_("This consultation is over; nobody can be invited any more."))
    if not 1 <= seats <= MOST_SEATS:
        raise Refusal(_("Offer between 1 and %(most)d seats.") % {"most": MOST_SEATS}, field="seats")
    if organisation is not None:
        _check_organisation(consultation, organisation, by)
    invitation = _invitation(consultation, asked, organisation, seats)
    _settle(asked, SeatRequest.State.GRANTED, by)
    log.record("grant", asked, by=by, topic=consultation)
    return invitation


@transaction.atomic
def decline_request(asked: SeatRequest, *, by: User) -> SeatRequest:
    """Say no to a request. Whoever gave an address is told."""
    consultation = Consultation.locked(asked.consultation_id)
    asked = _locked(asked)
    _settle(asked, SeatRequest.State.DECLINED, by)
    log.record("decline", asked, by=by, topic=consultation)
    return asked


def _locked(asked: SeatRequest) -> SeatRequest:
    """Return the request, locked. Raises Refusal where it was settled meanwhile."""
    asked = SeatRequest.objects.select_for_update().get(pk=asked.pk)
    if asked.state != SeatRequest.State.OPEN:
        raise Refusal(_("This request is settled already."))
    return asked


def _check_organisation(consultation: Consultation, organisation: Organisation, by: User) -> None:
    if organisation.pk in standing_of(by).organisations:
        raise Refusal(_("This is your own organisation. Another convenor decides about its seats."))
    if not Organisation.objects.invitable().filter(pk=organisation.pk).exists():
        raise Refusal(_("This organisation cannot be invited."), field="organisation")
    if consultation.invitations.filter(organisation=organisation).exists():
        raise Refusal(_("This organisation has an invitation already."), field="organisation")


def _invitation(
    consultation: Consultation, asked: SeatRequest, organisation: Organisation | None, seats: int
) -> Invitation:
    invitation = Invitation(consultation=consultation, organisation=organisation, seats_offered=seats)
    if organisation:
        invitation.address, invitation.language = organisation.contact_email, organisation.language
    else:
        invitation.full_name, invitation.office = asked.full_name, asked.organisation_name
        invitation.address, invitation.language = asked.email, asked.language
        invitation.way = Way.MAIL if asked.email else Way.LETTER
    invitation.seal()
    invitation.move("approve", save=False)
    invitation.save(force_insert=True)
    return invitation


def _settle(asked: SeatRequest, state: str, by: User) -> None:
    asked.state, asked.settled_at, asked.by = state, clock.database_now(), by
    asked.save(update_fields=["state", "settled_at", "by"])
    emails.seat_request_settled(asked)

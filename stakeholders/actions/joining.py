"""How a person comes to act for an organisation: by an invitation, or by asking."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import clock, log
from portal.models import User
from portal.states import Refusal
from stakeholders import emails
from stakeholders.actions.sides import (
    THEY_SPEAK_FOR_AN_OFFICE,
    YOU_SPEAK_FOR_AN_OFFICE,
    demand_no_office,
    lock_person,
    open_membership,
)
from stakeholders.models import Membership, Organisation
from stakeholders.states import Mandate, Role


@transaction.atomic
def join_organisation(organisation: Organisation, *, address: str, by: User) -> Membership:
    """Let a person who came by an invitation act for the organisation.

    Whoever has proved the address that was invited gets the seat at once: as lead representative where the
    organisation has none. Anybody else came by a link that was passed on: that makes a request, not a seat.
    Joining twice changes nothing. Raises Refusal for a liaison: nobody sits on both sides.
    """
    lock_person(by)
    organisation = Organisation.locked(organisation.pk)
    demand_no_office(by, YOU_SPEAK_FOR_AN_OFFICE)
    if organisation.state != "verified":
        raise Refusal(_("This organisation is not in the register at the moment. Ask the convenor who invited you."))
    existing = open_membership(organisation, by)
    # Whoever was invited by a lead answers that on the desk: a link must not turn a drafter into a lead.
    if existing and (existing.state != "requested" or not owns_address(by, address)):
        return existing
    return _seat(organisation, existing, by) if owns_address(by, address) else _request(organisation, by)


def owns_address(user: User, address: str) -> bool:
    """Whether the person has proved that the address is theirs."""
    return bool(address) and EmailAddress.objects.filter(user=user, verified=True, email__iexact=address).exists()


def _seat(organisation: Organisation, membership: Membership | None, by: User) -> Membership:
    has_lead = organisation.memberships.leading(clock.today_here()).exists()
    membership = membership or Membership(organisation=organisation, user=by)
    membership.role = Role.REPRESENTATIVE if has_lead else Role.LEAD
    membership.mandate = Mandate.INVITED
    membership.since = clock.today_here()
    membership.move("confirm", save=False)
    membership.save()
    log.record("join", membership, by=by, topic=organisation, detail=membership.role)
    return membership


def _request(organisation: Organisation, by: User) -> Membership:
    membership = Membership.objects.create(organisation=organisation, user=by, role=Role.REPRESENTATIVE)
    emails.membership_requested(membership)
    log.record("request_membership", membership, by=by, topic=organisation)
    return membership


@transaction.atomic
def confirm_membership(membership: Membership, *, by: User) -> Membership:
    """Give the seat that somebody asked for, from today on. Nobody confirms themselves. Raises Refusal."""
    membership = _answerable(membership, by)
    demand_no_office(membership.user, THEY_SPEAK_FOR_AN_OFFICE)
    membership.move("confirm", since=clock.today_here())
    emails.membership_confirmed(membership)
    log.record("confirm_membership", membership, by=by, topic=membership.organisation)
    return membership


@transaction.atomic
def decline_membership(membership: Membership, *, by: User) -> Membership:
    """Say no to somebody who asked for a seat. Raises Refusal."""
    membership = _answerable(membership, by)
    # It held on no day: its first one lies after its last.
    today = clock.today_here()
    membership.move("decline", until=today, since=today + timedelta(days=1))
    log.record("decline_membership", membership, by=by, topic=membership.organisation)
    return membership


def _answerable(membership: Membership, by: User) -> Membership:
    membership = Membership.locked(membership.pk)
    if membership.user_id == by.pk:
        raise Refusal(_("Somebody else has to answer your own request."))
    membership.demand("confirm")
    if membership.state != "requested":
        raise Refusal(_("Only the person who was invited answers."))
    return membership

"""How an organisation gives, changes and ends the mandates of its people, and who leads it.

Every act locks the organisation first, after the person who comes to it: so two leads who act at once have one order.
It asks anew who leads: the person's rights of the request may be older than the lock.
"""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import clock, log
from portal.accounts import account_for
from portal.models import User
from portal.states import Refusal
from stakeholders import emails
from stakeholders.actions.joining import owns_address
from stakeholders.actions.sides import (
    THEY_SPEAK_FOR_AN_OFFICE,
    YOU_SPEAK_FOR_AN_OFFICE,
    demand_no_office,
    lock_person,
    open_membership,
)
from stakeholders.models import Membership, Organisation
from stakeholders.states import Role

A_DAY = timedelta(days=1)


@transaction.atomic
def invite_colleague(
    organisation: Organisation,
    *,
    by: User,
    address: str,
    full_name: str,
    role: str,
    mandate: str,
    since: date,
    until: date | None = None,
) -> Membership:
    """Invite somebody to act for the organisation. Only a lead does; the person answers after signing in.

    An account is found or made for the address, and nothing tells which. Inviting with the same words again is one
    invitation and one mail. Raises Refusal for a liaison, for somebody who is there already, and for impossible days.
    """
    # The person is locked before the organisation, as by those who accept. What a refusal follows is undone.
    user = account_for(address, full_name, organisation.language)
    organisation = _led(organisation, by)
    _demand_days(since, until)
    demand_no_office(user, THEY_SPEAK_FOR_AN_OFFICE, field="address")
    terms = {"role": role, "mandate": mandate, "since": since, "until": until}
    there = open_membership(organisation, user)
    if there:
        return _same_offer(there, terms)
    if organisation.memberships.offered().count() >= settings.OPEN_MANDATES_AT_MOST:
        raise Refusal(_("Many people are invited and have not answered. Wait for some of them, or withdraw some."))
    made = Membership.objects.create(organisation=organisation, user=user, by=by, state="invited", **terms)
    # What was typed is kept with the mail, for the organisation's own list: the account may tell another name.
    emails.mandate_offered(made, payload={"name": full_name, "address": address})
    log.record("invite_colleague", made, by=by, topic=organisation, detail=role)
    return made


def _led(organisation: Organisation, by: User) -> Organisation:
    """Return the organisation, locked. Raises Refusal unless the person leads it at this moment."""
    organisation = Organisation.locked(organisation.pk)
    demand_lead(organisation, by)
    return organisation


def demand_lead(organisation: Organisation, by: User) -> None:
    """Raise Refusal unless the person leads the organisation at this moment."""
    own = organisation.memberships.leading(clock.today_here()).filter(user=by)
    if not own.exists() or by.appointments.current(clock.today_here()).exists():
        raise Refusal(_("Only the lead representative does this."))


def _demand_days(since: date | None, until: date | None) -> None:
    if until and until < clock.today_here():
        raise Refusal(_("This day is over. To end a mandate today, use “End the mandate”."), field="until")
    if since and until and until < since:
        raise Refusal(_("The last day is before the first one."), field="until")


def _same_offer(there: Membership, terms: dict[str, object]) -> Membership:
    if there.state == "invited" and all(getattr(there, name) == value for name, value in terms.items()):
        return there
    sentences = {
        "active": _("This person acts for the organisation already."),
        "requested": _("This person asks to join already. Answer on your desk."),
        "invited": _("This person is invited already. To change the invitation, withdraw it first."),
    }
    raise Refusal(sentences[there.state], field="address")


@transaction.atomic
def withdraw_mandate(membership: Membership, *, by: User) -> Membership:
    """Take an invitation back before it is answered. Raises Refusal once it is."""
    organisation = _led(membership.organisation, by)
    membership = _offered(membership)
    _close_unheld(membership, "withdraw")
    log.record("withdraw_mandate", membership, by=by, topic=organisation)
    return membership


def _offered(membership: Membership) -> Membership:
    """Return the invitation, locked. Raises Refusal where it was answered or withdrawn."""
    membership = Membership.locked(membership.pk)
    if membership.state != "invited":
        raise Refusal(_("This invitation is not open any more."))
    return membership


def _close_unheld(membership: Membership, verb: str) -> None:
    """Close what never became a mandate: its first day lies after its last one, so no list takes it for one."""
    today = clock.today_here()
    membership.move(verb, until=today, since=max(membership.since, today + A_DAY))


@transaction.atomic
def accept_mandate(membership: Membership, *, by: User) -> Membership:
    """Take up the mandate that one was invited to. Raises Refusal for a liaison, and when the time is over."""
    lock_person(by)
    organisation = Organisation.locked(membership.organisation_id)
    membership = _own_offer(membership, by)
    demand_no_office(by, YOU_SPEAK_FOR_AN_OFFICE)
    if not owns_address(by, by.email):
        raise Refusal(_("Prove your address first: sign out, and sign in with the code that we send you."))
    if organisation.state != "verified":
        raise Refusal(_("This organisation is not in the register at the moment. Ask the person who invited you."))
    if membership.offer_ends_at < timezone.now() or (membership.until and membership.until < clock.today_here()):
        raise Refusal(_("The time to answer is over. Ask the person who invited you for a new invitation."))
    membership.move("confirm")
    log.record("accept_mandate", membership, by=by, topic=organisation, detail=membership.role)
    return membership


@transaction.atomic
def decline_mandate(membership: Membership, *, by: User) -> Membership:
    """Say no to an invitation. Raises Refusal once it is answered."""
    organisation = Organisation.locked(membership.organisation_id)
    membership = _own_offer(membership, by)
    _close_unheld(membership, "decline")
    log.record("decline_mandate", membership, by=by, topic=organisation)
    return membership


def _own_offer(membership: Membership, by: User) -> Membership:
    membership = _offered(membership)
    if membership.user_id != by.pk:
        raise Refusal(_("Only the person who was invited answers."))
    return membership


@transaction.atomic
def lapse_mandate(membership: Membership) -> Membership:
    """Close an invitation that nobody answered in time. Raises Refusal where somebody did meanwhile."""
    organisation = Organisation.locked(membership.organisation_id)
    membership = _offered(membership)
    if membership.offer_ends_at > timezone.now():
        raise Refusal(_("The time to answer is not over yet."))
    _close_unheld(membership, "withdraw")
    log.record("lapse_mandate", membership, by=None, topic=organisation)
    return membership


@transaction.atomic
def change_mandate(
    membership: Membership, *, by: User, role: str, mandate: str, until: date | None = None
) -> Membership:
    """Change the role, the kind or the last day of a colleague's mandate; the same again changes nothing.

    Nobody changes their own: who leads hands over. Raises Refusal.
    """
    organisation, membership = _colleague(membership, by)
    _demand_days(membership.since, until)
    terms = {"role": role, "mandate": mandate, "until": until}
    if all(getattr(membership, name) == value for name, value in terms.items()):
        return membership
    led = membership.role == Role.LEAD
    for name, value in terms.items():
        setattr(membership, name, value)
    membership.save(update_fields=[*terms, "updated_at"])
    entry = log.record("change_mandate", membership, by=by, topic=organisation, detail=role)
    if role == Role.LEAD and not led:
        emails.lead_given(membership, version=entry.number)
    return membership


@transaction.atomic
def end_mandate(membership: Membership, *, by: User) -> Membership:
    """End a colleague's mandate at once: it opens nothing from the next request on. Raises Refusal.

    The person is told by mail, so that nobody finds out at a closed door.
    """
    organisation, membership = _colleague(membership, by)
    _leave(membership)
    emails.mandate_ended(membership)
    log.record("end_mandate", membership, by=by, topic=organisation)
    return membership


def _colleague(membership: Membership, by: User) -> tuple[Organisation, Membership]:
    """Return organisation and mandate, locked, for a lead to decide on. Raises Refusal for the lead's own."""
    organisation = _led(membership.organisation, by)
    membership = Membership.locked(membership.pk)
    if membership.user_id == by.pk:
        raise Refusal(_("Nobody changes their own mandate. Hand over the lead, or leave."))
    membership.demand("leave")
    return organisation, membership


def _leave(membership: Membership) -> None:
    today = clock.today_here()
    membership.move("leave", until=min(membership.until or today, today))


@transaction.atomic
def leave_organisation(membership: Membership, *, by: User) -> Membership:
    """Stop acting for the organisation, at once. What was written stays with it.

    Raises Refusal for the last lead while others act for it: they would be left with nobody who can decide.
    """
    organisation = Organisation.locked(membership.organisation_id)
    membership = Membership.locked(membership.pk)
    if membership.user_id != by.pk:
        raise Refusal(_("This is somebody else's mandate."))
    membership.demand("leave")
    if is_last_lead(organisation, by):
        raise Refusal(_("You are the only one who leads. Say first who leads from now on."), field="to")
    _leave(membership)
    log.record("leave_organisation", membership, by=by, topic=organisation)
    return membership


def is_last_lead(organisation: Organisation, user: User) -> bool:
    """Whether the person leads, nobody else does, and somebody would be left behind."""
    today = clock.today_here()
    current = list(organisation.memberships.current(today).values_list("user_id", "role"))
    others = [role for pk, role in current if pk != user.pk]
    return (user.pk, Role.LEAD) in current and bool(others) and Role.LEAD not in others


@transaction.atomic
def hand_over_lead(organisation: Organisation, *, by: User, to: Membership, leave: bool = False) -> Membership:
    """Make a colleague the lead; oneself becomes a representative, or leaves. Raises Refusal."""
    organisation = _led(organisation, by)
    heir = _heir(organisation, to, by)
    own = organisation.memberships.leading(clock.today_here()).get(user=by)
    _raise_to_lead(heir)
    entry = log.record("hand_over_lead", heir, by=by, topic=organisation)
    # Somebody may lead twice: the entry's number makes each time a mail of its own.
    emails.lead_given(heir, version=entry.number)
    if leave:
        _leave(own)
        log.record("leave_organisation", own, by=by, topic=organisation)
    else:
        own.role = Role.REPRESENTATIVE
        own.save(update_fields=["role", "updated_at"])
    return heir


@transaction.atomic
def name_lead(organisation: Organisation, *, by: User, to: Membership) -> Membership:
    """Let a convenor say who leads an organisation where nobody does. Never the convenor's own. Raises Refusal."""
    organisation = Organisation.locked(organisation.pk)
    today = clock.today_here()
    if not by.convenorships.convening(today).exists():
        raise Refusal(_("Only a convenor does this."))
    if organisation.memberships.current(today).filter(user=by).exists():
        raise Refusal(_("You act for this organisation. Another convenor decides who leads it."))
    if organisation.memberships.leading(today).exists():
        raise Refusal(_("This organisation has a lead representative. Only that person hands over."))
    heir = _heir(organisation, to, by)
    _raise_to_lead(heir)
    entry = log.record("name_lead", heir, by=by, topic=organisation)
    emails.lead_given(heir, version=entry.number)
    return heir


def _heir(organisation: Organisation, to: Membership, by: User) -> Membership:
    """Return the mandate of who will lead, as it stands. Raises Refusal unless it holds today, and is another's."""
    current = organisation.memberships.current(clock.today_here()).select_for_update(of=("self",))
    heir: Membership | None = current.filter(pk=to.pk).exclude(user=by).first()
    if heir is None:
        raise Refusal(_("This person does not act for the organisation today."), field="to")
    demand_no_office(heir.user, THEY_SPEAK_FOR_AN_OFFICE, field="to")
    return heir


def _raise_to_lead(heir: Membership) -> None:
    heir.role = Role.LEAD
    heir.save(update_fields=["role", "updated_at"])


@transaction.atomic
def set_sign_off(organisation: Organisation, *, by: User, on: bool) -> Organisation:
    """Say whether only the lead sends texts in. Saying the same again changes nothing. Raises Refusal."""
    organisation = _led(organisation, by)
    if organisation.sign_off == on:
        return organisation
    Organisation.objects.filter(pk=organisation.pk).update(sign_off=on, updated_at=timezone.now())
    organisation.sign_off = on
    log.record("set_sign_off", organisation, by=by, detail="on" if on else "off")
    return organisation


@transaction.atomic
def forget_account(user: User) -> bool:
    """Remove an account that an invitation made and that nobody ever used; return whether it was still so."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not Membership.objects.unused_accounts(timezone.now()).filter(pk=user.pk).exists():
        return False
    user.memberships.all().delete()
    user.delete()
    return True

"""How a person's account is taken back: a lost second step, and being forgotten."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import forgetting, log
from portal.emails import FactorNotice, send_once
from portal.mail import Recipient
from portal.models import User
from portal.states import Refusal
from stakeholders.actions.importing import drop_import, refuse_import
from stakeholders.models import Appeal, Convenorship, LiaisonAppointment, ListImport, Membership, Organisation


@transaction.atomic
def reset_factors(person: User, *, by: User) -> User:
    """Take away the second step of somebody who lost it, sign them out everywhere and tell them.

    Who has a part that asks for a second step is led to set up a new one at the next sign-in. Raises Refusal.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.pk == by.pk:
        raise Refusal(_("Another administrator has to do this for you."))
    factors = Authenticator.objects.filter(user=person)
    if not factors.exists():
        raise Refusal(_("This person has no second step: the code by mail is enough to sign in."))
    factors.delete()
    forgetting.end_sessions(person)
    send_once(FactorNotice, Recipient.of(person), {"event": "factors_reset"})
    log.record("reset_factors", person, by=by)
    return person


@transaction.atomic
def forget_person(person: User, *, by: User) -> User:
    """Delete what is personal about somebody; what they did for others stays, without their name. Raises Refusal.

    Whether others can spare the person is looked at before, where all the apps meet: see `portal.views`.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.deleted_at:
        raise Refusal(_("This account is deleted already."))
    _leave(person)
    _forget_contact(person, forgetting.addresses_of(person))
    _forget_lists(person)
    _forget_appeals(person)
    forgetting.forget_account(person, at=timezone.now())
    log.record("forget_person", person, by=by)
    return person


def _leave(person: User) -> None:
    """End every mandate. A term that is over by the clock keeps its last day."""
    today = timezone.localdate()
    for membership in Membership.objects.select_for_update().filter(user=person).exclude(state="left"):
        membership.move("leave" if membership.state == "active" else "withdraw", until=today)
    for appointment in LiaisonAppointment.objects.select_for_update().filter(user=person).exclude(state="ended"):
        appointment.move("end", until=today)
    Convenorship.objects.filter(user=person).exclude(until__lt=today).update(until=today - timedelta(days=1))


def _forget_contact(person: User, addresses: list[str]) -> None:
    """Take the person out of the contacts of organisations: a convenor has to find a new one."""
    for address in addresses:
        Organisation.objects.filter(contact_email__iexact=address).update(contact_email="", contact_phone="")
    if person.full_name:
        for field in ("contact_name", "trusted_contact"):
            Organisation.objects.filter(**{f"{field}__iexact": person.full_name}).update(**{field: ""})
    Organisation.objects.filter(applicant=person).update(applicant=None)


def _forget_lists(person: User) -> None:
    """End the lists that nobody can finish any more, with all their rows. No list keeps the name of its file."""
    for run in ListImport.objects.select_for_update().filter(by=person, ended_at=None).order_by("pk"):
        if run.can("drop"):
            drop_import(run, by=person)
        else:
            refuse_import(run, code="no-convenor")
    ListImport.objects.filter(by=person).update(file_name="")


def _forget_appeals(person: User) -> None:
    """An appeal is an act of the organisation: its words stay, for whoever decides, without the person in them."""
    traces = forgetting.traces_of(person)
    for appeal in Appeal.objects.select_for_update().filter(by=person):
        Appeal.objects.filter(pk=appeal.pk).update(text=forgetting.without(appeal.text, traces))

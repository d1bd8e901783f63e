"""What happens to open items when an office is taken over, or its last liaison leaves: they stay with the office."""

from dataclasses import astuple, dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import log
from portal.models import User
from portal.states import Refusal
from recommendations import emails
from recommendations.models import Conveyance, Edition, Item
from recommendations.querysets import PairQuerySet
from stakeholders import actions
from stakeholders.models import LiaisonAppointment, PublicBody


@dataclass(frozen=True, slots=True)
class Moves:
    """What a succession moves, in numbers."""

    conveyances: int
    items: int
    liaisons: int
    proposals: int
    below: int

    @property
    def key(self) -> str:
        """Return the numbers as a form carries them back."""
        return "-".join(map(str, astuple(self)))


def pairs_of(body: PublicBody) -> PairQuerySet:
    """Return the items of editions in force that speak to the office, or to one that it took over from."""
    return Item.objects.filter(edition__in=Edition.objects.current()).pairs().of_office(body)


def what_moves(old: PublicBody) -> Moves:
    """Return what is open at the office and who answers for it."""
    appointments = old.appointments.exclude(state="ended")
    return Moves(
        conveyances=Conveyance.objects.addressed_to(old.pk).unanswered().count(),
        items=pairs_of(old).waiting().count(),
        liaisons=appointments.filter(state="active").count(),
        proposals=appointments.filter(state="proposed").count(),
        below=old.subsidiaries.filter(successor=None, until=None).count(),
    )


@transaction.atomic
def succeed_office(
    old: PublicBody, new: PublicBody, *, on: date, by: User, move_liaisons: bool, shown: str
) -> PublicBody:
    """Let the new body take over, and tell the people who answer for it now what they have not acknowledged yet.

    `shown` is the key of the numbers that the person saw. Raises Refusal where they changed since.
    """
    actions.demand_administrator(by)
    if what_moves(old).key != shown:
        raise Refusal(_("The numbers changed since you looked. Check them again, then confirm."))
    actions.succeed_body(old, new, on=on, by=by, move_liaisons=move_liaisons)
    holder = PublicBody.objects.get(pk=new.pk).current
    for conveyance in Conveyance.objects.addressed_to(holder.pk).filter(
        state__in=["sent", "received"], sent_on__isnull=False
    ):
        emails.conveyance_received(conveyance, version=conveyance.sent_on.toordinal())
    tell_when_unattended(holder, by=by)
    return PublicBody.objects.get(pk=old.pk)


@transaction.atomic
def leave_office(appointment: LiaisonAppointment, *, by: User) -> LiaisonAppointment:
    """End a liaison's term; where nobody is left for open items, the administrators and the convenors are told."""
    appointment = actions.end_appointment(appointment, by=by)
    tell_when_unattended(appointment.body.current, by=by)
    return appointment


@transaction.atomic
def close_term(appointment: LiaisonAppointment) -> LiaisonAppointment:
    """Close a term that ran out; where nobody is left for open items, it is told as when somebody leaves."""
    appointment = actions.run_out(appointment)
    tell_when_unattended(appointment.body.current, by=None)
    return appointment


def tell_when_unattended(body: PublicBody, *, by: User | None) -> None:
    """Tell those who can do something about it that open items have nobody to answer them."""
    if emails.liaisons_of(body) or not pairs_of(body).waiting().exists():
        return
    entry = log.record("left_without_liaison", body, by=by)
    emails.office_unattended(body, version=entry.number)

"""What answers and invitations know about a person, and how it is forgotten."""

from django.db import transaction
from django.db.models import Q

from consultations.actions.nominating import forget_delegate
from consultations.models import Answer, Consultation, Invitation, Seat, SeatRequest, Session
from consultations.querysets import AHEAD
from portal import forgetting
from portal.models import User

GONE = "—"  # in place of a name where there must be one


@transaction.atomic
def forget_traces(person: User) -> None:
    """Take the person out of coming consultations, of lists of delegates and of the addresses of invitations.

    The answers stay as answers of the organisation. Call it before the account is emptied: it needs the name.
    """
    for consultation in Consultation.objects.filter(convenors=person, state__in=AHEAD):
        consultation.convenors.remove(person)
    addresses = forgetting.addresses_of(person)
    for address in addresses:
        personal = Invitation.objects.filter(address__iexact=address).exclude(full_name="")
        personal.update(full_name=GONE, office="", address="")
        Invitation.objects.filter(address__iexact=address).update(address="")
        SeatRequest.objects.filter(email__iexact=address).update(
            full_name=GONE, organisation_name="", email="", reason=""
        )
    _forget_seats(person, addresses)
    Answer.objects.filter(by=person).update(needs="")
    Session.objects.filter(rapporteur=person).update(rapporteur=None)
    _forget_name(person)


def _forget_seats(person: User, addresses: list[str]) -> None:
    """Empty the seats that are the person's by account, address, or name in the own organisation.

    That somebody had them, or came, remains.
    """
    theirs = Q(user=person)
    if person.full_name:
        own = person.memberships.values("organisation")
        theirs |= Q(full_name__iexact=person.full_name, organisation__in=own)
    for address in addresses:
        theirs |= Q(email__iexact=address)
    for seat in Seat.objects.select_for_update().filter(theirs):
        if seat.consultation.state in AHEAD and seat.can("excuse"):
            seat.move("excuse")
        forget_delegate(seat)


def _forget_name(person: User) -> None:
    if person.full_name:
        Session.objects.filter(rapporteur_name__iexact=person.full_name).update(rapporteur_name="—")
    traces = forgetting.traces_of(person)
    fields = ("delegates", "needs", "note")
    theirs = Q(invitation__organisation__memberships__user=person) | Q(by=person)
    for answer in Answer.objects.filter(theirs).distinct():
        before = {field: getattr(answer, field) for field in fields}
        after = {field: forgetting.without(value, traces) for field, value in before.items()}
        if after != before:
            Answer.objects.filter(pk=answer.pk).update(**after)


def forget_in_answers(seat: Seat) -> None:
    """Take the name of a delegate whom another replaced out of the answers of the invitation."""
    if seat.full_name and seat.invitation_id:
        traces = forgetting.name_traces(seat.full_name)
        for answer in Answer.objects.filter(invitation=seat.invitation_id):
            Answer.objects.filter(pk=answer.pk).update(delegates=forgetting.without(answer.delegates, traces))

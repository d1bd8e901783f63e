"""What answers and invitations know about a person, and how it is forgotten."""

from django.db import transaction
from django.db.models import Q, QuerySet

from consultations.models import Answer, Consultation, Invitation, Seat, Session
from consultations.querysets import AHEAD
from portal import forgetting
from portal.models import User


@transaction.atomic
def forget_traces(person: User) -> None:
    """Take the person out of coming consultations, of lists of delegates and of the addresses of invitations.

    The answers stay as answers of the organisation. Call it before the account is emptied: it needs the name.
    """
    for consultation in Consultation.objects.filter(convenors=person, state__in=AHEAD):
        consultation.convenors.remove(person)
    for address in forgetting.addresses_of(person):
        Invitation.objects.filter(address__iexact=address).update(address="")
    Answer.objects.filter(by=person).update(needs="")
    Session.objects.filter(rapporteur=person).update(rapporteur=None)
    forget_seats(Seat.objects.filter(Q(user=person) | Q(email__in=forgetting.addresses_of(person))))
    _forget_name(person)


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


def forget_delegate(seat: Seat) -> None:
    """Take the name of a delegate whom another replaced out of the answers of the invitation."""
    if seat.full_name and seat.invitation_id:
        traces = forgetting.name_traces(seat.full_name)
        for answer in Answer.objects.filter(invitation=seat.invitation_id):
            Answer.objects.filter(pk=answer.pk).update(delegates=forgetting.without(answer.delegates, traces))


def forget_seats(seats: QuerySet) -> None:
    """Empty the seats of a person. That somebody of the organisation sat there stays, and counts as it did."""
    seats.update(full_name="", email="", office="", user=None, listing="nobody")

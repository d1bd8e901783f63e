"""What answers and invitations know about a person, and how it is forgotten."""

import re

from django.db import transaction
from django.db.models import Q

from consultations.models import Answer, Consultation, Invitation
from consultations.querysets import AHEAD
from portal.forgetting import addresses_of
from portal.models import User


@transaction.atomic
def forget_traces(person: User) -> None:
    """Take the person out of coming consultations, of lists of delegates and of the addresses of invitations.

    The answers stay as answers of the organisation. Call it before the account is emptied: it needs the name.
    """
    for consultation in Consultation.objects.filter(convenors=person, state__in=AHEAD):
        consultation.convenors.remove(person)
    for address in addresses_of(person):
        Invitation.objects.filter(address__iexact=address).update(address="")
    Answer.objects.filter(by=person).update(needs="")
    if person.full_name:
        _forget_name(person)


def _forget_name(person: User) -> None:
    name = re.compile(rf"(?<!\w){re.escape(person.full_name)}(?!\w)", re.IGNORECASE)
    fields = ("delegates", "needs", "note")
    theirs = Q(invitation__organisation__memberships__user=person) | Q(by=person)
    for answer in Answer.objects.filter(theirs).distinct():
        before = {field: getattr(answer, field) for field in fields}
        after = {field: name.sub("—", value) for field, value in before.items()}
        if after != before:
            Answer.objects.filter(pk=answer.pk).update(**after)

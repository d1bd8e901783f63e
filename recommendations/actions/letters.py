"""Conveyance mails of which nobody knows whether they arrived: a human looks, and sends them again or not."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portal import log
from portal.models import OutgoingMessage, User
from portal.querysets import MessageQuerySet
from portal.states import Refusal
from recommendations import emails
from recommendations.models import Conveyance

State = OutgoingMessage.State


def doubtful_mails(conveyances: list[Conveyance]) -> MessageQuerySet:
    """Return the mails about these conveyances that were held back because their fate is unknown."""
    ids = [conveyance.pk for conveyance in conveyances]
    purpose = emails.conveyance_received.purpose
    return OutgoingMessage.objects.filter(purpose=purpose, subject_id__in=ids, state=State.WITHHELD)


@transaction.atomic
def repeat_conveyance_mail(conveyance: Conveyance, *, by: User) -> Conveyance:
    """Send the liaisons' mail again, as a new event. Raises Refusal where none is in doubt: nobody is told twice."""
    conveyance = Conveyance.locked(conveyance.pk)
    doubtful = doubtful_mails([conveyance])
    last = doubtful.aggregate(last=Max("version"))["last"]
    if last is None:
        raise Refusal(_("No mail about this conveyance is in doubt."))
    doubtful.update(state=State.SUPERSEDED)
    emails.conveyance_received(conveyance, version=last + 1)
    log.record("repeat_mail", conveyance, by=by, topic=conveyance.edition.statement.consultation)
    return conveyance

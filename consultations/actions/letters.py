"""Letters on paper: handed over on a day, in a way."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation, Invitation
from consultations.states import HandedBy, Way
from portal import clock, log
from portal.models import User
from portal.states import Refusal


@transaction.atomic
def hand_over_letter(invitation: Invitation, *, by: User, on: date, handed_by: str, reference: str = "") -> Invitation:
    """Note that a letter was given to the invited, on which day and how. An approved one counts as sent from then on.

    Raises Refusal for a day to come, and for an invitation that goes by mail.
    """
    consultation = Consultation.locked(invitation.consultation_id)
    invitation = Invitation.locked(invitation.pk)
    if consultation.state not in {"announced", "in_session"}:
        raise Refusal(_("Announce the consultation before you hand letters over."))
    if invitation.way != Way.LETTER and invitation.address:
        raise Refusal(_("This invitation goes by mail."))
    if on > clock.today_in(consultation.time_zone):
        raise Refusal(_("This day has not come yet."), field="on")
    at = datetime.combine(on, time(12), ZoneInfo(consultation.time_zone))
    values = {"sent_at": at, **({"reference": reference} if reference else {})}
    if invitation.state == "approved":
        invitation.move("send", **values)
    else:
        # An answer may come late, a letter may not.
        invitation.demand("lapse" if invitation.state == "lapsed" else "accept")
        for name, value in values.items():
            setattr(invitation, name, value)
        invitation.save(update_fields=[*values, "updated_at"])
    log.record("hand_over", invitation, by=by, topic=consultation, detail=f"{HandedBy(handed_by).value} {on:%Y-%m-%d}")
    return invitation

"""How many seats there are, and how many of them are kept for which group or bench."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations.balance import shares
from consultations.models import Consultation, SeatQuota
from portal import log
from portal.models import User
from portal.states import Conflict, Refusal
from stakeholders.models import StakeholderGroup
from stakeholders.states import Hearing


@transaction.atomic
def set_quotas(
    consultation: Consultation,
    *,
    by: User,
    version: int,
    seats: int | None,
    groups: Mapping[StakeholderGroup, int],
    benches: Mapping[str, int],
) -> Consultation:
    """Write the seats in total and those kept for groups and benches, in place of those that were kept before.

    Raises Conflict when somebody else changed the consultation since `version`, Refusal when the sum does not fit.
    """
    consultation = Consultation.locked(consultation.pk)
    if consultation.state not in {"draft", "announced", "in_session"}:
        raise Refusal(_("This consultation is over; its seats stay as they are."))
    if consultation.version != version:
        raise Conflict(consultation)
    demand_fitting(seats, groups, benches)
    consultation.quotas.all().delete()
    rows = [SeatQuota(consultation=consultation, group=group, seats=count) for group, count in groups.items()]
    rows += [SeatQuota(consultation=consultation, bench=bench, seats=count) for bench, count in benches.items()]
    SeatQuota.objects.bulk_create(rows)
    consultation.seats = seats
    consultation.version += 1
    consultation.save(update_fields=["seats", "version", "updated_at"])
    log.record("set_quotas", consultation, by=by, detail=f"{len(rows)}")
    return consultation


def demand_fitting(seats: int | None, groups: Mapping[StakeholderGroup, int], benches: Mapping[str, int]) -> None:
    """Raise Refusal where more is kept than there is, or something for a group that is never seated."""
    for group in groups:
        if group.hearing == Hearing.NEVER:
            raise Refusal(_("No seat is kept for a group that is never seated."))
    found = shares(groups, benches)
    for share in found:
        if share.overfull:
            sentence = _("The groups of this bench are promised %(groups)d seats, and the bench has %(kept)d.")
            values = {"groups": share.groups, "kept": share.kept}
            raise Refusal(sentence % values, field=f"bench_{share.bench}")
    kept = sum(share.total for share in found)
    if seats is not None and kept > seats:
        sentence = _("%(kept)d seats are kept, and there are %(seats)d in total: %(over)d too many.")
        raise Refusal(sentence % {"kept": kept, "seats": seats, "over": kept - seats}, field="seats")

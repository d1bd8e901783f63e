"""The end of a convenor's term, with an eye on the consultations that are at work."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import ngettext

from consultations.models import Consultation
from portal.models import User
from portal.states import Refusal
from stakeholders import actions
from stakeholders.models import Convenorship
from stakeholders.states import ConvenorRole

AT_WORK = ("announced", "in_session")


@transaction.atomic
def end_convenorship(term: Convenorship, *, by: User, until: date | None = None) -> Convenorship:
    """End the term with the day, or at once. Raises Refusal where a consultation at work had too few convenors left."""
    actions.demand_administrator(by)
    list(Convenorship.objects.select_for_update().order_by("pk"))
    short = len(left_short(term, actions.last_day_of(until)))
    if short:
        sentence = ngettext(
            "%(count)d consultation at work would have fewer than %(least)d convenors. Name another one there first.",
            "%(count)d consultations at work would have fewer than %(least)d convenors. Name others there first.",
            short,
        )
        raise Refusal(sentence % {"count": short, "least": settings.CONVENORS_AT_LEAST})
    return actions.end_term(term, by=by, until=until)


def left_short(term: Convenorship, last: date) -> list[Consultation]:
    """Return the consultations at work that would have too few convenors after the day."""
    stays = Q(until__isnull=True) | Q(until__gt=last)
    staying = Convenorship.objects.exclude(pk=term.pk).filter(stays, role=ConvenorRole.CONVENOR)
    people = set(staying.values_list("user", flat=True))
    if term.role != ConvenorRole.CONVENOR or term.user_id in people:
        return []
    at_work = Consultation.objects.filter(state__in=AT_WORK).prefetch_related("convenors")
    few = len(people) < settings.CONVENORS_AT_LEAST
    return [one for one in at_work if few or _too_few(one, term.user_id, people)]


def _too_few(consultation: Consultation, leaving: int, people: set[int]) -> bool:
    there = {user.pk for user in consultation.convenors.all()}
    return leaving in there and len(there & people) < settings.CONVENORS_AT_LEAST

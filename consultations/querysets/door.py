"""What the door finds: seats by the words of a name, and the invited who named nobody for some of their seats."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from modeltranslation.utils import build_localized_fieldname

from consultations.states import InvitationState, SeatState
from portal import languages, text


def seats_called(seats: QuerySet, typed: str) -> QuerySet:
    """Return the seats whose person, office, organisation or public body holds every word that was typed."""
    words = text.comparison_key(typed).split()
    if not words:
        return seats.none()
    bodies = _bodies(seats)
    for word in words:
        seats = seats.filter(Q(name_key__contains=word) | _behind(seats, bodies, word))
    return seats


def seats_to_name(consultation: Any) -> QuerySet:
    """Return the invitations that accepted more seats than they named people for, each with the number as `named`."""
    named = Count("delegates", filter=~Q(delegates__state=SeatState.SUBSTITUTED))
    accepted = consultation.invitations.filter(state=InvitationState.ACCEPTED).annotate(named=named)
    return accepted.filter(seats_accepted__gt=F("named")).select_related("organisation", "body").order_by("pk")


def invited_called(invitations: QuerySet, typed: str) -> QuerySet:
    """Return the invitations whose organisation, public body or person holds every word that was typed."""
    words = text.comparison_key(typed).split()
    if not words:
        return invitations.none()
    bodies = _bodies(invitations)
    # People who are invited by name are few, and keep no key.
    people = dict(invitations.exclude(full_name="").order_by().values_list("pk", "full_name"))
    for word in words:
        called = [pk for pk, name in people.items() if word in text.comparison_key(name)]
        invitations = invitations.filter(Q(pk__in=called) | _behind(invitations, bodies, word))
    return invitations


def _bodies(rows: QuerySet) -> dict[int, str]:
    """Return the public bodies behind the rows with their keys, in whatever language. A region has few."""
    columns = [f"body__{build_localized_fieldname('name', language.code)}" for language in languages.SHIPPED]
    names = rows.exclude(body=None).order_by().values_list("body", *columns).distinct()
    return {pk: text.comparison_key(" ".join(filter(None, called))) for pk, *called in names}


def _behind(rows: QuerySet, bodies: dict[int, str], word: str) -> Q:
    organisations = rows.model._meta.get_field("organisation").related_model.objects.called(word)
    return Q(organisation__in=organisations.order_by().values("pk")) | Q(body__in=_holding(bodies, word))


def _holding(keys: dict[int, str], word: str) -> Iterable[int]:
    return [pk for pk, key in keys.items() if word in key]

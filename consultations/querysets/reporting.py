"""Who reads the minutes, who reports from a session, and which organisations were there."""

from typing import Any

from django.db.models import Q, QuerySet

from consultations.querysets.consultations import HIDDEN_INVITATIONS
from consultations.states import ConsultationState, InvitationState, SeatState
from stakeholders.querysets import standing_of

MINUTES_MAIL = "consultations.minutes_circulated"
REPORTED = (ConsultationState.ANNOUNCED, ConsultationState.IN_SESSION, ConsultationState.CONCLUDED)


def organisations_present(consultation: Any) -> QuerySet:
    """Return the organisations of which somebody came."""
    seats = consultation.delegates.filter(state=SeatState.PRESENT, organisation__isnull=False)
    organisations = consultation.delegates.model._meta.get_field("organisation").related_model.objects
    return organisations.filter(pk__in=seats.values("organisation"))


def without_reader(consultation: Any, day: Any) -> QuerySet:
    """Return the organisations of which somebody came and for which nobody with an account speaks on the day."""
    there = organisations_present(consultation)
    memberships = there.model._meta.get_field("memberships").related_model.objects.current(day)
    return there.exclude(pk__in=memberships.exclude(role="drafter").values("organisation")).order_by("name_key", "pk")


def takes_part(consultation: Any, user: Any) -> bool:
    """Whether the person acts for an organisation that accepted the invitation, or of which somebody came."""
    own = standing_of(user).organisations
    if not own:
        return False
    accepted = consultation.invitations.filter(state=InvitationState.ACCEPTED, organisation__in=own)
    return accepted.exists() or organisations_present(consultation).filter(pk__in=own).exists()


def spoke_there(consultation: Any, user: Any) -> QuerySet:
    """Return the organisations for which the person speaks and of which somebody came."""
    return organisations_present(consultation).filter(pk__in=standing_of(user).speaks_for)


def can_report(consultation: Any, user: Any) -> bool:
    """Whether the person may report from a session: a convenor of it, or who speaks for an invited organisation."""
    standing = standing_of(user)
    if standing.convenor and consultation.convenors.filter(pk=user.pk).exists():
        return True
    reached = consultation.invitations.exclude(state__in=HIDDEN_INVITATIONS)
    return bool(standing.speaks_for) and reached.filter(organisation__in=standing.speaks_for).exists()


def reporters(consultation: Any, day: Any) -> QuerySet:
    """Return the accounts that may report on the day: the convenors, and who speaks for an invited organisation."""
    people = consultation.convenors.model.objects
    reached = consultation.invitations.exclude(state__in=HIDDEN_INVITATIONS).exclude(organisation=None)
    memberships = people.model._meta.get_field("memberships").related_model.objects.current(day)
    speaking = memberships.filter(organisation__in=reached.values("organisation")).exclude(role="drafter")
    found = Q(pk__in=consultation.convenors.values("pk")) | Q(pk__in=speaking.values("user"))
    return people.filter(found, is_active=True).order_by("full_name", "pk")


def reported_by(sessions: QuerySet, user: Any) -> QuerySet:
    """Return those of the sessions from which the person reports, as long as the consultation takes reports."""
    return sessions.filter(rapporteur=user.pk, consultation__state__in=REPORTED).order_by("starts_at", "pk")

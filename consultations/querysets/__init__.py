"""Named reads: what is open when, who may see what, with which counts."""

from consultations.querysets.consultations import (
    AHEAD,
    HIDDEN_INVITATIONS,
    PLAN_AHEAD,
    ConsultationQuerySet,
    convened_by,
)
from consultations.querysets.figures import Figures, GroupFigures, publishable
from consultations.querysets.invitations import ANSWERED, CONCERNED, INVITATION_MAIL, InvitationQuerySet
from consultations.querysets.programme import MeetingQuerySet, SessionQuerySet

__all__ = [
    "AHEAD",
    "ANSWERED",
    "CONCERNED",
    "HIDDEN_INVITATIONS",
    "INVITATION_MAIL",
    "PLAN_AHEAD",
    "ConsultationQuerySet",
    "Figures",
    "GroupFigures",
    "InvitationQuerySet",
    "MeetingQuerySet",
    "SessionQuerySet",
    "convened_by",
    "publishable",
]

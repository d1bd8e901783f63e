"""Named reads: what is open when, who may see what, with which counts."""

from consultations.querysets.consultations import AHEAD, HIDDEN_INVITATIONS, ConsultationQuerySet, convened_by
from consultations.querysets.figures import Figures, GroupFigures, publishable
from consultations.querysets.invitations import ANSWERED, INVITATION_MAIL, InvitationQuerySet

__all__ = [
    "AHEAD",
    "ANSWERED",
    "HIDDEN_INVITATIONS",
    "INVITATION_MAIL",
    "ConsultationQuerySet",
    "Figures",
    "GroupFigures",
    "InvitationQuerySet",
    "convened_by",
    "publishable",
]

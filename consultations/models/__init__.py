"""The tables of consultations: plan, invitations, programme, seats, minutes, and what is told afterwards."""

from consultations.models.consultation import Consultation, OfficialMeeting, Organiser
from consultations.models.invitations import Answer, Invitation, Need, SeatRequest, hash_token, new_nonce
from consultations.models.minutes import Correction, Minutes
from consultations.models.programme import AgendaItem, Paper, Session
from consultations.models.seats import Presence, Seat, SeatQuota, new_code
from consultations.models.telling import FollowUp, Wording

__all__ = [
    "AgendaItem",
    "Answer",
    "Consultation",
    "Correction",
    "FollowUp",
    "Invitation",
    "Minutes",
    "Need",
    "OfficialMeeting",
    "Organiser",
    "Paper",
    "Presence",
    "Seat",
    "SeatQuota",
    "SeatRequest",
    "Session",
    "Wording",
    "hash_token",
    "new_code",
    "new_nonce",
]

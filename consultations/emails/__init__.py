"""The mails of consultations."""

from consultations.emails.answering import seat_offer_lapsed, seat_offered, seat_request_settled
from consultations.emails.inviting import (
    TEST_TOKEN,
    InvitationEmail,
    invitation_reminder,
    invitation_sent,
    invitation_test,
)
from consultations.emails.minuting import minutes_circulated
from consultations.emails.moving import consultation_cancelled, consultation_moved
from consultations.emails.telling import Reader, consultation_summary, next_step_due, readers, untold

__all__ = [
    "TEST_TOKEN",
    "InvitationEmail",
    "Reader",
    "consultation_cancelled",
    "consultation_moved",
    "consultation_summary",
    "invitation_reminder",
    "invitation_sent",
    "invitation_test",
    "minutes_circulated",
    "next_step_due",
    "readers",
    "seat_offer_lapsed",
    "seat_offered",
    "seat_request_settled",
    "untold",
]

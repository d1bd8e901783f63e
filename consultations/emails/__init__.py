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
from consultations.emails.telling import (
    Reader,
    consultation_summary,
    first_reader,
    invited,
    next_step_due,
    parts_told,
    reader_at,
    readers,
    readers_behind,
    readers_of,
    untold,
    walked_in,
)

__all__ = [
    "TEST_TOKEN",
    "InvitationEmail",
    "Reader",
    "consultation_cancelled",
    "consultation_moved",
    "consultation_summary",
    "first_reader",
    "invitation_reminder",
    "invitation_sent",
    "invitation_test",
    "invited",
    "minutes_circulated",
    "next_step_due",
    "parts_told",
    "reader_at",
    "readers",
    "readers_behind",
    "readers_of",
    "seat_offer_lapsed",
    "seat_offered",
    "seat_request_settled",
    "untold",
    "walked_in",
]

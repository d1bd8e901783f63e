"""The mails of stakeholders, by subject."""

from stakeholders.emails.memberships import membership_confirmed, membership_requested
from stakeholders.emails.offices import (
    administrators,
    appointment_changed,
    colleague_proposed,
    liaison_appointed,
    term_given,
)

__all__ = [
    "administrators",
    "appointment_changed",
    "colleague_proposed",
    "liaison_appointed",
    "membership_confirmed",
    "membership_requested",
    "term_given",
]

"""The mails of stakeholders, by subject."""

from stakeholders.emails.applications import appeal_waits, application_received, application_waits
from stakeholders.emails.decisions import (
    organisation_dissolved,
    organisation_refused,
    organisation_reinstated,
    organisation_suspended,
    organisation_verified,
)
from stakeholders.emails.mandates import lead_given, mandate_ended, mandate_offered
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
    "appeal_waits",
    "application_received",
    "application_waits",
    "appointment_changed",
    "colleague_proposed",
    "lead_given",
    "liaison_appointed",
    "mandate_ended",
    "mandate_offered",
    "membership_confirmed",
    "membership_requested",
    "organisation_dissolved",
    "organisation_refused",
    "organisation_reinstated",
    "organisation_suspended",
    "organisation_verified",
    "term_given",
]

"""The mails of stakeholders, by subject."""

from stakeholders.emails.applications import appeal_waits, application_received, application_waits
from stakeholders.emails.decisions import (
    organisation_dissolved,
    organisation_refused,
    organisation_reinstated,
    organisation_suspended,
    organisation_verified,
)
from stakeholders.emails.mailing import hear_when_mail_flows_again, mail_flows_again
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
    "hear_when_mail_flows_again",
    "lead_given",
    "liaison_appointed",
    "mail_flows_again",
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

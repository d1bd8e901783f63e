"""The mails of stakeholders, by subject."""

from stakeholders.emails.applications import appeal_waits, application_received, application_waits
from stakeholders.emails.decisions import (
    organisation_dissolved,
    organisation_refused,
    organisation_reinstated,
    organisation_suspended,
    organisation_verified,
)
from stakeholders.emails.mandates import mandate_offered
from stakeholders.emails.memberships import membership_confirmed, membership_requested

__all__ = [
    "appeal_waits",
    "application_received",
    "application_waits",
    "mandate_offered",
    "membership_confirmed",
    "membership_requested",
    "organisation_dissolved",
    "organisation_refused",
    "organisation_reinstated",
    "organisation_suspended",
    "organisation_verified",
]

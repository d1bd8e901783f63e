"""The mails of stakeholders, by subject."""

from stakeholders.emails.mandates import mandate_offered
from stakeholders.emails.memberships import membership_confirmed, membership_requested

__all__ = ["mandate_offered", "membership_confirmed", "membership_requested"]

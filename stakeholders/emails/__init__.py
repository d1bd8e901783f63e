"""The mails of stakeholders, by subject."""

from stakeholders.emails.memberships import membership_confirmed, membership_requested

__all__ = ["membership_confirmed", "membership_requested"]

"""The verbs of stakeholders, by use: joining an organisation, leaving the portal."""

from stakeholders.actions.joining import confirm_membership, decline_membership, join_organisation, owns_address
from stakeholders.actions.leaving import forget_person, reset_factors

__all__ = [
    "confirm_membership",
    "decline_membership",
    "forget_person",
    "join_organisation",
    "owns_address",
    "reset_factors",
]

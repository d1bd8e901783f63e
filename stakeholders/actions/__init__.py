"""The verbs of stakeholders, by use: joining an organisation."""

from stakeholders.actions.joining import confirm_membership, decline_membership, join_organisation, owns_address

__all__ = [
    "confirm_membership",
    "decline_membership",
    "join_organisation",
    "owns_address",
]

"""The verbs of stakeholders, by use: joining an organisation, taking the register along."""

from stakeholders.actions.exporting import record_export
from stakeholders.actions.joining import confirm_membership, decline_membership, join_organisation, owns_address

__all__ = [
    "confirm_membership",
    "decline_membership",
    "join_organisation",
    "owns_address",
    "record_export",
]

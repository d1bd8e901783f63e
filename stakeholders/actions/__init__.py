"""The verbs of stakeholders, by use: applying, describing oneself, joining an organisation."""

from stakeholders.actions.applying import appeal_decision, apply_organisation, issue_terms
from stakeholders.actions.describing import change_organisation
from stakeholders.actions.joining import confirm_membership, decline_membership, join_organisation, owns_address

__all__ = [
    "appeal_decision",
    "apply_organisation",
    "change_organisation",
    "confirm_membership",
    "decline_membership",
    "issue_terms",
    "join_organisation",
    "owns_address",
]

"""The verbs of stakeholders, by use: applying, describing oneself, joining an organisation."""

from stakeholders.actions.applying import appeal_decision, apply_organisation, issue_terms
from stakeholders.actions.describing import change_organisation
"""The verbs of stakeholders, by use: joining an organisation; deciding on one, writing one down, merging two."""

from stakeholders.actions.deciding import (
    DECISIONS,
    Grounds,
    dissolve_organisation,
    refuse_organisation,
    reinstate_organisation,
    seat_on_own_bench,
    suspend_organisation,
    verify_organisation,
)
from stakeholders.actions.joining import confirm_membership, decline_membership, join_organisation, owns_address
from stakeholders.actions.merging import merge_organisations
from stakeholders.actions.recording import record_organisation

__all__ = [
    "appeal_decision",
    "apply_organisation",
    "change_organisation",
    "confirm_membership",
    "decline_membership",
    "issue_terms",
    "DECISIONS",
    "Grounds",
    "confirm_membership",
    "decline_membership",
    "dissolve_organisation",
    "join_organisation",
    "merge_organisations",
    "owns_address",
    "record_organisation",
    "refuse_organisation",
    "reinstate_organisation",
    "seat_on_own_bench",
    "suspend_organisation",
    "verify_organisation",
]

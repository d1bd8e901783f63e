"""The verbs of stakeholders, by use: joining an organisation; deciding on one, writing one down, merging two."""

from stakeholders.actions.applying import appeal_decision, apply_organisation, issue_terms
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
from stakeholders.actions.describing import change_organisation
from stakeholders.actions.joining import confirm_membership, decline_membership, join_organisation, owns_address
from stakeholders.actions.mandates import (
    accept_mandate,
    change_mandate,
    decline_mandate,
    end_mandate,
    forget_account,
    hand_over_lead,
    invite_colleague,
    is_last_lead,
    lapse_mandate,
    leave_organisation,
    name_lead,
    set_sign_off,
    withdraw_mandate,
)
from stakeholders.actions.merging import merge_organisations
from stakeholders.actions.recording import record_organisation

__all__ = [
    "DECISIONS",
    "Grounds",
    "accept_mandate",
    "appeal_decision",
    "apply_organisation",
    "change_mandate",
    "change_organisation",
    "confirm_membership",
    "decline_mandate",
    "decline_membership",
    "dissolve_organisation",
    "end_mandate",
    "forget_account",
    "hand_over_lead",
    "invite_colleague",
    "is_last_lead",
    "issue_terms",
    "join_organisation",
    "lapse_mandate",
    "leave_organisation",
    "merge_organisations",
    "name_lead",
    "owns_address",
    "record_organisation",
    "refuse_organisation",
    "reinstate_organisation",
    "seat_on_own_bench",
    "set_sign_off",
    "suspend_organisation",
    "verify_organisation",
    "withdraw_mandate",
]

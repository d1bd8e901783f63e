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
from stakeholders.actions.importing import (
    approve_import,
    check_import,
    drop_import,
    finish_import,
    has_work,
    map_columns,
    read_import,
    refuse_import,
    upload_list,
)
from stakeholders.actions.joining import confirm_membership, decline_membership, join_organisation, owns_address
from stakeholders.actions.leaving import forget_person, reset_factors
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
    "approve_import",
    "change_mandate",
    "change_organisation",
    "check_import",
    "confirm_membership",
    "decline_mandate",
    "decline_membership",
    "dissolve_organisation",
    "drop_import",
    "end_mandate",
    "finish_import",
    "forget_account",
    "forget_person",
    "hand_over_lead",
    "has_work",
    "invite_colleague",
    "is_last_lead",
    "issue_terms",
    "join_organisation",
    "lapse_mandate",
    "leave_organisation",
    "map_columns",
    "merge_organisations",
    "name_lead",
    "owns_address",
    "read_import",
    "record_organisation",
    "refuse_import",
    "refuse_organisation",
    "reinstate_organisation",
    "reset_factors",
    "seat_on_own_bench",
    "set_sign_off",
    "suspend_organisation",
    "upload_list",
    "verify_organisation",
    "withdraw_mandate",
]

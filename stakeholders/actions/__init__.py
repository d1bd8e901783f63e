"""The verbs of stakeholders, by use: joining an organisation, the mandates of its people."""

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

__all__ = [
    "accept_mandate",
    "change_mandate",
    "confirm_membership",
    "decline_mandate",
    "decline_membership",
    "end_mandate",
    "forget_account",
    "hand_over_lead",
    "invite_colleague",
    "is_last_lead",
    "join_organisation",
    "lapse_mandate",
    "leave_organisation",
    "name_lead",
    "owns_address",
    "set_sign_off",
    "withdraw_mandate",
]

"""The pages of stakeholders, by use."""

from stakeholders.views.hats import organisation_choose
from stakeholders.views.mandates import mandate_accept, mandate_change, mandate_decline, mandate_end, mandate_withdraw
from stakeholders.views.memberships import membership_confirm, membership_decline
from stakeholders.views.people import (
    lead_hand_over,
    lead_name,
    mandate_offer,
    organisation_leave,
    organisation_people,
    sign_off_set,
)
from stakeholders.views.register import organisation_list, public_body_list

__all__ = [
    "lead_hand_over",
    "lead_name",
    "mandate_accept",
    "mandate_change",
    "mandate_decline",
    "mandate_end",
    "mandate_offer",
    "mandate_withdraw",
    "membership_confirm",
    "membership_decline",
    "organisation_choose",
    "organisation_leave",
    "organisation_list",
    "organisation_people",
    "public_body_list",
    "sign_off_set",
]

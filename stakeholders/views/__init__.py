"""The pages of stakeholders, by use."""

from stakeholders.views.deciding import organisation_decide, organisation_record, register_desk
from stakeholders.views.memberships import membership_confirm, membership_decline
from stakeholders.views.merging import organisation_merge
from stakeholders.views.register import organisation_list, public_body_list

__all__ = [
    "membership_confirm",
    "membership_decline",
    "organisation_decide",
    "organisation_list",
    "organisation_merge",
    "organisation_record",
    "public_body_list",
    "register_desk",
]

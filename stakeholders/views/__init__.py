"""The pages of stakeholders, by use."""

from stakeholders.views.applying import (
    application_check,
    application_drop,
    application_part,
    application_receipt,
    application_start,
    terms_detail,
)
from stakeholders.views.describing import (
    application_appeal,
    application_lead,
    application_status,
    organisation_edit,
)
from stakeholders.views.deciding import organisation_decide, organisation_record, register_desk
from stakeholders.views.memberships import membership_confirm, membership_decline
from stakeholders.views.merging import organisation_merge
from stakeholders.views.register import organisation_list, public_body_list

__all__ = [
    "application_appeal",
    "application_check",
    "application_drop",
    "application_lead",
    "application_part",
    "application_receipt",
    "application_start",
    "application_status",
    "membership_confirm",
    "membership_decline",
    "organisation_edit",
    "organisation_list",
    "public_body_list",
    "terms_detail",
    "membership_confirm",
    "membership_decline",
    "organisation_decide",
    "organisation_list",
    "organisation_merge",
    "organisation_record",
    "public_body_list",
    "register_desk",
]

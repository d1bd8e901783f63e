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
from stakeholders.views.memberships import membership_confirm, membership_decline
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
]

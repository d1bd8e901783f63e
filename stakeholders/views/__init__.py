"""The pages of stakeholders, by use."""

from stakeholders.views.export import organisation_export, organisation_export_contacts
from stakeholders.views.map import stakeholder_map
from stakeholders.views.memberships import membership_confirm, membership_decline
from stakeholders.views.register import organisation_list, public_body_list

__all__ = [
    "membership_confirm",
    "membership_decline",
    "organisation_export",
    "organisation_export_contacts",
    "organisation_list",
    "public_body_list",
    "stakeholder_map",
]

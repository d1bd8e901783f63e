"""The pages of stakeholders, by use."""

from stakeholders.views.memberships import membership_confirm, membership_decline
from stakeholders.views.register import organisation_list, public_body_list

__all__ = ["membership_confirm", "membership_decline", "organisation_list", "public_body_list"]

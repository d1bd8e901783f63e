"""The pages of stakeholders, by use."""

from stakeholders.views.bodies import public_body_create, public_body_edit
from stakeholders.views.memberships import membership_confirm, membership_decline
from stakeholders.views.offices import (
    appointment_answer,
    appointment_approve,
    appointment_extend,
    colleague_propose,
    liaison_appoint,
    term_create,
)
from stakeholders.views.register import organisation_list, public_body_list

__all__ = [
    "appointment_answer",
    "appointment_approve",
    "appointment_extend",
    "colleague_propose",
    "liaison_appoint",
    "membership_confirm",
    "membership_decline",
    "organisation_list",
    "public_body_create",
    "public_body_edit",
    "public_body_list",
    "term_create",
]

"""The verbs of stakeholders, by use: joining an organisation, public bodies, terms of office."""

from stakeholders.actions.bodies import change_body, create_body, succeed_body
from stakeholders.actions.joining import confirm_membership, decline_membership, join_organisation, owns_address
from stakeholders.actions.offices import (
    accept_appointment,
    appoint_liaison,
    approve_appointment,
    decline_appointment,
    demand_administrator,
    end_appointment,
    end_term,
    extend_appointment,
    last_day_of,
    name_for_term,
    propose_colleague,
    run_out,
    seats_of,
)

__all__ = [
    "accept_appointment",
    "appoint_liaison",
    "approve_appointment",
    "change_body",
    "confirm_membership",
    "create_body",
    "decline_appointment",
    "decline_membership",
    "demand_administrator",
    "end_appointment",
    "end_term",
    "extend_appointment",
    "join_organisation",
    "last_day_of",
    "name_for_term",
    "owns_address",
    "propose_colleague",
    "run_out",
    "seats_of",
    "succeed_body",
]

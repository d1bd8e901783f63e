"""The verbs of consultations: lock, check, write, record, tell."""

from consultations.actions.answering import Reply, answer_invitation, record_answer
from consultations.actions.forgetting import forget_traces
from consultations.actions.inviting import (
    approve_invitations,
    lapse_invitation,
    pick_organisations,
    repair_invitation,
    return_invitation,
    revoke_invitation,
    send_invitations,
    send_reminders,
)
from consultations.actions.planning import (
    OrganiserLine,
    announce_consultation,
    change_consultation,
    conclude_consultation,
    create_consultation,
    name_people,
    open_session,
)
from consultations.actions.terms import end_convenorship

__all__ = [
    "OrganiserLine",
    "Reply",
    "announce_consultation",
    "answer_invitation",
    "approve_invitations",
    "change_consultation",
    "conclude_consultation",
    "create_consultation",
    "end_convenorship",
    "forget_traces",
    "lapse_invitation",
    "name_people",
    "open_session",
    "pick_organisations",
    "record_answer",
    "repair_invitation",
    "return_invitation",
    "revoke_invitation",
    "send_invitations",
    "send_reminders",
]

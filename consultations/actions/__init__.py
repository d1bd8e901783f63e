"""The verbs of consultations: lock, check, write, record, tell."""

from consultations.actions.answering import Reply, answer_invitation, record_answer
from consultations.actions.copying import copy_consultation
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
from consultations.actions.meetings import change_meeting, note_meeting
from consultations.actions.moving import (
    Reach,
    SessionLine,
    cancel_consultation,
    move_consultation,
    programme_was_redrawn,
    reach,
)
from consultations.actions.planning import (
    Elsewhere,
    OrganiserLine,
    announce_consultation,
    change_consultation,
    conclude_consultation,
    create_consultation,
    leave_consultation,
    name_people,
    open_session,
)
from consultations.actions.programme import (
    add_item,
    add_session,
    change_item,
    change_session,
    remove_item,
    remove_session,
    shift_item,
)
from consultations.actions.terms import end_convenorship

__all__ = [
    "Elsewhere",
    "OrganiserLine",
    "Reach",
    "Reply",
    "SessionLine",
    "add_item",
    "add_session",
    "announce_consultation",
    "answer_invitation",
    "approve_invitations",
    "cancel_consultation",
    "change_consultation",
    "change_item",
    "change_meeting",
    "change_session",
    "conclude_consultation",
    "copy_consultation",
    "create_consultation",
    "end_convenorship",
    "forget_traces",
    "lapse_invitation",
    "leave_consultation",
    "move_consultation",
    "name_people",
    "note_meeting",
    "open_session",
    "pick_organisations",
    "programme_was_redrawn",
    "reach",
    "record_answer",
    "remove_item",
    "remove_session",
    "repair_invitation",
    "return_invitation",
    "revoke_invitation",
    "send_invitations",
    "send_reminders",
    "shift_item",
]

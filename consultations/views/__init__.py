"""The pages of consultations."""

from consultations.views.answering import invitation_answer, invitation_calendar, invitation_link, invitation_receipt
from consultations.views.desk import consultation_desk
from consultations.views.inviting import (
    answer_record,
    invitation_approve,
    invitation_pick,
    invitation_repair,
    invitation_revoke,
    invitation_send,
    reminders_send,
)
from consultations.views.outbox import invitation_outbox, invitation_preview, invitation_progress
from consultations.views.planning import (
    consultation_announce,
    consultation_conclude,
    consultation_create,
    consultation_edit,
    consultation_open,
)
from consultations.views.public import consultation_detail, consultation_list

__all__ = [
    "answer_record",
    "consultation_announce",
    "consultation_conclude",
    "consultation_create",
    "consultation_desk",
    "consultation_detail",
    "consultation_edit",
    "consultation_list",
    "consultation_open",
    "invitation_answer",
    "invitation_approve",
    "invitation_calendar",
    "invitation_link",
    "invitation_outbox",
    "invitation_pick",
    "invitation_preview",
    "invitation_progress",
    "invitation_receipt",
    "invitation_repair",
    "invitation_revoke",
    "invitation_send",
    "reminders_send",
]

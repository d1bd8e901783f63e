"""The pages of consultations."""

from consultations.views.answering import invitation_answer, invitation_calendar, invitation_link, invitation_receipt
from consultations.views.attendance import (
    attendance,
    attendance_change,
    attendance_close,
    attendance_join,
    attendance_mark,
    attendance_sheet,
    badge_sheet,
)
from consultations.views.coming import who_comes, who_comes_export
from consultations.views.convening import invitation_body, invitation_edit, invitation_person, invitation_repeat
from consultations.views.desk import consultation_desk
from consultations.views.door import door, door_check_in, door_list, door_substitute, door_sync, door_undo, door_walk_in
from consultations.views.feeds import calendar_feed, subscribe
from consultations.views.following import next_step_create, next_step_edit, next_step_list, next_step_settle
from consultations.views.importing import invitation_import
from consultations.views.invitations import my_invitations
from consultations.views.inviting import invitation_approve, invitation_redraft, invitation_revoke
from consultations.views.letters import invitation_letter, letter_hand_over, letter_list, letters_file
from consultations.views.meetings import meeting_create, meeting_edit, meeting_list
from consultations.views.minutes import (
    correction_create,
    correction_settle,
    minutes_circulate,
    minutes_detail,
    minutes_edit,
    minutes_move,
)
from consultations.views.moving import consultation_cancel, consultation_copy, consultation_leave, consultation_move
from consultations.views.nominating import delegate_confirm, delegate_excuse, delegate_list, delegate_substitute
from consultations.views.one_invitation import (
    invitation_message,
    invitation_repair,
    invitation_resend,
    invitation_state,
)
from consultations.views.outbox import invitation_outbox
from consultations.views.outputs import output_edit, output_list, rapporteur_name
from consultations.views.papers import paper_create, paper_edit, paper_file, paper_list, paper_remove
from consultations.views.picking import invitation_pick
from consultations.views.planning import (
    consultation_announce,
    consultation_conclude,
    consultation_create,
    consultation_edit,
    consultation_open,
)
from consultations.views.previewing import invitation_preview, invitation_test
from consultations.views.programme import (
    agenda_item_create,
    agenda_item_edit,
    agenda_item_remove,
    agenda_item_shift,
    programme_edit,
    session_create,
    session_edit,
    session_remove,
)
from consultations.views.public import consultation_detail, consultation_list
from consultations.views.quotas import seat_quotas
from consultations.views.recording import answer_record, answers_record
from consultations.views.requesting import (
    seat_request,
    seat_request_decline,
    seat_request_grant,
    seat_request_list,
    seat_request_receipt,
)
from consultations.views.sending import (
    invitation_progress,
    invitation_send,
    invitations_hold_back,
    reminders_plan,
    reminders_send,
)
from consultations.views.table import invitation_list, invitation_table
from consultations.views.telling import (
    summary_compose,
    summary_preview,
    summary_readers,
    summary_resend,
    summary_send,
)
from consultations.views.waiting import seat_offer, seats_offer, waiting_list
from consultations.views.wording import wording_edit, wording_list

__all__ = [
    "agenda_item_create",
    "agenda_item_edit",
    "agenda_item_remove",
    "agenda_item_shift",
    "answer_record",
    "answers_record",
    "attendance",
    "attendance_change",
    "attendance_close",
    "attendance_join",
    "attendance_mark",
    "attendance_sheet",
    "badge_sheet",
    "calendar_feed",
    "consultation_announce",
    "consultation_cancel",
    "consultation_conclude",
    "consultation_copy",
    "consultation_create",
    "consultation_desk",
    "consultation_detail",
    "consultation_edit",
    "consultation_leave",
    "consultation_list",
    "consultation_move",
    "consultation_open",
    "correction_create",
    "correction_settle",
    "delegate_confirm",
    "delegate_excuse",
    "delegate_list",
    "delegate_substitute",
    "door",
    "door_check_in",
    "door_list",
    "door_substitute",
    "door_sync",
    "door_undo",
    "door_walk_in",
    "invitation_answer",
    "invitation_approve",
    "invitation_body",
    "invitation_calendar",
    "invitation_edit",
    "invitation_import",
    "invitation_letter",
    "invitation_link",
    "invitation_list",
    "invitation_message",
    "invitation_outbox",
    "invitation_person",
    "invitation_pick",
    "invitation_preview",
    "invitation_progress",
    "invitation_receipt",
    "invitation_redraft",
    "invitation_repair",
    "invitation_repeat",
    "invitation_resend",
    "invitation_revoke",
    "invitation_send",
    "invitation_state",
    "invitation_table",
    "invitation_test",
    "invitations_hold_back",
    "letter_hand_over",
    "letter_list",
    "letters_file",
    "meeting_create",
    "meeting_edit",
    "meeting_list",
    "minutes_circulate",
    "minutes_detail",
    "minutes_edit",
    "minutes_move",
    "my_invitations",
    "next_step_create",
    "next_step_edit",
    "next_step_list",
    "next_step_settle",
    "output_edit",
    "output_list",
    "paper_create",
    "paper_edit",
    "paper_file",
    "paper_list",
    "paper_remove",
    "programme_edit",
    "rapporteur_name",
    "reminders_plan",
    "reminders_send",
    "seat_offer",
    "seat_quotas",
    "seat_request",
    "seat_request_decline",
    "seat_request_grant",
    "seat_request_list",
    "seat_request_receipt",
    "seats_offer",
    "session_create",
    "session_edit",
    "session_remove",
    "subscribe",
    "summary_compose",
    "summary_preview",
    "summary_readers",
    "summary_resend",
    "summary_send",
    "waiting_list",
    "who_comes",
    "who_comes_export",
    "wording_edit",
    "wording_list",
]

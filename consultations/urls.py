"""Routes of consultations, in the order of a consultation's life."""

from django.urls import include, path

from consultations import views

invitations = [
    path("", views.invitation_outbox, name="invitation_outbox"),
    path("pick/", views.invitation_pick, name="invitation_pick"),
    path("approve/", views.invitation_approve, name="invitation_approve"),
    path("send/", views.invitation_send, name="invitation_send"),
    path("progress/", views.invitation_progress, name="invitation_progress"),
    path("remind/", views.reminders_send, name="reminders_send"),
    path("<int:pk>/preview/", views.invitation_preview, name="invitation_preview"),
    path("<int:pk>/repair/", views.invitation_repair, name="invitation_repair"),
    path("<int:pk>/revoke/", views.invitation_revoke, name="invitation_revoke"),
    path("<int:pk>/redraft/", views.invitation_redraft, name="invitation_redraft"),
    path("<int:pk>/record/", views.answer_record, name="answer_record"),
    path("answers/", views.answers_record, name="answers_record"),
    path("import/", views.invitation_import, name="invitation_import"),
    path("again/", views.invitation_repeat, name="invitation_repeat"),
    path("body/", views.invitation_body, name="invitation_body"),
    path("person/", views.invitation_person, name="invitation_person"),
    path("<int:pk>/edit/", views.invitation_edit, name="invitation_edit"),
    path("remind/plan/", views.reminders_plan, name="reminders_plan"),
    path("hold-back/", views.invitations_hold_back, name="invitations_hold_back"),
    path("letters/", views.letter_list, name="letter_list"),
    path("letters/<int:number>.pdf", views.letters_file, name="letters_file"),
    path("<int:pk>/", views.invitation_state, name="invitation_state"),
    path("<int:pk>/test/", views.invitation_test, name="invitation_test"),
    path("<int:pk>/resend/", views.invitation_resend, name="invitation_resend"),
    path("<int:pk>/message/", views.invitation_message, name="invitation_message"),
    path("<int:pk>/letter.pdf", views.invitation_letter, name="invitation_letter"),
    path("<int:pk>/handed-over/", views.letter_hand_over, name="letter_hand_over"),
]

agenda = [
    path("new/", views.agenda_item_create, name="agenda_item_create"),
    path("<int:item>/", views.agenda_item_edit, name="agenda_item_edit"),
    path("<int:item>/shift/", views.agenda_item_shift, name="agenda_item_shift"),
    path("<int:item>/remove/", views.agenda_item_remove, name="agenda_item_remove"),
]

programme = [
    path("", views.programme_edit, name="programme_edit"),
    path("new/", views.session_create, name="session_create"),
    path("<int:pk>/", views.session_edit, name="session_edit"),
    path("<int:pk>/remove/", views.session_remove, name="session_remove"),
    path("<int:pk>/points/", include(agenda)),
]

day_itself = [
    path("door/", views.door, name="door"),
    path("door/list/", views.door_list, name="door_list"),
    path("door/sync/", views.door_sync, name="door_sync"),
    path("door/check-in/", views.door_check_in, name="door_check_in"),
    path("door/undo/", views.door_undo, name="door_undo"),
    path("door/walk-in/", views.door_walk_in, name="door_walk_in"),
    path("door/seats/<int:pk>/substitute/", views.door_substitute, name="door_substitute"),
    path("attendance/", views.attendance, name="attendance"),
    path("attendance/mark/", views.attendance_mark, name="attendance_mark"),
    path("attendance/close/", views.attendance_close, name="attendance_close"),
    path("attendance/sheet/", views.attendance_sheet, name="attendance_sheet"),
    path("attendance/badges/", views.badge_sheet, name="badge_sheet"),
    path("attendance/seats/<int:pk>/", views.attendance_change, name="attendance_change"),
    path("attendance/seats/<int:pk>/person/", views.attendance_join, name="attendance_join"),
    path("outputs/", views.output_list, name="output_list"),
    path("outputs/<int:pk>/", views.output_edit, name="output_edit"),
    path("outputs/<int:pk>/rapporteur/", views.rapporteur_name, name="rapporteur_name"),
    path("minutes/", views.minutes_detail, name="minutes_detail"),
    path("minutes/points/<int:pk>/", views.minutes_edit, name="minutes_edit"),
    path("minutes/circulate/", views.minutes_circulate, name="minutes_circulate"),
    path("minutes/move/<slug:verb>/", views.minutes_move, name="minutes_move"),
    path("minutes/corrections/new/", views.correction_create, name="correction_create"),
    path("minutes/corrections/<int:pk>/", views.correction_settle, name="correction_settle"),
]

seats = [
    path("", views.waiting_list, name="waiting_list"),
    path("offer/", views.seats_offer, name="seats_offer"),
    path("<int:pk>/offer/", views.seat_offer, name="seat_offer"),
]

requests = [
    path("", views.seat_request_list, name="seat_request_list"),
    path("<int:pk>/grant/", views.seat_request_grant, name="seat_request_grant"),
    path("<int:pk>/decline/", views.seat_request_decline, name="seat_request_decline"),
]

invitation = [
    path("answer/", views.invitation_answer, name="invitation_answer"),
    path("receipt/", views.invitation_receipt, name="invitation_receipt"),
    path("calendar.ics", views.invitation_calendar, name="invitation_calendar"),
    path("delegates/", views.delegate_list, name="delegate_list"),
    path("delegates/<int:seat>/confirm/", views.delegate_confirm, name="delegate_confirm"),
    path("delegates/<int:seat>/substitute/", views.delegate_substitute, name="delegate_substitute"),
    path("delegates/<int:seat>/excuse/", views.delegate_excuse, name="delegate_excuse"),
    path("request/", views.seat_request, name="seat_request"),
    path("request/receipt/", views.seat_request_receipt, name="seat_request_receipt"),
]

summary = [
    path("", views.summary_compose, name="summary_compose"),
    path("preview/", views.summary_preview, name="summary_preview"),
    path("send/", views.summary_send, name="summary_send"),
    path("readers/", views.summary_readers, name="summary_readers"),
    path("mails/<int:pk>/again/", views.summary_resend, name="summary_resend"),
]

next_steps = [
    path("", views.next_step_list, name="next_step_list"),
    path("new/", views.next_step_create, name="next_step_create"),
    path("<int:pk>/", views.next_step_edit, name="next_step_edit"),
    path("<int:pk>/settle/", views.next_step_settle, name="next_step_settle"),
]

consultation = [
    path("", views.consultation_detail, name="consultation_detail"),
    path("edit/<slug:part>/", views.consultation_edit, name="consultation_edit"),
    path("desk/", views.consultation_desk, name="consultation_desk"),
    path("announce/", views.consultation_announce, name="consultation_announce"),
    path("open/", views.consultation_open, name="consultation_open"),
    path("conclude/", views.consultation_conclude, name="consultation_conclude"),
    path("move/", views.consultation_move, name="consultation_move"),
    path("cancel/", views.consultation_cancel, name="consultation_cancel"),
    path("leave/", views.consultation_leave, name="consultation_leave"),
    path("copy/", views.consultation_copy, name="consultation_copy"),
    path("programme/", include(programme)),
    path("invitations/", include(invitations)),
    *day_itself,
    path("waiting/", include(seats)),
    path("requests/", include(requests)),
    path("coming/", views.who_comes, name="who_comes"),
    path("coming/export/", views.who_comes_export, name="who_comes_export"),
    path("summary/", include(summary)),
    path("next/", include(next_steps)),
    path("papers/", views.paper_list, name="paper_list"),
    path("papers/new/", views.paper_create, name="paper_create"),
    path("seating/", views.invitation_table, name="invitation_table"),
    path("seating/list/", views.invitation_list, name="invitation_list"),
    path("quotas/", views.seat_quotas, name="seat_quotas"),
    path("wording/", views.wording_list, name="wording_list"),
    path("wording/<slug:kind>/<slug:language>/", views.wording_edit, name="wording_edit"),
]

urlpatterns = [
    path("consultations/", views.consultation_list, name="consultation_list"),
    path("consultations/new/", views.consultation_create, name="consultation_create"),
    path("consultations/<slug:slug>/", include(consultation)),
    path("meetings/", views.meeting_list, name="meeting_list"),
    path("meetings/new/", views.meeting_create, name="meeting_create"),
    path("meetings/<int:pk>/", views.meeting_edit, name="meeting_edit"),
    path("i/<str:token>/", views.invitation_link, name="invitation_link"),
    path("invitations/<int:pk>/", include(invitation)),
    path("papers/<int:pk>/", views.paper_file, name="paper_file"),
    path("papers/<int:pk>/edit/", views.paper_edit, name="paper_edit"),
    path("papers/<int:pk>/remove/", views.paper_remove, name="paper_remove"),
    path("calendar.ics", views.calendar_feed, name="calendar_feed"),
    path("calendar/<str:country>.ics", views.calendar_feed, name="calendar_feed"),
    path("subscribe/", views.subscribe, name="subscribe"),
    path("invitations/", views.my_invitations, name="my_invitations"),
]

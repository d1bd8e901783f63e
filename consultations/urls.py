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
    path("<int:pk>/record/", views.answer_record, name="answer_record"),
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
]

urlpatterns = [
    path("consultations/", views.consultation_list, name="consultation_list"),
    path("consultations/new/", views.consultation_create, name="consultation_create"),
    path("consultations/<slug:slug>/", include(consultation)),
    path("meetings/", views.meeting_list, name="meeting_list"),
    path("meetings/new/", views.meeting_create, name="meeting_create"),
    path("meetings/<int:pk>/", views.meeting_edit, name="meeting_edit"),
    path("i/<str:token>/", views.invitation_link, name="invitation_link"),
    path("invitations/<int:pk>/answer/", views.invitation_answer, name="invitation_answer"),
    path("invitations/<int:pk>/receipt/", views.invitation_receipt, name="invitation_receipt"),
    path("invitations/<int:pk>/calendar.ics", views.invitation_calendar, name="invitation_calendar"),
]

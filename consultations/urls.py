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

consultation = [
    path("", views.consultation_detail, name="consultation_detail"),
    path("edit/<slug:part>/", views.consultation_edit, name="consultation_edit"),
    path("desk/", views.consultation_desk, name="consultation_desk"),
    path("announce/", views.consultation_announce, name="consultation_announce"),
    path("open/", views.consultation_open, name="consultation_open"),
    path("conclude/", views.consultation_conclude, name="consultation_conclude"),
    path("invitations/", include(invitations)),
]

urlpatterns = [
    path("consultations/", views.consultation_list, name="consultation_list"),
    path("consultations/new/", views.consultation_create, name="consultation_create"),
    path("consultations/<slug:slug>/", include(consultation)),
    path("i/<str:token>/", views.invitation_link, name="invitation_link"),
    path("invitations/<int:pk>/answer/", views.invitation_answer, name="invitation_answer"),
    path("invitations/<int:pk>/receipt/", views.invitation_receipt, name="invitation_receipt"),
    path("invitations/<int:pk>/calendar.ics", views.invitation_calendar, name="invitation_calendar"),
]

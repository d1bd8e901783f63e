"""Routes of stakeholders."""

from django.urls import path

from stakeholders import views

urlpatterns = [
    path("organisations/", views.organisation_list, name="organisation_list"),
    path("public-bodies/", views.public_body_list, name="public_body_list"),
    path("public-bodies/new/", views.public_body_create, name="public_body_create"),
    path("public-bodies/<slug:slug>/edit/", views.public_body_edit, name="public_body_edit"),
    path("public-bodies/<slug:slug>/appoint/", views.liaison_appoint, name="liaison_appoint"),
    path("appointments/propose/", views.colleague_propose, name="colleague_propose"),
    path("appointments/<int:pk>/", views.appointment_answer, name="appointment_answer"),
    path("appointments/<int:pk>/approve/", views.appointment_approve, name="appointment_approve"),
    path("appointments/<int:pk>/extend/", views.appointment_extend, name="appointment_extend"),
    path("terms/new/", views.term_create, name="term_create"),
    path("memberships/<int:pk>/confirm/", views.membership_confirm, name="membership_confirm"),
    path("memberships/<int:pk>/decline/", views.membership_decline, name="membership_decline"),
]

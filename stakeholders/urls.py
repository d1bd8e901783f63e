"""Routes of stakeholders."""

from django.urls import path

from stakeholders import views

urlpatterns = [
    path("organisations/", views.organisation_list, name="organisation_list"),
    path("organisations/<slug:slug>/decide/", views.organisation_decide, name="organisation_decide"),
    path("organisations/<slug:slug>/merge/", views.organisation_merge, name="organisation_merge"),
    path("register/", views.register_desk, name="register_desk"),
    path("register/record/", views.organisation_record, name="organisation_record"),
    path("public-bodies/", views.public_body_list, name="public_body_list"),
    path("memberships/<int:pk>/confirm/", views.membership_confirm, name="membership_confirm"),
    path("memberships/<int:pk>/decline/", views.membership_decline, name="membership_decline"),
]

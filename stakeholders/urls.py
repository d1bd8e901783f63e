"""Routes of stakeholders."""

from django.urls import path

from stakeholders import views

urlpatterns = [
    path("organisations/", views.organisation_list, name="organisation_list"),
    path("public-bodies/", views.public_body_list, name="public_body_list"),
    path("memberships/<int:pk>/confirm/", views.membership_confirm, name="membership_confirm"),
    path("memberships/<int:pk>/decline/", views.membership_decline, name="membership_decline"),
    path("imports/", views.import_list, name="import_list"),
    path("imports/new/", views.import_upload, name="import_upload"),
    path("imports/<int:pk>/", views.import_detail, name="import_detail"),
    path("imports/<int:pk>/columns/", views.import_columns, name="import_columns"),
    path("imports/<int:pk>/approve/", views.import_approve, name="import_approve"),
    path("imports/<int:pk>/drop/", views.import_drop, name="import_drop"),
]

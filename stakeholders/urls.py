"""Routes of stakeholders."""

from django.urls import path, re_path

from stakeholders import views

urlpatterns = [
    path("organisations/", views.organisation_list, name="organisation_list"),
    path("organisations/export/contacts/", views.organisation_export_contacts, name="organisation_export_contacts"),
    re_path(r"^organisations/export/(?P<kind>xlsx|csv)$", views.organisation_export, name="organisation_export"),
    path("map/", views.stakeholder_map, name="stakeholder_map"),
    path("public-bodies/", views.public_body_list, name="public_body_list"),
    path("memberships/<int:pk>/confirm/", views.membership_confirm, name="membership_confirm"),
    path("memberships/<int:pk>/decline/", views.membership_decline, name="membership_decline"),
]

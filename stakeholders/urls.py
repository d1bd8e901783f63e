"""Routes of stakeholders."""

from django.urls import path

from stakeholders import views

urlpatterns = [
    path("organisations/", views.organisation_list, name="organisation_list"),
    path("organisations/<slug:slug>/edit/<slug:part>/", views.organisation_edit, name="organisation_edit"),
    path("apply/", views.application_start, name="application_start"),
    path("apply/check/", views.application_check, name="application_check"),
    path("apply/drop/", views.application_drop, name="application_drop"),
    path("apply/receipt/<slug:slug>/", views.application_receipt, name="application_receipt"),
    path("apply/<slug:part>/", views.application_part, name="application_part"),
    path("applications/<slug:slug>/", views.application_status, name="application_status"),
    path("applications/<slug:slug>/appeal/", views.application_appeal, name="application_appeal"),
    path("applications/<slug:slug>/lead/", views.application_lead, name="application_lead"),
    path("terms/", views.terms_detail, name="terms_detail"),
    path("terms/<int:number>/", views.terms_detail, name="terms_detail"),
    path("organisations/<slug:slug>/decide/", views.organisation_decide, name="organisation_decide"),
    path("organisations/<slug:slug>/merge/", views.organisation_merge, name="organisation_merge"),
    path("register/", views.register_desk, name="register_desk"),
    path("register/record/", views.organisation_record, name="organisation_record"),
    path("public-bodies/", views.public_body_list, name="public_body_list"),
    path("memberships/<int:pk>/confirm/", views.membership_confirm, name="membership_confirm"),
    path("memberships/<int:pk>/decline/", views.membership_decline, name="membership_decline"),
    # The people of an organisation.
    path("organisations/<slug:slug>/people/", views.organisation_people, name="organisation_people"),
    path("organisations/<slug:slug>/people/invite/", views.mandate_offer, name="mandate_offer"),
    path("organisations/<slug:slug>/people/hand-over/", views.lead_hand_over, name="lead_hand_over"),
    path("organisations/<slug:slug>/people/lead/", views.lead_name, name="lead_name"),
    path("organisations/<slug:slug>/people/leave/", views.organisation_leave, name="organisation_leave"),
    path("organisations/<slug:slug>/people/sign-off/", views.sign_off_set, name="sign_off_set"),
    path("mandates/<int:pk>/", views.mandate_change, name="mandate_change"),
    path("mandates/<int:pk>/end/", views.mandate_end, name="mandate_end"),
    path("mandates/<int:pk>/withdraw/", views.mandate_withdraw, name="mandate_withdraw"),
    path("mandates/<int:pk>/accept/", views.mandate_accept, name="mandate_accept"),
    path("mandates/<int:pk>/decline/", views.mandate_decline, name="mandate_decline"),
    path("desk/organisation/", views.organisation_choose, name="organisation_choose"),
    path("imports/", views.import_list, name="import_list"),
    path("imports/new/", views.import_upload, name="import_upload"),
    path("imports/<int:pk>/", views.import_detail, name="import_detail"),
    path("imports/<int:pk>/columns/", views.import_columns, name="import_columns"),
    path("imports/<int:pk>/approve/", views.import_approve, name="import_approve"),
    path("imports/<int:pk>/drop/", views.import_drop, name="import_drop"),
]

"""Routes of stakeholders."""

from django.urls import path

from stakeholders import views

urlpatterns = [
    path("organisations/", views.organisation_list, name="organisation_list"),
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
]

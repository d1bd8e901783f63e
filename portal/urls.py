"""All routes. Pages carry their language in the address; machines' doors do not."""

from allauth.account import views as accounts
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.usersessions import views as sessions
from allauth.usersessions.models import UserSession
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path
from django.views.generic import RedirectView

from portal import views
from portal.access import public, signed_in

handler400 = views.bad_request
handler403 = views.not_permitted
handler404 = views.not_found

# The back office holds what is ours: rights come from mandates, addresses are proved by their owners. One signs in to
# it as everywhere.
admin.site.unregister([Group, EmailAddress, UserSession])
admin.site.login = secure_admin_login(admin.site.login)

# Only what sign-in by code needs: there are no passwords to set, change or reset.
to_sign_in = RedirectView.as_view(pattern_name="account_request_login_code", query_string=True)
account = [
    path("login/", public(to_sign_in), name="account_login"),
    path("login/code/", public(accounts.request_login_code), name="account_request_login_code"),
    path("login/code/confirm/", public(accounts.confirm_login_code), name="account_confirm_login_code"),
    path("signup/", public(accounts.signup), name="account_signup"),
    path("confirm-email/", public(accounts.email_verification_sent), name="account_email_verification_sent"),
    path("inactive/", public(accounts.account_inactive), name="account_inactive"),
    path("logout/", views.account_logout, name="account_logout"),
    path("email/", signed_in(accounts.email), name="account_email"),
    path("sessions/", signed_in(sessions.list_usersessions), name="usersessions_list"),
    path("profile/", views.profile, name="profile"),
]

mailbox = [
    path("", views.mailbox, name="mailbox"),
    path("<str:name>/", views.mailbox_message, name="mailbox_message"),
    path("<str:name>/html/", views.mailbox_html, name="mailbox_html"),
    path("<str:name>/mail.eml", views.mailbox_file, name="mailbox_file"),
    path("<str:name>/invitation.ics", views.mailbox_calendar, name="mailbox_calendar"),
]

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("about/", views.about, name="about"),
        path("help/", views.help, name="help"),
        path("desk/", views.desk, name="desk"),
        path("join/<int:pk>/", views.organisation_join, name="organisation_join"),
        path("account/", include(account)),
        path("mailbox/", include(mailbox)),
        path("admin/", admin.site.urls),
        path("administration/", views.administration, name="administration"),
        path("terms/<int:pk>/end/", views.term_end, name="term_end"),
        path("appointments/<int:pk>/end/", views.appointment_end, name="appointment_end"),
        path("public-bodies/<slug:slug>/succeed/", views.public_body_succeed, name="public_body_succeed"),
        path("", include("stakeholders.urls")),
        path("public-bodies/<slug:slug>/", views.public_body_detail, name="public_body_detail"),
        path("organisations/<slug:slug>/", views.organisation_detail, name="organisation_detail"),
        path("", include("consultations.urls")),
        path("", include("recommendations.urls")),
    ),
]

"""All routes. Pages carry their language in the address; machines' doors do not."""

from allauth.account import views as accounts
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path
from django.views.generic import RedirectView

from portal import providers, views
from portal.access import public, signed_in
from portal.factors import lately

handler400 = views.bad_request
handler403 = views.not_permitted
handler404 = views.not_found

# The back office holds what is ours: rights come from mandates, addresses are proved by their owners. One signs in to
# it as everywhere.
admin.site.unregister([Group, EmailAddress, Authenticator, UserSession])
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
    path("sessions/<int:pk>/end/", views.session_end, name="session_end"),
    path("data/", views.account_data, name="account_data"),
    path("data/file/", views.account_data_file, name="account_data_file"),
    path("acts/", views.account_acts, name="account_acts"),
    path("delete/", views.account_delete, name="account_delete"),
    path("profile/", views.profile, name="profile"),
]

# The second step of signing in. The first factor is set up by somebody who signed in just now; see `lately`.
two_step = [
    path("", signed_in(mfa.index), name="mfa_index"),
    path("needed/", views.second_factor, name="second_factor"),
    path("enter/", public(mfa.authenticate), name="mfa_authenticate"),
    path("confirm/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("app/", lately(app.activate_totp), name="mfa_activate_totp"),
    path("app/remove/", signed_in(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", signed_in(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/new/", signed_in(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("codes/file/", signed_in(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("passkeys/", signed_in(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("passkeys/new/", lately(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/enter/", public(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("passkeys/confirm/", signed_in(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/name/", signed_in(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", views.mfa_remove_webauthn, name="mfa_remove_webauthn"),
    path("reset/", views.factor_reset, name="factor_reset"),
]

mailbox = [
    path("", views.mailbox, name="mailbox"),
    path("<str:name>/", views.mailbox_message, name="mailbox_message"),
    path("<str:name>/html/", views.mailbox_html, name="mailbox_html"),
    path("<str:name>/mail.eml", views.mailbox_file, name="mailbox_file"),
    path("<str:name>/invitation.ics", views.mailbox_calendar, name="mailbox_calendar"),
]

# Where a provider of mail reports what became of it: no door at all unless one is set up, with its secret.
secret = settings.MAIL_PROVIDER and "WEBHOOK_SECRET" in settings.ANYMAIL
reports = [path("anymail/", include(providers.webhooks(settings.MAIL_PROVIDER)))] if secret else []

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    *reports,
    *i18n_patterns(
        path("", views.home, name="home"),
        path("about/", views.about, name="about"),
        path("help/", views.help, name="help"),
        path("desk/", views.desk, name="desk"),
        path("join/<int:pk>/", views.organisation_join, name="organisation_join"),
        path("account/", include(account)),
        path("account/two-step/", include(two_step)),
        path("mailbox/", include(mailbox)),
        path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
        path("admin/", admin.site.urls),
        path("administration/", views.administration, name="administration"),
        path("terms/<int:pk>/end/", views.term_end, name="term_end"),
        path("appointments/<int:pk>/end/", views.appointment_end, name="appointment_end"),
        path("public-bodies/<slug:slug>/succeed/", views.public_body_succeed, name="public_body_succeed"),
        path("", include("stakeholders.urls")),
        path("public-bodies/<slug:slug>/", views.public_body_detail, name="public_body_detail"),
        path("organisations/<slug:slug>/", views.organisation_detail, name="organisation_detail"),
        path("consultations/<slug:slug>/log/", views.consultation_log, name="consultation_log"),
        path("news.atom", views.news_feed, name="news_feed"),
        path("consultations/<slug:slug>/record/", views.consultation_record, name="consultation_record"),
        path("", include("consultations.urls")),
        path("", include("recommendations.urls")),
    ),
]

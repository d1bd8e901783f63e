"""The pages that put the apps together: home, desk, profile, joining, mailbox, health, errors."""

from portal.views.account_data import account_data, account_data_file
from portal.views.account_deletion import account_delete
from portal.views.administration import administration, term_end
from portal.views.bodies import appointment_end, public_body_detail, public_body_succeed
from portal.views.desk import desk
from portal.views.errors import bad_request, csrf_failure, not_found, not_permitted
from portal.views.factors import factor_reset, mfa_remove_webauthn, second_factor
from portal.views.health import healthz, readyz, robots
from portal.views.joining import organisation_join
from portal.views.mailbox import mailbox, mailbox_calendar, mailbox_file, mailbox_html, mailbox_message
from portal.views.news import news_feed
from portal.views.pages import about, help, home, organisation_detail  # noqa: A004 - the page's name
from portal.views.profile import account_logout, profile, session_end
from portal.views.record import consultation_record
from portal.views.records import account_acts, consultation_log
from portal.views.unsubscribing import unsubscribe

__all__ = [
    "about",
    "account_acts",
    "account_data",
    "account_data_file",
    "account_delete",
    "account_logout",
    "administration",
    "appointment_end",
    "bad_request",
    "consultation_log",
    "consultation_record",
    "csrf_failure",
    "desk",
    "factor_reset",
    "healthz",
    "help",
    "home",
    "mailbox",
    "mailbox_calendar",
    "mailbox_file",
    "mailbox_html",
    "mailbox_message",
    "mfa_remove_webauthn",
    "news_feed",
    "not_found",
    "not_permitted",
    "organisation_detail",
    "organisation_join",
    "profile",
    "public_body_detail",
    "public_body_succeed",
    "readyz",
    "robots",
    "second_factor",
    "session_end",
    "term_end",
    "unsubscribe",
]

"""The pages that put the apps together: home, desk, profile, joining, mailbox, health, errors."""

from portal.views.administration import administration, term_end
from portal.views.bodies import appointment_end, public_body_detail, public_body_succeed
from portal.views.desk import desk
from portal.views.errors import bad_request, csrf_failure, not_found, not_permitted
from portal.views.health import healthz, readyz, robots
from portal.views.joining import organisation_join
from portal.views.mailbox import mailbox, mailbox_calendar, mailbox_file, mailbox_html, mailbox_message
from portal.views.pages import about, help, home, organisation_detail  # noqa: A004 - the page's name
from portal.views.profile import account_logout, profile

__all__ = [
    "about",
    "account_logout",
    "administration",
    "appointment_end",
    "bad_request",
    "csrf_failure",
    "desk",
    "healthz",
    "help",
    "home",
    "mailbox",
    "mailbox_calendar",
    "mailbox_file",
    "mailbox_html",
    "mailbox_message",
    "not_found",
    "not_permitted",
    "organisation_detail",
    "organisation_join",
    "profile",
    "public_body_detail",
    "public_body_succeed",
    "readyz",
    "robots",
    "term_end",
]

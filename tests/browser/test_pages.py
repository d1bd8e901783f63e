"""Every page of the demonstration, as each kind of person, in both languages, at three widths.

A page is there, fits, keeps to the rules of content security, has nothing that axe finds, and is light.
"""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import URLResolver, get_resolver
from playwright.sync_api import Browser

from tests.browser.driving import Visitor
from tests.browser.looking import Look, Meter, look
from tests.browser.walking import Walk, name_of
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROLES = {
    "convenor": "ratna@mufakat.example",
    "member": "sumiyati@mufakat.example",
    "liaison": "bambang@mufakat.example",
    "administrator": "hang@mufakat.example",
}
PUBLIC = {"requests": 5, "bytes": 40_000}
SIGNED_IN = {"requests": 8, "bytes": 60_000}
MAIN = ("home", "consultation_list", "consultation_detail", "statement_detail", "follow_up")
# The letter of a mail as its reader's program would show it: no page of ours.
NO_PAGE = {"mailbox_html"}
# Nothing to look at: they are posted to, redirect, or serve machines.
NO_PAGES = frozenset(
    [
        "amendment_support",
        "amendment_withdraw",
        "comment_withdraw",
        "account_data_file",
        "account_login",
        "agenda_item_remove",
        "agenda_item_shift",
        "application_drop",
        "application_lead",
        "news_feed",
        "appointment_approve",
        "attendance_mark",
        "delegate_confirm",
        "delegate_excuse",
        "seat_offer",
        "seat_request_decline",
        "seats_offer",
        "who_comes_export",
        "co_submitter_add",
        "co_submitter_remove",
        "co_submitters_ask",
        "conveyance_acknowledge",
        "conveyance_repeat",
        "door_check_in",
        "door_list",
        "door_sync",
        "door_undo",
        "corrigendum_move",
        "healthz",
        "invitation_approve",
        "invitation_link",
        "invitation_redraft",
        "proposal_settle",
        "proposal_withdraw",
        "invitation_test",
        "item_open",
        "items_agree",
        "position_take_back",
        "proxy_revoke",
        "sign_on_withdraw",
        "mailbox_html",
        "mandate_accept",
        "mandate_decline",
        "mandate_end",
        "mandate_withdraw",
        "membership_confirm",
        "membership_decline",
        "next_step_settle",
        "organisation_choose",
        "mfa_login_webauthn",
        "organisation_export_contacts",
        "pledge_settle",
        "readyz",
        "recommendation_move",
        "group_dissolve",
        "group_take_out",
        "grouping_start",
        "robots",
        "sign_off_set",
        "session_end",
        "source_unlink",
        "statement_start",
        "late_code_revoke",
        "submission_ask",
        "submission_begin",
        "submission_keep",
        "submission_submit",
        "submission_submit_late",
    ]
)
# Not as the demonstration is loaded: test_states looks at them, and the journeys come by.
LATER = frozenset(
    [
        "account_confirm_login_code",
        "account_email_verification_sent",
        "account_inactive",
        "answer_sheet",
        "answers_publish",
        "application_appeal",
        "application_check",
        "application_receipt",
        "application_status",
        "bracket_settle",
        "appointment_answer",
        "consultation_announce",
        "consultation_open",
        "correction_create",
        "door_substitute",
        "import_approve",
        "import_columns",
        "import_detail",
        "import_drop",
        "invitation_resend",
        "summary_resend",
        "invitations_hold_back",
        "lead_name",
        "factor_reset",
        "grouping_progress",
        "mfa_authenticate",
        "mfa_deactivate_totp",
        "mfa_download_recovery_codes",
        "mfa_edit_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "organisation_join",
        "organisation_leave",
        "seat_request_receipt",
        "second_factor",
        "session_remove",
        "sources_add",
        "statement_publish",
        "late_code_create",
        "submission_correct",
        "statement_publish",
        "submission_return",
        "submission_sheet_keep",
        "submissions_merge",
        "unsubscribe",
    ]
)
OPEN_INVITATION = """
from consultations.models import Invitation
found = Invitation.objects.filter(state="sent", consultation__state="announced").first()
print(found.token)
"""


@pytest.fixture(scope="module")
def public(running: Site) -> Walk:
    """Where everybody comes from the first page."""
    return Walk(running.port).begin("/en/")


def walk_as(running: Site, sessions: dict[str, str], role: str, public: Walk) -> Walk:
    """Return where a person comes from the desk, or from the link of an invitation."""
    known = frozenset(public.pages)
    if role == "anonymous":
        return public
    if role == "guest":
        return Walk(running.port, known=known).begin(f"/en/i/{running.shell(OPEN_INVITATION)}/")
    return Walk(running.port, {"sessionid": sessions[ROLES[role]]}, known=known).begin("/en/desk/")


def chosen(walk: Walk) -> list[tuple[str, str, bool]]:
    """Return what to look at, closely or not: of each kind of page the first closely, and the third for its content.

    Of public pages one is enough to others than the public.
    """
    found = []
    for name, paths in sorted(walk.pages.items()):
        if name not in NO_PAGE:
            found.append((name, paths[0], name not in walk.known))
        if name not in {*NO_PAGE, *walk.known} and len(paths) > 1:
            found.append((name, paths[:3][-1], False))
    return found


def too_heavy(found: Look, limits: dict[str, int]) -> list[str]:
    """Return which limits a page breaks."""
    return [f"{getattr(found, what)} {what}" for what, most in limits.items() if getattr(found, what) > most]


@pytest.mark.parametrize("role", ["anonymous", "guest", *ROLES])
def test_every_page(
    running: Site, sessions: dict[str, str], public: Walk, browser_here: Browser, record_property: Any, role: str
) -> None:
    walk = walk_as(running, sessions, role, public)
    assert walk.wrong == []
    visitor = Visitor(browser_here, running.url)
    cookies = walk.cookies if role != "anonymous" else {}
    visitor.context.add_cookies([{"name": name, "value": cookies[name], "url": running.url} for name in cookies])
    meter, pages = Meter(visitor.page), chosen(walk)
    looks = [look(visitor, meter, name, path, closely=closely) for name, path, closely in pages]
    limits = SIGNED_IN if cookies else PUBLIC
    wrong = {found.path: found.wrong + too_heavy(found, limits) for found in looks}
    assert {path: what for path, what in wrong.items() if what} == {}
    visitor.leave()
    if role == "anonymous":
        record_property("told", table(looks))


def table(looks: list[Look]) -> str:
    """Return requests and bytes of the main public pages, to quote."""
    first = {one.name: one for one in reversed(looks)}
    rows = [
        f"{name:24} {first[name].requests:8} {first[name].bytes:8}  {first[name].path}"
        for name in MAIN
        if name in first
    ]
    return "\n".join(["", f"{'page':24} requests    bytes  address", *rows])


def test_public_pages_set_no_cookie(public: Walk) -> None:
    asked_for = {urlsplit(line.split(":")[0]).path for line in public.cookies_set}
    # Who signs in or applies types: that needs a form's token.
    assert [path for path in asked_for if not path.startswith(("/en/account/", "/en/apply/", "/en/check/"))] == []


def test_no_page_escapes_a_look(running: Site, sessions: dict[str, str], public: Walk) -> None:
    walks = [walk_as(running, sessions, role, public) for role in ("anonymous", "guest", *ROLES)]
    reached = {name for walk in walks for name in walk.pages} | {name_of(path) for walk in walks for path in walk.files}
    reached = {name for name in reached if not name.startswith("admin:")}
    expected = all_routes() - NO_PAGES - LATER
    assert (sorted(expected - reached), sorted(reached - expected)) == ([], [])


def all_routes() -> set[str]:
    """Return the names of our routes; the back office is Django's own."""
    waiting, names = [get_resolver()], set()
    while waiting:
        for route in waiting.pop().url_patterns:
            if isinstance(route, URLResolver):
                waiting += [route] if route.app_name != "admin" else []
            elif route.name:
                names.add(route.name)
    return names

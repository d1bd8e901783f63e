"""The routes that are open to everybody, by name. Every other route asks who is there; a test compares both.

And the routes of a person's own account, which stay open to somebody who still has to set up a second step.
"""

PUBLIC_ROUTES = frozenset(
    {
        "application_start",
        "application_part",
        "application_check",
        "application_drop",
        "application_receipt",
        "terms_detail",
        "follow_up",
        "statement_timeline",
        "item_detail",
        "edition_text",
        "edition_data",
        "edition_detail",
        "statement_detail",
        "statement_list",
        "home",
        "healthz",
        "readyz",
        "about",
        "account_logout",
        "help",
        "mailbox",
        "mailbox_calendar",
        "mailbox_file",
        "mailbox_html",
        "mailbox_message",
        "organisation_detail",
        "organisation_list",
        "public_body_detail",
        "organisation_export",
        "stakeholder_map",
        "public_body_list",
        "robots",
        "invitation_calendar",
        "invitation_receipt",
        "invitation_answer",
        "invitation_link",
        "consultation_detail",
        "consultation_list",
    }
)

ACCOUNT_ROUTES = frozenset(
    {
        "account_acts",
        "account_data",
        "account_data_file",
        "account_delete",
        "account_email",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_deactivate_totp",
        "mfa_download_recovery_codes",
        "mfa_edit_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "profile",
        "second_factor",
        "session_end",
        "usersessions_list",
    }
)

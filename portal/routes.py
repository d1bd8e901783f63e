"""The routes that are open to everybody, by name. Every other route asks who is there; a test compares both."""

PUBLIC_ROUTES = frozenset(
    {
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
        "invitation_calendar",
        "invitation_receipt",
        "invitation_answer",
        "invitation_link",
        "consultation_detail",
        "consultation_list",
    }
)

"""The routes that are open to everybody, by name. Every other route asks who is there; a test compares both."""

PUBLIC_ROUTES = frozenset(
    {
        "home",
        "healthz",
        "readyz",
    }
)

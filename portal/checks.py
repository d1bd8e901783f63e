"""Settings that are missing or contradict each other stop the start with a sentence that names them."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

SHORTEST_KEY = 32


@register(Tags.security)
def settings_agree(**_kwargs: Any) -> list[CheckMessage]:
    """Look at the settings that turn the demonstration into production."""
    if settings.DEMO:
        return []
    found = []
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        found.append(Error("SECRET_KEY must be at least 32 characters long.", id="portal.E001"))
    if not settings.SITE_URL.startswith("https://"):
        found.append(
            Error(
                "SITE_URL must start with https:// outside the demonstration.",
                id="portal.E002",
            )
        )
    if settings.DEBUG:
        found.append(
            Error(
                "DEBUG belongs to development: unset it, or set DEMO=1.",
                id="portal.E003",
            )
        )
    return found

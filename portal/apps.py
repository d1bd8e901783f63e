"""The kit as a Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the start-up checks and the account mails."""

    name = "portal"
    verbose_name = "Mufakat"

    def ready(self) -> None:
        """Import the checks and the mails, which register themselves, and the clock's job of the weekly summary."""
        from portal import checks, digests, emails  # noqa: F401

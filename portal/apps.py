"""The kit as a Django app."""

from django.apps import AppConfig
from django.conf import settings


class PortalConfig(AppConfig):
    """Registers the start-up checks and the account mails."""

    name = "portal"
    verbose_name = "Mufakat"

    def ready(self) -> None:
        """Import what registers itself: checks, mails, the job of the weekly summary; hear what a provider reports."""
        from portal import checks, digests, emails, providers  # noqa: F401

        if settings.MAIL_PROVIDER:
            providers.listen()

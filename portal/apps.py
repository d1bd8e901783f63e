"""The kit as a Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the start-up checks."""

    name = "portal"
    verbose_name = "Mufakat"

    def ready(self) -> None:
        """Import the checks, which register themselves."""
        from portal import checks  # noqa: F401, PLC0415

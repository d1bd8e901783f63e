"""The stakeholders app."""

from django.apps import AppConfig


class StakeholdersConfig(AppConfig):
    """Registers the app's mails when Django is ready."""

    name = "stakeholders"

    def ready(self) -> None:
        """Import the mails, which register themselves with the kit."""
        from stakeholders import emails  # noqa: F401

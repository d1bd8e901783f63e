"""The recommendations app."""

from django.apps import AppConfig


class RecommendationsConfig(AppConfig):
    """Registers the app's mails when Django is ready."""

    name = "recommendations"

    def ready(self) -> None:
        """Import the mails, which register themselves with the kit."""
        from recommendations import emails  # noqa: F401

"""The recommendations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecommendationsConfig(AppConfig):
    """Registers the app's mails when Django is ready."""

    name = "recommendations"
    verbose_name = _("Statements")

    def ready(self) -> None:
        """Import the mails, which register themselves with the kit."""
        from recommendations import emails  # noqa: F401

"""The consultations app."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Registers the app's mails when Django is ready."""

    name = "consultations"

    def ready(self) -> None:
        """Import the mails, which register themselves with the kit."""
        from consultations import emails  # noqa: F401

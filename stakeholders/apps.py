"""The stakeholders app."""

from django.apps import AppConfig


class StakeholdersConfig(AppConfig):
    """Registers the app's mails when Django is ready."""

    name = "stakeholders"

    def ready(self) -> None:
        """Import the mails, which register themselves with the kit; hear when mail flows again."""
        from stakeholders import emails

        emails.hear_when_mail_flows_again()

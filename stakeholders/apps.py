"""The stakeholders app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StakeholdersConfig(AppConfig):
    """Registers the app's mails when Django is ready."""

    name = "stakeholders"
    verbose_name = _("Organisations")

    def ready(self) -> None:
        """Import the mails, which register themselves with the kit; hear when mail flows again."""
        from stakeholders import emails

        emails.hear_when_mail_flows_again()

"""The consultations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    """Registers the app's mails, and who hears replies from calendars, when Django is ready."""

    name = "consultations"
    verbose_name = _("Consultations")

    def ready(self) -> None:
        """Import the mails, which register themselves with the kit; take replies that calendars send by mail."""
        from consultations import actions, emails  # noqa: F401
        from portal import receiving

        receiving.CALENDAR_REPLIES.append(actions.answer_by_calendar)

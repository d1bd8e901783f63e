"""The mail that mail goes again, to the convenors."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from portal import breaker, mail
from portal.mail import Letter, Recipient
from portal.models import MailBreaker, OutgoingMessage, User
from stakeholders.emails.applications import convenors
from stakeholders.querysets import standing_of


class MailFlowsAgain(mail.Email):
    """That the mail server took nothing for a while, and takes mail again."""

    def recipients(self, _subject: MailBreaker) -> Iterable[Recipient]:
        """Return the convenors."""
        return convenors()

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, MailBreaker]:
        """Return the breaker."""
        return MailBreaker.objects.in_bulk([message.subject_id for message in messages])

    def letter(self, _subject: MailBreaker, message: OutgoingMessage) -> Letter | None:
        """Return how many mails waited, or nothing to somebody who no longer convenes."""
        reader = User.objects.filter(pk=message.user_id, is_active=True).first()
        if reader is None or not standing_of(reader).convenor:
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + reverse("desk")
        return Letter({"waited": message.payload.get("waited", 0), "link": link})


mail_flows_again = MailFlowsAgain()


def tell_that_mail_flows_again(closed: MailBreaker) -> None:
    """Queue the mail, once for each time that mail stood still."""
    now = timezone.now()
    waited = OutgoingMessage.objects.due(now).count()
    mail_flows_again(closed, version=int(now.timestamp()), payload={"waited": waited})


def hear_when_mail_flows_again() -> None:
    """Register with the kit, which knows no convenors."""
    breaker.WHEN_CLOSED.append(tell_that_mail_flows_again)

"""The mails of consultations."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from consultations.models import Invitation
from portal import mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage


class InvitationSent(mail.Email):
    """The convening of an organisation, with its personal link and a calendar entry without that link."""

    def recipients(self, subject: Invitation) -> Iterable[Recipient]:
        """The organisation's contact address; an organisation without one is reached by other means."""
        if subject.address:
            yield Recipient(
                subject.address, subject.language, subject.consultation.time_zone
            )

    def topic(self, subject: Invitation) -> str:
        """All invitations of one consultation are counted together."""
        return f"consultations.consultation:{subject.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Invitation]:
        """The invitations with what the mail says about them."""
        return Invitation.objects.for_mail().in_bulk(
            [message.subject_id for message in messages]
        )

    def letter(self, subject: Invitation, message: OutgoingMessage) -> Letter | None:
        """Nothing when it was revoked or answered meanwhile, or the consultation was cancelled."""
        if subject.state != "sent" or subject.consultation.state not in {
            "announced",
            "in_session",
        }:
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + reverse("invitation_link", args=[subject.token])
        return Letter(
            {"invitation": subject, "consultation": subject.consultation, "link": link}
        )


invitation_sent = InvitationSent()

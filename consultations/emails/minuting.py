"""The mail that opens the minutes to those who were there."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from consultations.models import Minutes
from consultations.querysets import organisations_present
from portal import mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from stakeholders.models import Membership


class MinutesCirculated(mail.Email):
    """To everybody who speaks for an organisation that was there."""

    def recipients(self, subject: Minutes) -> Iterable[Recipient]:
        """People who can read the minutes: each once. Whoever was there without an account is told by the convenors."""
        there = organisations_present(subject.consultation)
        mandates = Membership.objects.current(timezone.localdate()).filter(organisation__in=there)
        people = User.objects.filter(is_active=True, pk__in=mandates.exclude(role="drafter").values("user"))
        for user in people.order_by("pk"):
            yield Recipient.of(user)

    def topic(self, subject: Minutes) -> str:
        """Count it with the other mails of the consultation."""
        return f"consultations.consultation:{subject.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Minutes]:
        """The minutes with their consultation, and who may read the mail as things stand now."""
        found = Minutes.objects.select_related("consultation").in_bulk([message.subject_id for message in messages])
        for minutes in found.values():
            minutes.readers = {mail.address_key(reader.address) for reader in self.recipients(minutes)}
        return found

    def letter(self, subject: Minutes, message: OutgoingMessage) -> Letter | None:
        """Nothing once they were taken back or approved, or for somebody who lost the right to read them."""
        if subject.state != "circulated" or message.recipient_key not in subject.readers:
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + reverse("minutes_detail", args=[subject.consultation.slug])
            title = subject.consultation.public_title
        return Letter({"minutes": subject, "title": title, "link": link})


minutes_circulated = MinutesCirculated()

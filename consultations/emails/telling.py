"""The mails that tell what came of a consultation."""

from collections.abc import Iterable, Iterator, Mapping

from django.conf import settings
from django.utils import timezone, translation

from consultations.models import Consultation
from consultations.querysets import publishable
from portal import mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from stakeholders.models import Membership


class ConsultationSummary(mail.Email):
    """What became of a consultation, to everybody who took part, composed from the record."""

    def recipients(self, subject: Consultation) -> Iterable[Recipient]:
        """Convenors, representatives of organisations that accepted, contacts of those that answered: each once."""
        seen: set[str] = set()
        for reader in self._readers(subject):
            key = mail.address_key(reader.address)
            if key not in seen:
                seen.add(key)
                yield reader

    def _readers(self, subject: Consultation) -> Iterator[Recipient]:
        """People before contact addresses: an account knows its reader's language and zone."""
        today = timezone.localdate()
        accepted = subject.invitations.filter(state="accepted").values("organisation")
        mandates = Membership.objects.current(today).filter(organisation__in=accepted).exclude(role="drafter")
        speaking = User.objects.filter(is_active=True, pk__in=mandates.values("user"))
        convening = subject.convenors.filter(is_active=True)
        for user in [*convening.order_by("pk"), *speaking.order_by("pk")]:
            yield Recipient.of(user)
        for invitation in subject.invitations.answered().exclude(address="").order_by("pk"):
            yield Recipient(invitation.address, invitation.language, subject.time_zone)

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Consultation]:
        """The consultations with their figures, and who may read the mail as things stand now."""
        ids = [message.subject_id for message in messages]
        found = Consultation.objects.for_page().with_points().in_bulk(ids)
        for consultation in found.values():
            consultation.figures = consultation.invitations.figures()
            consultation.readers = {mail.address_key(reader.address) for reader in self.recipients(consultation)}
        return found

    def letter(self, subject: Consultation, message: OutgoingMessage) -> Letter | None:
        """Nothing for somebody who no longer belongs to those who took part."""
        if subject.state not in {"concluded", "archived"} or message.recipient_key not in subject.readers:
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + subject.get_absolute_url()
        statement = getattr(subject, "statement", None)
        points = publishable([subject.points], subject.points)[0]
        context = {"statement": statement, "figures": subject.figures, "points": points, "link": link}
        return Letter({"consultation": subject, **context})


consultation_summary = ConsultationSummary()

"""The mails of what follows an adoption: to the liaisons of an addressed office, and back to the convenors."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from consultations.rules import is_convenor_of
from portal import clock, mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from recommendations.models import Conveyance
from stakeholders.models import LiaisonAppointment, PublicBody
from stakeholders.querysets import standing_of


def liaisons_of(body: PublicBody) -> list[User]:
    """Return who answers for the office today; for a body that was succeeded, its successor's people."""
    appointments = LiaisonAppointment.objects.current(clock.today_here()).filter(body=body.current)
    return [appointment.user for appointment in appointments.select_related("user").order_by("id")]


def page(name: str, language: str, *args: Any) -> str:
    """Return the full address of a page in the reader's language."""
    with translation.override(language):
        return settings.SITE_URL + reverse(name, args=args)


class AboutConveyance(mail.Email, abstract=True):
    """A mail whose subject is one conveyance."""

    def topic(self, subject: Conveyance) -> str:
        """Counted with the other mails of the consultation."""
        return f"consultations.consultation:{subject.edition.statement.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Conveyance]:
        """The conveyances with body, statement and consultation."""
        return Conveyance.objects.for_desk().in_bulk([message.subject_id for message in messages])

    def reader(self, message: OutgoingMessage) -> User | None:
        """Return the account that the mail is for, if it may still sign in."""
        return User.objects.filter(pk=message.user_id, is_active=True).first()


class ConveyanceReceived(AboutConveyance):
    """To the liaisons of the office: a statement was conveyed, please acknowledge it."""

    cautious = True

    def recipients(self, subject: Conveyance) -> Iterable[Recipient]:
        """Who answers for the office today."""
        return [Recipient.of(user) for user in liaisons_of(subject.body)]

    def letter(self, subject: Conveyance, message: OutgoingMessage) -> Letter | None:
        """Nothing when it was acknowledged meanwhile, or the reader no longer answers for the office."""
        reader = self.reader(message)
        if reader is None or subject.state not in {"sent", "received"}:
            return None
        if standing_of(reader).body not in {subject.body_id, subject.body.current.pk}:
            return None
        link = page("conveyance_detail", message.language, subject.pk)
        return Letter({"conveyance": subject, "statement": subject.edition.statement, "link": link})


class ToConvenors(AboutConveyance, abstract=True):
    """A mail to the convenors of the consultation whose statement was conveyed."""

    def recipients(self, subject: Conveyance) -> Iterable[Recipient]:
        """The convenors of the consultation."""
        return [Recipient.of(user) for user in subject.edition.statement.consultation.convenors.order_by("id")]

    def letter(self, subject: Conveyance, message: OutgoingMessage) -> Letter | None:
        """Nothing when the reader no longer convenes."""
        reader = self.reader(message)
        statement = subject.edition.statement
        if reader is None or not is_convenor_of(reader, statement.consultation):
            return None
        link = page("statement_timeline", message.language, statement.slug)
        return Letter({"conveyance": subject, "statement": statement, "link": link, **message.payload})


class ConveyanceAcknowledged(ToConvenors):
    """That an office acknowledged the receipt of a statement."""


class ItemsAnswered(ToConvenors):
    """That an office published answers; the payload says how many."""


conveyance_received = ConveyanceReceived()
conveyance_acknowledged = ConveyanceAcknowledged()
items_answered = ItemsAnswered()

"""The mails of a corrigendum: to those who took part, and to the liaisons of offices that got an earlier edition."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal import mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from recommendations.emails.submissions import StatementPublished
from recommendations.emails.trail import liaisons_of, page
from recommendations.models import Corrigendum, Statement
from recommendations.querysets import SUCCESSIONS
from stakeholders.querysets import standing_of


def _letter(subject: Statement, message: OutgoingMessage) -> Letter | None:
    """Return what the next edition is, and why; nothing when it is not public, or yet another one is in force."""
    if subject.state != "published" or subject.current_edition != message.version:
        return None
    corrigendum = Corrigendum.objects.filter(statement=subject, made__number=message.version).first()
    if corrigendum is None:
        return None
    link = page("statement_detail", message.language, subject.slug)
    context: dict[str, Any] = {
        "statement": subject,
        "corrigendum": corrigendum,
        "number": message.version,
        "link": link,
    }
    return Letter(context)


class EditionCorrected(StatementPublished):
    """To the convenors and those who accepted the invitation: a corrigendum made the next edition."""

    def letter(self, subject: Statement, message: OutgoingMessage) -> Letter | None:
        """Nothing when yet another edition is in force."""
        return _letter(subject, message)


class EditionCorrectedForOffices(mail.Email):
    """To the liaisons of the offices to which an earlier edition was conveyed. What they hold stays what it was."""

    def recipients(self, subject: Statement) -> Iterable[Recipient]:
        """Who answers today for an office that got an earlier edition."""
        people = {user.pk: user for body in self._bodies(subject) for user in liaisons_of(body)}
        return [Recipient.of(user) for user in people.values()]

    def _bodies(self, subject: Statement) -> list[Any]:
        conveyance = subject.editions.model.conveyances.rel.related_model
        sent = conveyance.objects.filter(edition__statement=subject).exclude(state__in=["prepared", "returned"])
        return [one.body for one in sent.select_related("body" + "__successor" * SUCCESSIONS).order_by("pk")]

    def topic(self, subject: Statement) -> str:
        """Counted with the other mails of the consultation."""
        return f"consultations.consultation:{subject.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Statement]:
        """The statements with their consultation and adoption."""
        return Statement.objects.for_list().in_bulk({message.subject_id for message in messages})

    def letter(self, subject: Statement, message: OutgoingMessage) -> Letter | None:
        """Nothing when the reader answers for none of these offices any more."""
        reader = User.objects.filter(pk=message.user_id, is_active=True).first()
        office = standing_of(reader).body if reader else None
        offices = {body.pk for body in self._bodies(subject)} | {body.current.pk for body in self._bodies(subject)}
        return _letter(subject, message) if office in offices else None


edition_corrected = EditionCorrected()
edition_corrected_for_offices = EditionCorrectedForOffices()

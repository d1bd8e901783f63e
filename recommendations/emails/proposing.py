"""The mails of items that are proposed upward: to the regional convenors, and back with what became of each."""

from collections.abc import Iterable, Mapping

from consultations.models import Consultation
from consultations.rules import is_convenor_of
from portal import mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from recommendations.emails.trail import page
from recommendations.models import Proposal


class ItemsProposed(mail.Email):
    """To the convenors of the regional consultation: items wait for their decision."""

    def recipients(self, subject: Consultation) -> Iterable[Recipient]:
        """The convenors."""
        return [Recipient.of(user) for user in subject.convenors.order_by("id")]

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Consultation]:
        """The consultations with their convenors."""
        ids = {message.subject_id for message in messages}
        return Consultation.objects.prefetch_related("convenors").in_bulk(ids)

    def letter(self, subject: Consultation, message: OutgoingMessage) -> Letter | None:
        """Nothing when none waits any more, or the reader no longer convenes."""
        reader = User.objects.filter(pk=message.user_id, is_active=True).first()
        waiting = Proposal.objects.waiting().filter(consultation=subject)
        if "statement" in message.payload:
            waiting = waiting.filter(item__edition__statement=message.payload["statement"])
        count, first = waiting.count(), waiting.for_desk().first()
        if reader is None or first is None or not is_convenor_of(reader, subject):
            return None
        statement = first.item.edition.statement
        link = page("proposal_list", message.language, subject.slug)
        return Letter({"consultation": subject, "statement": statement, "count": count, "link": link})


class ProposalSettled(mail.Email):
    """To the convenors of the consultation whose item was proposed: it was taken up, or not, and why."""

    def recipients(self, subject: Proposal) -> Iterable[Recipient]:
        """The convenors of the consultation where the item was adopted."""
        origin = subject.item.edition.statement.consultation
        return [Recipient.of(user) for user in origin.convenors.order_by("id")]

    def topic(self, subject: Proposal) -> str:
        """Counted with the mails of the consultation where the item was adopted."""
        return f"consultations.consultation:{subject.item.edition.statement.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Proposal]:
        """The proposals with both sides."""
        found = Proposal.objects.for_desk().prefetch_related("item__edition__statement__consultation__convenors")
        return found.in_bulk({message.subject_id for message in messages})

    def letter(self, subject: Proposal, message: OutgoingMessage) -> Letter | None:
        """Nothing when it is open, or the reader no longer convenes."""
        reader = User.objects.filter(pk=message.user_id, is_active=True).first()
        statement = subject.item.edition.statement
        if reader is None or subject.state not in {"taken_up", "declined"}:
            return None
        if not is_convenor_of(reader, statement.consultation):
            return None
        link = page("proposals_create", message.language, statement.slug)
        return Letter({"proposal": subject, "item": subject.item, "statement": statement, "link": link})


items_proposed = ItemsProposed()
proposal_settled = ProposalSettled()

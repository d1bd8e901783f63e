"""The mails of circulated versions: the draft went out; what became of a comment, and of an amendment."""

from collections.abc import Iterable, Mapping
from typing import Any

from consultations.models import Invitation
from portal import clock, mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from recommendations.emails.fates import may_read, readers_for
from recommendations.emails.trail import page
from recommendations.models import Amendment, CirculatedVersion, Comment
from stakeholders.models import Membership
from stakeholders.states import Role


class DraftCirculated(mail.Email):
    """To everybody who speaks for an organisation that accepted: a version of the draft can be read and spoken to."""

    def recipients(self, subject: CirculatedVersion) -> list[Recipient]:
        """People who can read it: each once."""
        accepted = Invitation.objects.filter(consultation=subject.statement.consultation, state="accepted")
        mandates = Membership.objects.current(clock.today_here()).exclude(role=Role.DRAFTER)
        there = mandates.filter(organisation__in=accepted.values("organisation"), organisation__state="verified")
        people = User.objects.filter(is_active=True, pk__in=there.values("user"))
        return [Recipient.of(user) for user in people.order_by("pk")]

    def topic(self, subject: CirculatedVersion) -> str:
        """Count it with the other mails of the consultation."""
        return f"consultations.consultation:{subject.statement.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, CirculatedVersion]:
        """The versions with their consultation, and who may read the mail as things stand now."""
        found = CirculatedVersion.objects.for_page().in_bulk([message.subject_id for message in messages])
        for version in found.values():
            version.readers = {mail.address_key(reader.address) for reader in self.recipients(version)}
        return found

    def letter(self, subject: CirculatedVersion, message: OutgoingMessage) -> Letter | None:
        """Nothing once a newer one is out or its time is over, or for somebody who lost the right to read it."""
        if message.recipient_key not in subject.readers or not subject.takes_words(clock.database_now()):
            return None
        consultation = subject.statement.consultation
        link = page("circulated_detail", message.language, consultation.slug, subject.number)
        return Letter({"version": subject, "consultation": consultation, "link": link})


class AboutSaid(mail.Email, abstract=True):
    """A mail about what one organisation said to a circulated version. It repeats neither its words nor its name."""

    model: Any
    settled: tuple[str, ...]

    def recipients(self, subject: Any) -> Iterable[Recipient]:
        """The one reader of the organisation."""
        reader = readers_for([subject.organisation]).get(subject.organisation_id)
        return [reader] if reader else []

    def topic(self, subject: Any) -> str:
        """Count it with the other mails of the consultation."""
        return f"consultations.consultation:{subject.text.version.statement.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Any]:
        """What was said, with its text, version and consultation."""
        return self.model.objects.for_list().in_bulk([message.subject_id for message in messages])

    def letter(self, subject: Any, message: OutgoingMessage) -> Letter | None:
        """Nothing when it was withdrawn since, or the reader no longer speaks for the organisation."""
        if subject.state not in self.settled or not may_read(subject.organisation, message):
            return None
        version = subject.text.version
        context = {"said": subject, "version": version, "consultation": version.statement.consultation}
        return Letter({**context, "link": self.link(subject, message.language)})

    def link(self, subject: Any, language: str) -> str:
        """Return the address where it is read."""
        raise NotImplementedError


class CommentAnswered(AboutSaid):
    """To who reads for the organisation: its comment was answered."""

    model = Comment
    settled = ("answered",)

    def link(self, subject: Comment, language: str) -> str:
        """The comment, in its version."""
        version = subject.text.version
        slug = version.statement.consultation.slug
        return page("circulated_detail", language, slug, version.number) + f"#comment-{subject.pk}"


class AmendmentSettled(AboutSaid):
    """To who reads for the organisation: its amendment was accepted, taken over in other words, or declined."""

    model = Amendment
    settled = ("accepted", "adapted", "declined")

    def link(self, subject: Amendment, language: str) -> str:
        """The amendment."""
        return page("amendment_detail", language, subject.pk)


draft_circulated = DraftCirculated()
comment_answered = CommentAnswered()
amendment_settled = AmendmentSettled()

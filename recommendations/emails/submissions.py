"""The mails from submission to publication: the receipt, and the news that a statement is out."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from consultations.states import InvitationState
from portal import clock, mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from recommendations.models import Statement, Submission
from recommendations.querysets import SENT_IN
from stakeholders.models import Membership
from stakeholders.querysets import standing_of
from stakeholders.states import Role


class SubmissionReceived(mail.Email):
    """The receipt. It names neither the organisation nor the words: a mailbox may be read by others."""

    def recipients(self, subject: Submission) -> Iterable[Recipient]:
        """Its author."""
        yield Recipient.of(subject.author)

    def topic(self, subject: Submission) -> str:
        """Receipts of one consultation are counted together."""
        return f"consultations.consultation:{subject.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Submission]:
        """The submissions with their author and consultation."""
        ids = [message.subject_id for message in messages]
        return Submission.objects.select_related("author", "consultation", "section").in_bulk(ids)

    def letter(self, subject: Submission, message: OutgoingMessage) -> Letter | None:
        """Nothing when it was withdrawn meanwhile, or the author no longer acts for the organisation."""
        if subject.state not in SENT_IN or subject.organisation_id not in standing_of(subject.author).organisations:
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + reverse("submission_detail", args=[subject.pk])
        return Letter({"submission": subject, "consultation": subject.consultation, "link": link})


class SubmissionReturned(SubmissionReceived):
    """To the writer: the text was not signed off. It says neither its words nor the remark."""

    def letter(self, subject: Submission, message: OutgoingMessage) -> Letter | None:
        """Nothing when it is not a draft that was given back, or the author no longer acts for the organisation."""
        if subject.state != "draft" or not subject.returned_because:
            return None
        if subject.organisation_id not in standing_of(subject.author).organisations:
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + reverse("submission_detail", args=[subject.pk])
        return Letter({"submission": subject, "consultation": subject.consultation, "link": link})


class SignOffAsked(SubmissionReceived):
    """To who may send in: a text is ready. It says neither its words, nor its writer, nor the organisation."""

    def recipients(self, subject: Submission) -> Iterable[Recipient]:
        """The leads; where the organisation wants no sign-off by them, its representatives too."""
        people = Membership.objects.current(clock.today_here()).filter(organisation=subject.organisation_id)
        people = people.filter(role=Role.LEAD) if subject.organisation.sign_off else people.exclude(role=Role.DRAFTER)
        return [Recipient.of(one.user) for one in people.select_related("user").order_by("pk")]

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Submission]:
        """The submissions with their consultation and organisation."""
        ids = [message.subject_id for message in messages]
        return Submission.objects.select_related("consultation", "organisation").in_bulk(ids)

    def letter(self, subject: Submission, message: OutgoingMessage) -> Letter | None:
        """Nothing when it was sent in or given back meanwhile, or the reader may no longer do either."""
        reader = User.objects.filter(pk=message.user_id, is_active=True).first()
        if reader is None or not reader.has_perm("recommendations.return_submission", subject):
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + reverse("submission_detail", args=[subject.pk])
        context = {"submission": subject, "consultation": subject.consultation, "reader": reader, "link": link}
        return Letter(context)


class StatementPublished(mail.Email):
    """The news that the adopted statement can be read by everybody."""

    notice = True

    def recipients(self, subject: Statement) -> Iterable[Recipient]:
        """The convenors, and the organisations that accepted the invitation."""
        consultation = subject.consultation
        for convenor in consultation.convenors.all():
            yield Recipient.of(convenor)
        for invitation in consultation.invitations.filter(state=InvitationState.ACCEPTED).exclude(address=""):
            yield Recipient(invitation.address, invitation.language, consultation.time_zone)

    def topic(self, subject: Statement) -> str:
        """Counted with the other mails of the consultation."""
        return f"consultations.consultation:{subject.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Statement]:
        """The statements with their consultation and adoption."""
        ids = {message.subject_id for message in messages}
        return Statement.objects.for_list().in_bulk(ids)

    def letter(self, subject: Statement, message: OutgoingMessage) -> Letter | None:
        """Nothing when it is not public after all."""
        if subject.state != "published":
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + subject.get_absolute_url()
        return Letter({"statement": subject, "consultation": subject.consultation, "link": link})


submission_received = SubmissionReceived()
submission_returned = SubmissionReturned()
sign_off_asked = SignOffAsked()
statement_published = StatementPublished()

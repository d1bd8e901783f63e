"""The mail of joint submissions: an organisation is asked whether it joins."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from portal import clock, mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from recommendations.models import CoSubmitter
from stakeholders.models import Membership
from stakeholders.states import Role


class CoSubmissionAsked(mail.Email):
    """To who decides for the organisation. It names neither who asks, nor who is asked, nor the words."""

    def recipients(self, subject: CoSubmitter) -> Iterable[Recipient]:
        """The leads; where the organisation wants no sign-off by them, its representatives too."""
        people = Membership.objects.current(clock.today_here()).filter(organisation=subject.organisation_id)
        leads_only = subject.organisation.sign_off
        people = people.filter(role=Role.LEAD) if leads_only else people.exclude(role=Role.DRAFTER)
        return [Recipient.of(one.user) for one in people.select_related("user").order_by("pk")]

    def topic(self, subject: CoSubmitter) -> str:
        """Counted with the other mails of the consultation."""
        return f"consultations.consultation:{subject.submission.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, CoSubmitter]:
        """The rows with submission, consultation and organisation."""
        ids = [message.subject_id for message in messages]
        return CoSubmitter.objects.select_related("submission__consultation", "organisation").in_bulk(ids)

    def letter(self, subject: CoSubmitter, message: OutgoingMessage) -> Letter | None:
        """Nothing when it was answered, taken off or sent in meanwhile, or the reader no longer decides."""
        reader = User.objects.filter(pk=message.user_id, is_active=True).first()
        if reader is None or subject.state != "asked" or subject.submission.state not in {"draft", "ready"}:
            return None
        if not reader.has_perm("recommendations.answer_co_submission", subject):
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + reverse("co_submission_answer", args=[subject.pk])
        consultation = subject.submission.consultation
        return Letter({"submission": subject.submission, "consultation": consultation, "reader": reader, "link": link})


co_submission_asked = CoSubmissionAsked()

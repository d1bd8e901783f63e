"""The mails that follow answers: a seat that became free, and what became of a request for one."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from consultations import calendar
from consultations.emails.inviting import RUNNING
from consultations.models import Invitation, SeatRequest
from portal import mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage


class SeatOffered(mail.Email):
    """To whoever waits for a seat: one is free now, for some days."""

    def recipients(self, subject: Invitation) -> Iterable[Recipient]:
        """The address of the invitation; whoever has none is called by a convenor."""
        if subject.address:
            yield Recipient(subject.address, subject.language, subject.consultation.time_zone)

    def topic(self, subject: Invitation) -> str:
        """Counted apart from the invitations: it is no mailing of the convenors."""
        return f"consultations.seats:{subject.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Invitation]:
        """The invitations with what the mail says about them."""
        return Invitation.objects.for_mailing().in_bulk([message.subject_id for message in messages])

    def letter(self, subject: Invitation, message: OutgoingMessage) -> Letter | None:
        """Nothing when it was answered, ran out or was taken back meanwhile, or goes to an address that is no more."""
        consultation = subject.consultation
        if consultation.state not in RUNNING or not subject.offer_stands or not subject.is_at_table:
            return None
        if message.recipient != subject.address:
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + reverse("invitation_link", args=[subject.token])
        last = subject.answers.first()
        context = {
            "consultation": consultation,
            "begins": calendar.begins(consultation),
            "seats": subject.waiting_seats,
            "fewer": bool(last and last.seats > subject.waiting_seats),
            "until": subject.offered_until,
        }
        return Letter({**context, "link": link})


class SeatRequestSettled(mail.Email):
    """To somebody who asked for a seat and gave an address: yes, an invitation follows; or no."""

    def recipients(self, subject: SeatRequest) -> Iterable[Recipient]:
        """Whoever asked, if they want to hear of it."""
        if subject.email:
            yield Recipient(subject.email, subject.language, subject.consultation.time_zone)

    def topic(self, subject: SeatRequest) -> str:
        """As the mails about offers."""
        return f"consultations.seats:{subject.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, SeatRequest]:
        """The requests with their consultations."""
        found = SeatRequest.objects.select_related("consultation")
        return found.in_bulk([message.subject_id for message in messages])

    def letter(self, subject: SeatRequest, message: OutgoingMessage) -> Letter | None:
        """Nothing while nobody decided, or where it is over."""
        running = subject.consultation.state in RUNNING
        if subject.state == "open" or not running or message.recipient != subject.email:
            return None
        granted = subject.state == SeatRequest.State.GRANTED
        return Letter({"consultation": subject.consultation, "granted": granted})


seat_offered = SeatOffered()
seat_request_settled = SeatRequestSettled()

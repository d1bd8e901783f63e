"""The mails that follow answers: a seat that became free, and what became of a request for one."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from consultations import calendar
from consultations.emails.inviting import RUNNING
from consultations.models import Invitation, SeatRequest
from portal import mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage


class SeatEmail(mail.Email, abstract=True):
    """A mail to whoever waits for a seat."""

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
        """Nothing when it is no longer so, is over, or goes to an address that is no more."""
        consultation = subject.consultation
        if consultation.state not in RUNNING or not subject.is_at_table or message.recipient != subject.address:
            return None
        facts = self.facts(subject)
        if facts is None:
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + reverse("invitation_link", args=[subject.token])
        return Letter({"consultation": consultation, "begins": calendar.begins(consultation), "link": link, **facts})

    def facts(self, subject: Invitation) -> dict[str, Any] | None:
        """Return what else the mail says; None when it is no longer so."""
        raise NotImplementedError


class SeatOffered(SeatEmail):
    """One is free now, for some days."""

    def facts(self, subject: Invitation) -> dict[str, Any] | None:
        """Return how many and until when, while nobody answered and the time is not over."""
        if not subject.offer_stands:
            return None
        last = subject.answers.first()
        return {
            "seats": subject.waiting_seats,
            "fewer": bool(last and last.seats > subject.waiting_seats),
            "until": subject.offered_until,
        }


class SeatOfferLapsed(SeatEmail):
    """Nobody took it in time, so it went on to the next. Once for each offer."""

    def facts(self, subject: Invitation) -> dict[str, Any] | None:
        """Return until when one may ask again by the link, while they are out of the line."""
        if subject.state != "waitlisted" or subject.waiting_since is not None:
            return None
        until = subject.consultation.answers_close_at
        return {"until": until if timezone.now() <= until else None}


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
seat_offer_lapsed = SeatOfferLapsed()
seat_request_settled = SeatRequestSettled()

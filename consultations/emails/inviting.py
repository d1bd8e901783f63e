"""The mails to those who are invited."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from consultations import calendar
from consultations.models import Consultation, Invitation
from portal import mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage

RUNNING = frozenset({"announced", "in_session"})


class InvitationEmail(mail.Email, abstract=True):
    """A mail to an invited organisation, with its personal link."""

    about: ClassVar[tuple[str, ...]] = ("sent",)
    sender = "invitations"

    def recipients(self, subject: Invitation) -> Iterable[Recipient]:
        """The organisation's contact address; an organisation without one is reached by other means."""
        if subject.address:
            yield Recipient(subject.address, subject.language, subject.consultation.time_zone)

    def topic(self, subject: Invitation) -> str:
        """All mails about the invitations of one consultation are counted together."""
        return f"consultations.consultation:{subject.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Invitation]:
        """The invitations with what the mail says about them."""
        return (
            Invitation.objects.for_mailing()
            .prefetch_related("consultation__sessions")
            .in_bulk([message.subject_id for message in messages])
        )

    def letter(self, subject: Invitation, message: OutgoingMessage) -> Letter | None:
        """Nothing when it was revoked, answered or repaired meanwhile, or the consultation is no longer ahead.

        Nothing either to an organisation that is not at the table any more.
        """
        if subject.state not in self.about or subject.consultation.state not in RUNNING:
            return None
        if message.recipient != subject.address or not subject.is_at_table:
            return None
        return self.content(subject, message.language)

    def content(self, subject: Invitation, language: str, token: str = "") -> Letter:
        """Return what the mail says. A preview gives a token of its own that opens nothing."""
        with translation.override(language):
            link = settings.SITE_URL + reverse("invitation_link", args=[token or subject.token])
            entry = calendar.invitation_file(subject, method=calendar.REQUEST)
        seats = subject.seats_offered
        context = {"consultation": subject.consultation, "seats_offered": seats, **when(subject.consultation)}
        return Letter(
            context,
            calendar=entry,
            calendar_method=calendar.REQUEST,
            personal={"link": link},
            shared=(subject.consultation_id, seats),
        )


def when(consultation: Consultation) -> dict[str, Any]:
    """Return when it begins, and until when one may answer."""
    last_day = consultation.answer_by or consultation.ends_on
    return {
        "begins": calendar.begins(consultation),
        "answers_close_at": consultation.answers_close_at,
        "last_day": last_day,
    }


class InvitationSent(InvitationEmail):
    """The convening of an organisation, with its personal link and a calendar entry without that link."""


class InvitationReminder(InvitationEmail):
    """To an organisation that has not answered yet, or not since it was moved; once a day at most."""

    about = ("sent", "to_reconfirm")

    notice = True

    def letter(self, subject: Invitation, message: OutgoingMessage) -> Letter | None:
        """Nothing either once the time for answers is over, or when the consultation moved: that mail asks, too."""
        moved_at = subject.consultation.moved_at
        if timezone.now() > subject.consultation.answers_close_at or (moved_at and message.created_at < moved_at):
            return None
        return super().letter(subject, message)

    def content(self, subject: Invitation, language: str, token: str = "") -> Letter:
        """Return what the mail says; the calendar entry came with the invitation."""
        letter = super().content(subject, language, token)
        letter.calendar = ""
        return letter


invitation_sent = InvitationSent()
invitation_reminder = InvitationReminder()

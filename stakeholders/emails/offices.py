"""The mails about offices: who is proposed as liaison, what became of the term, who convenes or administers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from portal import mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from stakeholders.models import Convenorship, LiaisonAppointment
from stakeholders.states import ConvenorRole


def administrators() -> list[User]:
    """Return who administers the task force today."""
    terms = Convenorship.objects.current(timezone.localdate()).filter(role=ConvenorRole.ADMINISTRATOR)
    return list(User.objects.filter(convenorships__in=terms, is_active=True).distinct().order_by("pk"))


class AboutTerm(mail.Email, abstract=True):
    """A mail to somebody who may still sign in, with a link to the page where the next thing is done."""

    page = "desk"

    def letter(self, subject: Any, message: OutgoingMessage) -> Letter | None:
        """Nothing when it no longer matters, or the reader may not sign in any more."""
        reader = User.objects.filter(pk=message.user_id, is_active=True).first()
        if reader is None or not self.matters(subject, reader):
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + reverse(self.page, args=self.arguments(subject))
        return Letter({"term": subject, "reader": reader, "link": link})

    def arguments(self, _subject: Any) -> list[Any]:
        """Return what the page's address needs."""
        return []

    def matters(self, subject: Any, reader: User) -> bool:
        """Whether the reader still has to know."""
        raise NotImplementedError


class AboutAppointment(AboutTerm, abstract=True):
    """A mail about one liaison's term."""

    def recipients(self, subject: LiaisonAppointment) -> Iterable[Recipient]:
        """Return the person."""
        yield Recipient.of(subject.user)

    def topic(self, subject: LiaisonAppointment) -> str:
        """All mails about one office are counted together."""
        return f"stakeholders.publicbody:{subject.body_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, LiaisonAppointment]:
        """Return the appointments with office, person and who asked."""
        wanted = LiaisonAppointment.objects.select_related("body", "user", "by")
        return wanted.in_bulk([message.subject_id for message in messages])


class LiaisonAppointed(AboutAppointment):
    """To the person: an administrator named you, please accept or decline."""

    page = "appointment_answer"

    def arguments(self, subject: LiaisonAppointment) -> list[Any]:
        """Return the appointment's number."""
        return [subject.pk]

    def matters(self, subject: LiaisonAppointment, reader: User) -> bool:
        """Whether it still waits for this person."""
        return subject.user_id == reader.pk and subject.can("activate") and subject.is_approved


class ColleagueProposed(AboutAppointment):
    """To the administrators: a liaison asks for a colleague."""

    page = "administration"

    def recipients(self, _subject: LiaisonAppointment) -> Iterable[Recipient]:
        """Return who administers today."""
        return map(Recipient.of, administrators())

    def matters(self, subject: LiaisonAppointment, reader: User) -> bool:
        """Whether nobody has looked at it, and the reader still administers."""
        return reader.has_perm("stakeholders.approve_appointment", subject)


class AppointmentChanged(AboutAppointment):
    """To the liaison: the term ended, has another last day, or goes on at the office that took over."""

    def matters(self, subject: LiaisonAppointment, reader: User) -> bool:
        """Whether it is this person's term, and it was accepted once."""
        return subject.user_id == reader.pk and subject.state in {"active", "ended"}


class TermGiven(AboutTerm):
    """To the person: you convene or administer for a term."""

    def recipients(self, subject: Convenorship) -> Iterable[Recipient]:
        """Return the person."""
        yield Recipient.of(subject.user)

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Convenorship]:
        """Return the terms with their people."""
        return Convenorship.objects.select_related("user").in_bulk([message.subject_id for message in messages])

    def matters(self, subject: Convenorship, reader: User) -> bool:
        """Whether the term is still to be served by this person."""
        over = subject.until is not None and subject.until < timezone.localdate()
        return subject.user_id == reader.pk and not over


liaison_appointed = LiaisonAppointed()
colleague_proposed = ColleagueProposed()
appointment_changed = AppointmentChanged()
term_given = TermGiven()

"""The mails about applications: a receipt, what waits for the convenors, an appeal."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from portal import log, mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from stakeholders.models import Appeal, Convenorship, Organisation
from stakeholders.querysets import standing_of
from stakeholders.states import Visibility


class ApplicationReceived(mail.Email):
    """To the contact address: the application is here. Nobody has proved the address yet, so it says little."""

    def recipients(self, subject: Organisation) -> Iterable[Recipient]:
        """Return the contact address."""
        yield Recipient(subject.contact_email, subject.language)

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Organisation]:
        """Return the organisations."""
        return Organisation.objects.in_bulk([message.subject_id for message in messages])

    def letter(self, subject: Organisation, message: OutgoingMessage) -> Letter | None:
        """Return the receipt, without a name that is withheld; None once another address stands there."""
        if subject.contact_email != message.recipient or subject.state != "applied":
            return None
        with translation.override(message.language):
            name = "" if subject.visibility == Visibility.WITHHELD else subject.name
            link = settings.SITE_URL + reverse("application_status", args=[subject.slug])
        return Letter({"name": name, "link": link, "day": timezone.localdate(subject.applied_at)})


class ConvenorsEmail(mail.Email, abstract=True):
    """A mail that asks the convenors to look at something. It tells no name: the desk does."""

    def letter(self, subject: Organisation | Appeal, message: OutgoingMessage) -> Letter | None:
        """Return the mail, if the reader convenes today and the thing still waits."""
        reader = User.objects.filter(pk=message.user_id, is_active=True).first()
        if reader is None or not standing_of(reader).convenor or not self.waits_for(subject, reader):
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + reverse("desk")
        return Letter({"reader": reader, "link": link})

    def waits_for(self, subject: Organisation | Appeal, reader: User) -> bool:
        """Whether the thing still waits, and this person may look at it."""
        raise NotImplementedError


def convenors(*but: int | None) -> Iterable[Recipient]:
    """Return today's convenors, except those."""
    today = timezone.localdate()
    convening = Convenorship.objects.convening(today)
    people = User.objects.filter(convenorships__in=convening, is_active=True).exclude(pk__in=[pk for pk in but if pk])
    return map(Recipient.of, people.distinct().order_by("pk"))


class ApplicationWaits(ConvenorsEmail):
    """To the convenors: an organisation has applied."""

    def recipients(self, subject: Organisation) -> Iterable[Recipient]:
        """Return the convenors; not one who applied: nobody decides on their own."""
        return convenors(subject.applicant_id)

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Organisation]:
        """Return the organisations."""
        return Organisation.objects.in_bulk([message.subject_id for message in messages])

    def waits_for(self, subject: Organisation, reader: User) -> bool:
        """Whether nobody has decided yet."""
        return subject.state == "applied" and subject.applicant_id != reader.pk


class AppealWaits(ConvenorsEmail):
    """To the convenors other than the one who refused: an organisation appeals."""

    def topic(self, subject: Appeal) -> str:
        """Mails about one organisation are counted together."""
        return log.topic_of(subject.decision.organisation)

    def recipients(self, subject: Appeal) -> Iterable[Recipient]:
        """Return the convenors but the one who refused, and whoever appeals."""
        return convenors(subject.decision.by_id, subject.by_id)

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Appeal]:
        """Return the appeals with what they are about."""
        found = Appeal.objects.select_related("decision__organisation")
        return found.in_bulk([message.subject_id for message in messages])

    def waits_for(self, subject: Appeal, reader: User) -> bool:
        """Whether nobody has decided since."""
        decision = subject.decision
        return decision.organisation.state == "applied" and reader.pk not in {decision.by_id, subject.by_id}


application_received = ApplicationReceived()
application_waits = ApplicationWaits()
appeal_waits = AppealWaits()

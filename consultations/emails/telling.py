"""The mails that tell what came of a consultation, and what is to happen next."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from consultations import summaries
from consultations.models import Consultation, FollowUp, Invitation
from consultations.querysets import last_summaries
from consultations.querysets.attendance import WORKING
from consultations.rules import is_convenor_of
from portal import clock, mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from stakeholders.models import LiaisonAppointment, Membership
from stakeholders.querysets import SUCCESSIONS
from stakeholders.states import OrganisationState, Role

TOLD = frozenset({"concluded", "archived"})
WHY = {
    "convenor": _("Why you get this: you convene this consultation."),
    "member": _("Why you get this: your organisation was invited to this consultation."),
    "office": _("Why you get this: your office was invited to this consultation."),
    "person": _("Why you get this: you were invited to this consultation."),
    "delegate": _("Why you get this: you were named as somebody who takes part in this consultation."),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is told: where, as what (convenor, member, office, person, delegate), for whom, and who it is."""

    recipient: Recipient
    part: str
    invitation: Invitation | None = None
    name: str = ""


def readers(consultation: Consultation) -> dict[str, Reader]:
    """Return who is told, each person and address once, by the digest of the address. Six queries, however many.

    All who were invited, whatever they answered: also those who declined, were silent or could not come.
    """
    found: dict[str, Reader] = {}
    # People before addresses: an account knows its reader's language and zone.
    for reader in (*_convenors(consultation), *_of_invited(consultation), *_delegates(consultation)):
        found.setdefault(mail.address_key(reader.recipient.address), reader)
    return found


def untold(consultation: Consultation) -> list[Invitation]:
    """Return the invitations of which nobody is told by mail: those are told by letter or telephone."""
    told = {reader.invitation.pk for reader in readers(consultation).values() if reader.invitation}
    return [one for one in _invited(consultation) if one.pk not in told]


def _invited(consultation: Consultation) -> list[Invitation]:
    rows = consultation.invitations.reached().order_by("pk")
    found = rows.select_related("organisation", "body" + "__successor" * SUCCESSIONS)
    return [one for one in found.prefetch_related("organisation__groups") if one.is_at_table]


def _convenors(consultation: Consultation) -> Iterator[Reader]:
    for user in consultation.convenors.filter(is_active=True).order_by("pk"):
        yield Reader(Recipient.of(user), "convenor", name=str(user))


def _of_invited(consultation: Consultation) -> Iterator[Reader]:
    """The people of invited organisations and offices, then the addresses that the invitations went to."""
    invited, today = _invited(consultation), clock.today_here()
    by_organisation = {one.organisation_id: one for one in invited if one.organisation_id}
    by_office = {one.body.current.pk: one for one in invited if one.body}
    speaking = Membership.objects.current(today).filter(organisation__in=by_organisation, user__is_active=True)
    for row in speaking.exclude(role=Role.DRAFTER).select_related("user").order_by("pk"):
        yield Reader(Recipient.of(row.user), "member", by_organisation[row.organisation_id], str(row.user))
    appointed = LiaisonAppointment.objects.current(today).filter(body__in=by_office, user__is_active=True)
    for row in appointed.select_related("user").order_by("pk"):
        yield Reader(Recipient.of(row.user), "office", by_office[row.body_id], str(row.user))
    for one in invited:
        # Mail to an address that sends it back reaches nobody.
        if one.address and one.state != "undeliverable":
            part = "member" if one.organisation_id else "office" if one.body_id else "person"
            yield Reader(Recipient(one.address, one.language, consultation.time_zone), part, one)


def _delegates(consultation: Consultation) -> Iterator[Reader]:
    """Those who were to sit at the table, and whoever walked in and left an address."""
    at_table = Q(organisation=None) | Q(organisation__state=OrganisationState.VERIFIED)
    called = Q(invitation=None) | Q(invitation__in=consultation.invitations.reached())
    seats = consultation.delegates.filter(at_table, called).exclude(state="substituted").exclude(part__in=WORKING)
    reachable = seats.filter(~Q(email="") | Q(user__is_active=True))
    for seat in reachable.select_related("user", "invitation").order_by("pk"):
        if seat.user and seat.user.is_active:
            yield Reader(Recipient.of(seat.user), "delegate", seat.invitation, seat.full_name)
        elif seat.email:
            language = seat.invitation.language if seat.invitation else settings.LANGUAGE_CODE
            recipient = Recipient(seat.email, language, consultation.time_zone)
            yield Reader(recipient, "delegate", seat.invitation, seat.full_name)


class ConsultationSummary(mail.Email):
    """What came of a consultation, to all who were invited, composed from the record. Each version is sent once."""

    notice = True

    def recipients(self, subject: Consultation) -> Iterable[Recipient]:
        """Everybody who is told, each once."""
        return [reader.recipient for reader in readers(subject).values()]

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Consultation]:
        """The consultations, each with who may read of it as things stand now, and which summary is the last."""
        found = Consultation.objects.for_page().in_bulk([message.subject_id for message in messages])
        told = last_summaries(list(found))
        for consultation in found.values():
            consultation.readers = readers(consultation)
            consultation.told = told.get(consultation.pk)
            consultation.composed = {}
        return found

    def letter(self, subject: Consultation, message: OutgoingMessage) -> Letter | None:
        """Nothing for somebody who no longer belongs to those invited, nor when a later summary says it all."""
        reader = subject.readers.get(message.recipient_key)
        overtaken = subject.told and subject.told.version > message.version
        if subject.state not in TOLD or reader is None or overtaken:
            return None
        return self.content(subject, message, reader.part)

    def content(self, subject: Consultation, message: OutgoingMessage, part: str) -> Letter:
        """Return what the mail says to a reader of that part. The words are those that were read before sending."""
        with translation.override(message.language):
            link = settings.SITE_URL + subject.get_absolute_url() if _may_open(subject, message) else ""
            parts = self._sections(subject, message)
        context = {
            "consultation": subject,
            "sections": parts,
            "why": WHY[part],
            "link": link,
            "later": message.version > 1,
        }
        return Letter(context, shared=(subject.pk, message.version, part, link))

    def _sections(self, subject: Consultation, message: OutgoingMessage) -> list[summaries.Section]:
        """Compose once a language and version: a batch shares what is the same for its readers."""
        composed = subject.__dict__.setdefault("composed", {})
        key = (message.language, message.version)
        if key not in composed:
            words = summaries.Words(message.payload.get("words", {}), 0)
            since = message.payload.get("since")
            composed[key] = summaries.sections(subject, words, datetime.fromisoformat(since) if since else None)
        return composed[key]


def _may_open(subject: Consultation, message: OutgoingMessage) -> bool:
    """Whether the reader may open the page: that of a discreet consultation is there for few, and after sign-in."""
    if not subject.discreet:
        return True
    reader = User.objects.filter(pk=message.user_id, is_active=True).first() if message.user_id else None
    return bool(reader and Consultation.objects.visible_to(reader).filter(pk=subject.pk).exists())


class NextStepDue(mail.Email):
    """To the convenors, on the day: what they promised is due. Once for each day that a step was set to."""

    def recipients(self, subject: FollowUp) -> Iterable[Recipient]:
        """The convenors of the consultation."""
        people = subject.consultation.convenors.filter(is_active=True).order_by("pk")
        return [Recipient.of(user) for user in people]

    def topic(self, subject: FollowUp) -> str:
        """Counted with the other mails of the consultation."""
        return f"consultations.consultation:{subject.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, FollowUp]:
        """The steps with their consultation."""
        rows = FollowUp.objects.select_related("consultation").prefetch_related("consultation__convenors")
        return rows.in_bulk([message.subject_id for message in messages])

    def letter(self, subject: FollowUp, message: OutgoingMessage) -> Letter | None:
        """Nothing when it was done or put off meanwhile, or the reader no longer convenes."""
        reader = User.objects.filter(pk=message.user_id, is_active=True).first()
        consultation = subject.consultation
        today = clock.today_in(consultation.time_zone)
        if subject.done_at or subject.due_on > today or consultation.state == "cancelled":
            return None
        if reader is None or not is_convenor_of(reader, consultation):
            return None
        with translation.override(message.language):
            link = settings.SITE_URL + reverse("next_step_list", args=[consultation.slug])
        late = subject.due_on < today
        context: dict[str, Any] = {"consultation": consultation, "step": subject, "link": link, "late": late}
        return Letter(context)


consultation_summary = ConsultationSummary()
next_step_due = NextStepDue()

"""The mails that tell what came of a consultation, and what is to happen next."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from consultations import summaries
from consultations.models import Consultation, FollowUp, Invitation, Seat
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
KINDS = "uis"  # what a reader's key begins with
LONGEST = 15  # digits of a number that a row may have
LOOKED_AT = 20  # invitations in which somebody of a part is looked for
IS_PART = {"member": Q(organisation__isnull=False), "office": Q(body__isnull=False), "person": ~Q(full_name="")}
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
    seat: int | None = None

    @property
    def key(self) -> str:
        """Return how the reader is named in an address: by an account, a seat or an invitation, never by the mail's."""
        if self.recipient.user_id:
            return f"u{self.recipient.user_id}"
        return f"s{self.seat}" if self.seat else f"i{self.invitation.pk if self.invitation else 0}"


def readers(consultation: Consultation) -> dict[str, Reader]:
    """Return who is told, each person and address once, by the digest of the address. Six queries, however many.

    All who were invited, whatever they answered: also those who declined, were silent or could not come.
    """
    return _once(_convenors(consultation), _behind(consultation, _read(invited(consultation))), _seated(consultation))


def readers_behind(consultation: Consultation, invitations: Iterable[Invitation]) -> dict[str, Reader]:
    """Return who is told because of these invitations: a part of `readers`, for a page of them."""
    invitations = list(invitations)
    seated = _delegates(consultation, _reachable(consultation).filter(invitation__in=invitations))
    return _once(_behind(consultation, invitations), seated)


def readers_of(consultation: Consultation, messages: Iterable[OutgoingMessage]) -> dict[str, Reader]:
    """Return who reads these mails as things stand now, as `readers` would say it, without reading all the others."""
    keys = {message.recipient_key for message in messages}
    users = {message.user_id for message in messages if message.user_id}
    addresses = {message.recipient.lower() for message in messages}
    found = _among(consultation, users, addresses)
    return {key: reader for key, reader in found.items() if key in keys}


def reader_at(consultation: Consultation, key: str) -> Reader | None:
    """Return the reader whose `key` this is; None where nobody is told under it."""
    kind, number = key[:1], key[1:]
    if kind not in KINDS or not (number.isascii() and number.isdigit() and len(number) <= LONGEST):
        return None
    pk = int(number)
    if kind == "u":
        found = _among(consultation, {pk}, set())
    elif kind == "s":
        found = _once(_delegates(consultation, _reachable(consultation).filter(pk=pk)))
    else:
        found = readers_behind(consultation, _read(invited(consultation).filter(pk=pk)))
    return next((reader for reader in found.values() if reader.key == key), None)


def first_reader(consultation: Consultation, part: str) -> Reader | None:
    """Return somebody who is told as this part, the first of those who were invited first."""
    if part == "convenor":
        return next(_convenors(consultation), None)
    if part == "delegate":
        return next(_delegates(consultation, _reachable(consultation)[:1]), None)
    for one in _read(invited(consultation).filter(IS_PART[part]).order_by("pk")[:LOOKED_AT]):
        found = (reader for reader in readers_behind(consultation, [one]).values() if reader.part == part)
        if reader := next(found, None):
            return reader
    return None


def parts_told(consultation: Consultation) -> list[str]:
    """Return as what people are told of the consultation: convenors always, the others where somebody was invited."""
    counts = {part: Count("pk", filter=condition) for part, condition in IS_PART.items()}
    there = invited(consultation).order_by().aggregate(**counts)
    there["delegate"] = _reachable(consultation).exists()
    return ["convenor", *(part for part, some in there.items() if some)]


def untold(consultation: Consultation) -> list[Invitation]:
    """Return the invitations of which nobody is told by mail: those are told by letter or telephone."""
    told = {reader.invitation.pk for reader in readers(consultation).values() if reader.invitation}
    return [one for one in _read(invited(consultation)) if one.pk not in told]


def invited(consultation: Consultation) -> QuerySet[Invitation]:
    """Return the invitations whose people are told: sent, not revoked, and of nobody who was suspended since."""
    at_table = Q(organisation=None) | Q(organisation__state=OrganisationState.VERIFIED)
    found: QuerySet[Invitation] = consultation.invitations.reached().filter(at_table).order_by("pk")
    return found


def _read(found: QuerySet[Invitation]) -> list[Invitation]:
    return list(found.select_related("organisation", "body" + "__successor" * SUCCESSIONS))


def _once(*found: Iterable[Reader]) -> dict[str, Reader]:
    """Return each reader once. People come before addresses: an account knows its reader's language and zone."""
    rows: dict[str, Reader] = {}
    for reader in chain(*found):
        rows.setdefault(mail.address_key(reader.recipient.address), reader)
    return rows


def _among(consultation: Consultation, users: set[int], addresses: set[str]) -> dict[str, Reader]:
    """Return the readers behind some accounts and addresses, and whoever is told because of the same invitations."""
    accounts = User.objects.annotate(low=Lower("email")).filter(Q(pk__in=users) | Q(low__in=addresses))
    users = users | set(accounts.values_list("pk", flat=True))
    today = clock.today_here()
    speak = Membership.objects.current(today).filter(user__in=users).values("organisation")
    serve = LiaisonAppointment.objects.current(today).filter(user__in=users).values("body")
    called = Q(low__in=addresses) | Q(organisation__in=speak)
    for step in range(SUCCESSIONS + 1):
        called |= Q(**{"body" + "__successor" * step + "__in": serve})
    invitations = _read(invited(consultation).annotate(low=Lower("address")).filter(called))
    seats = _reachable(consultation).annotate(low=Lower("email")).filter(Q(low__in=addresses) | Q(user__in=users))
    return _once(_convenors(consultation), _behind(consultation, invitations), _delegates(consultation, seats))


def _convenors(consultation: Consultation) -> Iterator[Reader]:
    for user in consultation.convenors.filter(is_active=True).order_by("pk"):
        yield Reader(Recipient.of(user), "convenor", name=str(user))


def _behind(consultation: Consultation, invitations: list[Invitation]) -> Iterator[Reader]:
    """The people of invited organisations and offices, then the addresses that the invitations went to."""
    today = clock.today_here()
    by_organisation = {one.organisation_id: one for one in invitations if one.organisation_id}
    by_office = {one.body.current.pk: one for one in invitations if one.body}
    speaking = Membership.objects.current(today).filter(organisation__in=by_organisation, user__is_active=True)
    for row in speaking.exclude(role=Role.DRAFTER).select_related("user").order_by("pk"):
        yield Reader(Recipient.of(row.user), "member", by_organisation[row.organisation_id], str(row.user))
    appointed = LiaisonAppointment.objects.current(today).filter(body__in=by_office, user__is_active=True)
    for row in appointed.select_related("user").order_by("pk"):
        yield Reader(Recipient.of(row.user), "office", by_office[row.body_id], str(row.user))
    for one in invitations:
        # Mail to an address that sends it back reaches nobody.
        if one.address and one.state != "undeliverable":
            part = "member" if one.organisation_id else "office" if one.body_id else "person"
            yield Reader(Recipient(one.address, one.language, consultation.time_zone), part, one)


def walked_in(consultation: Consultation) -> dict[str, Reader]:
    """Return the convenors, and those who came without an invitation and left an address."""
    seats = _reachable(consultation).filter(invitation=None)
    return _once(_convenors(consultation), _delegates(consultation, seats))


def _seated(consultation: Consultation) -> Iterator[Reader]:
    return _delegates(consultation, _reachable(consultation))


def _reachable(consultation: Consultation) -> QuerySet[Seat]:
    """Return the seats of those who were to sit at the table, and of whoever walked in, with an address that works."""
    at_table = Q(organisation=None) | Q(organisation__state=OrganisationState.VERIFIED)
    called = Q(invitation=None) | Q(invitation__in=consultation.invitations.reached())
    seats = consultation.delegates.filter(at_table, called).exclude(state="substituted").exclude(part__in=WORKING)
    found: QuerySet[Seat] = seats.filter(~Q(email="") | Q(user__is_active=True)).order_by("pk")
    return found


def _delegates(consultation: Consultation, seats: QuerySet[Seat]) -> Iterator[Reader]:
    for seat in seats.select_related("user", "invitation"):
        if seat.user and seat.user.is_active:
            yield Reader(Recipient.of(seat.user), "delegate", seat.invitation, seat.full_name, seat.pk)
        elif seat.email:
            language = seat.invitation.language if seat.invitation else settings.LANGUAGE_CODE
            recipient = Recipient(seat.email, language, consultation.time_zone)
            yield Reader(recipient, "delegate", seat.invitation, seat.full_name, seat.pk)


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
            about = [message for message in messages if message.subject_id == consultation.pk]
            consultation.readers = readers_of(consultation, about)
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

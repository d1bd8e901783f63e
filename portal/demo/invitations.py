"""Invitations in every state, each answer that came, and the mails by which they went out."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from consultations import emails
from consultations.models import Answer, Consultation, Invitation
from consultations.states import Channel
from portal import languages
from portal.demo.facts import Calendar, Facts, one
from portal.demo.register import Register
from portal.mail import address_key
from portal.models import OutgoingMessage, User
from portal.tasks import ADDRESS_KEPT

UNSENT = ("drafted", "approved")
ANSWERS = {"accepted": "yes", "tentative": "maybe", "declined": "no"}
SEATS = 2  # offered where the file names no number


def invite(consultation: Consultation, facts: Facts, calendar: Calendar, register: Register) -> None:
    """Write the invitations of a consultation with their answers and their mails. No mail leaves: all were sent."""
    sent_at = calendar.at(calendar.day(facts["invitations_sent_day"]), "09:00")
    rows = facts["invitations"]
    invitations = [_invitation(consultation, row, sent_at, calendar, register) for row in rows]
    Invitation.objects.bulk_create(invitations)
    pairs = list(zip(invitations, rows, strict=True))
    Answer.objects.bulk_create([answer for pair in pairs for answer in _answers(*pair, calendar, register)])
    messages = [message for pair in pairs for message in _messages(*pair)]
    OutgoingMessage.objects.bulk_create(messages)
    written = OutgoingMessage.objects.about(emails.invitation_sent.topic(invitations[0]))
    written.update(created_at=F("next_try_at"), updated_at=F("next_try_at"))


def _invitation(
    consultation: Consultation, row: Facts, sent_at: datetime, calendar: Calendar, register: Register
) -> Invitation:
    organisation = register.organisations[row["organisation"]]
    invitation = Invitation(
        consultation=consultation,
        organisation=organisation,
        state=row["state"],
        seats_offered=row.get("seats_offered", SEATS),
        seats_accepted=row["seats"] or 0,
        address=organisation.contact_email,
        language=organisation.language,
        sent_at=None if row["state"] in UNSENT else sent_at,
        answered_at=_answered_at(row, calendar),
    )
    invitation.seal()
    return invitation


def _answered_at(row: Facts, calendar: Calendar) -> datetime | None:
    day = calendar.of(row, "answered_day")
    return calendar.at(day, "11:00") if day else None


def _answers(invitation: Invitation, row: Facts, calendar: Calendar, register: Register) -> Iterator[Answer]:
    language = invitation.language
    for said in [*row.get("earlier", []), row]:
        if said["answered_day"] is None:
            continue
        yield Answer(
            invitation=invitation,
            verb=ANSWERS[said["state"]],
            seats=said["seats"] or 0,
            delegates=said.get("delegates", ""),
            needs=one(said["needs"], language),
            note=one(said["note"], language),
            channel=said["channel"],
            by=_who(invitation, said["channel"], register),
            at=_answered_at(said, calendar),
        )


def _who(invitation: Invitation, channel: str, register: Register) -> User | None:
    """Return who gave the answer: a member on the portal, a convenor for one that was told; a link tells nobody."""
    if channel == Channel.PORTAL:
        return register.speakers[invitation.organisation_id]
    return None if channel == Channel.LINK else register.convenors[0]


def _messages(invitation: Invitation, row: Facts) -> Iterable[OutgoingMessage]:
    if invitation.sent_at is None:
        return
    came: dict[str, Any] = row.get("mail", {"state": "sent", "error": ""})
    old = invitation.sent_at < timezone.now() - ADDRESS_KEPT
    for reader in emails.invitation_sent.recipients(invitation):
        yield OutgoingMessage(
            purpose=emails.invitation_sent.purpose,
            subject_id=invitation.pk,
            topic=emails.invitation_sent.topic(invitation),
            recipient="" if old else reader.address,
            recipient_key=address_key(reader.address),
            language=languages.shipped_or_default(reader.language),
            time_zone=reader.time_zone,
            state=came["state"],
            attempts=1,
            next_try_at=invitation.sent_at,
            sent_at=invitation.sent_at if came["state"] != "failed" else None,
            last_error=came["error"],
        )

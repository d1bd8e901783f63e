"""The mails that say: it is another day or place, or it does not take place. Calendars follow them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from modeltranslation.utils import build_localized_fieldname

from consultations import calendar
from consultations.calendar import Gone
from consultations.emails.inviting import RUNNING, InvitationEmail, when
from consultations.models import Consultation, Invitation
from consultations.querysets import CONCERNED
from consultations.states import Mode
from portal import languages
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage

STANDING = ("starts_on", "ends_on", "begins_at", "ends_at", "time_zone", "mode", "city_en", "city_ind")


class ChangeEmail(InvitationEmail, abstract=True):
    """A mail to everybody who was invited and may come, whatever the answer was."""

    def recipients(self, subject: Invitation) -> Iterable[Recipient]:
        """The contact address, also of whoever was invited by letter: this is too late for the post."""
        if subject.address:
            yield Recipient(subject.address, subject.language, subject.consultation.time_zone)

    def letter(self, subject: Invitation, message: OutgoingMessage) -> Letter | None:
        """Nothing to whoever was revoked or replaced meanwhile, or is not at the table any more."""
        if subject.state not in CONCERNED or message.recipient != subject.address or not subject.is_at_table:
            return None
        return self.news(subject, message)

    def news(self, subject: Invitation, message: OutgoingMessage) -> Letter | None:
        """Return what happened; None when it is no longer so."""
        raise NotImplementedError


class ConsultationMoved(ChangeEmail):
    """It is another day, hour or place: what it was, what it is, and who is asked again. One a move."""

    def news(self, subject: Invitation, message: OutgoingMessage) -> Letter | None:
        """Return both times and places. A later move has a mail of its own; then this one is no longer needed."""
        consultation, told = subject.consultation, message.payload
        moved_at = consultation.moved_at.isoformat() if consultation.moved_at else ""
        if consultation.state not in RUNNING or told.get("moved_at") != moved_at:
            return None
        gone = [Gone(**one) for one in told["gone"]]
        with translation.override(message.language):
            link = settings.SITE_URL + reverse("invitation_link", args=[subject.token])
            entry = calendar.invitation_file(subject, method=calendar.REQUEST, gone=gone)
            context = {
                "consultation": consultation,
                "was": before(told["was"], message.language),
                "same": told["was"] == as_written(consultation),
                "new_venue": told["new_venue"],
                "sessions": list(consultation.sessions.all()),
                "state": subject.state,
                **when(consultation),
            }
        return Letter(
            context,
            calendar=entry,
            calendar_method=calendar.REQUEST,
            personal={"link": link},
            shared=(subject.consultation_id, message.version, subject.state),
        )


class ConsultationCancelled(ChangeEmail):
    """It does not take place, and why; calendars take their entries out."""

    def news(self, subject: Invitation, message: OutgoingMessage) -> Letter | None:
        """Return the reason; of a discreet one it stays out of the mail, for it could tell what it is about."""
        consultation = subject.consultation
        if consultation.state != "cancelled":
            return None
        with translation.override(message.language):
            entry = calendar.invitation_file(subject, method=calendar.CANCEL)
        return Letter(
            {"consultation": consultation},
            calendar=entry,
            calendar_method=calendar.CANCEL,
            shared=(subject.consultation_id, message.version),
        )


def as_written(consultation: Consultation) -> dict[str, Any]:
    """Return when and where it is, in a form that travels with a message until it is sent."""
    found = {name: getattr(consultation, name) for name in STANDING}
    return {name: value.isoformat() if isinstance(value, date | time) else value for name, value in found.items()}


def before(was: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return when and where it was, as the reader reads it."""
    starts, zone = date.fromisoformat(was["starts_on"]), ZoneInfo(was["time_zone"])
    hour = was["begins_at"]
    cities = [was.get(build_localized_fieldname("city", code)) for code in (language, languages.DEFAULT)]
    return {
        "starts_on": starts,
        "ends_on": date.fromisoformat(was["ends_on"]),
        "begins": datetime.combine(starts, time.fromisoformat(hour), zone) if hour else None,
        "city": next((city for city in cities if city), ""),
        "mode": Mode(was["mode"]).label,
    }


consultation_moved = ConsultationMoved()
consultation_cancelled = ConsultationCancelled()

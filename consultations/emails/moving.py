"""The mails that say: it is another day or place, or it does not take place. Calendars follow them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from modeltranslation.utils import build_localized_fieldname

from consultations import calendar, placeholders
from consultations.calendar import Gone
from consultations.emails.inviting import RUNNING, InvitationEmail, calendar_files, when, written_in
from consultations.models import Consultation, Invitation
from consultations.querysets import CONCERNED
from consultations.states import Mode, WordingKind
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
        news = self.news(subject, message)
        return None if news is None else self.tell(subject, written_in(subject, message), news)

    def content(self, subject: Invitation, language: str, token: str = "") -> Letter:
        """Return the mail for a preview, before there is any news."""
        return self.tell(subject, language, {}, token)

    def news(self, subject: Invitation, message: OutgoingMessage) -> dict[str, Any] | None:
        """Return what the message carries along; None when what it says is no longer so."""
        raise NotImplementedError

    def tell(self, subject: Invitation, language: str, news: dict[str, Any], token: str = "") -> Letter:
        """Return what the mail says to a reader of the language."""
        raise NotImplementedError

    def _letter(self, subject: Invitation, language: str, context: dict[str, Any], **more: Any) -> Letter:
        """Return the mail, opened by the convenors' own words where they wrote some."""
        words = placeholders.words_for(subject, self.kind, language)
        context = {"consultation": subject.consultation, "words": words, **context}
        return Letter(context, headers={"Content-Language": words.language} if words else {}, **more)


class ConsultationMoved(ChangeEmail):
    """It is another day, hour or place: what it was, what it is, and who is asked again. One a move."""

    kind = WordingKind.MOVED

    def news(self, subject: Invitation, message: OutgoingMessage) -> dict[str, Any] | None:
        """Return where it was. A later move has a mail of its own; then this one is no longer needed."""
        consultation, told = subject.consultation, message.payload
        moved_at = consultation.moved_at.isoformat() if consultation.moved_at else ""
        return told if consultation.state in RUNNING and told.get("moved_at") == moved_at else None

    def tell(self, subject: Invitation, language: str, news: dict[str, Any], token: str = "") -> Letter:
        """Return both times and places. Where there is no news, in a preview, those of today stand for both."""
        consultation, standing = subject.consultation, as_written(subject.consultation)
        shipped = languages.shipped_or_default(language)
        was, gone = news.get("was", standing), [Gone(**one) for one in news.get("gone", ())]
        with translation.override(shipped):
            link = settings.SITE_URL + reverse("invitation_link", args=[token or subject.token])
            entry, files = calendar.entry(subject), calendar_files(subject, gone)
            context = {
                "was": before(was, shipped),
                "same": bool(news) and was == standing,
                "new_venue": news.get("new_venue", False),
                "sessions": list(consultation.sessions.all()),
                "attached": bool(files),
                "state": subject.state,
                **when(consultation),
            }
        return self._letter(
            subject,
            language,
            context,
            calendar=entry,
            calendar_method=calendar.REQUEST,
            files=files,
            personal={"link": link, "organisation": placeholders.personal_name(subject, language)},
            shared=(consultation.pk, news.get("moved_at", ""), subject.state, language),
        )


class ConsultationCancelled(ChangeEmail):
    """It does not take place, and why; calendars take their entries out."""

    kind = WordingKind.CANCELLED

    def news(self, subject: Invitation, _message: OutgoingMessage) -> dict[str, Any] | None:
        """Nothing more than that it is cancelled, while it is."""
        return {} if subject.consultation.state == "cancelled" else None

    def tell(self, subject: Invitation, language: str, _news: dict[str, Any], _token: str = "") -> Letter:
        """Return the reason; of a discreet one it stays out of the mail, for it could tell what it is about."""
        with translation.override(languages.shipped_or_default(language)):
            entry, files = calendar.entry(subject, calendar.CANCEL), calendar_files(subject)
        return self._letter(
            subject,
            language,
            {},
            calendar=entry,
            calendar_method=calendar.CANCEL,
            files=files,
            personal={"organisation": placeholders.personal_name(subject, language)},
            shared=(subject.consultation_id, language),
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

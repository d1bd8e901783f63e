"""The mails to those who are invited."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from consultations import calendar, placeholders
from consultations.models import Consultation, Invitation
from consultations.querysets import UNDECIDED, convened_by
from consultations.states import Way, WordingKind
from portal import languages, mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User

RUNNING = frozenset({"announced", "in_session"})
TEST_TOKEN = "0" * 40  # looks like a link, and is nobody's


class InvitationEmail(mail.Email, abstract=True):
    """A mail to who is invited, with the personal link, in the convenors' own words where they wrote some."""

    kind: ClassVar[str] = WordingKind.INVITATION
    still: ClassVar[frozenset[str]] = frozenset({"sent"})  # the states in which it still matters
    sender = "invitations"

    def recipients(self, subject: Invitation) -> Iterable[Recipient]:
        """The contact address, of the invited or of somebody they trust; who has none is reached by other means."""
        if subject.goes_by_mail:
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
        if subject.state not in self.still or subject.consultation.state not in RUNNING:
            return None
        if message.recipient != subject.address or not subject.is_at_table:
            return None
        return self.content(subject, written_in(subject, message))

    def content(self, subject: Invitation, language: str, token: str = "") -> Letter:
        """Return what the mail says to a reader of the language. A preview gives a token of its own: it opens nothing.

        Own words may be in a language that the portal itself is not shipped in; what stands around them is then in
        the one in which such a reader is written to.
        """
        with translation.override(languages.shipped_or_default(language)):
            link = settings.SITE_URL + reverse("invitation_link", args=[token or subject.token])
            entry, files = calendar.entry(subject), calendar_files(subject)
        context, shared = self._shared(subject, language)
        words = context["words"]
        return Letter(
            context,
            calendar=entry,
            calendar_method=calendar.REQUEST,
            files=files,
            headers={"Content-Language": words.language} if words else {},
            personal={"link": link, "organisation": placeholders.personal_name(subject, language)},
            shared=shared,
        )

    def _shared(self, subject: Invitation, language: str) -> tuple[dict[str, Any], Hashable]:
        """Return what all readers of the language get alike, and the key under which it is kept for a batch."""
        consultation, seats = subject.consultation, subject.seats_offered
        trusted, to_person = subject.way == Way.TRUSTED, bool(subject.full_name)
        again = subject.state == "to_reconfirm"
        shared = (consultation.pk, seats, language, trusted, to_person, again)
        context = {
            "consultation": consultation,
            "seats_offered": seats,
            "words": placeholders.words_for(subject, self.kind, language),
            "trusted": trusted,
            "to_person": to_person,
            "again": again,
            "sessions": list(consultation.sessions.all()) if calendar.has_programme(consultation) else [],
            "attached": True,
            **when(consultation),
        }
        return context, shared


def written_in(subject: Invitation, message: OutgoingMessage) -> str:
    """Return the language of the reader: own words may be in one in which nothing else of the mail is."""
    same = languages.shipped_or_default(subject.language) == message.language
    return subject.language if same else message.language


def calendar_files(subject: Invitation, gone: Iterable[calendar.Gone] = ()) -> dict[str, str]:
    """Return the file with an entry for each session, where there are several."""
    programme_file = calendar.programme_file(subject, gone)
    return {"programme.ics": programme_file} if programme_file else {}


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
    """To somebody who has not answered yet, or not since it was moved; once a day at most."""

    kind = WordingKind.REMINDER
    still = frozenset(UNDECIDED)
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
        letter.calendar, letter.files = "", {}
        return letter


class InvitationTest(mail.Email):
    """What a convenor sends to nobody but themselves before a mailing: marked as a test, its link opens nothing."""

    def recipients(self, subject: User) -> Iterable[Recipient]:
        """The convenor."""
        yield Recipient.of(subject)

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, User]:
        """The convenors who asked for it."""
        return User.objects.in_bulk([message.subject_id for message in messages])

    def letter(self, subject: User, message: OutgoingMessage) -> Letter | None:
        """Nothing to somebody who does not convene the consultation any more."""
        own = Invitation.objects.for_mail().filter(convened_by(subject))
        found = own.filter(pk=message.payload.get("invitation")).first()
        if found is None or not subject.is_active:
            return None
        kind: Any = mail.REGISTRY[message.payload["purpose"]]
        inner = kind.content(found, message.payload["language"], TEST_TOKEN)
        with translation.override(message.language), timezone.override(message.time_zone):
            parts = mail.render(kind.template, {**inner.context, **inner.personal})
        return Letter({"inner": parts}, headers=inner.headers)


invitation_sent = InvitationSent()
invitation_reminder = InvitationReminder()
invitation_test = InvitationTest()

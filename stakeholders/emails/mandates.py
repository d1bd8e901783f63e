"""The mail that invites somebody to act for an organisation."""

from collections.abc import Iterable

from django.utils import timezone, translation

from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from stakeholders.emails.memberships import MembershipEmail
from stakeholders.models import Membership
from stakeholders.states import Visibility


class MandateOffered(MembershipEmail):
    """To the person who is invited. It names only an organisation that everybody may know, and nobody of any other."""

    def recipients(self, subject: Membership) -> Iterable[Recipient]:
        """Return the person, in the organisation's language: whether there was an account before is not told."""
        user = subject.user
        yield Recipient(user.email, subject.organisation.language, user.time_zone, user.pk)

    def letter(self, subject: Membership, message: OutgoingMessage) -> Letter | None:
        """Return the mail with who invites, where the organisation is public; None when it no longer matters."""
        letter = super().letter(subject, message)
        if letter:
            public = subject.organisation.visibility == Visibility.PUBLIC
            with translation.override(message.language):
                name = subject.organisation.public_name
            letter.context |= {
                "organisation_name": name,
                "inviter": subject.by.full_name if public and subject.by else "",
                "until": subject.offer_ends_at,
            }
        return letter

    def matters(self, subject: Membership, reader: User) -> bool:
        """Whether the invitation is open, and the organisation may still have people."""
        open_still = subject.state == "invited" and subject.offer_ends_at > timezone.now()
        return open_still and subject.user_id == reader.pk and subject.organisation.state == "verified"


mandate_offered = MandateOffered()

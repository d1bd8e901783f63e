"""The mails about a mandate that others give or take: the invitation, the lead, the end."""

from collections.abc import Iterable

from django.utils import timezone, translation

from portal import clock
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from stakeholders.emails.memberships import MembershipEmail
from stakeholders.models import Membership
from stakeholders.states import MembershipState, OrganisationState, Role, Visibility


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


class LeadGiven(MembershipEmail):
    """To whoever leads from now on, by the word of somebody else. Leading again later is a mail of its own."""

    def recipients(self, subject: Membership) -> Iterable[Recipient]:
        """Return the person."""
        yield Recipient.of(subject.user)

    def matters(self, subject: Membership, reader: User) -> bool:
        """Whether the person still leads, and the organisation is in the register."""
        leads = subject.role == Role.LEAD and subject.organisation.state == OrganisationState.VERIFIED
        acting = Membership.objects.acting(clock.today_here()).filter(pk=subject.pk)
        return leads and subject.user_id == reader.pk and acting.exists()


class MandateEnded(MembershipEmail):
    """To the person whose mandate somebody else ended. The organisation is named as to anybody who is not in it."""

    def recipients(self, subject: Membership) -> Iterable[Recipient]:
        """Return the person."""
        yield Recipient.of(subject.user)

    def matters(self, subject: Membership, reader: User) -> bool:
        """Whether it is over, and the person does not act for the organisation again."""
        back = Membership.objects.filter(organisation=subject.organisation_id, user=reader.pk)
        over = subject.state == MembershipState.LEFT and subject.user_id == reader.pk
        return over and not back.filter(state=MembershipState.ACTIVE).exists()


mandate_offered = MandateOffered()
lead_given = LeadGiven()
mandate_ended = MandateEnded()

"""The mails of stakeholders: who asks for a seat, and that it was given."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import translation

from portal import clock, mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from stakeholders.models import Convenorship, Membership
from stakeholders.querysets import standing_of


class MembershipEmail(mail.Email, abstract=True):
    """A mail about one person's mandate."""

    def topic(self, subject: Membership) -> str:
        """All mails about one organisation's people are counted together."""
        return f"stakeholders.organisation:{subject.organisation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Membership]:
        """Return the memberships with who asks and for what."""
        wanted = Membership.objects.select_related("user", "organisation", "by").prefetch_related(
            "organisation__groups"
        )
        return wanted.in_bulk([message.subject_id for message in messages])

    def letter(self, subject: Membership, message: OutgoingMessage) -> Letter | None:
        """Return the mail with the organisation's name as its reader may see it; None when it no longer matters."""
        reader = User.objects.filter(pk=message.user_id, is_active=True).first()
        if reader is None or not self.matters(subject, reader):
            return None
        with translation.override(message.language):
            name = subject.organisation.shown_name(standing_of(reader))
            link = settings.SITE_URL + reverse("desk")
        return Letter({"membership": subject, "reader": reader, "organisation_name": name, "link": link})

    def matters(self, subject: Membership, reader: User) -> bool:
        """Whether the reader still has to know."""
        raise NotImplementedError


class MembershipRequested(MembershipEmail):
    """To whoever answers the request: the organisation's leads, or the convenors where it has none."""

    def recipients(self, subject: Membership) -> Iterable[Recipient]:
        """Return the leads of the organisation, else the convenors; never the person who asks."""
        today = clock.today_here()
        leads = Membership.objects.current(today).filter(organisation=subject.organisation_id, role="lead")
        found = Q(memberships__in=leads) if leads else Q(convenorships__in=Convenorship.objects.convening(today))
        people = User.objects.filter(found, is_active=True).exclude(pk=subject.user_id).distinct().order_by("pk")
        return map(Recipient.of, people)

    def matters(self, subject: Membership, reader: User) -> bool:
        """Whether nobody has answered yet and the reader still may."""
        return subject.can("confirm") and reader.has_perm("stakeholders.confirm_membership", subject)


class MembershipConfirmed(MembershipEmail):
    """To the person who asked: the seat is theirs."""

    def recipients(self, subject: Membership) -> Iterable[Recipient]:
        """Return the person."""
        yield Recipient.of(subject.user)

    def matters(self, subject: Membership, reader: User) -> bool:
        """Whether the person still has the seat."""
        return subject.state == "active" and subject.user_id == reader.pk


membership_requested = MembershipRequested()
membership_confirmed = MembershipConfirmed()

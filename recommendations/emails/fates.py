"""The mail that tells an organisation what became of its points: one for all of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Case, Exists, OuterRef, Value, When
from django.urls import reverse
from django.utils import translation

from portal import clock, mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from recommendations.models import Fate, FateLetter
from recommendations.querysets import SENT_IN
from stakeholders.models import Membership, Organisation
from stakeholders.querysets import standing_of
from stakeholders.states import Role


class FatesTold(mail.Email):
    """To whoever speaks for the organisation. It repeats neither words of points nor the organisation's name."""

    def recipients(self, subject: FateLetter) -> Iterable[Recipient]:
        """The one reader of the organisation."""
        reader = getattr(subject, "reader", None) or readers_for([subject.organisation]).get(subject.organisation_id)
        return [reader] if reader else []

    def topic(self, subject: FateLetter) -> str:
        """Counted with the other mails of the consultation."""
        return f"consultations.consultation:{subject.consultation_id}"

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, FateLetter]:
        """The letters with their consultation, organisation and fates."""
        ids = [message.subject_id for message in messages]
        same = {"consultation": OuterRef("consultation"), "organisation": OuterRef("organisation")}
        earlier = FateLetter.objects.filter(**same, pk__lt=OuterRef("pk"))
        letters = FateLetter.objects.annotate(again=Exists(earlier)).select_related("consultation", "organisation")
        return letters.prefetch_related("fates__submission__section").in_bulk(ids)

    def letter(self, subject: FateLetter, message: OutgoingMessage) -> Letter | None:
        """Nothing when its points were withdrawn, or the reader no longer speaks for the organisation."""
        if not may_read(subject.organisation, message):
            return None
        fates = sorted(subject.fates.all(), key=lambda fate: fate.submission_id)
        points = [fate for fate in fates if fate.submission.state in SENT_IN]
        return self.as_read(subject, points, message.language) if points else None

    def as_read(self, subject: FateLetter, points: Sequence[Fate | Any], language: str) -> Letter:
        """Return the letter with these points: `treatment`, and the `submission` with its number and section.

        `again` of the letter says whether the organisation was told something before.
        """
        with translation.override(language):
            link = settings.SITE_URL + reverse("fate_list")
        context = {"consultation": subject.consultation, "points": points, "again": subject.again, "link": link}
        return Letter(context)


def may_read(organisation: Organisation, message: OutgoingMessage) -> bool:
    """Whether the reader of a mail to the organisation may still read for it."""
    if organisation.state != "verified":
        return False
    if message.user_id is None:
        return organisation.contact_email == message.recipient
    reader = User.objects.filter(pk=message.user_id, is_active=True).first()
    return reader is not None and organisation.pk in standing_of(reader).speaks_for


def readers_for(organisations: Sequence[Organisation]) -> dict[int, Recipient]:
    """Return who reads for each organisation: its lead, else a representative, else the organisation's own address."""
    found = {one.pk: Recipient(one.contact_email, one.language) for one in organisations if one.contact_email}
    people: dict[int, Recipient] = {}
    speaking = Membership.objects.current(clock.today_here()).filter(organisation__in=organisations)
    lead_first = Case(When(role=Role.LEAD, then=Value(0)), default=Value(1))
    speaking = speaking.exclude(role=Role.DRAFTER).filter(user__is_active=True)
    for one in speaking.select_related("user").order_by(lead_first, "pk"):
        people.setdefault(one.organisation_id, Recipient.of(one.user))
    return {**found, **people}


fates_told = FatesTold()

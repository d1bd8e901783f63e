"""The mail that an office with open items has nobody left: to the administrators and the convenors concerned."""

from collections.abc import Iterable, Mapping

from django.db.models import Q
from django.utils import timezone

from portal import mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from recommendations.emails.trail import liaisons_of, page
from recommendations.models import Conveyance, Edition, Item
from stakeholders.emails import administrators
from stakeholders.models import Convenorship, PublicBody
from stakeholders.querysets import standing_of


def convenors_concerned(body: PublicBody) -> Iterable[User]:
    """Return who convenes today and has a consultation whose statement was conveyed to the office."""
    conveyed = Conveyance.objects.addressed_to(body.pk).values("edition__statement__consultation")
    today = Convenorship.objects.convening(timezone.localdate())
    concerned = Q(consultations__in=conveyed) & Q(convenorships__in=today)
    return User.objects.filter(concerned, is_active=True).distinct().order_by("pk")


class OfficeUnattended(mail.Email):
    """That items are open at an office and nobody answers for it."""

    def recipients(self, subject: PublicBody) -> Iterable[Recipient]:
        """Return the administrators and the convenors concerned, each once."""
        people = {user.pk: user for user in (*administrators(), *convenors_concerned(subject))}
        return map(Recipient.of, people.values())

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, PublicBody]:
        """Return the offices."""
        return PublicBody.objects.in_bulk([message.subject_id for message in messages])

    def letter(self, subject: PublicBody, message: OutgoingMessage) -> Letter | None:
        """Nothing when somebody was appointed meanwhile, all is answered, or the reader has no part in it any more."""
        reader = User.objects.filter(pk=message.user_id, is_active=True).first()
        standing = standing_of(reader) if reader else None
        if standing is None or not (standing.administrator or standing.convenor) or liaisons_of(subject):
            return None
        current = Item.objects.filter(edition__in=Edition.objects.current())
        count = current.pairs().of_office(subject).waiting().count()
        link = page("public_body_detail", message.language, subject.slug)
        return Letter({"body": subject, "count": count, "link": link}) if count else None


office_unattended = OfficeUnattended()

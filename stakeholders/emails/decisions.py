"""The mails about a decision on an organisation: to its contact, its leads, and whoever applied for it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal import mail
from portal.mail import Letter, Recipient
from portal.models import OutgoingMessage, User
from stakeholders.models import Decision, Organisation
from stakeholders.states import Verdict, Visibility


class DecisionEmail(mail.Email, abstract=True):
    """A mail about one decision. It never names an organisation whose name is withheld, and then gives no reasons."""

    def topic(self, subject: Decision) -> str:
        """All mails about one organisation are counted together."""
        return f"stakeholders.organisation:{subject.organisation_id}"

    def recipients(self, subject: Decision) -> Iterable[Recipient]:
        """Return the people first: somebody who is both contact and lead reads it once, in their own language."""
        organisation = subject.organisation
        yield from map(Recipient.of, people_of(organisation))
        if organisation.contact_email:
            yield Recipient(organisation.contact_email, organisation.language)

    def load(self, messages: list[OutgoingMessage]) -> Mapping[int, Decision]:
        """Return the decisions with their organisations."""
        wanted = Decision.objects.select_related("organisation").prefetch_related("organisation__groups")
        return wanted.in_bulk([message.subject_id for message in messages])

    def letter(self, subject: Decision, message: OutgoingMessage) -> Letter | None:
        """Return the mail; None when something else was decided since, or the reader has no part in it any more."""
        organisation = subject.organisation
        if organisation.decisions.first() != subject or not may_read(organisation, message):
            return None
        discreet = organisation.visibility == Visibility.WITHHELD
        with translation.override(message.language):
            name = _("your organisation") if discreet else organisation.name
            link = settings.SITE_URL + self.page(organisation, message)
        return Letter({"decision": subject, "name": name, "discreet": discreet, "link": link, **self.facts(subject)})

    def page(self, _organisation: Organisation, _message: OutgoingMessage) -> str:
        """Return the address of the page that the mail leads to."""
        return reverse("desk")

    def facts(self, subject: Decision) -> dict[str, Any]:
        """Return what else the mail says."""
        return {"own_bench": subject.verdict == Verdict.OWN_BENCH}


def people_of(organisation: Organisation) -> Iterator[User]:
    """Yield its leads, also while it is suspended, and whoever applied for it."""
    today = timezone.localdate()
    leads = organisation.memberships.dated(today).filter(state="active", role="lead").values("user")
    applied = [organisation.applicant_id] if organisation.applicant_id else []
    yield from User.objects.filter(pk__in=leads, is_active=True).order_by("pk")
    yield from User.objects.filter(pk__in=applied, is_active=True).exclude(pk__in=leads)


def may_read(organisation: Organisation, message: OutgoingMessage) -> bool:
    """Whether the reader still has a part in the organisation: rights are looked at again when a mail goes out."""
    if message.user_id is None:
        return message.recipient == organisation.contact_email
    return any(person.pk == message.user_id for person in people_of(organisation))


class OrganisationVerified(DecisionEmail):
    """It is at the table: as civil society, or on its own bench."""

    def facts(self, subject: Decision) -> dict[str, Any]:
        """Say in which capacity, and when it is looked at again."""
        capacity = subject.organisation.in_personal_capacity
        return {"own_bench": subject.verdict == Verdict.OWN_BENCH, "in_personal_capacity": capacity}


class OrganisationRefused(DecisionEmail):
    """It is not; why, and how to appeal."""

    def page(self, organisation: Organisation, message: OutgoingMessage) -> str:
        """Lead to the application, where one appeals. A lead who did not apply finds it absent: to the desk."""
        reader = message.user
        opens = reader is None or Organisation.objects.applied_by(reader).filter(pk=organisation.pk).exists()
        applied = organisation.applied_at is not None
        return (
            reverse("application_status", args=[organisation.slug])
            if applied and opens
            else super().page(organisation, message)
        )


class OrganisationSuspended(DecisionEmail):
    """It is not at the moment; why."""


class OrganisationReinstated(DecisionEmail):
    """It is again."""


class OrganisationDissolved(DecisionEmail):
    """The register says that it is no more."""


organisation_verified = OrganisationVerified()
organisation_refused = OrganisationRefused()
organisation_suspended = OrganisationSuspended()
organisation_reinstated = OrganisationReinstated()
organisation_dissolved = OrganisationDissolved()

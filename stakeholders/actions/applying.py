"""How an organisation comes into the register by itself: it applies, and appeals against a refusal."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import log, text
from portal.models import User
from portal.states import Refusal
from stakeholders import emails
from stakeholders.actions.describing import opaque_slug, write_relations
from stakeholders.models import Appeal, Organisation, TermsOfReference
from stakeholders.querysets import standing_of
from stakeholders.states import Verdict

RELATIONS = ("groups", "countries", "traits", "networks")


@transaction.atomic
def apply_organisation(*, by: User | None, terms: int, **values: Any) -> Organisation:
    """Put an organisation into the register as an applicant, with all that it says; tell it and the convenors.

    `terms` is the version that was accepted. Whether the register has the same name already is for a convenor to see:
    to tell an applicant would tell that somebody is there. Raises Refusal.
    """
    in_force = TermsOfReference.objects.in_force(timezone.localdate())
    if in_force is None or in_force.number != terms:
        raise Refusal(_("The terms of reference have changed meanwhile. Read them again, then send."), field="accept")
    if by and standing_of(by).body is not None:
        raise Refusal(_("You act for a public body. Somebody who does cannot act for an organisation as well."))
    relations = {name: values.pop(name) for name in RELATIONS if name in values}
    organisation = Organisation(slug=opaque_slug(), state="applied", applicant=by, **values)
    if text.is_blank(organisation.name or "") or not organisation.contact_email:
        raise Refusal(_("An application needs a name and an address to write to."))
    organisation.terms, organisation.terms_accepted_at = in_force, timezone.now()
    organisation.applied_at = organisation.terms_accepted_at
    organisation.save(force_insert=True)
    write_relations(organisation, by=by, **{"groups": (), **relations})
    emails.application_received(organisation)
    emails.application_waits(organisation)
    log.record("apply", organisation, by=by, topic=organisation)
    return organisation


@transaction.atomic
def appeal_decision(organisation: Organisation, *, by: User, text: str) -> Appeal:
    """Ask for another look at a refusal; the convenors hear of it, other than the one who refused.

    Only whoever applied, or has proved the contact address, may appeal, once a refusal. Raises Refusal.
    """
    organisation = Organisation.locked(organisation.pk)
    organisation.demand("appeal")
    if not Organisation.objects.applied_by(by).filter(pk=organisation.pk).exists():
        raise Refusal(_("Only the organisation itself can appeal."))
    decision = organisation.decisions.first()
    if decision is None or decision.verdict != Verdict.REFUSED or Appeal.objects.filter(decision=decision).exists():
        raise Refusal(_("There is no refusal that can be appealed against."))
    appeal = Appeal.objects.create(decision=decision, text=text, by=by)
    organisation.move("appeal")
    emails.appeal_waits(appeal)
    log.record("appeal", organisation, by=by, topic=organisation)
    return appeal


@transaction.atomic
def issue_terms(*, number: int, since: date, by: User | None = None, **words: str) -> TermsOfReference:
    """Put a version of the terms into force from a day on. The same again changes nothing.

    Raises Refusal where the number has another text already: organisations have accepted it as it stands.
    """
    there = TermsOfReference.objects.select_for_update().filter(number=number).first()
    if there is None:
        terms = TermsOfReference.objects.create(number=number, since=since, **words)
        log.record("issue", terms, by=by)
        return terms
    if there.since != since or any(getattr(there, name) != value for name, value in words.items()):
        raise Refusal(
            _("This version of the terms is there already with another text. Give the new text a new number.")
        )
    return there

"""The verbs after publication: until when others may sign on, sign on to an edition, withdraw that again."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import clock, log
from portal.models import User
from portal.states import Refusal
from recommendations.actions.plenary import demand_civil_society
from recommendations.models import Edition, Endorsement, Plenary, Statement
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of


@transaction.atomic
def open_sign_on(statement: Statement, *, by: User, until: date | None) -> Plenary:
    """Say until which day others may sign on; without a day nobody may. Raises Refusal."""
    statement = Statement.locked(statement.pk)
    if statement.state != "published":
        raise Refusal(_("Publish the statement first."))
    if until and until < clock.today_in(statement.consultation.time_zone):
        raise Refusal(_("This day is over."), field="until")
    plenary, _new = Plenary.objects.get_or_create(statement=statement)
    plenary.sign_on_until = until
    plenary.save(update_fields=["sign_on_until", "updated_at"])
    log.record("open_sign_on", statement, by=by, topic=statement.consultation)
    return plenary


def is_open(statement: Statement, until: date | None) -> bool:
    """Whether others may sign on now: the last day ends in the zone of the consultation, by the database's clock."""
    if statement.state != "published" or until is None:
        return False
    return clock.database_now() <= clock.end_of_day(until, statement.consultation.time_zone)


@transaction.atomic
def endorse_edition(edition: Edition, *, by: User, organisation: Organisation) -> Endorsement:
    """Sign on to exactly this edition for the person's own organisation. Raises Refusal."""
    statement = Statement.locked(edition.statement_id)
    plenary = Plenary.objects.filter(statement=statement).first()
    if not is_open(statement, plenary.sign_on_until if plenary else None):
        raise Refusal(_("Signing on is closed."))
    if edition.number != statement.current_edition:
        raise Refusal(_("There is a newer edition: read that one, and sign on to it."))
    if organisation.pk not in standing_of(by).speaks_for:
        raise Refusal(_("You do not speak for this organisation."), field="organisation")
    demand_civil_society(organisation)
    if statement.adoption.adopters.filter(pk=organisation.pk).exists():
        raise Refusal(_("It adopted the text on the day: that stands, and needs no second signature."))
    endorsement, new = Endorsement.objects.get_or_create(
        edition=edition, organisation=organisation, withdrawn_at=None, defaults={"by": by}
    )
    if new:
        log.record("endorse", endorsement, by=by, topic=statement.consultation)
    return endorsement


@transaction.atomic
def withdraw_endorsement(endorsement: Endorsement, *, by: User) -> Endorsement:
    """Take the signature back: from today it stands in the history as withdrawn. Raises Refusal."""
    endorsement = Endorsement.objects.select_for_update(of=("self",)).get(pk=endorsement.pk)
    if endorsement.organisation_id not in standing_of(by).speaks_for:
        raise Refusal(_("You do not speak for this organisation."))
    if endorsement.withdrawn_at:
        raise Refusal(_("It was withdrawn already."))
    endorsement.withdrawn_at = clock.database_now()
    endorsement.save(update_fields=["withdrawn_at"])
    log.record("withdraw_endorsement", endorsement, by=by, topic=endorsement.edition.statement.consultation)
    return endorsement

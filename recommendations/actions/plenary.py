"""The verbs before and around a decision: state the rule, call the roll, record proxies."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.states import InvitationState
from portal import log
from portal.models import User
from portal.states import Conflict, Refusal
from recommendations import floor
from recommendations.models import Plenary, Proxy, RollEntry, Statement
from recommendations.states import RuleKind
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of
from stakeholders.states import OrganisationState

MOST_PROXIES = 2  # voices that one organisation may carry besides its own


def locked_tabled(statement: Statement) -> Statement:
    """Return the statement, locked. Raises Refusal unless it is before the plenary."""
    statement = Statement.locked(statement.pk)
    if statement.state != "tabled":
        raise Refusal(_("Positions are not being taken now: the statement is not tabled."))
    return statement


def demand_civil_society(organisation: Organisation, field: str = "organisation") -> None:
    """Raise Refusal for one that is heard on its own bench, or is not at the table."""
    if organisation.state != OrganisationState.VERIFIED:
        raise Refusal(_("Only verified organisations take a position."), field=field)
    if not organisation.is_civil_society:
        raise Refusal(
            _("This organisation is heard on its own bench. Only civil society takes a position and adopts."),
            field=field,
        )


def demand_not_own(organisation: Organisation, by: User) -> None:
    """Raise Refusal where a convenor would write down what concerns an organisation that the convenor acts for."""
    if organisation.pk in standing_of(by).organisations:
        raise Refusal(
            _("You act for this organisation. Another convenor records its position, or you take it as its own.")
        )


def has_accepted(statement: Statement, organisation: Organisation) -> bool:
    """Whether the organisation accepted the invitation."""
    invitations = statement.consultation.invitations.of([organisation.pk])
    return bool(invitations.filter(state=InvitationState.ACCEPTED).exists())


@transaction.atomic
def state_rule(statement: Statement, *, by: User, version: int, **rule: Any) -> Plenary:
    """State when the text is adopted. Raises Refusal once somebody has said something, Conflict for an old version."""
    statement = Statement.locked(statement.pk)
    if statement.state not in {"draft", "tabled"}:
        raise Refusal(_("It was adopted already."))
    if floor.rule_is_frozen(statement):
        raise Refusal(_("The first position is taken: the rule stands still from then on."))
    plenary, new = Plenary.objects.select_for_update().get_or_create(statement=statement)
    if not new and plenary.version != version:
        raise Conflict(plenary)
    for name, value in rule.items():
        setattr(plenary, name, value)
    if plenary.kind == RuleKind.SHARE and plenary.percent not in range(1, 101):
        raise Refusal(_("Say the share in per cent, from 1 to 100."), field="percent")
    plenary.version, plenary.by = version + 1, by
    plenary.save()
    log.record("state_rule", statement, by=by, topic=statement.consultation, detail=plenary.kind)
    return plenary


@transaction.atomic
def mark_presence(statement: Statement, *, by: User, organisation: Organisation, present: bool) -> RollEntry:
    """Write down whether one organisation is in the room. The last word counts. Raises Refusal for the own one."""
    statement = locked_tabled(statement)
    demand_not_own(organisation, by)
    demand_civil_society(organisation)
    values = {"present": present, "by": by, "at": timezone.now()}
    entry, _new = RollEntry.objects.update_or_create(statement=statement, organisation=organisation, defaults=values)
    log.record("mark_presence", statement, by=by, topic=statement.consultation, detail="here" if present else "away")
    return entry


@transaction.atomic
def take_roll_from_door(statement: Statement, *, by: User) -> int:
    """Call every organisation present of which the door noted a delegate, and that the roll does not name yet."""
    statement = locked_tabled(statement)
    named = set(statement.roll.values_list("organisation", flat=True))
    found = Organisation.objects.filter(pk__in=floor.came(statement) - named).prefetch_related("groups")
    new = [
        RollEntry(statement=statement, organisation=one, by=by)
        for one in found.order_by("pk")
        if one.state == OrganisationState.VERIFIED and one.is_civil_society
    ]
    RollEntry.objects.bulk_create(new)
    log.record("call_roll", statement, by=by, topic=statement.consultation, detail=f"{len(new)}")
    return len(new)


@transaction.atomic
def record_proxy(statement: Statement, *, by: User, giver: Organisation, holder: Organisation) -> Proxy:
    """Write down that one organisation carries the voice of another. Raises Refusal.

    One voice each, two at most a holder, none handed on, and only among those who adopt.
    """
    statement = locked_tabled(statement)
    for organisation, field in ((giver, "giver"), (holder, "holder")):
        demand_not_own(organisation, by)
        demand_civil_society(organisation, field)
    if giver.pk == holder.pk:
        raise Refusal(_("An organisation carries its own voice anyway."), field="holder")
    if not has_accepted(statement, giver):
        raise Refusal(_("This organisation did not accept the invitation."), field="giver")
    standing = floor.standing_proxies(statement)
    if standing.filter(giver=giver).exists():
        raise Refusal(_("Its voice is carried already. Revoke that first."), field="giver")
    if standing.filter(giver=holder).exists() or standing.filter(holder=giver).exists():
        raise Refusal(_("A voice that is carried is not handed on."), field="holder")
    if standing.filter(holder=holder).count() >= MOST_PROXIES:
        raise Refusal(_("It carries two voices already: no organisation carries more."), field="holder")
    proxy = Proxy.objects.create(statement=statement, giver=giver, holder=holder, by=by)
    log.record("record_proxy", statement, by=by, topic=statement.consultation)
    return proxy


@transaction.atomic
def revoke_proxy(proxy: Proxy, *, by: User) -> Proxy:
    """Take a proxy back. What was said with it stands until the organisation says something else. Raises Refusal."""
    statement = locked_tabled(proxy.statement)
    proxy = Proxy.objects.select_for_update(of=("self",)).get(pk=proxy.pk)
    if proxy.revoked_at:
        raise Refusal(_("It was revoked already."))
    proxy.revoked_at = timezone.now()
    proxy.save(update_fields=["revoked_at"])
    log.record("revoke_proxy", statement, by=by, topic=statement.consultation)
    return proxy

"""The verbs of a position: an organisation says it, for itself or with a proxy; a convenor records it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import log
from portal.models import User
from portal.states import Refusal
from recommendations import floor
from recommendations.actions.plenary import demand_civil_society, demand_not_own, has_accepted, locked_tabled
from recommendations.models import Position, Recommendation, Statement
from recommendations.states import RecommendationState, Stance
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of


@transaction.atomic
def take_position(
    statement: Statement,
    *,
    by: User,
    organisation: Organisation,
    stance: str,
    text: str = "",
    recommendation: Recommendation | None = None,
) -> Position:
    """Say what the person's own organisation says to the tabled text, or one whose voice it carries.

    The last word counts. Raises Refusal.
    """
    statement = locked_tabled(statement)
    carried_by = demand_voice(statement, organisation, by)
    return _write_position(statement, by, organisation, stance, text, recommendation, carried_by)


@transaction.atomic
def record_position(
    statement: Statement,
    *,
    by: User,
    organisation: Organisation,
    stance: str,
    text: str = "",
    recommendation: Recommendation | None = None,
) -> Position:
    """Write down, as convenor, what an organisation said in the plenary. Raises Refusal for the own organisation."""
    statement = locked_tabled(statement)
    demand_not_own(organisation, by)
    demand_civil_society(organisation)
    carried = floor.standing_proxies(statement).filter(giver=organisation).select_related("holder").first()
    return _write_position(
        statement, by, organisation, stance, text, recommendation, carried.holder if carried else None
    )


@transaction.atomic
def take_back_position(position: Position, *, by: User) -> None:
    """Unsay what the own organisation said to one item: what it says to the whole stands. Raises Refusal."""
    statement = locked_tabled(position.statement)
    position = Position.objects.select_for_update(of=("self",)).get(pk=position.pk)
    demand_voice(statement, position.organisation, by)
    if position.recommendation_id is None:
        raise Refusal(_("Take another position on the whole text instead."))
    _demand_open(statement, position.recommendation)
    log.record("take_back_position", position, by=by, topic=statement.consultation)
    position.delete()


def demand_voice(statement: Statement, organisation: Organisation, by: User) -> Organisation | None:
    """Return the organisation that carries the voice, None where it is the person's own. Raises Refusal."""
    speaks_for = standing_of(by).speaks_for
    carried = floor.standing_proxies(statement).filter(giver=organisation).select_related("holder").first()
    if organisation.pk not in speaks_for and not (carried and carried.holder_id in speaks_for):
        raise Refusal(_("You do not speak for this organisation."), field="organisation")
    if not has_accepted(statement, organisation):
        raise Refusal(_("This organisation did not accept the invitation."), field="organisation")
    demand_civil_society(organisation)
    return None if organisation.pk in speaks_for or not carried else carried.holder


def is_undecided(statement: Statement, recommendation: Recommendation) -> bool:
    """Whether the item belongs to the text and is still open: nobody said yet what becomes of it."""
    here: Recommendation = Recommendation.objects.get(pk=recommendation.pk)
    return here.statement_id == statement.pk and here.state == RecommendationState.TABLED


def _demand_open(statement: Statement, on: Recommendation | None) -> None:
    """Raise Refusal where the item is decided, or its voices are taken in secret."""
    if on and not is_undecided(statement, on):
        raise Refusal(_("This item is decided already."), field="recommendation")
    if floor.ballot_of(statement, on.pk if on else None):
        raise Refusal(_("This is decided in a secret ballot: no position is taken openly."), field="stance")


def _write_position(
    statement: Statement,
    by: User,
    organisation: Organisation,
    stance: str,
    text: str,
    on: Recommendation | None,
    carried_by: Organisation | None,
) -> Position:
    """Write the one row of the organisation on the whole, or on the item."""
    if stance == Stance.RESERVATION and not text:
        raise Refusal(_("Write the words of the reservation: they stand in the record."), field="text")
    if on and on.statement_id != statement.pk:
        raise Refusal(_("This item belongs to another text."), field="recommendation")
    _demand_open(statement, on)
    values = {"stance": stance, "text": text, "by": by, "carried_by": carried_by}
    position, _new = Position.objects.update_or_create(
        statement=statement, organisation=organisation, recommendation=on, defaults=values
    )
    if on and stance == Stance.RESERVATION:
        # Who reserves its right on one item joins the rest: an earlier “no” to the whole is not its last word.
        no = Position.objects.filter(statement=statement, organisation=organisation, recommendation=None)
        no.exclude(stance__in=floor.JOINS).delete()
    log.record("take_position", position, by=by, topic=statement.consultation)
    return position

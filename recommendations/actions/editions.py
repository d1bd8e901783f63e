"""The verbs of the plenary: take a position, adopt, freeze an edition, publish."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from consultations.states import InvitationState
from portal import clock, log
from portal.models import User
from portal.states import Refusal
from recommendations import canonical, emails
from recommendations.models import Adoption, Edition, Item, Position, Recommendation, Statement
from recommendations.states import Manner, RecommendationState, Stance
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of

JOINS = (Stance.CONSENSUS, Stance.RESERVATION)


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
    """Say what the person's own organisation says to the tabled text. The last word counts. Raises Refusal."""
    statement = _locked_tabled(statement)
    if organisation.pk not in standing_of(by).speaks_for:
        raise Refusal(_("You do not speak for this organisation."), field="organisation")
    if not _accepted(statement, organisation):
        raise Refusal(_("This organisation did not accept the invitation."), field="organisation")
    _demand_civil_society(organisation)
    return _write_position(statement, by, organisation, stance, text, recommendation)


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
    statement = _locked_tabled(statement)
    if organisation.pk in standing_of(by).organisations:
        raise Refusal(
            _("You act for this organisation. Another convenor records its position, or you take it as its own.")
        )
    if organisation.state != "verified":
        raise Refusal(_("Only verified organisations take a position."), field="organisation")
    _demand_civil_society(organisation)
    return _write_position(statement, by, organisation, stance, text, recommendation)


def _locked_tabled(statement: Statement) -> Statement:
    statement = Statement.locked(statement.pk)
    if statement.state != "tabled":
        raise Refusal(_("Positions are not being taken now: the statement is not tabled."))
    return statement


def _demand_civil_society(organisation: Organisation) -> None:
    if not organisation.is_civil_society:
        raise Refusal(
            _("This organisation is heard on its own bench. Only civil society takes a position and adopts."),
            field="organisation",
        )


def _accepted(statement: Statement, organisation: Organisation) -> bool:
    invitations = statement.consultation.invitations.of([organisation.pk])
    return bool(invitations.filter(state=InvitationState.ACCEPTED).exists())


def _write_position(
    statement: Statement, by: User, organisation: Organisation, stance: str, text: str, on: Recommendation | None
) -> Position:
    """Write the one row of the organisation; a reservation may name the recommendation that it is about."""
    if stance == Stance.RESERVATION and not text:
        raise Refusal(_("Write the words of the reservation: they stand in the record."), field="text")
    if on and (on.statement_id != statement.pk or stance != Stance.RESERVATION):
        raise Refusal(_("Only a reservation is about one recommendation."), field="recommendation")
    values = {"stance": stance, "text": text, "recommendation": on, "by": by}
    position, _new = Position.objects.update_or_create(statement=statement, organisation=organisation, defaults=values)
    log.record("take_position", position, by=by, topic=statement.consultation)
    return position


@transaction.atomic
def adopt_statement(statement: Statement, *, by: User, adopted_on: date, place: str = "") -> Edition:
    """Adopt the tabled text with the positions as they stand, and freeze it as edition 1.

    Raises Refusal while an organisation cannot agree, or when none joins.
    """
    statement = Statement.locked(statement.pk)
    statement.demand("adopt")
    consultation = statement.consultation
    if adopted_on > clock.today_in(consultation.time_zone):
        raise Refusal(_("This day has not come yet."), field="adopted_on")
    positions = _voices(statement)
    _demand_consensus(positions)
    adoption = _record_adoption(statement, positions, by, adopted_on, place)
    recommendations = _settle_recommendations(statement, positions)
    edition = freeze_edition(statement, number=1, adopted_on=adopted_on, recommendations=recommendations)
    statement.move("adopt", current_edition=edition.number)
    log.record("adopt", statement, by=by, topic=consultation, detail=f"{adoption.present_count}")
    return edition


def _voices(statement: Statement) -> list[Position]:
    """Return the positions that count: not of one on its own bench by now, nor of a record that was merged."""
    positions = statement.positions.select_for_update(of=("self",)).select_related("organisation")
    found = positions.prefetch_related("organisation__groups")
    return [one for one in found if one.organisation.state != "merged" and one.organisation.is_civil_society]


def _demand_consensus(positions: Sequence[Position]) -> None:
    if any(position.stance == Stance.BLOCKS for position in positions):
        raise Refusal(_("One organisation or more cannot agree. Find words that all can live with, or do not adopt."))
    if not any(position.stance in JOINS for position in positions):
        raise Refusal(_("No organisation has joined the consensus yet."))


def _record_adoption(
    statement: Statement, positions: Sequence[Position], by: User, adopted_on: date, place: str
) -> Adoption:
    joined = [position for position in positions if position.stance in JOINS]
    reserved = any(position.stance == Stance.RESERVATION for position in joined)
    adoption = Adoption.objects.create(
        statement=statement,
        adopted_on=adopted_on,
        place=place,
        manner=Manner.CONSENSUS_WITH_RESERVATIONS if reserved else Manner.CONSENSUS,
        invited_count=statement.consultation.invitations.reached().count(),
        present_count=len({position.organisation_id for position in positions}),
        by=by,
    )
    adoption.adopters.set(position.organisation for position in joined)
    return adoption


def _settle_recommendations(statement: Statement, positions: Sequence[Position]) -> list[Recommendation]:
    """Move each tabled recommendation on: with reservations where one is about it. Return them in their order."""
    reserved = {position.recommendation_id for position in positions if position.stance == Stance.RESERVATION}
    tabled = statement.recommendations.filter(state=RecommendationState.TABLED).order_by("position", "id")
    recommendations = list(tabled.select_for_update())
    for recommendation in recommendations:
        recommendation.move("adopt_with_reservations" if recommendation.pk in reserved else "adopt")
    return recommendations


def freeze_edition(
    statement: Statement, *, number: int, adopted_on: date, recommendations: Iterable[Recommendation]
) -> Edition:
    """Write an edition that never changes: numbered items with their addressees, canonical form and fingerprint.

    Only inside an action that holds the statement's lock. Items are numbered from 1 in each section, in order.
    """
    numbered = list(number_in_sections(recommendations))
    text = canonical.form(statement, number=number, adopted_on=adopted_on, entries=[_entry(*pair) for pair in numbered])
    edition = Edition.objects.create(
        statement=statement,
        number=number,
        canonical=text,
        fingerprint=canonical.fingerprint(text),
        adopted_on=adopted_on,
        prevailing_language=statement.prevailing_language,
    )
    for place, recommendation in numbered:
        _write_item(edition, place, recommendation)
    return edition


def number_in_sections(recommendations: Iterable[Recommendation]) -> Iterable[tuple[int, Recommendation]]:
    """Yield each recommendation with its number: from 1 in each section, in the given order."""
    reached: dict[str | None, int] = defaultdict(int)
    for recommendation in recommendations:
        reached[recommendation.section_id] += 1
        yield reached[recommendation.section_id], recommendation


def _entry(number: int, recommendation: Recommendation) -> canonical.Entry:
    texts = canonical.in_each_language(recommendation, "text")
    return canonical.Entry(recommendation.section_id, number, texts, list(recommendation.addressees.all()))


def _write_item(edition: Edition, number: int, recommendation: Recommendation) -> None:
    texts = canonical.in_each_language(recommendation, "text")
    columns = {build_localized_fieldname("text", code): text for code, text in texts.items()}
    item = Item.objects.create(
        edition=edition,
        recommendation=recommendation,
        section_id=recommendation.section_id,
        number=number,
        theme_id=recommendation.theme_id,
        **columns,
    )
    item.addressees.set(recommendation.addressees.all())


@transaction.atomic
def publish_statement(statement: Statement, *, by: User) -> Statement:
    """Open the adopted text to everybody, and tell the convenors and those who took part. Raises Refusal."""
    statement = Statement.locked(statement.pk)
    statement.move("publish")
    current = statement.editions.filter(number=statement.current_edition)
    current.update(published_at=clock.database_now())
    emails.statement_published(statement)
    log.record("publish", statement, by=by, topic=statement.consultation)
    return statement

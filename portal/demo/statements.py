"""Statements: the common text with its sources, the plenary's act, and the frozen edition."""

from datetime import date, datetime
from typing import Any

from consultations.models import Consultation
from portal.demo.facts import Facts, both, one
from portal.demo.register import Register
from portal.demo.submissions import section_code
from portal.models import User
from recommendations.actions.editions import freeze_edition
from recommendations.models import Adoption, Edition, Position, Recommendation, Source, Statement, Submission
from recommendations.states import Manner, RecommendationState, Stance
from stakeholders.models import Organisation

Place = tuple[str | None, int]


def draw_up(consultation: Consultation, facts: Facts, *, state: str, note: dict[str, str]) -> Statement:
    """Write the statement of a consultation, with the note that says what is made up."""
    return Statement.objects.create(
        consultation=consultation,
        slug=facts["slug"],
        official_title=one(facts["official_title"]),
        state=state,
        prevailing_language=facts["prevailing_language"],
        illustrative=True,
        **both("title", facts["short_title"]),
        **both("preamble", facts["preamble"]),
        **both("note", note),
    )


def word(
    statement: Statement, rows: list[Facts], register: Register, submissions: dict[str, Submission]
) -> list[Recommendation]:
    """Write the common text with its addressees and sources. Adopted rows stand in the order of their numbers."""
    positions: dict[str, int] = {}
    recommendations = []
    for row in rows:
        positions[row["section"]] = positions.get(row["section"], 0) + 1
        recommendations.append(_recommendation(statement, row, positions[row["section"]], register))
    Recommendation.objects.bulk_create(recommendations)
    pairs = list(zip(recommendations, rows, strict=True))
    through = Recommendation.addressees.through
    through.objects.bulk_create(
        through(recommendation=recommendation, publicbody=body)
        for recommendation, row in pairs
        for body in register.bodies_of(row["addressees"])
    )
    Source.objects.bulk_create(
        Source(recommendation=recommendation, submission=submissions[key])
        for recommendation, row in pairs
        for key in row.get("sources", [])
    )
    return recommendations


def _recommendation(statement: Statement, row: Facts, position: int, register: Register) -> Recommendation:
    return Recommendation(
        statement=statement,
        section_id=section_code(row),
        position=position,
        theme=register.themes[row["theme"]],
        state=row.get("state", RecommendationState.ADOPTED),
        version=row.get("version", 1),
        **both("text", row["text"]),
    )


def adopt(
    statement: Statement,
    facts: Facts,
    register: Register,
    *,
    on: date,
    invited: int = 0,
    by: User | None = None,
) -> Adoption:
    """Write down the plenary's act: one position for each adopting organisation, a reservation where it had one."""
    adopters = [register.organisations[_slug(row)] for row in facts["adopters"]]
    reservations = {register.organisations[row["organisation"]].pk: row for row in facts["reservations"]}
    places = _places(statement)
    Position.objects.bulk_create(
        _position(statement, organisation, reservations.get(organisation.pk), places, by) for organisation in adopters
    )
    adoption = Adoption.objects.create(
        statement=statement,
        adopted_on=on,
        place=statement.consultation.city_en,
        manner=Manner.CONSENSUS_WITH_RESERVATIONS if reservations else Manner.CONSENSUS,
        invited_count=invited,
        present_count=len(adopters),
        by=by,
    )
    adoption.adopters.set(adopters)
    return adoption


def _slug(row: Any) -> str:
    return row["organisation"] if isinstance(row, dict) else row


def _places(statement: Statement) -> dict[Place, Recommendation]:
    return {(row.section_id, row.position): row for row in statement.recommendations.all()}


def _position(
    statement: Statement,
    organisation: Organisation,
    reservation: Facts | None,
    places: dict[Place, Recommendation],
    by: User | None,
) -> Position:
    position = Position(statement=statement, organisation=organisation, stance=Stance.CONSENSUS, by=by)
    if reservation:
        recommendation = places[section_code(reservation), reservation["number"]]
        recommendation.state = RecommendationState.ADOPTED_WITH_RESERVATIONS
        recommendation.save(update_fields=["state"])
        position.stance = Stance.RESERVATION
        position.recommendation = recommendation
        position.text = one(reservation["text"], statement.prevailing_language)
    return position


def freeze(statement: Statement, *, on: date, published_at: datetime) -> Edition:
    """Freeze the adopted text as edition 1, through the one place that knows its canonical form, and publish it."""
    adopted = statement.recommendations.order_by("position", "id").prefetch_related("addressees")
    edition = freeze_edition(statement, number=1, adopted_on=on, recommendations=adopted)
    edition.published_at = published_at
    edition.save(update_fields=["published_at"])
    statement.current_edition = edition.number
    statement.save(update_fields=["current_edition"])
    return edition

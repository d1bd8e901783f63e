"""The verbs at the end of a plenary: adopt, freeze an edition, publish."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal import clock, log
from portal.models import User
from portal.states import Refusal
from recommendations import canonical, emails, floor, majorities
from recommendations.floor import Member
from recommendations.models import Adoption, Edition, Item, Outcome, Plenary, Recommendation, Statement
from recommendations.models.wording import as_columns
from recommendations.states import BallotState, Manner, RecommendationState, RuleKind, Stance, Verdict


@transaction.atomic
def adopt_statement(statement: Statement, *, by: User, adopted_on: date, place: str = "") -> Edition:
    """Adopt the tabled text by the rule that was stated, with the positions as they stand; freeze it as edition 1.

    Only items that were agreed go in. Raises Refusal where the rule is not met, or an item or a ballot is open.
    """
    statement = Statement.locked(statement.pk)
    statement.demand("adopt")
    consultation = statement.consultation
    if adopted_on > clock.today_in(consultation.time_zone):
        raise Refusal(_("This day has not come yet."), field="adopted_on")
    if statement.ballots.filter(state=BallotState.OPEN).exists():
        raise Refusal(_("A secret ballot is open. Count it or drop it first."))
    members = [one for one in floor.assembly(statement) if one.counts]
    ballot = floor.ballot_of(statement, None)
    found = floor.tally_of(statement, members, None, ballot)
    _demand_rule(found)
    chosen = _demand_items(statement)
    adoption = _record_adoption(
        statement, members, found, secret=ballot is not None, by=by, adopted_on=adopted_on, place=place
    )
    recommendations = _settle_recommendations(members, chosen)
    edition = freeze_edition(statement, number=1, adopted_on=adopted_on, recommendations=recommendations)
    Plenary.objects.filter(statement=statement).update(floor=None)
    statement.move("adopt", current_edition=edition.number)
    log.record("adopt", statement, by=by, topic=consultation, detail=f"{adoption.present_count}")
    return edition


def _demand_rule(found: majorities.Tally) -> None:
    """Raise Refusal with the arithmetic where the rule is not met."""
    if found.rule.kind == RuleKind.CONSENSUS and found.whole.blocked:
        raise Refusal(_("One organisation or more cannot agree. Find words that all can live with, or do not adopt."))
    if not found.whole.joined:
        raise Refusal(_("No organisation has joined the consensus yet."))
    if not found.adopted:
        raise Refusal(" ".join(floor.sentences(found)))


def _demand_items(statement: Statement) -> list[Recommendation]:
    """Return the items that go into the edition, in their order: the agreed ones, or all where none was taken alone.

    Raises Refusal where some were decided one by one and others are open.
    """
    # Locked in the order of their ids, as everywhere; a joined row cannot be locked.
    rows = list(statement.recommendations.order_by("pk").select_for_update())
    tabled = [one for one in rows if one.state == RecommendationState.TABLED]
    agreed = [one for one in rows if one.state in {RecommendationState.AGREED, RecommendationState.AMENDED}]
    others = [one.pk for one in rows if one not in tabled]
    if tabled and (agreed or statement.outcomes.filter(recommendation__in=others).exists()):
        sentence = ngettext(
            "%(count)d item is still open. Decide on it, or agree to what is left.",
            "%(count)d items are still open. Decide on them, or agree to what is left.",
            len(tabled),
        )
        raise Refusal(sentence % {"count": len(tabled)})
    if not tabled and not agreed:
        raise Refusal(_("No item was agreed: there is nothing to adopt."))
    return sorted([*tabled, *agreed], key=lambda one: (one.position, one.pk))


def _record_adoption(
    statement: Statement, members: Sequence[Member], found: majorities.Tally, *, secret: bool, by: User, **day: Any
) -> Adoption:
    """Write the act, and who adopts. In secret nobody knows who joined: nobody is listed."""
    joined = [] if secret else [one for one in members if one.stance_on(None) in floor.JOINS]
    reserved = any(one.stance_on(None) == Stance.RESERVATION for one in joined)
    consensus = found.rule.kind == RuleKind.CONSENSUS
    plain, with_words = (
        (Manner.CONSENSUS, Manner.CONSENSUS_WITH_RESERVATIONS)
        if consensus
        else (Manner.MAJORITY, Manner.MAJORITY_WITH_RESERVATIONS)
    )
    adoption = Adoption.objects.create(
        statement=statement,
        manner=Manner.SECRET if secret else with_words if reserved else plain,
        invited_count=statement.consultation.invitations.reached().count(),
        present_count=found.voices,
        by=by,
        **day,
    )
    adoption.adopters.set(one.organisation for one in joined)
    Outcome.objects.create(
        statement=statement, verdict=Verdict.ADOPTED, figures=majorities.kept(found), secret=secret, by=by
    )
    return adoption


def _settle_recommendations(members: Sequence[Member], chosen: Sequence[Recommendation]) -> list[Recommendation]:
    """Move each agreed recommendation on: as amended, or with reservations where one is about it."""
    reserved = {one.recommendation_id for member in members for one in member.reservations}
    for recommendation in chosen:
        if recommendation.state == RecommendationState.AMENDED:
            recommendation.move("adopt_as_amended")
        else:
            recommendation.move("adopt_with_reservations" if recommendation.pk in reserved else "adopt")
    for left in chosen[0].statement.recommendations.filter(state=RecommendationState.BRACKETED):
        left.move("reject")
    return list(chosen)


def freeze_edition(
    statement: Statement,
    *,
    number: int,
    adopted_on: date,
    recommendations: Iterable[Recommendation],
    imported: bool = False,
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
        imported=imported,
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
    item = Item.objects.create(
        edition=edition,
        recommendation=recommendation,
        section_id=recommendation.section_id,
        number=number,
        theme_id=recommendation.theme_id,
        **as_columns("text", texts),
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

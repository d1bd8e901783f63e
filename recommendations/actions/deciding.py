"""The verbs on the floor: open an item, decide on it, agree to the rest, and record that the whole was not adopted."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from portal import log
from portal.models import User
from portal.states import Conflict, Refusal
from recommendations import canonical, floor, majorities
from recommendations.actions.ballots import clear_ballots, drop_counted
from recommendations.actions.plenary import locked_tabled
from recommendations.models import Outcome, Plenary, Position, Recommendation, Statement
from recommendations.models.wording import as_columns
from recommendations.states import VERDICT_VERBS, BallotState, RecommendationState, Verdict

AGREEING = (Verdict.AGREED, Verdict.AMENDED)


@transaction.atomic
def put_on_floor(statement: Statement, *, by: User, recommendation: Recommendation | None) -> Plenary:
    """Open one item for everybody in the room, or take it down again. Raises Refusal."""
    statement = locked_tabled(statement)
    if recommendation and recommendation.statement_id != statement.pk:
        raise Refusal(_("This item belongs to another text."))
    plenary, _new = Plenary.objects.get_or_create(statement=statement)
    plenary.floor = recommendation
    plenary.save(update_fields=["floor", "updated_at"])
    log.record("put_on_floor", recommendation or statement, by=by, topic=statement.consultation)
    return plenary


@transaction.atomic
def decide_item(
    recommendation: Recommendation,
    *,
    by: User,
    verdict: str,
    version: int,
    words: Mapping[str, str] | None = None,
    note: str = "",
) -> Outcome:
    """Record what the plenary said to one item: agreed, amended in these words, in brackets, deferred, withdrawn.

    An item that was put to the vote is agreed only where the rule is met. Raises Refusal, or Conflict.
    """
    statement = locked_tabled(recommendation.statement)
    recommendation = Recommendation.locked(recommendation.pk)
    if recommendation.version != version:
        raise Conflict(recommendation)
    recommendation.demand(VERDICT_VERBS[Verdict(verdict)])
    ballot = floor.ballot_of(statement, recommendation.pk)
    if ballot and ballot.state == BallotState.OPEN:
        raise Refusal(_("A secret ballot is open on this item. Count it or drop it first."))
    members = floor.assembly(statement)
    found = floor.tally_of(statement, members, recommendation.pk, ballot)
    if verdict in AGREEING and floor.voted_on(members, recommendation.pk, ballot):
        _demand_met(found)
    outcome = Outcome(statement=statement, recommendation=recommendation, verdict=verdict, note=note, by=by)
    outcome.figures, outcome.secret = majorities.kept(found), ballot is not None
    _change(recommendation, outcome, words or {})
    outcome.save()
    log.record(VERDICT_VERBS[Verdict(verdict)], recommendation, by=by, topic=statement.consultation)
    return outcome


def _demand_met(found: majorities.Tally) -> None:
    if not found.adopted:
        raise Refusal(" ".join(floor.sentences(found)))


def _change(recommendation: Recommendation, outcome: Outcome, words: Mapping[str, str]) -> None:
    """Move the item, with the words that the plenary gave it; opened again it has those that were tabled."""
    changed: dict[str, Any] = {"version": recommendation.version + 1}
    if outcome.verdict == Verdict.AMENDED:
        outcome.before = canonical.in_each_language(recommendation, "text")
        changed |= _amended(recommendation, words)
        outcome.after = {**outcome.before, **words}
    if outcome.verdict == Verdict.REOPENED:
        changed |= _tabled_words(recommendation)
        drop_counted(recommendation)
    recommendation.move(VERDICT_VERBS[Verdict(outcome.verdict)], **changed)


def _amended(recommendation: Recommendation, words: Mapping[str, str]) -> dict[str, Any]:
    """Return the columns of the amended words. Raises Refusal where nothing changed, or the prevailing text is gone."""
    there = canonical.in_each_language(recommendation, "text")
    prevailing = recommendation.statement.prevailing_language
    if not {**there, **words}.get(prevailing):
        field = build_localized_fieldname("text", prevailing)
        raise Refusal(_("Write the amended words in the prevailing language."), field=field)
    if all(there.get(code, "") == text for code, text in words.items()):
        raise Refusal(_("Nothing was changed. Say “agreed”, or type the amended words."), field="text")
    return as_columns("text", {**there, **words})


def _tabled_words(recommendation: Recommendation) -> dict[str, Any]:
    """Return the words before the last amendment, where the item stands amended."""
    if recommendation.state != RecommendationState.AMENDED:
        return {}
    last = recommendation.outcomes.filter(verdict=Verdict.AMENDED).order_by("-pk").first()
    return as_columns("text", last.before) if last else {}


@transaction.atomic
def agree_to_rest(statement: Statement, *, by: User) -> int:
    """Agree to every item that nobody decided on and that was not put to the vote; return how many. Raises Refusal."""
    statement = locked_tabled(statement)
    tabled = statement.recommendations.filter(state=RecommendationState.TABLED).order_by("pk").select_for_update()
    members, outcomes = floor.assembly(statement), []
    for recommendation in tabled:
        ballot = floor.ballot_of(statement, recommendation.pk)
        if ballot or floor.voted_on(members, recommendation.pk, ballot):
            continue
        recommendation.move("agree", version=recommendation.version + 1)
        figures = majorities.kept(floor.tally_of(statement, members, recommendation.pk))
        outcomes.append(
            Outcome(statement=statement, recommendation=recommendation, verdict=Verdict.AGREED, figures=figures, by=by)
        )
    if not outcomes:
        raise Refusal(_("Every item is decided on, or was put to the vote by itself."))
    Outcome.objects.bulk_create(outcomes)
    log.record("agree_to_rest", statement, by=by, topic=statement.consultation, detail=f"{len(outcomes)}")
    return len(outcomes)


@transaction.atomic
def record_failure(statement: Statement, *, by: User, note: str = "") -> Outcome:
    """Record that the plenary did not adopt the text: it is a draft again, and what happened stays on record.

    Raises Refusal where the rule is met, or while a secret ballot is open.
    """
    statement = locked_tabled(statement)
    if statement.ballots.filter(state=BallotState.OPEN).exists():
        raise Refusal(_("A secret ballot is open. Count it or drop it first."))
    ballot = floor.ballot_of(statement, None)
    found = floor.tally_of(statement, floor.assembly(statement), None, ballot)
    if found.adopted:
        raise Refusal(_("The rule is met: the text can be adopted, or be taken back to the workspace."))
    outcome = Outcome.objects.create(
        statement=statement,
        verdict=Verdict.FAILED,
        figures=majorities.kept(found),
        note=note,
        secret=ballot is not None,
        by=by,
    )
    clear_floor(statement)
    statement.move("fail")
    log.record("fail", statement, by=by, topic=statement.consultation)
    return outcome


def clear_floor(statement: Statement) -> None:
    """Take positions, ballots and the open item away, and the items back to the workspace.

    Inside an action that holds the lock: positions were taken on these words and are taken anew on the next ones.
    """
    Position.objects.filter(statement=statement).delete()
    clear_ballots(statement)
    Plenary.objects.filter(statement=statement).update(floor=None)
    # In the order of their ids: the usual order reads the section's name, and a joined row cannot be locked.
    for recommendation in statement.recommendations.order_by("pk").select_for_update():
        if recommendation.can("untable"):
            recommendation.move("untable")

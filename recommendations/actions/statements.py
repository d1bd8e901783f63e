"""The verbs of the common text: merge, word, order, take apart, table."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from consultations.models import Consultation
from portal import log
from portal.models import User
from portal.states import Conflict, Refusal
from recommendations.actions.brackets import demand_brackets_kept, open_brackets
from recommendations.actions.deciding import clear_floor
from recommendations.actions.submissions import demand_not_own
from recommendations.actions.treating import settle_treatments, take_up
from recommendations.actions.versions import keep_version, note_version
from recommendations.models import Recommendation, Source, Statement, Submission
from recommendations.models.wording import by_language, in_each_language
from recommendations.states import RecommendationState, RevisionKind, Treatment
from stakeholders.models import Country, PublicBody


@transaction.atomic
def start_statement(consultation: Consultation, *, by: User) -> Statement:
    """Return the consultation's statement, begun if there is none. Raises Refusal before it is announced."""
    consultation = Consultation.locked(consultation.pk)
    if consultation.state in {"draft", "cancelled"}:
        raise Refusal(_("Announce the consultation first."))
    titles = {name: getattr(consultation, name) for name in ("title_en", "title_ind")}
    defaults = {"slug": consultation.slug, "illustrative": consultation.illustrative, **titles}
    statement, new = Statement.objects.get_or_create(consultation=consultation, defaults=defaults)
    if new:
        log.record("start", statement, by=by, topic=consultation)
    return statement


def locked_draft(statement: Statement) -> Statement:
    """Return the statement, locked. Raises Refusal unless its words may still change."""
    statement = Statement.locked(statement.pk)
    statement.demand("table")
    return statement


@transaction.atomic
def revise_statement(statement: Statement, *, by: User, version: int, **words: Any) -> Statement:
    """Change title, preamble or prevailing language of a draft. Raises Refusal, or Conflict."""
    statement = locked_draft(statement)
    if statement.version != version:
        raise Conflict(statement)
    for name, value in words.items():
        setattr(statement, name, value)
    statement.version += 1
    statement.save()
    log.record("revise", statement, by=by, topic=statement.consultation)
    return statement


@transaction.atomic
def merge_submissions(
    statement: Statement,
    *,
    by: User,
    submissions: Iterable[Submission],
    section: Country | None = None,
    addressees: Iterable[PublicBody] = (),
    **words: Any,
) -> Recommendation:
    """Make one recommendation of submissions that were sent in; each stays linked as its source. Raises Refusal."""
    statement = locked_draft(statement)
    chosen = [Submission.locked(submission.pk) for submission in sorted(submissions, key=lambda one: one.pk)]
    if not chosen:
        raise Refusal(_("Choose at least one submission."))
    treatment = Treatment.JOINED if len(chosen) > 1 else Treatment.USED
    for submission in chosen:
        _take_up(submission, statement, treatment, by)
    recommendation = Recommendation.objects.create(
        statement=statement, section=section, position=last_position(statement, section) + 1, **words
    )
    recommendation.addressees.set(addressees)
    note_version(recommendation, RevisionKind.BEGUN, by)
    Source.objects.bulk_create(Source(recommendation=recommendation, submission=one) for one in chosen)
    log.record("merge", recommendation, by=by, topic=statement.consultation, detail=f"{len(chosen)}")
    return recommendation


def _take_up(submission: Submission, statement: Statement, treatment: str, by: User) -> None:
    if submission.consultation_id != statement.consultation_id:
        raise Refusal(_("These submissions belong to another consultation."))
    demand_not_own(submission, by)
    take_up(submission, treatment)


def last_position(statement: Statement, section: Country | None) -> int:
    """Return the place of the last recommendation of the section, 0 where there is none."""
    inside = statement.recommendations.filter(section=section)
    return inside.aggregate(last=Max("position"))["last"] or 0


@transaction.atomic
def revise_recommendation(
    recommendation: Recommendation,
    *,
    by: User,
    version: int,
    section: Country | None = None,
    addressees: Iterable[PublicBody] = (),
    **words: Any,
) -> Recommendation:
    """Change the common text while the statement is a draft. Saving it settles the flag of a withdrawn source.

    The words before stay on record. Raises Refusal once it is tabled or joined, or where an open bracket
    would be lost; Conflict where somebody else was faster.
    """
    statement = locked_draft(recommendation.statement)
    recommendation = Recommendation.locked(recommendation.pk)
    if recommendation.state == RecommendationState.JOINED:
        raise Refusal(_("This recommendation is no longer being drafted."))
    if recommendation.version != version:
        raise Conflict(recommendation)
    demand_brackets_kept(recommendation, by_language("text", words))
    keep_version(recommendation)
    if recommendation.section_id != (section.pk if section else None):
        recommendation.position = last_position(statement, section) + 1
    for name, value in {**words, "section": section, "flagged": False}.items():
        setattr(recommendation, name, value)
    recommendation.version += 1
    recommendation.save()
    recommendation.addressees.set(addressees)
    note_version(recommendation, RevisionKind.REVISED, by)
    log.record("revise", recommendation, by=by, topic=statement.consultation)
    return recommendation


@transaction.atomic
def move_recommendation(recommendation: Recommendation, *, by: User, up: bool) -> None:
    """Change places with the neighbour in the same section; at the end of the section nothing happens."""
    statement = locked_draft(recommendation.statement)
    inside = statement.recommendations.filter(section=recommendation.section_id)
    row = list(inside.exclude(state=RecommendationState.JOINED).order_by("position", "id"))
    here = next((index for index, one in enumerate(row) if one.pk == recommendation.pk), None)
    there = len(row) if here is None else here - 1 if up else here + 1
    if here is None or not 0 <= there < len(row):
        return
    row[here], row[there] = row[there], row[here]
    for position, one in enumerate(row, 1):
        Recommendation.objects.filter(pk=one.pk).update(position=position)
    log.record("reorder", recommendation, by=by, topic=statement.consultation)


@transaction.atomic
def set_aside_recommendation(recommendation: Recommendation, *, by: User, back: bool = False) -> Recommendation:
    """Leave the recommendation out of this statement, or take it back in. Its sources stay. Raises Refusal."""
    statement = locked_draft(recommendation.statement)
    recommendation = Recommendation.locked(recommendation.pk)
    verb = "resume" if back else "defer"
    recommendation.move(verb)
    log.record(verb, recommendation, by=by, topic=statement.consultation)
    return recommendation


@transaction.atomic
def unlink_source(source: Source, *, by: User) -> Submission:
    """Take a submission off a recommendation; it waits for a decision again, unless it is used elsewhere."""
    statement = locked_draft(source.recommendation.statement)
    submission = Submission.locked(source.submission_id)
    demand_not_own(submission, by)
    source.delete()
    if submission.can("release") and not submission.sources.exists():
        submission.move("release", treatment="", treatment_reason="")
    left = Source.objects.filter(recommendation=source.recommendation_id).select_related("submission")
    settle_treatments(one.submission for one in left)
    log.record("unlink", submission, by=by, topic=statement.consultation)
    return submission


def what_lacks(statement: Statement) -> list[tuple[Recommendation | None, str]]:
    """Return what keeps the statement from being tabled: the recommendation, if it is one, and a sentence."""
    drafting: Any = statement.recommendations.filter(state=RecommendationState.DRAFTING)
    found = drafting.order_by("section", "position", "id").annotate(addressed=Count("addressees"))
    found = found.prefetch_related("brackets")
    lacks: list[tuple[Recommendation | None, str]] = (
        [] if found else [(None, str(_("There is no recommendation yet.")))]
    )
    for one in found:
        if not in_each_language(one, "text").get(statement.prevailing_language):
            lacks.append((one, str(_("It has no text in the prevailing language."))))
        if not one.addressed:
            lacks.append((one, str(_("It has no addressee."))))
        if open_brackets(one):
            lacks.append((one, str(_("It has an open bracket. Choose a wording, or set the recommendation aside."))))
        if one.flagged:
            lacks.append((one, str(_("One of its sources was withdrawn. Look at the text again and save it."))))
    return lacks


@transaction.atomic
def table_statement(statement: Statement, *, by: User) -> Statement:
    """Put the text before the plenary: its words stand still and positions are taken. Raises Refusal."""
    statement = locked_draft(statement)
    lacks = what_lacks(statement)
    if lacks:
        sentence = ngettext("%(count)d thing is lacking.", "%(count)d things are lacking.", len(lacks))
        raise Refusal(sentence % {"count": len(lacks)})
    _move_all(statement.recommendations.filter(state=RecommendationState.DRAFTING), "table")
    statement.move("table")
    log.record("table", statement, by=by, topic=statement.consultation)
    return statement


@transaction.atomic
def untable_statement(statement: Statement, *, by: User) -> Statement:
    """Take the text back to the workspace. Positions were taken on the old words and are taken anew. Raises Refusal."""
    statement = Statement.locked(statement.pk)
    statement.demand("untable")
    clear_floor(statement)
    statement.move("untable")
    log.record("untable", statement, by=by, topic=statement.consultation)
    return statement


def _move_all(recommendations: Sequence[Recommendation] | Any, verb: str) -> None:
    # In the order of their ids: the usual order reads the section's name, and a joined row cannot be locked.
    for recommendation in recommendations.order_by("pk").select_for_update():
        recommendation.move(verb)

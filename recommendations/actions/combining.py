"""The shape of the common text: place, join, split, further sources, and what each source is used for."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from portal import languages, log
from portal.models import User
from portal.states import Conflict, Refusal
from recommendations.actions.brackets import demand_brackets_kept, move_brackets, open_brackets
from recommendations.actions.fates import close_objection, locked_objection
from recommendations.actions.statements import last_position, locked_draft
from recommendations.actions.submissions import demand_not_own
from recommendations.actions.treating import settle_treatments, take_up
from recommendations.actions.versions import keep_version, note_version
from recommendations.models import Fate, Recommendation, Source, Statement, Submission
from recommendations.models.wording import Texts, as_columns, in_each_language
from recommendations.states import RecommendationState, RevisionKind, Settlement, SplitPlace, Treatment
from stakeholders.models import Country

LIVE = (RecommendationState.DRAFTING, RecommendationState.DEFERRED)


def _locked(recommendation: Recommendation, version: int) -> Recommendation:
    recommendation = Recommendation.locked(recommendation.pk)
    if recommendation.state not in LIVE:
        raise Refusal(_("This recommendation is no longer being drafted."))
    if recommendation.version != version:
        raise Conflict(recommendation)
    return recommendation


@transaction.atomic
def place_recommendation(recommendation: Recommendation, *, by: User, section: Country | None, place: int) -> None:
    """Put a recommendation at a place of a section, from 1; too high a place is the last one. Raises Refusal."""
    statement = locked_draft(recommendation.statement)
    recommendation = Recommendation.locked(recommendation.pk)
    recommendation = _locked(recommendation, recommendation.version)
    if recommendation.section_id != (section.pk if section else None):
        keep_version(recommendation)
        recommendation.section = section
        recommendation.version += 1
        recommendation.save()
        note_version(recommendation, RevisionKind.MOVED, by)
    row = [one for one in _in_section(statement, section) if one.pk != recommendation.pk]
    row.insert(max(0, place - 1), recommendation)
    _renumber(row)
    log.record("reorder", recommendation, by=by, topic=statement.consultation)


def _in_section(statement: Statement, section: Country | None) -> list[Recommendation]:
    inside = statement.recommendations.filter(section=section).exclude(state=RecommendationState.JOINED)
    return list(inside.order_by("position", "id"))


def _renumber(row: Iterable[Recommendation]) -> None:
    for position, one in enumerate(row, 1):
        if one.position != position:
            Recommendation.objects.filter(pk=one.pk).update(position=position)


@transaction.atomic
def join_recommendation(
    other: Recommendation, *, by: User, into: Recommendation, versions: tuple[int, int], words: Texts
) -> Recommendation:
    """Join a recommendation into another one: its sources go there, its own words stay on record.

    `versions` are those of `into` and of the other one, as the person saw them. Raises Refusal, or Conflict.
    """
    statement = locked_draft(into.statement)
    if other.pk == into.pk or other.statement_id != statement.pk:
        raise Refusal(_("Choose another recommendation of this text."))
    into, other = _locked(into, versions[0]), _locked(other, versions[1])
    if open_brackets(other):
        raise Refusal(_("The other recommendation has an open bracket. Choose a wording there first."))
    demand_brackets_kept(into, _all_of(into, words))
    _demand_not_own(other.sources.all(), by)
    keep_version(into)
    keep_version(other)
    _move_sources(other, into)
    _revise(into, words, RevisionKind.JOINED, by)
    into.addressees.add(*other.addressees.all())
    other.move("join", joined_into=into)
    _renumber(_in_section(statement, other.section))
    log.record("join", other, by=by, topic=statement.consultation)
    return into


def _demand_not_own(sources: Iterable[Source], by: User) -> None:
    for source in sources:
        demand_not_own(source.submission, by)


def _move_sources(other: Recommendation, into: Recommendation) -> None:
    there = set(into.sources.values_list("submission", flat=True))
    other.sources.filter(submission__in=there).delete()
    other.sources.update(recommendation=into)
    settle_treatments(source.submission for source in into.sources.select_related("submission"))


def _revise(recommendation: Recommendation, words: Texts, kind: str, by: User) -> None:
    if not any(words.values()):
        first = build_localized_fieldname("text", languages.DEFAULT)
        raise Refusal(_("Write the text in one language at least."), field=first)
    recommendation.put("text", words)
    recommendation.version += 1
    recommendation.save()
    note_version(recommendation, kind, by)


@transaction.atomic
def split_recommendation(
    recommendation: Recommendation,
    *,
    by: User,
    version: int,
    words: Texts,
    other_words: Texts,
    places: Mapping[int, str],
) -> Recommendation:
    """Split a recommendation in two: the second one follows it. `places` says where each source goes, by its id.

    An open bracket goes where its passage is. Raises Refusal, or Conflict.
    """
    statement = locked_draft(recommendation.statement)
    recommendation = _locked(recommendation, version)
    sources = list(recommendation.sources.select_related("submission"))
    _demand_not_own(sources, by)
    _demand_places(sources, places)
    leaving = [one for one in open_brackets(recommendation) if _stands_in(one, other_words)]
    keep_version(recommendation)
    other = _second(recommendation, statement)
    move_brackets(leaving, other)
    demand_brackets_kept(Recommendation.objects.get(pk=recommendation.pk), _all_of(recommendation, words))
    _revise(recommendation, words, RevisionKind.SPLIT, by)
    _revise(other, other_words, RevisionKind.SPLIT, by)
    other.addressees.set(recommendation.addressees.all())
    _divide(sources, places, other)
    log.record("split", recommendation, by=by, topic=statement.consultation)
    return other


def _all_of(recommendation: Recommendation, words: Texts) -> dict[str, str]:
    """Return the new words with an empty text for each language that loses its own."""
    return {**dict.fromkeys(in_each_language(recommendation, "text"), ""), **words}


def _stands_in(bracket: Any, words: Texts) -> bool:
    return bracket.shown in words.get(bracket.language, "")


def _demand_places(sources: list[Source], places: Mapping[int, str]) -> None:
    chosen = [places.get(source.pk, SplitPlace.HERE) for source in sources]
    if not {SplitPlace.HERE, SplitPlace.BOTH}.intersection(chosen) or not {
        SplitPlace.THERE,
        SplitPlace.BOTH,
    }.intersection(chosen):
        raise Refusal(_("Choose at least one source for each of the two."), field="sources")


def _second(recommendation: Recommendation, statement: Statement) -> Recommendation:
    """Make the second one, without words yet, right after the first."""
    other = Recommendation.objects.create(
        statement=statement,
        section_id=recommendation.section_id,
        theme_id=recommendation.theme_id,
        position=last_position(statement, recommendation.section) + 1,
        state=recommendation.state,
        version=0,
    )
    row = [one for one in _in_section(statement, recommendation.section) if one.pk != other.pk]
    here = next(index for index, one in enumerate(row) if one.pk == recommendation.pk)
    row.insert(here + 1, other)
    _renumber(row)
    other.refresh_from_db()
    recommendation.refresh_from_db(fields=["position"])
    return other


def _divide(sources: list[Source], places: Mapping[int, str], other: Recommendation) -> None:
    for source in sources:
        place = places.get(source.pk, SplitPlace.HERE)
        if place == SplitPlace.THERE:
            Source.objects.filter(pk=source.pk).update(recommendation=other)
        elif place == SplitPlace.BOTH:
            copied = {"evidence": source.evidence, "withdrawn": source.withdrawn}
            Source.objects.create(recommendation=other, submission=source.submission, **copied)
    settle_treatments(source.submission for source in sources)


@transaction.atomic
def add_sources(
    recommendation: Recommendation, *, by: User, submissions: Iterable[Submission], evidence: bool = False
) -> Recommendation:
    """Link further submissions to a recommendation, for its words or as evidence. Raises Refusal."""
    statement = locked_draft(recommendation.statement)
    recommendation = Recommendation.locked(recommendation.pk)
    recommendation = _locked(recommendation, recommendation.version)
    chosen = [Submission.locked(submission.pk) for submission in sorted(submissions, key=lambda one: one.pk)]
    if not chosen:
        raise Refusal(_("Choose at least one submission."))
    for submission in chosen:
        if submission.consultation_id != statement.consultation_id:
            raise Refusal(_("These submissions belong to another consultation."))
        demand_not_own(submission, by)
        submission.demand("treat")
        Source.objects.get_or_create(
            recommendation=recommendation, submission=submission, defaults={"evidence": evidence}
        )
    settle_treatments(source.submission for source in recommendation.sources.select_related("submission"))
    log.record("add_sources", recommendation, by=by, topic=statement.consultation, detail=f"{len(chosen)}")
    return recommendation


@transaction.atomic
def mark_source(source: Source, *, by: User, treatment: str) -> Source:
    """Say what a source is used for: as it is, joined with others, or as evidence only. Raises Refusal."""
    statement = locked_draft(source.recommendation.statement)
    source = Source.objects.select_for_update().get(pk=source.pk)
    submission = Submission.locked(source.submission_id)
    demand_not_own(submission, by)
    if treatment not in {Treatment.USED, Treatment.JOINED, Treatment.EVIDENCE}:
        raise Refusal(_("Choose one."), field="treatment")
    source.evidence = treatment == Treatment.EVIDENCE
    source.save(update_fields=["evidence"])
    take_up(submission, treatment)
    log.record("mark_source", submission, by=by, topic=statement.consultation, detail=treatment)
    return source


@transaction.atomic
def let_stand_alone(fate: Fate, *, by: User) -> Recommendation:
    """Settle an objection by making the point a recommendation of its own, in its sender's words. Raises Refusal.

    It is taken off every recommendation that it went into.
    """
    statement = locked_draft(Statement.objects.get(consultation=fate.letter.consultation_id))
    fate = locked_objection(fate, by)
    submission = Submission.locked(fate.submission_id)
    words = {one.language: one.text for one in submission.translations.all()} | {submission.language: submission.text}
    left = [source.recommendation_id for source in submission.sources.all()]
    submission.sources.all().delete()
    made = Recommendation.objects.create(
        statement=statement,
        section=submission.section,
        theme=submission.theme,
        position=last_position(statement, submission.section) + 1,
        **as_columns("text", words),
    )
    made.addressees.set(submission.addressees.all())
    Source.objects.create(recommendation=made, submission=submission)
    note_version(made, RevisionKind.BEGUN, by)
    take_up(submission, Treatment.USED)
    rest = Source.objects.filter(recommendation__in=left).select_related("submission")
    settle_treatments(source.submission for source in rest)
    Recommendation.objects.filter(pk__in=left).update(flagged=True)
    log.record("stand_alone", made, by=by, topic=statement.consultation)
    close_objection(fate, by, Settlement.ALONE, "")
    return made

"""Fates: organisations are told in one deliberate step what became of their points, answer, and objections are settled.

Until it is told a treatment is only proposed: nobody outside the desk sees it. What was told stays on record with the
words that the common text had then.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from portal import log
from portal.mail import Recipient
from portal.models import User
from portal.states import Refusal
from recommendations import emails
from recommendations.models import Fate, FateLetter, Recommendation, Referral, Revision, Source, Submission
from recommendations.models.wording import as_columns, in_each_language
from recommendations.querysets import SENT_IN
from recommendations.states import FateState, RecommendationState, RevisionKind, Settlement
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of

BATCH = 500
ANSWERS = ("agree", "note", "object")


@dataclass(slots=True)
class Point:
    """One submission with what became of it, that its organisation was not told yet."""

    submission: Submission
    key: str
    told_key: str = ""  # the key once it is told: an answer to an objection is told once
    recommendations: list[Recommendation] = field(default_factory=list)
    last: str = ""  # the state of what was told before, if anything was


@dataclass(slots=True)
class Untold:
    """What one organisation will read: its points, and who reads the mail; without a reader it is left out."""

    organisation: Organisation
    points: list[Point]
    reader: Recipient | None = None
    why_not: str = ""


def untold(consultation: Consultation) -> list[Untold]:
    """Return, per organisation, what is new since it was last told. The queries do not grow with the points."""
    treated = Submission.objects.sent_in().filter(consultation=consultation).exclude(treatment="")
    treated = treated.select_related("organisation", "section").order_by("pk")
    links = _links(consultation)
    referred = {one.submission_id: one for one in Referral.objects.filter(submission__consultation=consultation)}
    told = _told(consultation)
    rows: dict[int, Untold] = {}
    for one in treated:
        last = told.get(one.pk)
        facts = (one, links[one.pk], referred.get(one.pk))
        point = Point(one, key_of(*facts, last), key_of(*facts, None), links[one.pk])
        if last is None or last.key != point.key:
            point.last = last.state if last else ""
            rows.setdefault(one.organisation_id, Untold(one.organisation, [])).points.append(point)
    _find_readers(rows)
    return sorted(rows.values(), key=lambda row: ((row.organisation.name or "").casefold(), row.organisation.pk))


def _links(consultation: Consultation) -> dict[int, list[Recommendation]]:
    """Return the recommendations that each submission went into."""
    live = Source.objects.filter(submission__consultation=consultation, withdrawn=False)
    found: dict[int, list[Recommendation]] = defaultdict(list)
    for link in live.select_related("recommendation").order_by("recommendation"):
        found[link.submission_id].append(link.recommendation)
    return found


def _told(consultation: Consultation) -> dict[int, Fate]:
    """Return the last fate that was told of each submission."""
    told = Fate.objects.filter(letter__consultation=consultation).order_by("pk").defer("words", "reason")
    return {fate.submission_id: fate for fate in told}


def key_of(
    submission: Submission, recommendations: Iterable[Recommendation], referral: Referral | None, last: Fate | None
) -> str:
    """Return what tells whether something new is to be told: another fate, other words, an answer to an objection."""
    texts = [f"{one.pk}.{one.version}.{one.state == RecommendationState.DEFERRED}" for one in recommendations]
    where = f"{referral.consultation_id}.{referral.body_id}" if referral else ""
    answered = last.pk if last and last.state == FateState.SETTLED else ""
    parts = [submission.treatment, submission.treatment_reason, where, ",".join(texts), str(answered)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _find_readers(rows: dict[int, Untold]) -> None:
    """Put a reader to each organisation; without one it is left out, and why."""
    readers = emails.readers_for([row.organisation for row in rows.values()])
    for pk, row in rows.items():
        row.reader = readers.get(pk)
        if row.organisation.state != "verified":
            row.reader, row.why_not = None, str(_("It is not verified any more."))
        elif row.reader is None:
            row.why_not = str(_("Nobody speaks for it here, and it has no address."))


def shown_key(rows: Iterable[Untold]) -> str:
    """Return what tells whether the page still shows what would be told."""
    parts = [f"{point.submission.pk}.{point.key}" for row in rows if row.reader for point in row.points]
    return hashlib.sha256(",".join(parts).encode()).hexdigest()[:32]


@transaction.atomic
def tell_fates(consultation: Consultation, *, by: User, shown: str) -> int:
    """Tell each organisation in one mail what became of its points since it was last told; return how many were told.

    `shown` is the key of what the person saw. Raises Refusal where that is no longer what would be told: also when
    somebody else was faster.
    """
    consultation = Consultation.locked(consultation.pk)
    rows = [row for row in untold(consultation) if row.reader]
    if not rows:
        raise Refusal(_("There is nothing new to tell."))
    if shown_key(rows) != shown:
        raise Refusal(_("Something changed since you looked. Read it again, then tell it."))
    letters = _letters(consultation, rows, by)
    _write_fates(letters, rows)
    emails.fates_told(*letters)
    log.record("tell_fates", consultation, by=by, detail=f"{len(letters)}")
    return len(letters)


def _letters(consultation: Consultation, rows: list[Untold], by: User) -> list[FateLetter]:
    """Write a letter per organisation; it carries its reader to the mail."""
    told = FateLetter.objects.filter(consultation=consultation)
    last = told.aggregate(last=Max("number"))["last"] or 0
    letters = [
        FateLetter(consultation=consultation, organisation=row.organisation, number=number, by=by)
        for number, row in enumerate(rows, last + 1)
    ]
    for letter, row in zip(FateLetter.objects.bulk_create(letters, batch_size=BATCH), rows, strict=True):
        letter.reader = row.reader
    return letters


def _write_fates(letters: list[FateLetter], rows: list[Untold]) -> None:
    """Write what is told, with the words that the common text has now."""
    pairs = [(letter, point) for letter, row in zip(letters, rows, strict=True) for point in row.points]
    words = _words_now({one.pk: one for _letter, point in pairs for one in point.recommendations})
    fates = Fate.objects.bulk_create(
        [
            Fate(
                letter=letter,
                submission=point.submission,
                treatment=point.submission.treatment,
                reason=point.submission.treatment_reason,
                key=point.told_key,
            )
            for letter, point in pairs
        ],
        batch_size=BATCH,
    )
    through = Fate.revisions.through
    through.objects.bulk_create(
        [
            through(fate=fate, revision=words[one.pk])
            for fate, (_letter, point) in zip(fates, pairs, strict=True)
            for one in point.recommendations
        ],
        batch_size=BATCH,
    )


def _words_now(recommendations: dict[int, Recommendation]) -> dict[int, Revision]:
    """Return the record of the present words of each recommendation; it is written where it is missing."""
    known = Revision.objects.filter(recommendation__in=recommendations)
    found = {
        row.recommendation_id: row for row in known if row.number == recommendations[row.recommendation_id].version
    }
    missing = [
        Revision(
            recommendation=one,
            number=one.version,
            kind=RevisionKind.BEGUN if one.version == 1 else RevisionKind.REVISED,
            section_id=one.section_id,
            at=one.updated_at,
            **as_columns("text", in_each_language(one, "text")),
        )
        for pk, one in recommendations.items()
        if pk not in found
    ]
    return {**found, **{row.recommendation_id: row for row in Revision.objects.bulk_create(missing, batch_size=BATCH)}}


@transaction.atomic
def answer_fate(fate: Fate, *, by: User, verb: str, words: str = "", wants_alone: bool = False) -> Fate:
    """Agree, note, or object with words, for the organisation whose point it is. Raises Refusal."""
    fate = Fate.locked(fate.pk)
    if fate.letter.organisation_id not in standing_of(by).speaks_for:
        raise Refusal(_("You do not speak for this organisation."))
    if verb not in ANSWERS:
        raise Refusal(_("Choose one."))
    if not fate.is_latest:
        raise Refusal(_("Something newer was told of this point since. Answer that."))
    if fate.submission.state not in SENT_IN:
        raise Refusal(_("This point was withdrawn."))
    _demand_open(fate)
    if verb == "object" and not words:
        raise Refusal(_("Say what you object to: the convenors read it."), field="words")
    said = {"words": words, "wants_alone": wants_alone} if verb == "object" else {"words": "", "wants_alone": False}
    fate.move(verb, answered_by=by, answered_at=timezone.now(), **said)
    log.record(verb, fate, by=by, topic=fate.letter.consultation)
    return fate


def _demand_open(fate: Fate) -> None:
    statement = getattr(fate.letter.consultation, "statement", None)
    if statement and statement.state not in {"draft", "tabled"}:
        raise Refusal(_("The text is adopted. What was said to it stands."))


@transaction.atomic
def settle_objection(fate: Fate, *, by: User, settlement: str, reason: str = "") -> Fate:
    """Close an objection: the wording was changed, or it is answered with a reason. Raises Refusal.

    The organisation reads it when it is told the next time. To let a point stand alone is an action of its own.
    """
    fate = locked_objection(fate, by)
    if settlement == Settlement.REWORDED and not is_reworded(fate):
        raise Refusal(_("The wording is as it was told. Change it first."), field="settlement")
    if settlement == Settlement.ANSWERED and not reason:
        raise Refusal(_("Say why: the organisation reads it."), field="reason")
    if settlement not in {Settlement.REWORDED, Settlement.ANSWERED}:
        raise Refusal(_("Choose one."), field="settlement")
    return close_objection(fate, by, settlement, reason)


def locked_objection(fate: Fate, by: User) -> Fate:
    """Return an objection, locked. Raises Refusal where it is settled, or the convenor has a part in it."""
    fate = Fate.locked(fate.pk)
    if fate.submission.organisation_id in standing_of(by).organisations:
        raise Refusal(_("You act for this organisation. Another convenor decides on its submissions."))
    fate.demand("settle")
    return fate


def close_objection(fate: Fate, by: User, settlement: str, reason: str) -> Fate:
    """Note how an objection was settled. Only inside an action that holds its lock."""
    fate.move("settle", settlement=settlement, settlement_reason=reason, settled_by=by, settled_at=timezone.now())
    log.record("settle", fate, by=by, topic=fate.letter.consultation, detail=settlement)
    return fate


def is_reworded(fate: Fate) -> bool:
    """Whether the common text says something else of the point than when it was told."""
    told = {(row.recommendation_id, row.number) for row in fate.revisions.all()}
    links: Any = fate.submission.sources.filter(withdrawn=False)
    return told != set(links.values_list("recommendation", "recommendation__version"))

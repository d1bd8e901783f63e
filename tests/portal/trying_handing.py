"""As `trying`: what goes with a submission. And how the world is put into its cases."""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from recommendations import actions
from recommendations.models import CoSubmitter, Evidence, LateCode
from tests.portal.arranging import SUBJECTS, arranges, put
from tests.portal.trying import Attempt, Sight, about, at, page_of, seen
from tests.portal.world import World, take_up

Tried = tuple[str, dict[str, Any]]
DRAFT = {"state": "draft", "submitted_at": None}
WORDS = "Words of the evidence"
REASON = "Reason of the code"
SENT = {"kind": "lesson", "text": "Newer", "section": "asean", "language": "en", "attribution": "none"}


@arranges("words that were sent in")
def words_sent_in(world: World, state: str, chosen: str) -> None:
    """The day for corrections is today, or it is over; or somebody has worked the words into the common text."""
    day = timezone.localdate() - timedelta(days=2 if chosen else 0)
    put(world.consultation, corrections_until=day)
    put(world.submission, state=state, submitted_at=timezone.now())
    world.submission.consultation = world.consultation
    if state == "in_treatment":
        put(world.submission, treatment="used")
        take_up(world)


@arranges("evidence")
def evidence(world: World, state: str, _chosen: str) -> None:
    """One file of the submission, whose title tells that it is there."""
    if state == "of a draft":
        put(world.submission, **DRAFT)
    name = default_storage.save("evidence/of-the-policy.txt", ContentFile(b"Anything"))
    values = {"title": WORDS, "kind": "txt", "by": world.people["lead"]}
    world.evidence = Evidence.objects.create(submission=world.submission, file=name, **values)
    default_storage.delete(name)


@arranges("joint submission")
def joint_submission(world: World, state: str, chosen: str) -> None:
    """The organisation that takes part was named in a draft of the own one, was asked, and answered."""
    sent = chosen == "sent in" or state == "left"
    put(world.submission, **({"state": "submitted", "submitted_at": timezone.now()} if sent else DRAFT))
    version = world.submission.version
    told = {"asked_version": 0 if chosen == "not told yet" else version, "state": state}
    agreed = {"agreed_version": version} if state == "agreed" else {}
    row = CoSubmitter(submission=world.submission, organisation=world.participating, **told, **agreed)
    row.save()
    world.co_submitter = row


@arranges("late code")
def late_code(world: World, state: str, _chosen: str) -> None:
    """The deadline is over, the own organisation has a draft, and a code that is good or was revoked."""
    put(world.submission, **DRAFT)
    put(world.consultation, input_closes=timezone.now() - timedelta(hours=1))
    words = {"organisation": world.own, "until": timezone.now() + timedelta(days=1), "reason": REASON}
    row, world.code = actions.give_late_code(world.consultation, by=world.people["convenor"], **words)
    if state == "revoked":
        LateCode.objects.filter(pk=row.pk).update(revoked_at=timezone.now())
    world.late_code = row


SUBJECTS |= {
    "words that were sent in": lambda world: world.submission,
    "evidence": lambda world: world.evidence,
    "joint submission": lambda world: world.co_submitter,
    "late code": lambda world: world.late_code,
}


def kept(world: World) -> Tried:
    return at("submission_keep", world.submission.pk), {**SENT, "version": world.submission.version}


def begun(world: World) -> Tried:
    data = {**SENT, "organisation": world.own.pk, "version": 0}
    return at("submission_begin", world.consultation.slug), data


def sheet(world: World) -> Tried:
    common = {"kind": "lesson", "language": "en", "attribution": "none", "organisation": world.own.pk}
    rows = {"points-TOTAL_FORMS": 1, "points-INITIAL_FORMS": 1}
    point = {"points-0-take": "on", "points-0-text": "New", "points-0-section": "asean"}
    return at("submission_sheet_keep", world.consultation.slug), {**common, **rows, **point}


def split(world: World) -> Tried:
    data = {"first": "One", "second": "Another", "version": world.submission.version}
    return at("submission_split", world.submission.pk), data


def corrected(world: World) -> Tried:
    return at("submission_correct", world.submission.pk), {"text": "Better", "version": world.submission.version}


def attached(world: World) -> Tried:
    data = {"title": "A pay slip", "file": SimpleUploadedFile("slip.txt", b"A pay slip")}
    return at("evidence_create", world.submission.pk), data


def answered(answer: str) -> Attempt:
    """Press one of the buttons of the organisation that was asked."""

    def attempt(world: World) -> Tried:
        data = {"answer": answer, "version": world.submission.version, "attribution": "none"}
        return at("co_submission_answer", world.co_submitter.pk), data

    return attempt


def given(world: World) -> Tried:
    data = {"until": timezone.localdate() + timedelta(days=3), "reason": "A flood"}
    return at("late_code_create", world.consultation.slug, world.participating.pk), data


ATTEMPTS: dict[str, Attempt] = {
    "consultation.keep a new draft": begun,
    "consultation.write a sheet": sheet,
    "submission.keep": kept,
    "submission.split": split,
    "words that were sent in.correct": corrected,
    "evidence.attach": attached,
    "evidence.take off": about("evidence", "evidence_remove"),
    "joint submission.name": lambda world: (
        at("co_submitter_add", world.submission.pk),
        {"organisation": world.other.pk},
    ),
    "joint submission.take off": about("co_submitter", "co_submitter_remove"),
    "joint submission.ask_again": about("submission", "co_submitters_ask"),
    "joint submission.agree": answered("agree"),
    "joint submission.decline": answered("decline"),
    "joint submission.leave": answered("leave"),
    "late code.give": given,
    "late code.revoke": lambda world: (at("late_code_revoke", world.consultation.slug, world.late_code.pk), {}),
    "late code.send in": lambda world: (at("submission_submit_late", world.submission.pk), {"code": world.code}),
}

SIGHTS: dict[str, Sight] = {
    "evidence.see": seen(lambda _world: WORDS, page_of("submission_detail", "submission.pk")),
    "joint submission.see": seen(
        lambda world: world.submission.text, page_of("co_submission_answer", "co_submitter.pk")
    ),
    "joint submission.see who is named": seen(
        lambda world: f"<strong>{world.participating.name}</strong>", page_of("submission_joint", "submission.pk")
    ),
    "late code.see": seen(lambda _world: REASON, page_of("late_code_list", "consultation.slug")),
}

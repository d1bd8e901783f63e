"""As `trying`: circulated versions, comments on them, amendments, and translations beside their source."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from recommendations.models import Amendment, Comment
from tests import build
from tests.portal.arranging import SUBJECTS, arranges, put
from tests.portal.trying import SLUG, Attempt, Sight, about, at, page_of, seen
from tests.portal.world import World

Tried = tuple[str, dict[str, Any]]
WORDS = "Words of the comment"
BETTER = "Better words of the common text"


@arranges("circulated version")
def version(world: World, state: str, _chosen: str) -> None:
    """Of the draft; the own organisation accepted, and the time for comments is over or not."""
    put(world.statement, state="draft")
    put(world.recommendation, state="drafting")
    put(world.invitation, state="accepted")
    closes_at = timezone.now() + timedelta(days=-1 if state == "closed" else 7)
    world.version = build.make_circulated(world.statement, closes_at=closes_at)
    world.text = world.version.texts.first()


@arranges("comment")
def comment(world: World, state: str, _chosen: str) -> None:
    """Of the own organisation, on the first passage."""
    version(world, "open", "")
    said = {"text": world.text, "language": "en", "words": WORDS, "answer": "Yes" if state == "answered" else ""}
    world.comment = Comment.objects.create(organisation=world.own, state=state, **said)


@arranges("amendment")
def amendment(world: World, state: str, _chosen: str) -> None:
    """Of the own organisation, to the first text."""
    version(world, "open", "")
    said = {"text": world.text, "language": "en", "proposal": BETTER, "reason": "Better"}
    world.amendment = Amendment.objects.create(organisation=world.own, state=state, **said)


SUBJECTS["circulated version"] = lambda world: world.version
SUBJECTS["comment"] = lambda world: world.comment
SUBJECTS["amendment"] = lambda world: world.amendment


def circulated(world: World) -> Tried:
    last = max(world.statement.circulated.values_list("number", flat=True), default=0)
    day = timezone.localdate() + timedelta(days=7)
    data = {"last": last, "closes_on": day.isoformat(), "closes_hour": "12:00"}
    return at("statement_circulate", world.consultation.slug), data


def speaking(name: str, **data: Any) -> Attempt:
    """Say something for the organisation of whoever tries: each has one."""
    return lambda world: (at(name, world.text.pk), {"language": "en", **data})


def decided(verdict: str, **data: Any) -> Attempt:
    def attempt(world: World) -> Tried:
        world.recommendation.refresh_from_db()
        version_now = world.recommendation.version
        return at("amendment_settle", world.amendment.pk), {"verdict": verdict, "version": version_now, **data}

    return attempt


def supported(world: World) -> Tried:
    return at("amendment_support", world.amendment.pk), {"organisation": world.participating.pk, "verb": "support"}


def translated(world: World) -> Tried:
    world.recommendation.refresh_from_db()
    data = {"version": world.recommendation.version, "words": "Kata-kata", "state": "checked"}
    return at("recommendation_language", world.consultation.slug, world.recommendation.pk, "id"), data


ATTEMPTS: dict[str, Attempt] = {
    "statement.circulate": circulated,
    "recommendation.translate": translated,
    "circulated version.comment": speaking("comment_create", paragraph=0, words=WORDS),
    "circulated version.propose an amendment": speaking("amendment_create", proposal=BETTER, reason="Better"),
    "comment.answer": about("comment", "comment_answer", answer="We will"),
    "comment.withdraw": about("comment", "comment_withdraw"),
    "amendment.support": supported,
    "amendment.accept": decided("accept"),
    "amendment.adapt": decided("adapt", words="Words of our own"),
    "amendment.decline": decided("decline", answer="It stands in item 2"),
    "amendment.withdraw": about("amendment", "amendment_withdraw"),
}

SIGHTS: dict[str, Sight] = {
    "circulated version.see": seen(
        lambda world: f'id="{world.text.anchor}"',
        page_of("circulated_detail", SLUG, "version.number"),
        page_of("circulated_list", SLUG),
        page_of("circulated_compare", SLUG),
    ),
    "comment.see": seen(lambda _world: WORDS, page_of("circulated_detail", SLUG, "version.number")),
    "comment.see at the desk": seen(
        lambda _world: WORDS, lambda world: at("said_list", world.consultation.slug) + "?show=all"
    ),
    "amendment.see": seen(lambda _world: "Better", page_of("amendment_detail", "amendment.pk")),
}

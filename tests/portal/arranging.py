"""How the world is put into each case of the policy table. A thing of the table without an arrangement fails."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from recommendations.models import Conveyance, Response, Submission, TrailStep
from stakeholders.models import ListImport
from tests import build
from tests.portal.world import World, take_position, take_up

Arrange = Callable[[World, str, str], None]
ARRANGE: dict[str, Arrange] = {}


def arranges(thing: str) -> Callable[[Arrange], Arrange]:
    """Register the function that puts the world into a case of the thing: it gets the state and what was chosen."""

    def register(function: Arrange) -> Arrange:
        ARRANGE[thing] = function
        return function

    return register


def put(row: Any, **values: Any) -> None:
    """Write the values without asking anybody, and forget what was read of the row."""
    type(row).objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()


@arranges("the task force")
def task_force(_world: World, _state: str, _chosen: str) -> None:
    """Nothing: it is always there."""


@arranges("organisation")
def organisation(world: World, state: str, chosen: str) -> None:
    put(world.own, state=state, visibility=chosen)


@arranges("person of an organisation")
def person(world: World, state: str, _chosen: str) -> None:
    put(world.asks, state=state)


@arranges("consultation")
def consultation(world: World, state: str, chosen: str) -> None:
    put(world.consultation, state=state, discreet=chosen == "discreet")
    if state == "draft":
        put(world.invitation, state="drafted")
        world.consultation.invitations.update(state="drafted")
        Submission.objects.filter(pk=world.submission.pk).update(consultation=build.make_consultation())


@arranges("invitation")
def invitation(world: World, state: str, _chosen: str) -> None:
    put(world.invitation, state=state)


@arranges("answer")
def answer(world: World, _state: str, _chosen: str) -> None:
    put(world.invitation, state="accepted")


@arranges("submission")
def submission(world: World, state: str, _chosen: str) -> None:
    sent = None if state in {"draft", "ready"} else timezone.now()
    put(world.submission, state=state, submitted_at=sent)
    if state == "in_treatment":
        put(world.submission, treatment="used")
        take_up(world)


@arranges("recommendation")
def recommendation(world: World, state: str, _chosen: str) -> None:
    stands = {"drafting": "draft", "deferred": "draft", "tabled": "tabled", "not_adopted": "tabled"}
    put(world.invitation, state="accepted")
    take_up(world)
    put(world.recommendation, state=state)
    if state == "deferred":
        build.make_recommendation(world.statement, text_en="Another text", addressees=[world.body])
    _state_of_text(world, stands.get(state, "adopted"))


@arranges("statement")
def statement(world: World, state: str, _chosen: str) -> None:
    put(world.invitation, state="accepted")
    tabled = {"draft": "drafting", "tabled": "tabled", "not_adopted": "not_adopted"}
    put(world.recommendation, state=tabled.get(state, "adopted"))
    _state_of_text(world, state)
    if state == "published":
        step = TrailStep.objects.create(
            statement=world.statement, kind="dialogue", happened_on=timezone.localdate(), actor="We"
        )
        step.pledges.create(who="They", text="A pledge")


def _state_of_text(world: World, state: str) -> None:
    if state in {"adopted", "published"}:
        build.make_edition(world.statement, published=state == "published")
    else:
        put(world.statement, state=state)


@arranges("position")
def position(world: World, state: str, _chosen: str) -> None:
    put(world.invitation, state="accepted")
    take_position(world)
    put(world.recommendation, state="tabled" if state == "tabled" else "adopted")
    _state_of_text(world, state)


@arranges("edition")
def edition(world: World, state: str, _chosen: str) -> None:
    build.make_edition(world.statement, published=state == "published")


@arranges("conveyance")
def conveyance(world: World, state: str, chosen: str) -> Conveyance:
    done = build.make_edition(world.statement)
    sent = None if state == "prepared" else timezone.localdate()
    made = build.make_conveyance(
        done, world.body, state=state, sent_on=sent, public=chosen == "public", letter="Words of the letter"
    )
    world.conveyance = made
    world.item = done.items.get(section=None, number=1)
    return made


@arranges("response")
def response(world: World, state: str, _chosen: str) -> None:
    made = conveyance(world, "acknowledged", "public")
    world.response = Response.objects.create(
        item=world.item,
        body=world.body,
        conveyance=made,
        kind="noted",
        text="Words of the response",
        published_at=timezone.now() if state == "published" else None,
    )


@arranges("import of a list")
def import_of_a_list(world: World, state: str, _chosen: str) -> None:
    world.run = ListImport.objects.create(by=world.people["convenor"], state=state)


SUBJECTS: dict[str, Callable[[World], Any]] = {
    "the task force": lambda _world: None,
    "organisation": lambda world: world.own,
    "person of an organisation": lambda world: world.asks,
    "consultation": lambda world: world.consultation,
    "invitation": lambda world: world.invitation,
    "answer": lambda world: world.invitation,
    "submission": lambda world: world.submission,
    "recommendation": lambda world: world.statement,
    "statement": lambda world: world.statement,
    "position": lambda world: world.statement,
    "edition": lambda world: world.statement.editions.get(),
    "conveyance": lambda world: world.conveyance,
    "response": lambda world: world.response,
    "import of a list": lambda world: world.run,
}

"""As `trying`: corrigenda, items that are proposed upward, and statements of the past."""

from typing import Any

from django.utils import timezone

from recommendations import actions
from recommendations.models import Corrigendum, Edition, Proposal, Statement
from tests import build
from tests.portal.arranging import SUBJECTS, arranges, put
from tests.portal.trying import WORKSHOP, Attempt, Sight, about, at, of_trail, page_of, seen
from tests.portal.world import World

Tried = tuple[str, dict[str, Any]]
REASON = "Words of the correction"
EXPLAINED = {"reason": REASON, "authority": "The committee", "keeps_meaning": "on"}


def _published(world: World) -> Edition:
    """Freeze the common text as an adoption would, and publish it."""
    put(world.recommendation, state="adopted")
    day = timezone.localdate()
    edition = actions.freeze_edition(world.statement, number=1, adopted_on=day, recommendations=[world.recommendation])
    put(edition, published_at=timezone.now())
    build.Adoption.objects.create(statement=world.statement, adopted_on=day, manner="consensus")
    put(world.statement, state="published", current_edition=1)
    return edition


@arranges("corrigendum")
def corrigendum(world: World, state: str, _chosen: str) -> None:
    """Explained, with one passage set right; where it is issued, it made the edition."""
    edition = _published(world)
    world.corrigendum = Corrigendum.objects.create(
        statement=world.statement,
        corrects=edition,
        made=edition if state == "issued" else None,
        state=state,
        texts={"ASEAN 1": {"en": "Set right"}},
        reason=REASON,
        authority="The committee",
        keeps_meaning=True,
        issued_at=timezone.now(),
        by=world.people["convenor"],
    )


@arranges("item proposed upward")
def proposal(world: World, state: str, _chosen: str) -> None:
    """From the convenor's statement to a regional consultation of the other convenor, whose text is begun."""
    edition, region = _published(world), _region(world)
    Statement.objects.get_or_create(consultation=region, defaults={"slug": region.slug, "title_en": "Region"})
    world.proposal = Proposal.objects.create(
        item=edition.items.get(), consultation=region, state=state, by=world.people["convenor"]
    )


def _region(world: World) -> Any:
    found = world.people["other convenor"].consultations.filter(level="regional").first()
    values = {"level": "regional", "country": None, "title_en": "The region"}
    return found or build.make_consultation(convenors=[world.people["other convenor"]], **values)


SUBJECTS["corrigendum"] = lambda world: world.corrigendum
SUBJECTS["item proposed upward"] = lambda world: world.proposal


def passage(world: World) -> Tried:
    words = {"text_en": "Set right once more", "text_id": "Dibetulkan lagi", "version": world.corrigendum.version}
    return at("corrigendum_passage", world.statement.slug, "ASEAN-1"), words


def explained(world: World) -> Tried:
    return at("corrigendum_edit", world.statement.slug), {**EXPLAINED, "version": world.corrigendum.version}


def moved(verb: str) -> Attempt:
    return of_trail("corrigendum_move", verb=verb)


def proposed(world: World) -> Tried:
    edition = world.statement.editions.first()
    item = edition.items.first().pk if edition else 0
    return at("proposals_create", world.statement.slug), {"consultation": _region(world).pk, "items": [item]}


def settled(verb: str) -> Attempt:
    def attempt(world: World) -> Tried:
        pk = world.proposal.pk
        return at("proposal_settle", pk), {"verb": verb, f"p{pk}-reason": "Not for all", f"p{pk}-into": ""}

    return attempt


def imported(world: World) -> Tried:
    rows = {"role_0": "title", "text_0": "Old statement", "role_1": "item", "text_1": "Act.", "count": 2, "make": "1"}
    facts = {"title": "Old", "language": "en", "adopted_on": "2007-05-12", "manner": "consensus"}
    second = world.consultation.convenors.exclude(pk=world.people["convenor"].pk).first()
    return at("statement_import"), {**rows, **facts, "second": second.pk}


ATTEMPTS: dict[str, Attempt] = {
    "the task force.bring in a statement of the past": imported,
    "statement.begin a corrigendum": of_trail("corrigendum_begin"),
    "statement.propose items upward": proposed,
    "corrigendum.set a passage right": passage,
    "corrigendum.explain": explained,
    "corrigendum.propose": moved("propose"),
    "corrigendum.reopen": moved("reopen"),
    "corrigendum.issue": moved("issue"),
    "corrigendum.drop": moved("drop"),
    "item proposed upward.take_up": settled("take_up"),
    "item proposed upward.decline": settled("decline"),
    "item proposed upward.withdraw": about("proposal", "proposal_withdraw"),
}

SIGHTS: dict[str, Sight] = {
    "corrigendum.see": seen(
        lambda _world: REASON, page_of("corrigendum_edit", WORKSHOP), page_of("statement_detail", WORKSHOP)
    ),
    "item proposed upward.see what was proposed": seen(
        lambda _world: 'id="main"', page_of("proposals_create", WORKSHOP)
    ),
    "item proposed upward.see what came in": seen(
        lambda _world: 'id="main"', page_of("proposal_list", "proposal.consultation.slug")
    ),
}

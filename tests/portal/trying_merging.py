"""As `trying`: what is alike, the shape of the common text, rival wordings, and what is told."""

from typing import Any

from recommendations.models import Bracket, LikeGroup
from tests import build
from tests.portal.arranging import arranges, put
from tests.portal.trying import SLUG, Attempt, Sight, about, at, here, page_of, seen
from tests.portal.world import World

Tried = tuple[str, dict[str, Any]]
WORDS = {"text_en": "Newer words"}


@arranges("workspace")
def workspace(world: World, _state: str, _chosen: str) -> None:
    """Two submissions are alike; one is decided on, and nobody was told."""
    twin = build.make_submission(world.consultation, world.participating, world.people["participant"])
    world.group = build.make_like_group(world.submission, twin)
    put(world.submission, state="in_treatment", treatment="not-used", treatment_reason="Said twice")


@arranges("fate")
def fate(world: World, state: str, _chosen: str) -> None:
    """Of the own organisation's submission, which was not used; what was objected to has words."""
    put(world.submission, state="in_treatment", treatment="not-used", treatment_reason="Said twice")
    answered = {} if state == "told" else {"answered_at": build.timezone.now()}
    world.fate = build.make_fate(world.submission, state=state, words="Not so", **answered)


def of_text(name: str, **data: Any) -> Attempt:
    """Try a route of the recommendation, with its version as it is now."""

    def attempt(world: World) -> Tried:
        world.recommendation.refresh_from_db()
        address = at(name, world.consultation.slug, world.recommendation.pk)
        return address, {"version": world.recommendation.version, **data}

    return attempt


def joined(world: World) -> Tried:
    """Join the recommendation into another one of the same text."""
    other = world.statement.recommendations.exclude(pk=world.recommendation.pk).filter(state="drafting").first()
    other = other or build.make_recommendation(world.statement, text_en="Another text", addressees=[world.body])
    world.recommendation.refresh_from_db()
    address = f"{at('recommendation_join', world.consultation.slug, other.pk)}?with={world.recommendation.pk}"
    return address, {**WORDS, "version": other.version, "other_version": world.recommendation.version}


def split(world: World) -> Tried:
    places = {f"source_{source.pk}": "both" for source in world.recommendation.sources.all()}
    return of_text("recommendation_split", **WORDS, other_text_en="The second", **places)(world)


def added(world: World) -> Tried:
    twin = world.consultation.submissions.filter(organisation=world.participating).first()
    twin = twin or build.make_submission(world.consultation, world.participating, world.people["participant"])
    data = {"s": [twin.pk], "recommendation": world.recommendation.pk, "use": "words"}
    return at("sources_add", world.consultation.slug), data


def settled(world: World) -> Tried:
    """Settle a bracket that stands in the text."""
    bracket = Bracket.objects.filter(recommendation=world.recommendation).first()
    if bracket is None:
        bracket = Bracket.objects.create(recommendation=world.recommendation, language="en")
        for position, words in enumerate(("common", "shared")):
            bracket.wordings.create(position=position, text=words)
        put(world.recommendation, text_en="Words of the [common / shared] text")
    return at("bracket_settle", world.consultation.slug, bracket.pk), {"wording": bracket.wordings.first().pk}


def taken_out(world: World) -> Tried:
    if not LikeGroup.objects.filter(members__submission=world.submission).exists():
        twin = build.make_submission(world.consultation, world.participating, world.people["participant"])
        build.make_like_group(world.submission, twin)
    return at("group_take_out", world.consultation.slug, world.submission.pk), {}


def marked(world: World) -> Tried:
    source = world.submission.sources.first()
    return at("source_mark", world.consultation.slug, source.pk if source else 0), {"treatment": "evidence"}


def told(world: World) -> Tried:
    from_page = world.browser("convenor").get(at("fates_tell", world.consultation.slug))
    return at("fates_tell", world.consultation.slug), {"shown": from_page.context["shown"]}


def of_objection(**data: Any) -> Attempt:
    """Try to settle the objection."""
    return lambda world: (at("objection_settle", world.consultation.slug, world.fate.pk), data)


ATTEMPTS: dict[str, Attempt] = {
    "recommendation.place": of_text("recommendation_place", section="asean", place=1),
    "recommendation.join": joined,
    "recommendation.split": split,
    "recommendation.add a source": added,
    "recommendation.bracket a passage": of_text(
        "bracket_create", language="en", passage="Words of the", rival_1="Letters of the"
    ),
    "recommendation.settle a bracket": settled,
    "submission.translate": about("submission", "submission_translate", language="id", text="Kata-kata"),
    "submission.take out of a group": taken_out,
    "submission.mark as a source": marked,
    "workspace.look for what is alike": here("grouping_start"),
    "workspace.dissolve a group": lambda world: (at("group_dissolve", world.consultation.slug, world.group.pk), {}),
    "workspace.tell the fates": told,
    "fate.agree": about("fate", "fate_answer", verb="agree"),
    "fate.note": about("fate", "fate_answer", verb="note"),
    "fate.object": about("fate", "fate_answer", verb="object", words="Not so"),
    "fate.settle": of_objection(settlement="answered", reason="It stands in item 2"),
    "fate.let it stand alone": of_objection(alone="1"),
}

SIGHTS: dict[str, Sight] = {
    "workspace.see what would be told": seen(lambda world: world.own.name, page_of("fates_preview", SLUG, "own.pk")),
    "fate.see": seen(
        lambda world: f'id="fate-{world.fate.pk}"',
        page_of("fate_list"),
        lambda world: at("objection_list", world.consultation.slug) + "?show=all",
    ),
}

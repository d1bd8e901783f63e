"""How each verb of the policy table is tried over HTTP, and where each thing would be seen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from tests.portal.world import World


@dataclass(frozen=True, slots=True)
class Sign:
    """How one knows what a page shows: words that stand on it, and words that stand nowhere on it."""

    shown: str
    hidden: str = ""

    def is_on(self, content: str) -> bool:
        """Whether the page shows the one, and nothing of the other."""
        return self.shown in content and not (self.hidden and self.hidden in content)


Step = tuple[str, dict[str, Any]]  # an address, and what is posted to it
Attempt = Callable[[World], Step | list[Step]]  # several steps: the last one is the deed
Sight = Callable[[World], tuple[dict[str, Sign], list[str]]]


def at(name: str, *args: Any) -> str:
    """Return the address of a route."""
    return reverse(name, args=args)


def here(name: str, **data: Any) -> Attempt:
    """Try a route of the consultation."""
    return lambda world: (at(name, world.consultation.slug), data)


def about(attribute: str, name: str, **data: Any) -> Attempt:
    """Try a route that takes the id of a thing of the world."""
    return lambda world: (at(name, getattr(world, attribute).pk), data)


def of_invitation(name: str, **data: Any) -> Attempt:
    """Try a route of one invitation on the convenors' desk."""
    return lambda world: (at(name, world.consultation.slug, world.invitation.pk), data)


def of_trail(name: str, *args: Any, **data: Any) -> Attempt:
    """Try a route of the statement's trail."""
    return lambda world: (at(name, world.statement.slug, *args), data)


def days() -> dict[str, Any]:
    """Return first and last day of a consultation that is planned."""
    return {"starts_on": timezone.localdate(), "ends_on": timezone.localdate()}


def new_consultation(_world: World) -> tuple[str, dict[str, Any]]:
    words = {"title_en": "New", "title_ind": "Baru", "level": "national", "country": "ID"}
    rest = {"form_of_dialogue": "consultation", "time_zone": "Asia/Jakarta"}
    return at("consultation_create"), {**words, **rest, **days()}


def changed_seats(world: World) -> tuple[str, dict[str, Any]]:
    one = world.consultation
    data = {"version": one.version, "mode": one.mode, "city_en": one.city_en, "venue": one.venue, "seats": 61}
    return at("consultation_edit", world.consultation.slug, "where"), data


def written(world: World) -> tuple[str, dict[str, Any]]:
    words = {"kind": "lesson", "text": "New", "section": "asean", "language": "en", "attribution": "none"}
    data = {**words, "organisation": world.own.pk}
    return at("submission_create", world.consultation.slug), data


def rewritten(world: World) -> tuple[str, dict[str, Any]]:
    words = {"kind": "lesson", "text": "Newer", "section": "asean", "language": "en", "attribution": "none"}
    return at("submission_edit", world.submission.pk), {**words, "version": world.submission.version}


def reworded(world: World) -> tuple[str, dict[str, Any]]:
    data = {"text_en": "Newer", "section": "asean", "version": world.recommendation.version}
    return at("recommendation_edit", world.consultation.slug, world.recommendation.pk), data


def unlinked(world: World) -> tuple[str, dict[str, Any]]:
    return at("source_unlink", world.consultation.slug, _source(world)), {}


def _source(world: World) -> int:
    found = world.recommendation.sources.first()
    return found.pk if found else 0


def merged(world: World) -> tuple[str, dict[str, Any]]:
    data = {"s": [world.submission.pk], "text_en": "Merged", "section": "asean"}
    return at("submissions_merge", world.consultation.slug), data


def moved(verb: str) -> Attempt:
    return lambda world: (
        at("recommendation_move", world.consultation.slug, world.recommendation.pk),
        {"verb": verb},
    )


def position(name: str) -> Attempt:
    return lambda world: (at(name, world.consultation.slug), {"organisation": world.own.pk, "stance": "consensus"})


def settled(world: World) -> tuple[str, dict[str, Any]]:
    step = world.statement.steps.first()
    pledge = step.pledges.get().pk if step else 0
    return at("pledge_settle", world.statement.slug, pledge), {"state": "kept"}


def step(world: World) -> tuple[str, dict[str, Any]]:
    edition = world.statement.editions.first()
    words = {"happened_on": timezone.localdate(), "actor_en": "We", "counterpart_en": "They", "text_en": "We met"}
    rows = {"pledges-TOTAL_FORMS": 0, "pledges-INITIAL_FORMS": 0}
    return at("step_create", world.statement.slug, "dialogue"), {
        **words,
        **rows,
        "edition": edition.pk if edition else 0,
    }


def conveyed(world: World) -> tuple[str, dict[str, Any]]:
    data = {"bodies": [world.body.pk], "channel": "portal", "sent_on": timezone.localdate(), "letter": "Dear Minister"}
    return at("conveyance_create", world.statement.slug), {**data, "confirmed": "1"}


def answered(world: World) -> tuple[str, dict[str, Any]]:
    items = [item.pk for item in world.conveyance.edition.items.all()]
    data = {f"item-{pk}-language": "en" for pk in items} | {f"item-{world.item.pk}-kind": "noted"}
    return at("answer_sheet", world.conveyance.pk), {**data, f"item-{world.item.pk}-version": 0}


def published(world: World) -> tuple[str, dict[str, Any]]:
    return at("answers_publish", world.conveyance.pk), {"shown": [f"{world.response.pk}:{world.response.version}"]}


def received(outcome: str) -> Attempt:
    data = {"outcome": outcome, "received_on": timezone.localdate(), "evidence": "A stamp"}
    return about("conveyance", "conveyance_receipt", **data)


def profile(_world: World) -> tuple[str, dict[str, Any]]:
    return at("profile"), {"full_name": "New Name", "language": "en", "time_zone": "Asia/Jakarta"}


def asked(world: World) -> tuple[str, dict[str, Any]]:
    return at("organisation_join", world.invitation.pk), {}


ATTEMPTS: dict[str, Attempt] = {
    "the task force.plan a consultation": new_consultation,
    "the task force.change the own profile": profile,
    "person of an organisation.ask for a seat": asked,
    "consultation.change": changed_seats,
    "consultation.announce": here("consultation_announce"),
    "consultation.open_session": here("consultation_open"),
    "consultation.conclude": here("consultation_conclude", outcome_en="Done", tell="later"),
    "consultation.invite": lambda world: (
        at("invitation_pick", world.consultation.slug),
        {"organisations": [world.uninvited.pk], "seats": 2},
    ),
    "consultation.remind": here("reminders_send"),
    "consultation.write a submission": written,
    "consultation.start a statement": here("statement_start"),
    "invitation.approve": here("invitation_approve", all="1"),
    "invitation.send": here("invitation_send"),
    "invitation.accept": about("invitation", "invitation_answer", answer="yes", seats=1, note="We come"),
    "invitation.doubt": about("invitation", "invitation_answer", answer="maybe"),
    "invitation.decline": about("invitation", "invitation_answer", answer="no"),
    "invitation.repair": of_invitation("invitation_repair", address="new@example.org"),
    "invitation.revoke": of_invitation("invitation_revoke"),
    "invitation.redraft": of_invitation("invitation_redraft"),
    "invitation.record": of_invitation("answer_record", answer="yes", seats=1, channel="phone"),
    "submission.change": rewritten,
    "submission.submit": about("submission", "submission_submit"),
    "submission.withdraw": about("submission", "submission_withdraw"),
    "submission.treat": about("submission", "submission_treat", treatment="referred", reason="Elsewhere"),
    "submission.merge": merged,
    "submission.release": unlinked,
    "recommendation.change": reworded,
    "recommendation.defer": moved("defer"),
    "recommendation.resume": moved("resume"),
    "statement.change": lambda world: (
        at("statement_edit", world.consultation.slug),
        {"title_en": "Newer", "prevailing_language": "en", "version": world.statement.version},
    ),
    "statement.table": here("statement_table"),
    "statement.untable": here("statement_untable"),
    "statement.record a position": position("position_record"),
    "statement.take a position": position("position_take"),
    "statement.adopt": lambda world: (
        at("statement_adopt", world.consultation.slug),
        {"adopted_on": timezone.localdate(), "place": "Jakarta"},
    ),
    "statement.publish": here("statement_publish"),
    "statement.record a step": step,
    "statement.settle a pledge": settled,
    "statement.convey": conveyed,
    "conveyance.repeat the mail": about("conveyance", "conveyance_repeat"),
    "conveyance.receive": received("received"),
    "conveyance.return": received("returned"),
    "conveyance.acknowledge": about("conveyance", "conveyance_acknowledge"),
    "conveyance.answer": answered,
    "response.publish": published,
}


def seen(words: Callable[[World], str], *pages: Callable[[World], str]) -> Sight:
    """Look for the words on the pages; the first one is the thing's own."""
    return lambda world: ({"see": Sign(words(world))}, [page(world) for page in pages])


def described(
    name: Callable[[World], str], description: Callable[[World], str], *pages: Callable[[World], str]
) -> Sight:
    """Look for the name on the pages, or for the description on a page that holds the name nowhere."""

    def sight(world: World) -> tuple[dict[str, Sign], list[str]]:
        signs = {"see": Sign(name(world)), "described": Sign(description(world), hidden=name(world))}
        return signs, [page(world) for page in pages]

    return sight


def counted(five: str, four: str, *pages: Callable[[World], str]) -> Sight:
    """Look for the figure of four on the pages, or for that of five on a page that holds the other nowhere."""
    return lambda world: ({"see": Sign(four), "counts": Sign(five, hidden=four)}, [page(world) for page in pages])


def page_of(name: str, *paths: str) -> Callable[[World], str]:
    """Return the address of a route with arguments found along the paths."""

    def address(world: World) -> str:
        arguments = []
        for path in paths:
            value: Any = world
            for part in path.split("."):
                value = getattr(value, part)
            arguments.append(value)
        return at(name, *arguments)

    return address


def of_edition(name: str) -> Callable[[World], str]:
    def address(world: World) -> str:
        edition = world.statement.editions.get()
        return at(name, world.statement.slug, edition.number, edition.fingerprint)

    return address


SLUG, WORKSHOP = "consultation.slug", "statement.slug"
ORGANISATION = page_of("organisation_detail", "own.slug")
SIGHTS: dict[str, Sight] = {
    "the task force.see the register": seen(lambda world: world.other.name, page_of("organisation_list")),
    "the task force.see the own desk": seen(lambda _world: 'id="main"', page_of("desk")),
    "the task force.see the own account": seen(
        lambda _world: 'id="main"', page_of("profile"), page_of("account_email"), page_of("usersessions_list")
    ),
    "the task force.see the office's desk": seen(lambda _world: 'id="main"', page_of("liaison_desk")),
    "the task force.see the back office": seen(lambda _world: "Back office", page_of("admin:index")),
    "organisation.see": seen(lambda world: world.own.name, ORGANISATION, page_of("organisation_list")),
    "organisation.see people": seen(lambda world: world.people["representative"].full_name, ORGANISATION),
    "person of an organisation.see": seen(
        lambda world: world.mandate.user.full_name,
        page_of("organisation_people", "own.slug"),
        ORGANISATION,
        page_of("desk"),
        page_of("consultation_desk", SLUG),
    ),
    "consultation.see": seen(
        lambda world: world.consultation.title,
        page_of("consultation_detail", SLUG),
        page_of("consultation_list"),
        page_of("home"),
        page_of("desk"),
    ),
    "consultation.see the desk": seen(lambda _world: 'id="main"', page_of("consultation_desk", SLUG)),
    "invitation.see": seen(
        lambda world: world.consultation.title,
        page_of("invitation_answer", "invitation.pk"),
        page_of("invitation_receipt", "invitation.pk"),
        page_of("invitation_calendar", "invitation.pk"),
    ),
    "invitation.see the list": seen(
        lambda world: world.own.name,
        page_of("invitation_outbox", SLUG),
        page_of("invitation_preview", SLUG, "invitation.pk"),
        page_of("invitation_progress", SLUG),
        page_of("invitation_state", SLUG, "invitation.pk"),
        page_of("invitation_message", SLUG, "invitation.pk"),
        page_of("invitation_letter", SLUG, "invitation.pk"),
        page_of("waiting_list", SLUG),
        page_of("who_comes", SLUG),
        page_of("consultation_detail", SLUG),
    ),
    "answer.see": seen(
        lambda world: world.answer.delegates,
        page_of("invitation_receipt", "invitation.pk"),
        page_of("invitation_answer", "invitation.pk"),
        page_of("answer_record", SLUG, "invitation.pk"),
    ),
    "submission.see": seen(
        lambda world: world.submission.text,
        page_of("submission_detail", "submission.pk"),
        page_of("submission_list"),
        page_of("submission_check", "submission.pk"),
        page_of("workspace", SLUG),
        page_of("desk"),
    ),
    "recommendation.see": seen(
        lambda world: world.recommendation.text,
        page_of("position_take", SLUG),
        page_of("workspace", SLUG),
        page_of("plenary", SLUG),
        page_of("recommendation_detail", SLUG, "recommendation.pk"),
        page_of("recommendation_versions", SLUG, "recommendation.pk"),
    ),
    "statement.see": seen(
        lambda world: world.statement.title,
        page_of("statement_detail", WORKSHOP),
        page_of("position_take", SLUG),
        page_of("workspace", SLUG),
        page_of("plenary", SLUG),
        page_of("statement_list"),
        page_of("consultation_detail", SLUG),
        page_of("home"),
        page_of("desk"),
    ),
    "position.see": seen(
        lambda _world: "Not far enough for us",
        page_of("position_take", SLUG),
        page_of("plenary", SLUG),
        page_of("statement_detail", WORKSHOP),
    ),
    "edition.see": seen(
        lambda _world: "Item 1 of ASEAN.",
        lambda world: at("edition_detail", world.statement.slug, 1),
        of_edition("edition_data"),
        of_edition("edition_text"),
        of_edition("edition_pdf"),
        of_edition("edition_docx"),
        of_edition("edition_odt"),
        of_edition("edition_akoma"),
        lambda world: at("item_detail", world.statement.slug, "asean", 1),
        page_of("statement_timeline", WORKSHOP),
        page_of("statement_detail", WORKSHOP),
        page_of("follow_up"),
    ),
    "edition.see the trail's desk": seen(lambda _world: 'id="main"', page_of("trail_desk", WORKSHOP)),
    "conveyance.see": seen(
        lambda _world: "Words of the letter",
        page_of("conveyance_detail", "conveyance.pk"),
        page_of("statement_timeline", WORKSHOP),
        page_of("trail_desk", WORKSHOP),
        page_of("liaison_desk"),
    ),
    "response.see": seen(
        lambda _world: "Words of the response",
        lambda world: at("item_detail", world.statement.slug, "asean", 1),
        page_of("answer_sheet", "conveyance.pk"),
        page_of("answers_publish", "conveyance.pk"),
        page_of("conveyance_detail", "conveyance.pk"),
        page_of("statement_timeline", WORKSHOP),
        page_of("follow_up"),
    ),
}

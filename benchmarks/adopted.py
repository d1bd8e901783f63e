"""The adopted half of the load: statements, editions, items, answers and trails."""

from collections.abc import Iterable
from datetime import timedelta

from benchmarks.world import BROAD, FULL, World, breadth, number_of, participants, save
from consultations.models import Consultation
from portal import clock
from recommendations import canonical
from recommendations.models import (
    Adoption,
    Conveyance,
    Edition,
    Item,
    Pledge,
    Recommendation,
    Response,
    Source,
    Statement,
    Submission,
    TrailStep,
)
from stakeholders.models import PublicBody

ASEAN_ITEMS = {FULL: 6, BROAD: 30}  # of so many
KINDS = ("accepted", "in-part", "under-examination", "noted", "already-done", "not-accepted")


def make_statements(world: World, consultations: list[Consultation], submissions: list[Submission]) -> None:
    """A published statement of each consultation that is over, with its edition, its answers and its trail."""
    over = [consultation for consultation in consultations if consultation.state == "concluded"]
    statements = save(Statement, (_statement(world, consultation) for consultation in over))
    recommendations = save(
        Recommendation, (found for statement in statements for found in _recommendations(world, statement))
    )
    _link_sources(recommendations, submissions)
    _adopt(world, statements)
    editions = _freeze(world, statements, recommendations)
    items = _items(world, editions, recommendations)
    _answers(world, editions, items)
    _trail(world, editions)


def _statement(world: World, consultation: Consultation) -> Statement:
    number = number_of(consultation)
    preamble = [" ".join(part[place] for part in world.stock.items[:6]) for place in (0, 1)]
    return Statement(
        consultation=consultation,
        slug=f"statement-{number}",
        title_en=f"Statement of round {number}",
        title_ind=f"Pernyataan putaran {number}",
        official_title=f"Recommendations adopted by the {consultation.title_en}",
        preamble_en=preamble[0],
        preamble_ind=preamble[1],
        state="published",
        prevailing_language="id",
        current_edition=1,
    )


def _recommendations(world: World, statement: Statement) -> Iterable[Recommendation]:
    wanted = breadth(number_of(statement))
    asean = ASEAN_ITEMS.get(wanted, 1)
    for number in range(wanted):
        section = None if number < asean else statement.consultation.country
        english, indonesian = world.stock.items[number % len(world.stock.items)]
        yield Recommendation(
            statement=statement,
            section=section,
            position=number + 1 if section is None else number + 1 - asean,
            text_en=english,
            text_ind=indonesian,
            theme=world.themes[number % len(world.themes)],
            state="adopted",
        )


def _link_sources(recommendations: list[Recommendation], submissions: list[Submission]) -> None:
    by_consultation: dict[int, list[Submission]] = {}
    for submission in submissions:
        by_consultation.setdefault(submission.consultation_id, []).append(submission)
    rows = []
    for recommendation in recommendations:
        pool = by_consultation[recommendation.statement.consultation_id]
        chosen = {(recommendation.position + step) % len(pool) for step in (0, 7)}
        rows += [Source(recommendation=recommendation, submission=pool[place]) for place in chosen]
    save(Source, rows)


def _adopt(world: World, statements: list[Statement]) -> None:
    adoptions = save(
        Adoption,
        (
            Adoption(
                statement=statement,
                adopted_on=statement.consultation.starts_on,
                place="Jakarta",
                manner="consensus",
                invited_count=FULL,
                present_count=FULL,
            )
            for statement in statements
        ),
    )
    through = Adoption.adopters.through
    save(
        through,
        (
            through(adoption_id=adoption.pk, organisation_id=organisation.pk)
            for adoption in adoptions
            for organisation in participants(world, adoption.statement.consultation)
        ),
    )


def _addressees(world: World, recommendation: Recommendation) -> list[PublicBody]:
    start = recommendation.position * 2 % (len(world.bodies) - 1)
    return world.bodies[start : start + 2]


def _freeze(world: World, statements: list[Statement], recommendations: list[Recommendation]) -> list[Edition]:
    of: dict[int, list[canonical.Entry]] = {}
    for found in recommendations:
        texts = {"en": found.text_en, "id": found.text_ind}
        entry = canonical.Entry(found.section_id, found.position, texts, _addressees(world, found))
        of.setdefault(found.statement_id, []).append(entry)
    rows = []
    for statement in statements:
        day = statement.consultation.starts_on
        whole = canonical.form(statement, number=1, adopted_on=day, entries=of[statement.pk])
        rows.append(
            Edition(
                statement=statement,
                number=1,
                canonical=whole,
                fingerprint=canonical.fingerprint(whole),
                adopted_on=day,
                prevailing_language="id",
                published_at=clock.end_of_day(day, "Asia/Jakarta"),
            )
        )
    return save(Edition, rows)


def _items(world: World, editions: list[Edition], recommendations: list[Recommendation]) -> list[Item]:
    edition_of = {edition.statement_id: edition for edition in editions}
    items: list[Item] = save(
        Item,
        (
            Item(
                edition=edition_of[found.statement_id],
                recommendation=found,
                section=found.section,
                number=found.position,
                text_en=found.text_en,
                text_ind=found.text_ind,
                theme=found.theme,
            )
            for found in recommendations
        ),
    )
    through = Item.addressees.through
    save(
        through,
        (
            through(item_id=item.pk, publicbody_id=body.pk)
            for item, found in zip(items, recommendations, strict=True)
            for body in _addressees(world, found)
        ),
    )
    return items


def _answers(world: World, editions: list[Edition], items: list[Item]) -> None:
    """Two conveyances of each edition, and an answer to every item by its first addressee."""
    save(
        Conveyance,
        (
            Conveyance(
                edition=edition,
                body=body,
                state="acknowledged",
                acknowledged_at=world.now,
                sent_on=edition.adopted_on + timedelta(days=2),
                received_on=edition.adopted_on + timedelta(days=4),
                reference=f"TF/{edition.pk}/{body.pk}",
                reply_due=edition.adopted_on + timedelta(days=62),
                letter=world.stock.items[0][0],
            )
            for edition in editions
            for body in world.bodies[:2]
        ),
    )
    save(
        Response,
        (
            Response(
                item=item,
                body=_addressees(world, item.recommendation)[0],
                kind=KINDS[item.number % len(KINDS)],
                text=world.stock.items[item.number % 30][1],
                language="id",
                published_at=world.now,
            )
            for item in items
        ),
    )


def _trail(world: World, editions: list[Edition]) -> None:
    steps = save(
        TrailStep,
        (
            TrailStep(
                statement=edition.statement,
                kind=kind,
                happened_on=edition.adopted_on + timedelta(days=3 * place + 1),
                actor_en="Task Force on ASEAN Migrant Workers",
                actor_ind="Gugus Tugas Pekerja Migran ASEAN",
                counterpart_en="Director of the office in Jakarta",
                counterpart_ind="Direktur kantor di Jakarta",
                text_en=world.stock.items[place][0],
                text_ind=world.stock.items[place][1],
                edition=edition,
            )
            for edition in editions
            for place, kind in enumerate(("dialogue", "handover", "raised", "effect"))
        ),
    )
    save(
        Pledge,
        (
            Pledge(step=step, who_en="The director", text_en=world.stock.items[7][0], state="open")
            for step in steps
            if step.kind == "dialogue"
        ),
    )

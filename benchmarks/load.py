"""Fills a database with N items and what belongs to them, quickly and always alike: seeded chance, `bulk_create`.

Every list is longer than one page at the smallest size already, and the measured consultation, statement and
organisation are the same at every size. So a page that costs more at the larger size costs more because of the size.
"""

import argparse
import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import connection

from benchmarks import words
from benchmarks.adopted import make_statements
from benchmarks.world import FULL, SMALL, World, lies_ahead, participants, save
from consultations.models import Consultation, Invitation, Organiser
from portal import log, text
from portal.demo.factors import authenticator_of
from portal.models import User
from recommendations.models import Submission, Theme
from stakeholders.models import (
    Convenorship,
    Country,
    LiaisonAppointment,
    Membership,
    Organisation,
    PublicBody,
    StakeholderGroup,
)

MEMBERS = 60


def load(size: int, seed: int = 2007) -> None:
    """Fill the database with about `size` items and submissions."""
    world = World(size, random.Random(seed))
    make_reference(world)
    make_people(world)
    make_organisations(world)
    consultations = make_consultations(world)
    submissions = make_submissions(world, consultations)
    make_statements(world, consultations, submissions)
    log.record("load", consultations[0], by=world.people[0])
    settle()


def settle() -> None:
    """Let the database look at what was loaded. On PostgreSQL this is what autovacuum does soon after.

    Inside a transaction it only looks: there VACUUM is refused.
    """
    vacuum = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if vacuum else "ANALYZE")


def make_reference(world: World) -> None:
    """Countries, groups, themes and public bodies as the demonstration has them."""
    world.countries = save(
        Country,
        (
            Country(
                code=found["iso2"],
                name_en=found["name"]["en"],
                name_ind=found["name"]["id"],
                member_since=found["member_since"],
                time_zone=found["time_zones"][0],
                **found["tile"],
            )
            for found in words.read("countries")["countries"]
        ),
    )
    world.groups = save(StakeholderGroup, map(_group, words.read("groups")["groups"]))
    world.themes = save(
        Theme,
        (
            Theme(slug=found["slug"], name_en=found["name"]["en"], name_ind=found["name"]["id"], position=number)
            for number, found in enumerate(words.read("themes")["themes"])
        ),
    )
    world.bodies = save(PublicBody, map(_body, words.read("public_bodies")["public_bodies"]))


def _group(found: dict[str, Any]) -> StakeholderGroup:
    return StakeholderGroup(
        slug=found["slug"],
        name_en=found["name"]["en"],
        name_ind=found["name"]["id"],
        description_en=found["description"]["en"],
        description_ind=found["description"]["id"],
        withheld_name_en=found["withheld"]["en"],
        withheld_name_ind=found["withheld"]["id"],
        hearing=found["hearing"],
        bench=found["default_bench"] or "observer",
        position=found["order"],
    )


def _body(found: dict[str, Any]) -> PublicBody:
    return PublicBody(
        slug=found["slug"],
        name_en=found["name"]["en"],
        name_ind=found["name"]["id"],
        acronym=found["acronym"] or "",
        kind=found["kind"],
        country_id=found["country"],
    )


def make_people(world: World) -> None:
    """Two convenors and a liaison, with their second step, and the members."""
    names = ["convenor", "second", "liaison", *(f"member{number}" for number in range(MEMBERS))]
    world.people = save(User, (User(email=f"{name}@bench.example", full_name=name.title()) for name in names))
    since = world.today - timedelta(days=4000)
    save(Convenorship, (Convenorship(user=person, since=since) for person in world.people[:2]))
    appointment = {"user": world.people[2], "body": world.bodies[0], "state": "active", "since": since}
    save(LiaisonAppointment, [LiaisonAppointment(**appointment)])
    save(Authenticator, map(authenticator_of, world.people[:3]))


def make_organisations(world: World) -> None:
    """A hundred, and one more for every fifth item; seven of ten are public."""
    world.organisations = save(Organisation, (_organisation(world, number) for number in range(100 + world.size // 5)))
    links: list[Any] = []
    for organisation in world.organisations:
        chosen = world.chance.sample(world.groups[:9], world.chance.choice((1, 1, 2)))
        links += (
            Organisation.groups.through(organisation_id=organisation.pk, stakeholdergroup_id=group.pk)
            for group in chosen
        )
    save(Organisation.groups.through, links)
    save(
        Membership,
        (
            Membership(organisation=organisation, user=person, role="lead", state="active", since=date(2020, 1, 1))
            for organisation, person in zip(world.organisations, world.people[3:], strict=False)
        ),
    )


def _organisation(world: World, number: int) -> Organisation:
    english, indonesian = world.stock.names[number % len(world.stock.names)]
    shown = "public" if number < 2 else world.chance.choices(("public", "members", "withheld"), (7, 2, 1))[0]
    return Organisation(
        name_en=f"{english} {number}",
        name_ind=f"{indonesian} {number}",
        name_key=text.comparison_key(f"{english} {number}"),
        acronym=f"O{number}",
        slug=f"organisation-{number}",
        state="verified",
        visibility=shown,
        country=world.chance.choice(world.countries),
        side=world.chance.choice(("origin", "destination", "transit", "both")),
        language="id" if number % 2 else "en",
        contact_email=f"organisation{number}@bench.example",
        limb="contributes",
        evidence=world.stock.items[number % len(world.stock.items)][0],
        decided_on=world.today,
    )


def make_consultations(world: World) -> list[Consultation]:
    """The small ones first, then the full ones; one of six small and one of thirty full ones lies ahead."""
    consultations: list[Consultation] = save(
        Consultation, (_consultation(world, number) for number in range(SMALL + max(3, world.size // FULL)))
    )
    through = Consultation.convenors.through
    save(
        through,
        (
            through(consultation_id=consultation.pk, user_id=person.pk)
            for consultation in consultations
            for person in world.people[:2]
        ),
    )
    save(Organiser, (organiser for consultation in consultations for organiser in _organisers(world, consultation)))
    save(Invitation, (invitation for consultation in consultations for invitation in _invitations(world, consultation)))
    return consultations


def _consultation(world: World, number: int) -> Consultation:
    ahead = lies_ahead(number)
    # Full and small ones are mixed in time, so that the first page of each list holds both at every size.
    day = world.today + timedelta(days=20 + number % 60 if ahead else -30 - 97 * number % 6900)
    country = world.countries[number % len(world.countries)]
    purpose = world.stock.purposes[number % 2]
    return Consultation(
        slug=f"consultation-{number}",
        title_en=f"National consultation of {country.name_en} on fees, passports and return, round {number}",
        title_ind=f"Konsultasi nasional {country.name_ind} tentang biaya, paspor, dan kepulangan, putaran {number}",
        purpose_en="\n\n".join([purpose[0]] * 3),
        purpose_ind="\n\n".join([purpose[1]] * 3),
        outcome_en="" if ahead else world.stock.items[number % 30][0],
        outcome_ind="" if ahead else world.stock.items[number % 30][1],
        state="announced" if ahead else "concluded",
        country=country,
        city_en="Jakarta",
        venue="Balai Cempaka",
        starts_on=day,
        ends_on=day,
        answer_by=day - timedelta(days=7),
        time_zone=country.time_zone,
        seats=60,
        input_opens=world.now - timedelta(days=9),
        input_closes=world.now + timedelta(days=9),
        concluded_at=None if ahead else world.now,
    )


def _organisers(world: World, consultation: Consultation) -> Iterable[Organiser]:
    yield Organiser(consultation=consultation, name="Task Force on ASEAN Migrant Workers", kind="convening")
    yield Organiser(consultation=consultation, organisation=world.organisations[0], kind="co-organiser", position=1)


def _invitations(world: World, consultation: Consultation) -> Iterable[Invitation]:
    for organisation in participants(world, consultation):
        invitation = Invitation(
            consultation=consultation,
            organisation=organisation,
            state=world.chance.choice(("sent", "accepted", "accepted", "declined")),
            seats_accepted=2,
            address=organisation.contact_email,
            language=organisation.language,
            sent_at=world.now,
        )
        invitation.seal()
        yield invitation


def make_submissions(world: World, consultations: list[Consultation]) -> list[Submission]:
    """One point of each invited organisation, in the language it was written in."""
    rows = []
    for consultation in consultations:
        for organisation in participants(world, consultation):
            language, words_ = world.chance.choice(world.stock.submissions)
            rows.append(
                Submission(
                    consultation=consultation,
                    organisation=organisation,
                    author=world.people[3 + len(rows) % MEMBERS],
                    theme=world.chance.choice(world.themes),
                    section=consultation.country if len(rows) % 2 else None,
                    text=words_,
                    language=language,
                    attribution=world.chance.choice(("none", "described", "named")),
                    state="submitted",
                    submitted_at=world.now,
                )
            )
    return save(Submission, rows)


def main(arguments: list[str]) -> None:
    """Make the tables and fill them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, required=True)
    size = parser.parse_args(arguments).size
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    load(size)

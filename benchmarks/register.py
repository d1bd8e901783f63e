"""The register by its own size: N organisations with names in three scripts, traits and ties, and what its pages cost.

`load` in the neighbouring module makes organisations in proportion to items; here they are what grows.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management import call_command

from benchmarks.load import make_organisations, make_people, make_reference, settle
from benchmarks.pages import Measured, Page, measure
from benchmarks.world import World, save
from portal import log
from stakeholders.models import Organisation, OrganisationLink, OrganisationName, Trait
from stakeholders.states import TRAITS

SCRIPTS = (
    ("th", "สมาคมแรงงานข้ามชาติเพื่อสิทธิและสุขภาพ"),
    ("km", "សមាគមពលករទេសន្តរប្រវេសន៍ដើម្បីសិទ្ធិ"),
    ("my", "ရွှေ့ပြောင်းအလုပ်သမားများအသင်း"),
    ("vi", "Hiệp hội Lao động Di cư"),
)
NETWORKS = 20
AT_ONCE = 1_000


def pages() -> list[Page]:
    """Return what is measured: the list in several ways, the searches, the map, the look-alikes, the export."""
    listed = "organisation_list"
    return [
        Page(listed, "list"),
        Page(listed, "list", query="?group=trade-unions&country=TH"),
        Page(listed, "list", query="?basis=domestic-workers&side=origin&bench=civil-society&language=id&sort=country"),
        Page(listed, "list", query="?page=4"),
        Page(listed, "search", query="?q=jaringan"),
        Page(listed, "search", query="?q=ข้ามชาติ"),
        Page(listed, "search", query="?q=hiep+hoi+77"),
        Page(listed, "search", query="?q=nobody+is+called+this"),
        Page("stakeholder_map", "list"),
        Page("organisation_detail", "detail", arguments=("organisation-1",)),
        Page(listed, "list, signed in", who="member"),
        Page(listed, "search", who="member", query="?q=jaringan"),
        Page("stakeholder_map", "list, signed in", who="member"),
        Page(listed, "list, signed in", who="convenor"),
        Page(listed, "search", who="convenor", query="?q=jaringan"),
        Page("stakeholder_map", "list, signed in", who="convenor"),
        Page("stakeholder_map", "list, signed in", who="member", again=True),
        Page("stakeholder_map", "list, signed in", who="convenor", again=True),
        Page("organisation_decide", "desk", who="convenor", arguments=("organisation-1",)),
        Page("organisation_export", "file", arguments=("csv",)),
        Page("organisation_export", "file", arguments=("xlsx",)),
    ]


def load(size: int, seed: int = 2007) -> None:
    """Fill the database with that many organisations."""
    world = World((size - 100) * 5, random.Random(seed))
    make_reference(world)
    make_people(world)
    make_organisations(world)
    for number, organisation in enumerate(world.organisations):
        language, name = SCRIPTS[number % len(SCRIPTS)]
        organisation.other_names = [{"text": f"{name} {number}", "lang": language, "kind": "other"}]
        organisation.languages = f"id {language}"
        organisation.website = f"https://www.organisation{number}.example/{language}"
        organisation.contact_phone = f"+62 812-{10_000_000 + number}"
    written = ["other_names", "languages", "website", "contact_phone"]
    Organisation.objects.bulk_update(world.organisations, written, batch_size=AT_ONCE)
    for start in range(0, len(world.organisations), AT_ONCE):
        OrganisationName.objects.renew(world.organisations[start : start + AT_ONCE])
    save(Trait, _traits(world))
    save(OrganisationLink, _links(world))
    log.record("load", world.organisations[0], by=world.people[0])
    settle()


def _traits(world: World) -> Iterator[Trait]:
    for organisation in world.organisations:
        for kind, codes in TRAITS.items():
            for code in world.chance.sample(list(codes.values), 2):
                reach = world.chance.choice(("gap", "access")) if kind == "service" else ""
                yield Trait(organisation=organisation, kind=kind, code=code, reach=reach)


def _links(world: World) -> Iterator[OrganisationLink]:
    """Every third belongs to one of twenty networks."""
    for organisation in world.organisations[NETWORKS::3]:
        yield OrganisationLink(
            organisation=organisation, kind="network", other=world.chance.choice(world.organisations[:NETWORKS])
        )


def survey(seconds: float) -> Iterator[Measured]:
    """Measure every page."""
    for page in pages():
        yield measure(page, seconds)


def main(arguments: list[str]) -> None:
    """Load where a size is given; else print what was found as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0.5)
    given = parser.parse_args(arguments)
    if given.size:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        load(given.size)
    else:
        found: list[dict[str, Any]] = [asdict(one) for one in survey(given.seconds)]
        json.dump(found, sys.stdout)

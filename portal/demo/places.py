"""The member states, the stakeholder groups, the themes, and the public bodies with their succession."""

from datetime import date

from portal.demo.facts import Facts, add_missing, both, by_key, read
from recommendations.models import Theme
from stakeholders.models import Country, PublicBody, StakeholderGroup


def load_countries() -> None:
    """Add the member states that are missing, with their cells of the tile map."""
    add_missing(Country, "code", [_country(facts) for facts in read("countries")["countries"]])


def _country(facts: Facts) -> Country:
    return Country(
        code=facts["iso2"],
        own_name=facts["own_names"][0]["text"],
        member_since=date.fromisoformat(facts["member_since"]),
        languages=" ".join(facts["languages"]),
        time_zone=facts["time_zones"][0],
        row=facts["tile"]["row"],
        column=facts["tile"]["column"],
        **both("name", facts["name"]),
    )


def load_groups() -> None:
    """Add the stakeholder groups that are missing."""
    add_missing(StakeholderGroup, "slug", [_group(facts) for facts in read("groups")["groups"]])


def _group(facts: Facts) -> StakeholderGroup:
    return StakeholderGroup(
        slug=facts["slug"],
        hearing=facts["hearing"],
        bench=facts["default_bench"] or "",
        position=facts["order"],
        **both("name", facts["name"]),
        **both("description", facts["description"]),
        **both("withheld_name", facts["withheld"]),
    )


def load_themes() -> None:
    """Add the themes that are missing."""
    themes = enumerate(read("themes")["themes"], start=1)
    rows = [Theme(slug=facts["slug"], position=position, **both("name", facts["name"])) for position, facts in themes]
    add_missing(Theme, "slug", rows)


def load_bodies() -> None:
    """Add the public bodies that are missing, then tie the new ones to whom they report and who followed them."""
    facts = {body["slug"]: body for body in read("public_bodies")["public_bodies"]}
    new = {body.slug: body for body in add_missing(PublicBody, "slug", [_body(body) for body in facts.values()])}
    if not new:
        return
    bodies = by_key(PublicBody, "slug") | new
    followed_by = {old: slug for slug, body in facts.items() for old in body["successor_of"]}
    for slug, body in new.items():
        body.reports_to = bodies.get(facts[slug]["reports_to"])
        body.successor = bodies.get(followed_by.get(slug))
    PublicBody.objects.bulk_update(new.values(), ["reports_to", "successor"])


def _body(facts: Facts) -> PublicBody:
    return PublicBody(
        slug=facts["slug"],
        acronym=facts["acronym"] or "",
        kind=facts["kind"],
        country_id=facts["country"],
        since=_day(facts["since"]),
        until=_day(facts["until"]),
        matter=facts["matter"],
        **both("name", facts["name"]),
        **both("note", facts["note"]),
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None

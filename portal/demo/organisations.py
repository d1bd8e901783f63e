"""The register: networks that history names, and organisations that were made up."""

from datetime import date, timedelta

from portal.demo.facts import Facts, by_key, one, read
from stakeholders.models import Organisation, OrganisationLink, StakeholderGroup, Trait
from stakeholders.states import Reach, Service, TraitKind

DECIDED_BEFORE = timedelta(days=150)  # the made-up ones were verified that long before the day of loading


def load_organisations(today: date) -> None:
    """Add the organisations that are missing, with their groups."""
    there = set(Organisation.objects.values_list("slug", flat=True))
    missing = [facts for facts in read("organisations")["organisations"] if facts["slug"] not in there]
    groups = by_key(StakeholderGroup, "slug") if missing else {}
    links, works_in, traits = [], [], []
    for facts in missing:
        organisation = _organisation(facts, today)
        organisation.save(force_insert=True)
        links += [_link(organisation, groups[slug]) for slug in facts["groups"]]
        works_in += [
            Organisation.countries.through(organisation=organisation, country_id=code) for code in facts["countries"]
        ]
        traits += _traits(organisation, facts)
    Organisation.groups.through.objects.bulk_create(links)
    Organisation.countries.through.objects.bulk_create(works_in)
    Trait.objects.bulk_create(traits)
    _tie(missing)


def _tie(missing: list[Facts]) -> None:
    """Tie the new organisations to their networks and federations, which may be new themselves."""
    ours = by_key(Organisation, "slug") if missing else {}
    OrganisationLink.objects.bulk_create(
        OrganisationLink(organisation=ours[facts["slug"]], kind=link["kind"], other=ours[link["to"]])
        for facts in missing
        for link in facts["links"]
    )


def _organisation(facts: Facts, today: date) -> Organisation:
    eligible = facts["eligible"] or {}
    return Organisation(
        slug=facts["slug"],
        name_en=facts["name"]["en"],
        name_ind=facts["name"]["id"],
        acronym=facts["acronym"] or "",
        other_names=facts["names"],
        state="verified",
        visibility=facts["visibility"],
        country_id=facts["country"],
        level=facts["level"],
        side=facts["side"],
        language=facts["language"],
        languages=facts["language"],
        contact_email=facts["email"],
        limb=eligible.get("limb") or "",
        speaks_for_omitted=bool(facts["speaks_for_omitted"]),
        evidence=one(eligible.get("evidence"), facts["language"]),
        decided_on=None if facts["history"] else today - DECIDED_BEFORE,
        illustrative=not facts["history"],
    )


def _traits(organisation: Organisation, facts: Facts) -> list[Trait]:
    """Return what the facts call bases, issues and roles; a role that is a service widens access unless it says so."""
    services = set(Service.values)
    found = [(TraitKind.BASIS, code, "") for code in facts["membership_bases"]]
    found += [(TraitKind.ISSUE, code, "") for code in facts["issues"]]
    for code in facts["roles"]:
        found.append((TraitKind.SERVICE, code, Reach.ACCESS) if code in services else (TraitKind.ROLE, code, ""))
    return [Trait(organisation=organisation, kind=kind, code=code, reach=reach) for kind, code, reach in found]


def _link(organisation: Organisation, group: StakeholderGroup) -> object:
    return Organisation.groups.through(organisation=organisation, stakeholdergroup=group)

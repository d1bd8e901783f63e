"""How an organisation's profile is written: its columns, groups, countries, traits, networks."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import log
from portal.models import User
from portal.states import Conflict, Refusal
from stakeholders.models import Country, Organisation, OrganisationLink, StakeholderGroup, Trait
from stakeholders.states import NOT_APPLYING, LinkKind, Visibility

OPAQUE = "org-"
OVER = ("merged", "dissolved")
Traits = dict[str, dict[str, str]]
Networks = list[tuple[Organisation | None, str]]


def opaque_slug() -> str:
    """Return an address that tells nothing of the name: an organisation may choose to be withheld at any time."""
    return OPAQUE + secrets.token_hex(6)


@transaction.atomic
def change_organisation(organisation: Organisation, *, by: User, version: int, **values: Any) -> Organisation:
    """Write new values of the profile. Raises Conflict when somebody else changed it since `version`, or Refusal.

    `values` are columns, and of `groups`, `countries`, `traits` and `networks` those that are to be written anew.
    """
    organisation = Organisation.locked(organisation.pk)
    if organisation.state in OVER:
        raise Refusal(_("This organisation is not in the register any more."))
    if organisation.version != version:
        raise Conflict(organisation)
    relations = {name: values.pop(name) for name in ("groups", "countries", "traits", "networks") if name in values}
    columns = {name for name, value in values.items() if getattr(organisation, name) != value}
    changed = columns | write_relations(organisation, by=by, **relations)
    if not changed:
        return organisation
    for name in columns:
        setattr(organisation, name, values[name])
    if "visibility" in columns and organisation.visibility == Visibility.WITHHELD:
        _forget_slug(organisation)
    organisation.version += 1
    organisation.save(update_fields=[*columns, "name_key", "slug", "version", "updated_at"])
    log.record("change", organisation, by=by, topic=organisation, detail=" ".join(sorted(changed))[:200])
    return organisation


def _forget_slug(organisation: Organisation) -> None:
    """Give an address without the name: the old one could be read off a link."""
    if not organisation.slug.startswith(OPAQUE):
        organisation.slug = opaque_slug()


def write_relations(
    organisation: Organisation,
    *,
    by: User | None,
    groups: Iterable[StakeholderGroup] | None = None,
    countries: Iterable[Country] | None = None,
    traits: Traits | None = None,
    networks: Networks | None = None,
) -> set[str]:
    """Write what is given, leave what is not; return what changed, by name. Call it on a locked row. Raises Refusal."""
    changed = set()
    if groups is not None and _write_groups(organisation, list(groups)):
        changed.add("groups")
    if countries is not None and _write_set(organisation.countries, list(countries)):
        changed.add("countries")
    if traits is not None and _write_traits(organisation, traits):
        changed.add("traits")
    if networks is not None and _write_networks(organisation, networks, by):
        changed.add("networks")
    return changed


def _write_groups(organisation: Organisation, wanted: list[StakeholderGroup]) -> bool:
    if not wanted:
        raise Refusal(_("Tick at least one."), field="groups")
    there = set(organisation.groups.all())
    if any(group.hearing in NOT_APPLYING for group in set(wanted) - there):
        raise Refusal(
            _("Organisations of this group do not apply: only a convenor can put them there."), field="groups"
        )
    return _write_set(organisation.groups, wanted)


def _write_set(manager: Any, wanted: list[Any]) -> bool:
    if set(manager.all()) == set(wanted):
        return False
    manager.set(wanted)
    return True


def _write_traits(organisation: Organisation, wanted: Traits) -> bool:
    """Write the codes of the given kinds; the other kinds stay."""
    rows = organisation.traits.filter(kind__in=list(wanted))
    there = {(one.kind, one.code, one.reach) for one in rows}
    new = {(str(kind), code, reach) for kind, codes in wanted.items() for code, reach in codes.items()}
    if there == new:
        return False
    rows.delete()
    Trait.objects.bulk_create(
        Trait(organisation=organisation, kind=str(kind), code=code, reach=reach)
        for kind, codes in wanted.items()
        for code, reach in codes.items()
    )
    return True


def _write_networks(organisation: Organisation, wanted: Networks, by: User | None) -> bool:
    """Write the networks. Ties of other kinds, and ties to what this person may not see, stay as they are."""
    ties = organisation.links.all()
    seen = Organisation.objects.visible_to(by) if by else Organisation.objects.none()
    hidden = {one.pk for one in ties.exclude(other=None).exclude(other__in=seen)}
    ours = {(one.other_id, one.other_name): one for one in ties if one.kind == "network" and one.pk not in hidden}
    taken = {one.other_id for one in ties if one.pk in hidden or one.kind != "network"} | {organisation.pk}
    new = {(other.pk if other else None, name) for other, name in wanted if other is None or other.pk not in taken}
    if set(ours) == new:
        return False
    organisation.links.filter(pk__in=[one.pk for key, one in ours.items() if key not in new]).delete()
    order = dict.fromkeys((other.pk if other else None, name) for other, name in wanted)
    OrganisationLink.objects.bulk_create(
        OrganisationLink(organisation=organisation, kind=LinkKind.NETWORK, other_id=pk, other_name=name)
        for pk, name in order
        if (pk, name) in new and (pk, name) not in ours
    )
    return True

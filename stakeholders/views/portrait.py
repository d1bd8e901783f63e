"""What the page of an organisation says about it: names, traits, where it works, who it is tied to."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from portal import access, languages
from portal.models import User
from stakeholders.models import Organisation, OrganisationLink
from stakeholders.querysets import standing_of
from stakeholders.states import LinkKind, NameKind, TraitKind

TIES = 60
FOLLOWED = 10  # records that went into others, one after the other


def organisation_at(request: HttpRequest, slug: str) -> Organisation:
    """Return the organisation at an address. Where its record went into another: that one, if both may be seen."""
    organisations = Organisation.objects.for_list().prefetch_related("countries", "traits")
    try:
        found = access.fetch(request, organisations, slug=slug)
    except Http404:
        former = Organisation.objects.went_elsewhere(request.user).filter(slug=slug).first()
        if former is None:
            raise
        found = former
    if found.merged_into_id is None:
        return found
    return access.fetch(request, organisations, pk=_kept(found).pk)


def _kept(organisation: Organisation) -> Organisation:
    for _step in range(FOLLOWED):
        if organisation.merged_into is None:
            break
        organisation = organisation.merged_into
    return organisation


def portrait_of(organisation: Organisation, user: User) -> dict[str, Any]:
    """Return what the page shows, all of it as this reader may see it."""
    name = organisation.shown_name(standing_of(user))
    names = [one for one in organisation.all_names() if one[2] not in {name, organisation.acronym}]
    return {
        "name": name,
        "other_names": [_named(one) for one in names if one[0] != NameKind.FORMER],
        "former_names": [_named(one) for one in names if one[0] == NameKind.FORMER],
        "works_in": organisation.countries.all(),
        "languages": [(code, languages.own_name(code)) for code in organisation.languages.split()],
        "introduction_language": organisation.language if organisation.language != get_language() else "",
        "traits": _traits(organisation),
        **_ties(organisation, user),
    }


def _named(name: tuple[str, str, str]) -> dict[str, str]:
    return {"text": name[2], "lang": name[1]}


def _traits(organisation: Organisation) -> list[dict[str, Any]]:
    """Return the traits by kind, in the order of the kinds, each with the register of those who share it."""
    every = list(organisation.traits.all())
    kinds = ((kind, [trait for trait in every if trait.kind == kind]) for kind in TraitKind)
    return [{"kind": kind.label, "traits": traits} for kind, traits in kinds if traits]


def _ties(organisation: Organisation, user: User) -> dict[str, Any]:
    """Return those it belongs to, and those that belong to it. One query; only ties of which both ends may be seen."""
    standing = standing_of(user)
    its = Q(organisation=organisation) | Q(other=organisation)
    found = OrganisationLink.objects.visible_to(user).filter(its).select_related("organisation", "other")
    links = list(found.order_by("organisation__name_key", "pk")[: TIES + 1])
    return {
        "belongs_to": [
            {
                "kind": link.get_kind_display(),
                "organisation": link.other,
                "name": link.other.shown_name(standing) if link.other else link.other_name,
            }
            for link in links[:TIES]
            if link.organisation_id == organisation.pk
        ],
        "tied_to_it": [
            {"organisation": link.organisation, "name": link.organisation.shown_name(standing), "kind": _from(link)}
            for link in links[:TIES]
            if link.other_id == organisation.pk
        ],
        "more_ties": len(links) > TIES,
    }


def _from(link: OrganisationLink) -> str:
    """Return the tie as it reads from the other end: nothing for a member of a network, which goes without saying."""
    return "" if link.kind == LinkKind.NETWORK else str(link.get_kind_display())

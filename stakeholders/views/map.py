"""The stakeholder map: which groups are there, where, and which are represented nowhere."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.models import User
from portal.publishing import kept_until_next_act, public_page
from stakeholders import mapping
from stakeholders.mapping import NO_COUNTRY, Figures, Hub
from stakeholders.models import Country, Organisation, StakeholderGroup
from stakeholders.querysets import Standing, standing_of
from stakeholders.states import Hearing, Visibility
from stakeholders.views.filters import SEVERAL

LONGEST_LABEL = 10
Known = dict[int, Organisation]
LEVELS = (1, 5, 20, 100)  # from how many on a cell is darker


@public_page
def stakeholder_map(request: HttpRequest) -> HttpResponse:
    standing = standing_of(request.user)
    groups, countries = list(StakeholderGroup.objects.all()), list(Country.objects.all())
    smallest = 1 if standing.convenor else settings.SMALLEST_PUBLISHED_COUNT
    figures, named, ties = kept_until_next_act(_audience(standing), lambda: _read(request.user, smallest))
    missing = [group for group in groups if group.pk not in figures.groups]
    known = Organisation.objects.in_bulk({pk for _group, pk in named} | {pk for row in ties for pk in row[:2]})
    context = {
        "exact": standing.convenor,
        "columns": [*((one.code, one.name) for one in countries), (SEVERAL, _("several countries"))],
        "grid": [_row(group, countries, figures) for group in groups if group.pk in figures.groups],
        "foot": [_total(_country(code), figures) for code in (*(one.code for one in countries), NO_COUNTRY)],
        "tiles": [_tile(country, figures) for country in countries],
        "groups": _named(groups, named, known),
        # Governments and international organisations are there as public bodies, not in the register.
        "to_invite": [group for group in missing if group.hearing not in {Hearing.NEVER, Hearing.PUBLIC}],
        "never_seated": [group for group in missing if group.hearing == Hearing.NEVER],
        "hubs": [_drawn(hub, known, standing) for hub in mapping.draw_hubs(ties)],
        "nav_current": "organisations",
    }
    return render(request, "stakeholders/stakeholder_map.html", context)


def _audience(standing: Standing) -> str:
    """Return for whom the figures are the same: whoever sees the same organisations."""
    own = [] if standing.convenor else sorted(standing.organisations)
    return f"map|{standing.convenor}|{standing.member}|{own}"


def _read(user: User, smallest: int) -> tuple[Figures, list[tuple[int, int]], list[tuple[int, int, str]]]:
    """Return what is read from whole tables: the counts, who is named, who is tied to whom."""
    return mapping.count_figures(user, smallest), mapping.named_by_group(), mapping.tied_to_hubs(user)


def _row(group: StakeholderGroup, countries: list[Country], figures: Figures) -> dict[str, Any]:
    places = [*(country.code for country in countries), NO_COUNTRY]
    total = figures.group_total(group.pk) if group.pk in figures.rows_shown else None
    return {
        "group": group,
        "url": _register(group=group.slug),
        "total": total,
        "cells": [_cell(group, code, figures) for code in places],
    }


def _cell(group: StakeholderGroup, code: str, figures: Figures) -> dict[str, Any]:
    count = figures.cells.get((group.pk, code), 0)
    return {
        "count": count if count >= figures.smallest else 0,
        "small": 0 < count < figures.smallest,
        "level": sum(count >= least for least in LEVELS),
        "url": _register(group=group.slug, country=_country(code)),
    }


def _country(code: str) -> str:
    """Return what stands for the country in the register's addresses."""
    return code or SEVERAL


def _total(country: str, figures: Figures) -> dict[str, Any]:
    code = NO_COUNTRY if country == SEVERAL else country
    return {
        "url": _register(country=country),
        "total": figures.countries.get(code, 0) if code in figures.columns_shown else None,
    }


def _tile(country: Country, figures: Figures) -> dict[str, Any]:
    """Return the country's tile. Where its total is not shown, a dash stands in the picture and words in the table."""
    there = figures.countries.get(country.code, 0)
    known = country.code in figures.columns_shown or not there
    return {
        "code": country.code,
        "name": country.name,
        "url": _register(country=country.code),
        "count": there if known else _("not shown"),
        "mark": "" if known else "–",
        "row": country.row,
        "col": country.column,
    }


def _named(groups: list[StakeholderGroup], named: list[tuple[int, int]], known: Known) -> list[dict[str, Any]]:
    """Return the groups with the first that chose to be named to everybody."""
    found: dict[int, list[Organisation]] = defaultdict(list)
    for group_pk, pk in named:
        if known[pk].visibility == Visibility.PUBLIC:
            found[group_pk].append(known[pk])
    return [
        {"group": group, "url": _register(group=group.slug), "organisations": found[group.pk]}
        for group in groups
        if group.pk in found
    ]


def _drawn(hub: Hub, known: Known, standing: Standing) -> dict[str, Any]:
    middle = known[hub.organisation]
    around = [(spoke, known[spoke.organisation]) for spoke in hub.spokes]
    return {
        "organisation": middle,
        "name": middle.shown_name(standing),
        "label": _label(middle),
        "spokes": [{"at": at, "organisation": one, "name": one.shown_name(standing)} for at, one in around],
        "more": hub.more,
    }


def _label(organisation: Organisation) -> str:
    """Return what fits into the middle of the picture: a short acronym, or nothing; the caption has the name."""
    return organisation.acronym if len(organisation.acronym) <= LONGEST_LABEL else ""


def _register(**chosen: str) -> str:
    return f"{reverse('organisation_list')}?{urlencode(chosen)}"

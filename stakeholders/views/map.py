"""The stakeholder map: which groups are there, where, and which are represented nowhere."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.publishing import public_page
from stakeholders import mapping
from stakeholders.mapping import NO_COUNTRY, Figures, Hub
from stakeholders.models import Country, Organisation, StakeholderGroup
from stakeholders.querysets import Standing, standing_of
from stakeholders.states import Hearing
from stakeholders.views.filters import SEVERAL

LONGEST_LABEL = 10
LEVELS = (1, 5, 20, 100)  # from how many on a cell is darker


@public_page
def stakeholder_map(request: HttpRequest) -> HttpResponse:
    standing = standing_of(request.user)
    groups, countries = list(StakeholderGroup.objects.all()), list(Country.objects.all())
    visible = Organisation.objects.visible_to(request.user).seated()
    smallest = 1 if standing.convenor else settings.SMALLEST_PUBLISHED_COUNT
    figures = mapping.count_figures(visible, smallest)
    missing = [group for group in groups if group.pk not in figures.groups]
    context = {
        "exact": standing.convenor,
        "columns": [*((one.code, one.name) for one in countries), (SEVERAL, _("several countries"))],
        "grid": [_row(group, countries, figures) for group in groups if group.pk in figures.groups],
        "foot": [_total(_country(code), figures) for code in (*(one.code for one in countries), NO_COUNTRY)],
        "tiles": [_tile(country, figures) for country in countries],
        "groups": _named(groups),
        "to_invite": [group for group in missing if group.hearing != Hearing.NEVER],
        "never_seated": [group for group in missing if group.hearing == Hearing.NEVER],
        "hubs": [_drawn(hub, standing) for hub in mapping.draw_hubs(request.user)],
        "nav_current": "organisations",
    }
    return render(request, "stakeholders/stakeholder_map.html", context)


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
    """Return the country's tile. Where its total is not shown, a word says that somebody is there."""
    there = figures.countries.get(country.code, 0)
    count = there if country.code in figures.columns_shown or not there else _("some")
    return {
        "code": country.code,
        "name": country.name,
        "url": _register(country=country.code),
        "count": count,
        "row": country.row,
        "col": country.column,
    }


def _named(groups: list[StakeholderGroup]) -> list[dict[str, Any]]:
    """Return the groups with the first that chose to be named to everybody."""
    named = mapping.named_by_group()
    return [
        {"group": group, "url": _register(group=group.slug), "organisations": named[group.pk]}
        for group in groups
        if group.pk in named
    ]


def _drawn(hub: Hub, standing: Standing) -> dict[str, Any]:
    return {
        "organisation": hub.organisation,
        "name": hub.organisation.shown_name(standing),
        "label": _label(hub.organisation),
        "spokes": [{"at": spoke, "name": spoke.link.organisation.shown_name(standing)} for spoke in hub.spokes],
        "more": hub.more,
    }


def _label(organisation: Organisation) -> str:
    """Return what fits into the middle of the picture: a short acronym, or nothing; the caption has the name."""
    return organisation.acronym if len(organisation.acronym) <= LONGEST_LABEL else ""


def _register(**chosen: str) -> str:
    return f"{reverse('organisation_list')}?{urlencode(chosen)}"

"""Filters as plain links: parameters come from an allow-list and stay in the address."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

PER_PAGE = 50


def chosen(request: HttpRequest, allowed: Mapping[str, Iterable[Any]]) -> dict[str, str]:
    """Return the parameters that are allowed, with a value that is allowed."""
    found = {}
    for name, values in allowed.items():
        value = request.GET.get(name, "")
        if value and value in {str(one) for one in values}:
            found[name] = value
    return found


def links(now: Mapping[str, str], name: str, options: Iterable[tuple[Any, Any]]) -> list[dict[str, Any]]:
    """Return one link per option, “All” first, which keeps the other filters and forgets the page."""
    rest = {key: value for key, value in now.items() if key != name}
    rows = [{"name": _("All"), "url": "?" + urlencode(rest), "current": name not in now}]
    for value, label in options:
        url = "?" + urlencode({**rest, name: value})
        rows.append({"name": label, "url": url, "current": now.get(name) == str(value)})
    return rows


def query(now: Mapping[str, str]) -> str:
    """Return the filters for the links of a pagination: empty, or ending in an ampersand."""
    return urlencode(now) + "&" if now else ""


def page_of(request: HttpRequest, rows: QuerySet) -> Page:
    """Return the page that the address asks for, or the nearest there is."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))

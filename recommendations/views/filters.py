"""Filters of a list: plain links, from an allow-list, kept in the address."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

PAGE_SIZE = 50


class Filters:
    """What may be asked for, and what was. A value that is not on the list is as if it had not been sent.

    Each filter is given as its label and its values with their names.
    """

    def __init__(self, request: HttpRequest, **filters: tuple[str, Mapping[str, Any]]) -> None:
        self.labels = {name: label for name, (label, _values) in filters.items()}
        self.allowed = {name: values for name, (_label, values) in filters.items()}
        sent = {name: request.GET.get(name, "") for name in filters}
        self.chosen = {name: value for name, value in sent.items() if value in self.allowed[name]}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield each filter that leaves a choice, for the template."""
        for name, values in self.allowed.items():
            if len(values) > 1 or name in self.chosen:
                chosen = values.get(self[name], "")
                yield {"name": name, "label": self.labels[name], "links": self.links(name), "chosen": chosen}

    def __getitem__(self, name: str) -> str:
        return self.chosen.get(name, "")

    def address(self, **changes: str) -> str:
        """Return the list's address with some of the filters changed; an empty value drops one."""
        query = {**self.chosen, **changes}
        return "?" + urlencode({name: value for name, value in query.items() if value})

    @property
    def query(self) -> str:
        """Return the filters as the beginning of a query, for links to other pages of the list."""
        query = urlencode(self.chosen)
        return f"{query}&" if query else ""

    def links(self, name: str) -> list[dict[str, Any]]:
        """Return a link per value, “all” first."""
        rows = [("", _("All")), *self.allowed[name].items()]
        return [
            {"name": label, "url": self.address(**{name: value}), "current": value == self[name]}
            for value, label in rows
        ]


def page_of(request: HttpRequest, rows: QuerySet, count: int | None = None) -> Page:
    """Return the asked page; an odd number leads to the nearest one. A count that is known is not asked again."""
    paginator = Paginator(rows, PAGE_SIZE)
    if count is not None:
        paginator.count = count
    return paginator.get_page(request.GET.get("page"))

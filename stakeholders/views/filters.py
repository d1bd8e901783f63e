"""What a reader asks of the register, kept in the address: words, filters from a closed list, an order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal import languages, text
from stakeholders.models import Country, StakeholderGroup
from stakeholders.querysets import OrganisationQuerySet
from stakeholders.states import TRAITS, Bench, Level, Side, TraitKind

LONGEST_SEARCH = 80
SEVERAL = "several"  # works across countries: has no seat in one of them
ORDERS = {"name": ("name_key", "pk"), "-name": ("-name_key", "-pk"), "country": ("country", "name_key", "pk")}


@dataclass(frozen=True, slots=True)
class Choice:
    """One select of the form: its parameter, its label, its values with their names, and the chosen value."""

    parameter: str
    label: str
    options: list[tuple[str, str]]
    value: str = ""

    @property
    def name(self) -> str:
        """Return the chosen value's name."""
        return dict(self.options).get(self.value, "")


class Filters:
    """The filters of one request. What is not in a closed list is dropped, never passed on to the database."""

    def __init__(self, given: Mapping[str, str]) -> None:
        """Read the address; two small queries for the groups and the countries."""
        self.groups = {group.slug: group for group in StakeholderGroup.objects.all()}
        self.countries = {country.code: country for country in Country.objects.all()}
        self.words = text.clean(given.get("q", ""))[:LONGEST_SEARCH]
        self.choices = [
            Choice(name, label, options, given.get(name, "") if given.get(name, "") in dict(options) else "")
            for name, label, options in self._all()
        ]
        self.chosen = {choice.parameter: choice.value for choice in self.choices if choice.value}
        self.order = given.get("sort", "") if given.get("sort", "") in ORDERS else ""

    def _all(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        countries = [(code, country.name) for code, country in self.countries.items()]
        return [
            ("group", _("Group"), [(slug, group.name) for slug, group in self.groups.items()]),
            ("country", _("Country"), [*countries, (SEVERAL, _("several countries"))]),
            ("side", _("Side of the migration"), Side.choices),
            ("level", _("Level"), Level.choices),
            ("basis", _("Whose members"), TRAITS[TraitKind.BASIS].choices),
            ("issue", _("Issue"), TRAITS[TraitKind.ISSUE].choices),
            ("service", _("Service"), TRAITS[TraitKind.SERVICE].choices),
            ("role", _("Other role"), TRAITS[TraitKind.ROLE].choices),
            ("bench", _("Bench"), Bench.choices),
            ("language", _("Language"), languages.writing_choices()),
        ]

    @property
    def group(self) -> StakeholderGroup | None:
        """Return the chosen group."""
        return self.groups.get(self.chosen.get("group", ""))

    def applied(self, shown: OrganisationQuerySet) -> OrganisationQuerySet:
        """Return those of the shown organisations that fit, in the asked order."""
        found = shown.called(self.words)
        for parameter, value in self.chosen.items():
            found = self._narrowed(found, parameter, value)
        return found.order_by(*ORDERS[self.order or "name"])

    def _narrowed(self, found: OrganisationQuerySet, parameter: str, value: str) -> OrganisationQuerySet:
        match parameter:
            case "group":
                return found.of_groups([self.groups[value]])
            case "bench":
                return found.of_groups(group for group in self.groups.values() if group.bench == value)
            case "country":
                return found.filter(country=None) if value == SEVERAL else found.filter(country=value)
            case "language":
                return found.working_in(value)
            case "side" | "level":
                return found.filter(**{parameter: value})
        return found.with_trait(parameter, value)

    def query(self, *, without: str = "") -> str:
        """Return the address's query, less one parameter."""
        given = {"q": self.words, **self.chosen, "sort": self.order}
        return urlencode({name: value for name, value in given.items() if value and name != without})

    def chips(self) -> list[dict[str, Any]]:
        """Return what is chosen, each with the address that takes it away."""
        words = [("q", _("Search"), self.words)] if self.words else []
        named: Iterable[tuple[str, str, str]] = (
            (choice.parameter, choice.label, choice.name) for choice in self.choices if choice.value
        )
        return [
            {"label": label, "name": name, "url": "?" + self.query(without=parameter)}
            for parameter, label, name in [*words, *named]
        ]

    def orders(self) -> list[tuple[str, str]]:
        """Return the orders that the form offers."""
        return [("", _("by name")), ("-name", _("by name, backwards")), ("country", _("by country"))]

"""The left side of the workspace: what was sent in, its filters with their counts, and what is alike."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from consultations.models import Consultation
from portal import languages
from recommendations import canonical
from recommendations.forms.submissions import ASEAN
from recommendations.models import Fate, Grouping, Submission, Theme
from recommendations.states import Treatment
from stakeholders.models import Country, StakeholderGroup

TREATED = {
    "open": ("",),
    "used": (Treatment.USED, Treatment.JOINED),
    "evidence": (Treatment.EVIDENCE,),
    "referred": (Treatment.REFERRED,),
    "not-used": (Treatment.NOT_USED,),
}
# What stands in the address and is kept from page to page; whatever else is there is not looked at.
FILTERS = ("treatment", "section", "theme", "group", "language", "kind")
KEPT = (*FILTERS, "show", "text", "text_page")
Tally = dict[Any, int]


def kept(given: QueryDict) -> dict[str, str]:
    """Return what is kept from page to page."""
    chosen = {name: given[name] for name in KEPT if given.get(name)}
    if chosen.get("treatment") not in TREATED:
        chosen.pop("treatment", None)
    if chosen.get("show") != "groups":
        chosen.pop("show", None)
    return chosen


class Received:
    """What was sent in to a consultation, as the address asks for it."""

    def __init__(self, request: HttpRequest, consultation: Consultation) -> None:
        self.consultation = consultation
        self.everything = Submission.objects.sent_in().filter(consultation=consultation)
        self.kept = kept(request.GET)
        self.chosen = {name: value for name, value in self.kept.items() if name in FILTERS}
        self.shows_groups = "show" in self.kept
        self.found = self._filtered(self.everything)
        columns = ("treatment", "section", "theme__slug", "language", "kind")
        self.tallies = dict(zip(columns, _tallies(self.everything, *columns), strict=True))
        self.total = sum(self.tallies["treatment"].values())
        asked = Grouping.objects.filter(consultation=consultation) if self.shows_groups else Grouping.objects.none()
        self.grouping = asked.first()

    @property
    def rows(self) -> QuerySet[Submission]:
        """Return the submissions with what a row shows: those that nobody decided on first."""
        shown = self.with_fate.select_related("section", "theme", "organisation", "consultation")
        return shown.annotate(like=F("likeness__group")).order_by("treatment", "id")

    @property
    def with_fate(self) -> QuerySet[Submission]:
        """Return what was found, each with what its organisation last said to what it was told."""
        last = Fate.objects.filter(submission=OuterRef("pk")).order_by("-pk")
        return self.found.annotate(fate=Subquery(last.values("state")[:1]))

    @property
    def query(self) -> str:
        """Return the beginning of a query that keeps everything but the page."""
        return urlencode(self.kept) + "&" if self.kept else ""

    @property
    def address(self) -> str:
        """Return the query that keeps everything but the page."""
        return urlencode(self.kept)

    @property
    def views(self) -> list[dict[str, Any]]:
        """Return the two ways of showing what came in."""
        rest = {name: value for name, value in self.kept.items() if name != "show"}
        return [
            {"name": _("One by one"), "url": f"?{urlencode(rest)}", "current": not self.shows_groups},
            {
                "name": _("What is alike"),
                "url": f"?{urlencode({**rest, 'show': 'groups'})}",
                "current": self.shows_groups,
            },
        ]

    @property
    def untranslated(self) -> int:
        """Count those in a language that the common text is not written in, and that nobody translated."""
        if not self.shows_groups:
            return 0
        shipped = [language.code for language in languages.SHIPPED]
        return self.everything.exclude(language__in=shipped).filter(translations=None).count()

    def _filtered(self, received: Any) -> Any:
        chosen, found = self.chosen, Q()
        if "treatment" in chosen:
            found &= Q(treatment__in=TREATED[chosen["treatment"]])
        if "section" in chosen:
            found &= Q(section=None) if chosen["section"] == ASEAN else Q(section=chosen["section"])
        for name, column in (("theme", "theme__slug"), ("language", "language"), ("kind", "kind")):
            if name in chosen:
                found &= Q(**{column: chosen[name]})
        if "group" in chosen:
            found &= Q(organisation__groups__slug=chosen["group"])
        return received.filter(found)

    @property
    def filters(self) -> Iterator[dict[str, Any]]:
        """Yield each row of filter links, with how many submissions stand behind each."""
        tallies = self.tallies
        (by_group,) = _tallies(self.everything, "organisation__groups__slug")
        treated = {key: sum(tallies["treatment"].get(one, 0) for one in values) for key, values in TREATED.items()}
        names = {"open": _("Not decided on"), "used": _("In the common text"), "evidence": _("Evidence")}
        sections = {code or ASEAN: count for code, count in tallies["section"].items()}
        countries = {one.pk: one.name for one in Country.objects.filter(pk__in=sections)}
        kinds = {value: str(label).capitalize() for value, label in Submission._meta.get_field("kind").flatchoices}
        rows = [
            ("treatment", _("State"), {**names, "referred": _("Referred"), "not-used": _("Not used")}, treated),
            ("section", _("Section"), {ASEAN: canonical.ASEAN, **countries}, sections),
            ("theme", _("Theme"), _names(Theme), tallies["theme__slug"]),
            ("group", _("Group"), _names(StakeholderGroup), by_group),
            ("language", _("Language"), dict(languages.writing_choices()), tallies["language"]),
            ("kind", _("Kind"), kinds, tallies["kind"]),
        ]
        for row in rows:
            yield self._links(*row)

    def _links(self, key: str, label: str, names: dict[str, str], counts: dict[str, int]) -> dict[str, Any]:
        """Return one row: all, then each value that occurs."""
        now = self.chosen.get(key)
        others = {name: value for name, value in self.kept.items() if name != key}
        links = [{"name": _("All"), "url": f"?{urlencode(others)}#received", "current": now is None}]
        for value, name in names.items():
            if counts.get(value) or now == value:
                url = f"?{urlencode({**others, key: value})}#received"
                links.append({"name": name, "url": url, "count": counts.get(value, 0), "current": now == value})
        return {"label": label, "links": links, "chosen": now and names.get(now)}


def _tallies(received: QuerySet[Submission], *columns: str) -> list[Tally]:
    """Count by each column, all in one query."""
    tallies: list[Tally] = [defaultdict(int) for _column in columns]
    for *values, count in received.order_by().values_list(*columns).annotate(Count("id")):
        for tally, value in zip(tallies, values, strict=True):
            tally[value] += count
    return tallies


def _names(model: Any) -> dict[str, str]:
    return {one.slug: one.name for one in model.objects.all()}

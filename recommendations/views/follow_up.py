"""What became of it: every item and addressee of all published statements, the overdue ones first."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.publishing import public_page
from recommendations.models import Edition, Item, Statement, Theme
from recommendations.querysets import PairQuerySet, office
from recommendations.states import PAIR_STATES, SHAPES, ResponseKind, Silence
from recommendations.timeline import capitalised, item_address, local_day
from recommendations.views.filters import Filters, page_of
from stakeholders.models import Country, PublicBody

REGIONAL = "asean"
ANSWERED, SILENT = "answered", "unanswered"  # values of the filter that stand for several states
GROUPS = {ANSWERED: tuple(ResponseKind.values), SILENT: tuple(Silence.values)}
EXCERPT = 140  # characters of an item that a row shows


@public_page
def follow_up(request: HttpRequest) -> HttpResponse:
    current = Item.objects.filter(edition__in=Edition.objects.current())
    filters = filters_of(request, current)
    pairs = current.pairs().filter(chosen_pairs(filters)).with_state()
    counts = dict(pairs.order_by().values_list("state").annotate(n=Count("pk")))
    wanted = GROUPS.get(filters["state"], (filters["state"],)) if filters["state"] else tuple(PAIR_STATES)
    shown = pairs.filter(state__in=wanted) if filters["state"] else pairs
    count = sum(counts.get(state, 0) for state in wanted)
    page = page_of(request, shown.by_urgency().values_list("pk", flat=True), count)
    context = {"nav_current": "follow_up", "filters": filters, "page": page, "rows": rows_of(page)}
    totals = {"groups": figures(counts, filters), "total": sum(counts.values()), "segments": segments(counts)}
    return render(request, "recommendations/follow_up.html", {**context, **totals})


def filters_of(request: HttpRequest, items: Any) -> Filters:
    """Return the filters with what can be asked for: only what occurs in published statements."""
    plain = items.order_by()
    countries = Country.objects.filter(pk__in=plain.values("section"))
    bodies = PublicBody.objects.with_successors(PublicBody.objects.filter(items__in=plain).order_by().values("pk"))
    themes = Theme.objects.filter(items__in=plain).distinct()
    slug = request.GET.get("statement", "")
    statements = Statement.objects.published().filter(slug=slug) if slug else ()
    states = {state: capitalised(str(label)) for state, label in PAIR_STATES.items()}
    return Filters(
        request,
        statement=(_("Statement"), {statement.slug: statement.title for statement in statements}),
        section=(_("Section"), {REGIONAL: "ASEAN", **{country.code: country.name for country in countries}}),
        theme=(_("Theme"), {theme.slug: theme.name for theme in themes}),
        body=(_("Addressed body"), {body.slug: name_of(body) for body in bodies}),
        state=(_("Answer"), {ANSWERED: _("Answered"), SILENT: _("Without an answer"), **states}),
    )


def name_of(body: PublicBody) -> str:
    """Return the short name of a body; national ones with their country."""
    name = body.acronym or body.name
    return f"{name} ({body.country_id})" if body.country_id else name


def chosen_pairs(filters: Filters) -> Q:
    """Return what the filters ask for, the state apart."""
    paths = {"statement": "item__edition__statement__slug", "theme": "item__theme__slug"}
    wanted = Q(**{path: filters[name] for name, path in paths.items() if filters[name]})
    if filters["body"]:
        wanted &= office("publicbody", filters["body"], key="__slug")
    if filters["section"]:
        wanted &= Q(item__section=None if filters["section"] == REGIONAL else filters["section"])
    return wanted


def rows_of(keys: Iterable[int]) -> list[dict[str, Any]]:
    """Return the rows of one page in their order: what they show is worked out for these alone."""
    pairs = PairQuerySet(Item.addressees.through).filter(pk__in=list(keys)).with_state()
    found = {pair.pk: pair for pair in pairs.select_related("item__edition__statement__consultation", "publicbody")}
    return [row(found[key]) for key in keys]


def row(pair: Any) -> dict[str, Any]:
    """Return one row of the table."""
    item, statement = pair.item, pair.item.edition.statement
    words = item.shown
    since = None if pair.kind else pair.conveyed_on
    return {
        "item": item,
        "url": item_address(statement.slug, item),
        "statement": statement,
        "excerpt": excerpt(words.text),
        "language": words.language,
        "body": pair.publicbody,
        "label": capitalised(str(PAIR_STATES[pair.state])),
        "shape": SHAPES.get(pair.state, ""),
        "since": since,
        "days": (timezone.localdate() - since).days if since else 0,
        "answered_on": local_day(pair.answered_at, statement.consultation.time_zone) if pair.kind else None,
    }


def excerpt(text: str) -> str:
    """Return the beginning of a text, cut between words where it has spaces, and never inside a letter."""
    if len(text) <= EXCERPT:
        return text
    cut = text[:EXCERPT]
    words = cut.rsplit(maxsplit=1)[0]
    return (words if len(words) > EXCERPT // 2 else whole_letters(cut, text)) + " …"


def whole_letters(cut: str, text: str) -> str:
    """Return the cut text without a last letter whose marks were cut off."""
    end = len(cut)
    while end and unicodedata.category(text[end]).startswith("M"):
        end -= 1
    return text[:end]


def figures(counts: Mapping[str, int], filters: Filters) -> list[dict[str, Any]]:
    """Return the number of pairs per state, answered and not; each leads to its list. Together they are all pairs."""
    groups = ((_("Answered"), ANSWERED, ResponseKind.values), (_("Without an answer"), SILENT, Silence.values))
    return [
        {
            "name": name,
            "url": filters.address(state=together),
            "count": sum(counts.get(state, 0) for state in states),
            "figures": [figure(state, counts, filters) for state in states],
        }
        for name, together, states in groups
    ]


def figure(state: str, counts: Mapping[str, int], filters: Filters) -> dict[str, Any]:
    """Return one number with its word and shape."""
    label, shape = capitalised(str(PAIR_STATES[state])), SHAPES.get(state, "")
    return {"label": label, "shape": shape, "count": counts.get(state, 0), "url": filters.address(state=state)}


def segments(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the pieces of the bar: where each begins and how wide it is, in thousandths."""
    total, begin, found = sum(counts.values()), 0, []
    for state in (*ResponseKind.values, *Silence.values):
        width = round(1000 * counts.get(state, 0) / total) if total else 0
        if width:
            label = f"{capitalised(str(PAIR_STATES[state]))}: {counts[state]}"
            found.append({"x": begin, "width": max(width - 4, 2), "shape": SHAPES.get(state, "back"), "label": label})
        begin += width
    return found

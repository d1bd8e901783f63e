"""The right side of the workspace: one section of the common text at a time, and the way back to a place in it."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from recommendations import canonical
from recommendations.forms.submissions import ASEAN
from recommendations.models import Bracket, Recommendation, Statement, Submission
from recommendations.states import RecommendationState
from recommendations.views.received import kept
from stakeholders.models import Country

PER_PAGE = 25


def code_of(section: Any) -> str:
    """Return how a section is named in the address."""
    return (section or ASEAN) if not isinstance(section, Country) else section.pk


def text_of(request: HttpRequest, statement: Statement) -> dict[str, Any]:
    """Return the sections with their counts, and a page of the one that the address names, else of the first."""
    live = statement.recommendations.exclude(state=RecommendationState.JOINED)
    tally = dict(live.order_by().values_list("section").annotate(Count("pk")))
    codes = sorted(tally, key=canonical.section_order)
    asked = request.GET.get("text", "")
    now = next((code for code in codes if code_of(code) == asked), codes[0] if codes else None)
    paginator = Paginator(_rows(live.filter(section=now)), PER_PAGE)
    paginator.count = tally.get(now, 0)
    page = paginator.get_page(request.GET.get("text_page"))
    label = now or canonical.ASEAN
    rows = [(f"{label} {page.start_index() + index}", one) for index, one in enumerate(page)]
    return {"sections": _links(request, codes, tally, now), "page": page, "rows": rows, **_pages(request, page)}


def _rows(found: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
    """Return the recommendations with what a card shows, in a fixed number of queries."""
    opened = Bracket.objects.filter(recommendation=OuterRef("pk"), settled_at=None)
    counted = found.annotate(
        source_count=Count("sources", filter=Q(sources__withdrawn=False)), has_bracket=Exists(opened)
    )
    return counted.select_related("theme").prefetch_related("addressees").order_by("position", "id")


def _links(request: HttpRequest, codes: list[Any], tally: dict[Any, int], now: Any) -> list[dict[str, Any]]:
    """Return a link per section that has a text."""
    rest = {name: value for name, value in kept(request.GET).items() if name not in {"text", "text_page"}}
    names = {one.pk: one.name for one in Country.objects.filter(pk__in=[code for code in codes if code])}
    return [
        {
            "name": names.get(code, canonical.ASEAN),
            "count": tally[code],
            "url": f"?{urlencode({**rest, 'text': code_of(code)})}#common-text",
            "current": code == now,
        }
        for code in codes
    ]


def _pages(request: HttpRequest, page: Any) -> dict[str, str]:
    here = kept(request.GET)

    def to_page(number: int) -> str:
        return f"?{urlencode({**here, 'text_page': number})}#common-text"

    return {
        "prev_url": to_page(page.previous_page_number()) if page.has_previous() else "",
        "next_url": to_page(page.next_page_number()) if page.has_next() else "",
    }


def back(request: HttpRequest, one: Recommendation, **more: Any) -> HttpResponseRedirect:
    """Lead back to the workspace, to where the recommendation stands now, with the filters as they were."""
    one = Recommendation.objects.get(pk=one.pk)
    inside = Recommendation.objects.filter(statement=one.statement_id, section=one.section_id)
    earlier = Q(position__lt=one.position) | Q(position=one.position, pk__lt=one.pk)
    before = inside.exclude(state=RecommendationState.JOINED).filter(earlier).count()
    query = {**kept(request.GET), "text": code_of(one.section_id), "text_page": before // PER_PAGE + 1, **more}
    slug = Statement.objects.values_list("consultation__slug", flat=True).get(pk=one.statement_id)
    return HttpResponseRedirect(f"{reverse('workspace', args=[slug])}?{urlencode(query)}#recommendation-{one.pk}")


def to_received(request: HttpRequest, submission: Submission) -> HttpResponseRedirect:
    """Lead back to what came in, with the filters as they were."""
    query = urlencode(kept(request.GET))
    address = reverse("workspace", args=[submission.consultation.slug])
    return HttpResponseRedirect(f"{address}{'?' if query else ''}{query}#submission-{submission.pk}")


def begun_with(request: HttpRequest) -> dict[str, Any] | None:
    """Return which recommendation was just moved, and from where, so that it can be moved back."""
    given = request.GET
    numbers = [given.get(name, "") for name in ("moved", "from_place")]
    if not all(number.isascii() and number.isdigit() for number in numbers):
        return None
    return {"pk": int(numbers[0]), "section": given.get("from_section", ASEAN), "place": int(numbers[1])}

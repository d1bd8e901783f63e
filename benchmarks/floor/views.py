"""One page with two queries, and what costs less than a page."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render

from benchmarks.floor.models import Row

ETAG = '"the-floor"'


def page(request: HttpRequest) -> HttpResponse:
    """Twenty rows of two thousand, and how many there are."""
    return render(
        request, "page.html", {"count": Row.objects.count(), "rows": Row.objects.order_by("-day", "-id")[:20]}
    )


def plain(_request: HttpRequest) -> HttpResponse:
    """Answer without a query."""
    return HttpResponse("ok")


def validated(request: HttpRequest) -> HttpResponse:
    """One small query, then "not modified"."""
    Row.objects.filter(pk=1).values_list("state").first()
    if request.headers.get("If-None-Match") == ETAG:
        return HttpResponseNotModified(headers={"ETag": ETAG})
    return HttpResponse("ok", headers={"ETag": ETAG})

"""Anybody may learn which edition a document is, and whether it is as it was issued. Nothing of it is kept."""

from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from consultations.papers.reading import MEGABYTE
from portal.access import public
from portal.limits import within_read_limit
from recommendations.documents import checking
from recommendations.documents.checking import Finding
from recommendations.forms import CheckForm
from recommendations.models import Edition, Item


@public
def document_check(request: HttpRequest) -> HttpResponse:
    finding = None
    form = CheckForm()
    if request.method == "POST":
        form = CheckForm(request.POST, request.FILES)
        if not within_read_limit(request, "search"):
            return respond_429(request)
        if form.is_valid():
            finding = _found(request, form)
    context = {"form": form, "finding": finding, "megabytes": settings.PAPER_MAX_BYTES // MEGABYTE}
    context["edition"] = finding.edition if finding else None
    response = render(request, "recommendations/document_check.html", {**context, "nav_current": "statements"})
    response["Cache-Control"] = "private, no-store"
    return response


def _found(request: HttpRequest, form: CheckForm) -> Finding:
    editions = Edition.objects.visible_to(request.user).select_related("statement")
    if content := form.cleaned_data["file"]:
        return checking.check_file(content, editions)
    return checking.check_text(
        form.cleaned_data["text"].replace("\r\n", "\n"), editions, Item.objects.visible_to(request.user)
    )

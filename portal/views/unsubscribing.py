"""Stopping notices with one click (RFC 8058), without an account: whoever holds the link of a mail may."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal import blocking
from portal.access import public
from portal.once import once

ONE_CLICK = "One-Click"


@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
@once
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    key = blocking.key_of(token)
    if not key:
        raise Http404
    if request.method != "POST":
        context = {"stopped": blocking.has_stopped_notices(key)}
        return render(request, "portal/unsubscribe.html", context)
    if "resume" in request.POST:
        blocking.resume_notices(key)
    else:
        blocking.stop_notices(key)
    # A mail program sends no cookie, follows no redirect, and shows nothing.
    if request.POST.get("List-Unsubscribe") == ONE_CLICK:
        return HttpResponse(_("No more notices go to this address."), content_type="text/plain; charset=utf-8")
    return HttpResponseRedirect(request.path)

"""The pages that put the apps together: home, desk, health, errors."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from portal.access import public, signed_in
from portal.publishing import public_page


@public_page
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", {"nav_current": "home"})


@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "desk.html", {"nav_current": "desk"})


@public
def healthz(_request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "csrf.html", {"reason": reason}, status=403)

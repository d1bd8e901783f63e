"""The personal page: what waits for this person, by what the person is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.access import signed_in


@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/desk.html", {"nav_current": "desk"})

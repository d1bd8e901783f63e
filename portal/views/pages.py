"""Pages for everybody: the first page, what the portal is, and an organisation with what it took part in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.publishing import public_page


@public_page
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html", {"nav_current": "home"})


@public_page
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")


@public_page
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


@public_page
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "portal/organisation_detail.html", {"slug": slug})

"""Pages for what went wrong: not found, not permitted, not readable, a form from before signing in."""

import re
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from portal import languages
from portal.access import public

_PREFIX = re.compile(r"^/(?P<code>[A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?)(?P<rest>/.*)?$")


@public
def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    found = _PREFIX.match(request.path)
    code = found["code"].lower() if found else ""
    if not found or code in dict(languages.interface_choices()):
        return render(request, "404.html", status=HTTPStatus.NOT_FOUND)
    wanted = languages.own_name(code) if code in languages.BY_CODE else ""
    choices = [_same_page_in(language, found["rest"] or "/") for language in languages.SHIPPED]
    context = {"code": code, "wanted": wanted, "choices": choices}
    return render(request, "unknown_language.html", context, status=HTTPStatus.NOT_FOUND)


@public
def not_permitted(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


@public
def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "csrf.html", status=HTTPStatus.FORBIDDEN)


def _same_page_in(language: languages.Language, rest: str) -> dict[str, str]:
    """Return the address of the wanted page in a shipped language, or of its first page where there is none."""
    url = f"/{language.code}{rest}"
    with translation.override(language.code):
        try:
            resolve(url)
        except Resolver404:
            url = reverse("home")
    return {"code": language.code, "name": language.own, "url": url}

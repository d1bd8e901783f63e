"""Public pages: no session, no cookie, a validator that is known before anything is rendered.

Every act writes a log entry, so the end of the log is the age of the whole world: one small read tells whether a
reader's copy still holds. What the clock changes by itself ("open until") is covered by a five-minute slice.
"""

import gzip
import hashlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseNotModified,
)
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags

from portal.access import public
from portal.models import LogHead

CLOCK_SLICE = 300
AGES = {
    # Shared caches may keep a page this many seconds; readers always ask whether it still holds.
    "page": "public, max-age=0, s-maxage=30, must-revalidate",
    # A frozen text under an address that contains its fingerprint never changes.
    "frozen": "public, max-age=31536000, immutable",
}
View = Callable[..., HttpResponse]


def public_page(
    view: View | None = None, *, kind: str = "page"
) -> View | Callable[[View], View]:
    """Mark a view as public and cacheable. For somebody who is signed in the answer is private and not stored."""

    def decorate(inner: View) -> View:
        @wraps(inner)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in {"GET", "HEAD"}:
                return HttpResponseNotAllowed(["GET", "HEAD"])
            if request.COOKIES.get(settings.SESSION_COOKIE_NAME):
                return _private(inner(request, *args, **kwargs))
            return _conditional(inner, kind, request, *args, **kwargs)

        return public(answer)

    return decorate(view) if view else decorate


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


def _conditional(
    inner: View, kind: str, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponse:
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    etag, at = _validator(request, packed=packed)
    response: HttpResponse
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = inner(request, *args, **kwargs)
        if packed and response.status_code == HTTPStatus.OK:
            _pack(response)
    if response.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
        response["ETag"] = etag
        response["Last-Modified"] = http_date(at)
        response["Cache-Control"] = AGES[kind]
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    return response


def _pack(response: HttpResponse) -> None:
    """Compress here, so that the packed form has a strong validator of its own."""
    response.content = gzip.compress(response.content, 5, mtime=0)
    response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))


def _validator(request: HttpRequest, *, packed: bool) -> tuple[str, float]:
    number, at = LogHead.objects.filter(pk=1).values_list("number", "at").first() or (
        0,
        timezone.now(),
    )
    now = int(timezone.now().timestamp())
    piece = now - now % CLOCK_SLICE
    seed = f"{settings.RELEASE}|{request.get_full_path()}|{number}|{piece}|{packed}"
    return f'"{hashlib.sha256(seed.encode()).hexdigest()[:32]}"', max(
        at.timestamp(), piece
    )

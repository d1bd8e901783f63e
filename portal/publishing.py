"""Public pages: no session, no cookie, a validator that is known before anything is rendered.

Every act writes a log entry, so the end of the log is the age of the whole world: one small read tells whether a
reader's copy still holds. What the clock changes by itself ("open until") is covered by a five-minute slice.

For the same reason a page that was made since the last act is handed out again to the next reader. Each process keeps
the last few hundred, packed, in its memory.
"""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import connection
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
LARGEST_KEPT = 32_000  # bytes of a packed page
AGES = {
    # Shared caches may keep a page this many seconds; readers always ask whether it still holds.
    "page": "public, max-age=0, s-maxage=30, must-revalidate",
    # A frozen text under an address that contains its fingerprint never changes.
    "frozen": "public, max-age=31536000, immutable",
}
View = Callable[..., HttpResponse]
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Age:
    """What stands for the state of the world in which a page was made. Not known before the first act."""

    key: str
    at: float
    known: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A finished page: its packed content, and its headers as the view left them."""

    content: bytes
    headers: dict[str, str]

    def response(self, *, packed: bool) -> HttpResponse:
        """Return the page as an answer of its own."""
        content = self.content if packed else gzip.decompress(self.content)
        response = HttpResponse(content, headers=self.headers)
        if packed:
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(content))
        return response


class Shelf(Generic[Kept]):
    """The pages, figures or texts that this process was asked for last: so many, or as many as pages are kept."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Kept | None:
        """Return what is kept under exactly this key, if it is there."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Hashable, page: Kept) -> None:
        """Keep it; what was not asked for longest gives way. With a KEPT_PAGES of 0 no page is kept."""
        most = settings.KEPT_PAGES if self._most is None else self._most * (not settings.DEBUG)
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > most:
                self._pages.popitem(last=False)

    def __len__(self) -> int:
        return len(self._pages)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._pages.clear()


SHELF: Shelf[Page] = Shelf()
FIGURES: Shelf[Any] = Shelf()


def kept_until_next_act(key: str, make: Callable[[], Kept]) -> Kept:
    """Return what was made under the key since the last act, else make it: for figures that read a whole table.

    The key says for whom it was made; what comes back is never changed. What a page prints, such as a name, is read
    anew: so whoever is hidden is hidden at once.
    """
    age = _world() if settings.KEPT_PAGES else ""
    found = FIGURES.get(f"{age}|{key}") if age else None
    if found is None:
        found = make()
        if age:
            FIGURES.put(f"{age}|{key}", found)
    return found


def public_page(view: View | None = None, *, kind: str = "page") -> View | Callable[[View], View]:
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


def _conditional(inner: View, kind: str, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    age = _age(request)
    etag = _etag(age, packed=packed)
    response: HttpResponse
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    elif page := SHELF.get(age.key):
        response = page.response(packed=packed)
    else:
        response = _made(inner(request, *args, **kwargs), age, request, packed=packed)
    if response.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
        response["ETag"] = etag
        response["Last-Modified"] = http_date(age.at)
        response["Cache-Control"] = AGES[kind]
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    return response


def _made(response: HttpResponse, age: Age, request: HttpRequest, *, packed: bool) -> HttpResponse:
    """Pack a new page, and keep it for the next reader where it is the same for everybody."""
    kept = settings.KEPT_PAGES and age.known and _same_for_everybody(request, response)
    if response.status_code != HTTPStatus.OK or not (kept or packed):
        return response
    page = Page(gzip.compress(response.content, 5, mtime=0), dict(response.items()))
    if kept and len(page.content) <= LARGEST_KEPT:
        SHELF.put(age.key, page)
    if packed:
        # Packed here, so that the packed form has a strong validator of its own.
        response.content = page.content
        response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(page.content))
    return response


def _same_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether nothing of this one reader can be in the page: no cookie came, none goes, no form token was made."""
    told = request.COOKIES or response.cookies or "CSRF_COOKIE" in request.META
    return request.method == "GET" and not told


def _world() -> str:
    """Return what stands for the state of the world: the end of the log, and the slice of time. Nothing before both."""
    end = _end_of_log()
    return f"{end[0]}|{end[1]}|{_slice()}" if end else ""


def _slice() -> int:
    now = int(timezone.now().timestamp())
    return now - now % CLOCK_SLICE


def _age(request: HttpRequest) -> Age:
    number, digest, at = _end_of_log() or (0, "", timezone.now())
    piece = _slice()
    key = f"{settings.RELEASE}|{request.get_full_path()}|{number}|{digest}|{piece}"
    return Age(key, max(at.timestamp(), piece), known=bool(digest))


def _end_of_log() -> tuple[int, str, datetime] | None:
    """Read the end of the log in plain SQL: to build this query took longer than all else in a “not modified”."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number, digest, at FROM {LogHead._meta.db_table} WHERE id = 1")  # noqa: S608 - our own name
        row = cursor.fetchone()
    if row and timezone.is_naive(row[2]):  # SQLite knows no zones; Django writes UTC
        return row[0], row[1], row[2].replace(tzinfo=UTC)
    return row


def _etag(age: Age, *, packed: bool) -> str:
    return f'"{hashlib.sha256(f"{age.key}|{packed}".encode()).hexdigest()[:32]}"'

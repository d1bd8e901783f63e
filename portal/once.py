"""One form, one result: a double click, a reload or a retry on a bad line leads to what the first one did."""

import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from portal.models import OneTimeKey

FIELD = "one_time_key"
WAIT_SECONDS = 8.0
DEAD_AFTER = timedelta(seconds=60)  # no request takes so long
TAKE = """
INSERT INTO portal_onetimekey (key, result, used_at) VALUES (%s, '', %s)
ON CONFLICT (key) DO UPDATE SET used_at = excluded.used_at
WHERE portal_onetimekey.result = '' AND portal_onetimekey.used_at < %s
"""


def new_key() -> str:
    """Return a fresh key: 128 random bits."""
    return secrets.token_urlsafe(16)


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run the POST of a form once per key. A repeat is redirected to where the first one went."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get(FIELD, "")[:64]
        if request.method != "POST" or not key:
            return view(request, *args, **kwargs)
        key = f"{request.user.pk or ''}:{key}"[:64]
        if not _take(key):
            first = _result_of_first(key)
            return HttpResponseRedirect(first or request.path)
        return _run(view, key, request, *args, **kwargs)

    return guarded


def _take(key: str) -> bool:
    """Take the key in one statement, also that of a request that died when server or database were restarted."""
    now = timezone.now()
    at, dead = map(connection.ops.adapt_datetimefield_value, (now, now - DEAD_AFTER))
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [key, at, dead])
        return bool(cursor.rowcount == 1)


def _run(
    view: Callable[..., HttpResponse],
    key: str,
    request: HttpRequest,
    *args: Any,
    **kwargs: Any,
) -> HttpResponse:
    done = ""
    try:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseRedirect):
            done = response.url[:500]
        return response
    finally:
        row = OneTimeKey.objects.filter(key=key)
        row.update(result=done) if done else row.delete()


def _result_of_first(key: str) -> str:
    """Return where the first request went; wait for it while it is still at work."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        found = OneTimeKey.objects.filter(key=key).values_list("result", flat=True).first()
        if found is None or found:
            return found or ""
        time.sleep(0.1)
    return ""

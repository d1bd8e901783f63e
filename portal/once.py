"""One form, one result: a double click, a reload or a retry on a bad line leads to what the first one did."""

import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from portal.models import OneTimeKey

FIELD = "one_time_key"
WAIT_SECONDS = 8.0
DEAD_AFTER = timedelta(seconds=60)  # no request takes so long


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
        if not _take(key) and not _take_over(key):
            first = _result_of_first(key)
            return HttpResponseRedirect(first or request.path)
        return _run(view, key, request, *args, **kwargs)

    return guarded


def _take(key: str) -> bool:
    try:
        with transaction.atomic():
            OneTimeKey.objects.create(key=key)
    except IntegrityError:
        return False
    return True


def _take_over(key: str) -> bool:
    """Take the key of a request that died on the way, as when the server or the database was restarted under it."""
    dead = OneTimeKey.objects.filter(key=key, result="", used_at__lt=timezone.now() - DEAD_AFTER)
    return bool(dead.update(used_at=timezone.now()))


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

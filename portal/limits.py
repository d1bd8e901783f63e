"""How often somebody may do what costs much or could be abused, by what the proxy saw.

allauth counts sign-in by its own settings; this is the same counter for everything else.
"""

import time

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest


def within_limit(request: HttpRequest, action: str, key: str = "") -> bool:
    """Count one use of the action, and return whether it is within `settings.LIMITS[action]`.

    `key` is whom the limits "…/key" count for, such as an address. Where this says no, answer with
    `allauth.core.ratelimit.respond_429(request)`. Addresses in a forged X-Forwarded-For header count for nothing.
    """
    limits = {action: settings.LIMITS[action]}
    counted = ratelimit.consume(request, app="portal", action=action, config=limits, key=key, limit_get=True)
    return counted is not None


def within_read_limit(request: HttpRequest, action: str) -> bool:
    """Count one reading of what is dear, such as a search, and return whether it is within `settings.LIMITS[action]`.

    Each process counts for itself, in its memory: what is protected is its own time, and a reader's search must
    write nothing to the database.
    """
    (rate,) = ratelimit.parse_rates(settings.LIMITS[action])
    key = ratelimit.get_cache_key(request, app="portal", action=action, rate=rate)
    counts = caches["process"]
    allowed, history = ratelimit.apply_rate(counts.get(key, []), time.time(), rate)
    counts.set(key, history, rate.duration)
    return allowed

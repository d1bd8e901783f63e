"""How often somebody may do what costs much or could be abused: counted in the database, by what the proxy saw.

allauth counts sign-in by its own settings; this is the same counter for everything else.
"""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest


def within_limit(request: HttpRequest, action: str, key: str = "") -> bool:
    """Count one use of the action, and return whether it is within `settings.LIMITS[action]`.

    `key` is whom the limits "…/key" count for, such as an address. Where this says no, answer with
    `allauth.core.ratelimit.respond_429(request)`. Addresses in a forged X-Forwarded-For header count for nothing.
    """
    limits = {action: settings.LIMITS[action]}
    counted = ratelimit.consume(request, app="portal", action=action, config=limits, key=key, limit_get=True)
    return counted is not None

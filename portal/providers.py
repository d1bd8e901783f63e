"""A provider's reports, which come by its webhook through django-anymail: loaded only where one is configured."""

from importlib import import_module
from typing import Any

from portal import bounces
from portal.bounces import Fate

_FATES = {
    "delivered": Fate.DELIVERED,
    "bounced": Fate.SOFT,
    "rejected": Fate.SOFT,
    "failed": Fate.SOFT,
    "complained": Fate.COMPLAINED,
    "unsubscribed": Fate.STOPPED,
}
_ADDRESS_IS_WRONG = {"bounced", "invalid"}


def listen() -> None:
    """Have every report brought here."""
    import_module("anymail.signals").tracking.connect(take_report, dispatch_uid="portal.providers")


def webhooks(provider: str) -> list[Any]:
    """Return the one route at which that provider reports, and none of the others' that django-anymail knows."""
    routes = import_module("anymail.urls").urlpatterns
    return [route for route in routes if route.name == f"{provider}_tracking_webhook"]


def take_report(event: Any, **_more: Any) -> None:
    """Write down what the provider says of one mail."""
    message = bounces.find([str((event.metadata or {}).get("message", ""))])
    fate = _FATES.get(event.event_type, Fate.NOTHING)
    if message is None or fate == Fate.NOTHING:
        return
    if fate == Fate.SOFT and event.reject_reason in _ADDRESS_IS_WRONG:
        fate = Fate.HARD
    bounces.note(message, fate, "")

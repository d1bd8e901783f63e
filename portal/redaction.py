"""Log lines without addresses: one may hold the short name of a withheld organisation, or the secret of a link."""

import logging

from django.urls import Resolver404, resolve

UNKNOWN = "an address that is not ours"


class WithoutAddress(logging.Filter):
    """Puts the name of the route in place of the address in what Django says about a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the line, with every address in it replaced."""
        request = getattr(record, "request", None)
        path = getattr(request, "path", "")
        if path and isinstance(record.args, tuple):
            record.args = tuple(route_of(path) if argument == path else argument for argument in record.args)
        return True


def route_of(path: str) -> str:
    """Return the name of the route that an address belongs to."""
    try:
        return resolve(path).view_name or UNKNOWN
    except Resolver404:
        return UNKNOWN

"""How often one reader may ask for what is dear: a search, an application, a code."""

from django.http import HttpRequest


def within_limit(request: HttpRequest, action: str, key: str = "") -> bool:  # noqa: ARG001 - counted by the real one
    """Whether the reader may do this once more."""
    return True

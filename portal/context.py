"""What every page knows: where it stands, in which languages it can be read, whether somebody is signed in."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils import translation
from django.utils.encoding import iri_to_uri
from django.utils.functional import cached_property

from portal import languages


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the facts of the frame. Asks for nobody's name where no session came with the request."""
    has_session = bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    return {
        "LANGUAGE_CODE": translation.get_language(),
        "language_links": _LanguageLinks(request),
        "signed_in": has_session and request.user.is_authenticated,
        "demo": settings.DEMO and settings.MAILBOX_SHOWN,
        "site_url": settings.SITE_URL,
        "recovery_codes_few": settings.RECOVERY_CODES_FEW,
    }


class _LanguageLinks:
    """The page's address in each shipped language, worked out once, and only where a template walks it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def links(self) -> list[dict[str, str]]:
        """Return code, own name and address of each language."""
        return [
            {"code": language.code, "name": language.own, "url": _in_language(self.request, language.code)}
            for language in languages.SHIPPED
        ]

    def __iter__(self) -> Iterator[dict[str, str]]:
        return iter(self.links)


def _in_language(request: HttpRequest, code: str) -> str:
    """Return the page's address in the language. Which page it is was found out already: it is not looked for again."""
    match, query = request.resolver_match, iri_to_uri(request.META.get("QUERY_STRING", ""))
    try:
        with translation.override(code):
            path = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
    except (AttributeError, NoReverseMatch):  # no page was found, or one without a name
        return translate_url(request.get_full_path(), code)
    return f"{path}?{query}" if query else path

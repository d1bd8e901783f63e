"""What happens around every request: private pages are not stored, times are the reader's, refusals have a page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.states import Refusal

Next = Callable[[HttpRequest], HttpResponse]


class PrivatePages:
    """Whatever does not say otherwise is private and not stored anywhere."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with `no-store` unless the view set its own rule."""
        response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response


class ReaderTime:
    """Times are shown in the reader's zone; people without an account read them in the event's zone."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the reader's zone active, and keep a working session alive."""
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME) or not request.user.is_authenticated:
            return self.get_response(request)
        _stay_awake(request)
        with timezone.override(request.user.time_zone):
            return self.get_response(request)


def _stay_awake(request: HttpRequest) -> None:
    """Move the end of the session on, at most once a minute."""
    now = int(timezone.now().timestamp())
    if now - request.session.get("seen", 0) > settings.SESSION_TOUCH_SECONDS:
        request.session["seen"] = now


class Refusals:
    """A refusal that no view turned into a message gets a page that says why, not an error."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a refusal into a page with status 409."""
        if not isinstance(exception, Refusal):
            return None
        return render(request, "refused.html", {"reason": exception.reason}, status=409)

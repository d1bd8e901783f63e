"""What happens around every request: private pages are not stored, times are the reader's, refusals have a page."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from portal.access import keep_input
from portal.routes import ACCOUNT_ROUTES
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
        with timezone.override(request.user.time_zone):
            response = self.get_response(request)
        if request.user.is_authenticated:
            _stay_awake(request)
        return response


def _stay_awake(request: HttpRequest) -> None:
    """Move the end of the session on, at most once a minute: half an hour ahead for trusted people, else an hour."""
    now = int(timezone.now().timestamp())
    if now - request.session.get("seen", 0) > settings.SESSION_TOUCH_SECONDS:
        request.session["seen"] = now
        trusted = request.user.has_perm("stakeholders.need_second_factor")
        request.session.set_expiry(settings.SESSION_TRUSTED_AGE if trusted else settings.SESSION_COOKIE_AGE)


class SecondFactor:
    """Whoever convenes, administers or speaks for an office signs in with two steps, or stays before the door.

    Without a second step such a person sees public pages as everybody does, and the pages of the own account. The
    rights of the part are not given either: see `stakeholders.querysets.standing_of`.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note that this person sits at a browser."""
        if _somebody(request):
            request.user.in_person = True  # type: ignore[union-attr]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Lead somebody who lacks the second step to the page that explains it. What was typed is kept."""
        open_to_all = getattr(view, "is_public", False) or request.resolver_match.view_name in ACCOUNT_ROUTES
        if open_to_all or not _somebody(request) or request.user.has_perm("stakeholders.enter_desk"):
            return None
        if request.method == "POST":
            keep_input(request)
        return redirect("second_factor")


def _somebody(request: HttpRequest) -> bool:
    return bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME)) and request.user.is_authenticated


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

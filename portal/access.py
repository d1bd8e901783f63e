"""The one door: an object is fetched inside what the person may see, then the permission is asked by name."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone

View = Callable[..., HttpResponse]
KEPT_SECONDS = 3600
KEPT_CHARACTERS = 60_000  # three times the longest text that any form takes


def fetch(request: HttpRequest, queryset: QuerySet, permission: str = "", **lookup: Any) -> Any:
    """Return the object, if it is visible to the person and the named permission is given.

    Absent and invisible look the same: Http404. Visible but not permitted: PermissionDenied (403).
    """
    try:
        found = queryset.visible_to(request.user).get(**lookup)
    except queryset.model.DoesNotExist:
        raise Http404 from None
    if permission and not request.user.has_perm(permission, found):
        raise PermissionDenied
    return found


def require(request: HttpRequest, permission: str, subject: Any = None) -> None:
    """Raise PermissionDenied unless the person has the named permission."""
    if not request.user.has_perm(permission, subject):
        raise PermissionDenied


def public(view: View) -> View:
    """Mark a view as open to everybody. The list of such routes is tested."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Ask for sign-in. What was typed into a form whose session ran out is kept and shown again afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            keep_input(request)
        query = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{query}")

    guarded.is_guarded = True  # type: ignore[attr-defined]
    return guarded


def keep_input(request: HttpRequest, path: str = "") -> None:
    """Keep the posted fields in the session for an hour, under the address they were sent to, or another one.

    More than a long text is not kept: anybody may post here, and the session is a row of ours.
    """
    fields = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    request.session["kept"] = {
        "path": path or request.path,
        "at": timezone.now().timestamp(),
        "fields": fields,
    }


def kept_input(request: HttpRequest) -> dict[str, list[str]]:
    """Return, once, what was typed into this page's form before the session ran out; else an empty dict."""
    kept = request.session.get("kept")
    if not kept or kept["path"] != request.path:
        return {}
    del request.session["kept"]
    fresh = timezone.now().timestamp() - kept["at"] < KEPT_SECONDS
    return kept["fields"] if fresh else {}

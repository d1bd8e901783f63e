"""The demonstration's mailbox: every mail that was sent, as its reader would get it. Absent outside of it."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from portal import mailbox as store
from portal.access import public
from portal.demo import factors

PER_PAGE = 50
# The mail's own page: nothing is fetched and nothing runs; a link leads out of the frame when somebody follows it.
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-top-navigation-by-user-activation"],
}


@public
def mailbox(request: HttpRequest) -> HttpResponse:
    _demonstration_only()
    page = Paginator(store.names(), PER_PAGE).get_page(request.GET.get("page"))
    mails = [mail for mail in map(store.read, page) if mail]
    apps = factors.codes() if settings.DEMO else []
    return render(request, "portal/mailbox.html", {"page": page, "mails": mails, "apps": apps})


@public
@csp_update({"frame-src": [SELF]})
def mailbox_message(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "portal/mailbox_message.html", {"mail": _received(name)})


@public
@xframe_options_sameorigin
@csp(MAIL_POLICY)
def mailbox_html(_request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(_received(name).html.replace("<head>", '<head><base target="_top">', 1))


@public
def mailbox_file(_request: HttpRequest, name: str) -> HttpResponse:
    return _download(_received(name).parsed.as_bytes(), "message/rfc822", "mail.eml")


@public
def mailbox_calendar(_request: HttpRequest, name: str) -> HttpResponse:
    calendar = _received(name).calendar
    if not calendar:
        raise Http404
    return _download(calendar.encode(), "text/calendar; charset=utf-8", "invitation.ics")


def _demonstration_only() -> None:
    if not settings.MAILBOX_SHOWN:
        raise Http404


def _received(name: str) -> store.Received:
    _demonstration_only()
    found = store.read(name)
    if not found:
        raise Http404
    return found


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})

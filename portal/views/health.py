"""For machines: whether the process answers, whether what it stands on answers, what crawlers leave alone."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from portal import breaker
from portal.access import public
from portal.models import OutgoingMessage

BROKER_SECONDS = 1.0
OLDEST_DUE_SECONDS = 600  # the sweep comes every half minute: mail that waits this long has no worker
PRIVATE_PATHS = ("account", "admin", "desk", "i", "join", "mailbox", "unsubscribe")


@public
def healthz(_request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@public
def readyz(_request: HttpRequest) -> HttpResponse:
    parts = {name: _asked(question) for name, question in QUESTIONS.items()}
    failing = [name for name, (well, _said) in parts.items() if not well]
    said = {name: answer for name, (_well, answer) in parts.items()}
    status = HTTPStatus.SERVICE_UNAVAILABLE if failing else HTTPStatus.OK
    return JsonResponse({"status": "failing" if failing else "ok", "failing": failing, **said}, status=status)


@public
def robots(_request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: /*/{path}/" for path in PRIVATE_PATHS), "Disallow: /admin/"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def _asked(question: Callable[[], tuple[bool, Any]]) -> tuple[bool, Any]:
    """Return whether the part is well and what it says; a part that cannot be asked is not well."""
    try:
        return question()
    except Exception as error:  # noqa: BLE001 - whatever a broken part raises, its name is the answer
        return False, type(error).__name__


def _database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,), "ok"


def _broker() -> tuple[bool, str]:
    options = {
        **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        "socket_timeout": BROKER_SECONDS,
        "socket_connect_timeout": BROKER_SECONDS,
    }
    with current_app.connection_for_write(transport_options=options) as line:
        line.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
    return True, "ok"


def _outbox() -> tuple[bool, dict[str, int]]:
    now = timezone.now()
    oldest = OutgoingMessage.objects.due(now).order_by("next_try_at").values_list("next_try_at", flat=True).first()
    seconds = int((now - oldest).total_seconds()) if oldest else 0
    return seconds <= OLDEST_DUE_SECONDS, {"oldest_due_seconds": seconds}


def _mail_server() -> tuple[bool, str]:
    paused = breaker.is_open()
    return not paused, "paused" if paused else "ok"


QUESTIONS = {"database": _database, "broker": _broker, "outbox": _outbox, "mail_server": _mail_server}

"""Every task run once, twice, and five times at once: the world is the same afterwards."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.apps import apps
from django.db import connections
from django.utils import timezone

from consultations import emails
from consultations.models import Invitation
from portal.models import LogEntry, OneTimeKey, OutgoingMessage
from stakeholders.models import LiaisonAppointment, ListImport, Membership
from tests import build
from tests.smtp import Sink

APPS = ("portal", "stakeholders", "consultations", "recommendations")
pytestmark = pytest.mark.django_db(transaction=True)
Snapshot = Counter[tuple[str, ...]]


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A mail server."""
    with Sink() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.MAIL_BATCH = 3
        yield server


def tasks() -> list[str]:
    """Return the names of all our tasks."""
    current_app.loader.import_default_modules()
    return sorted(name for name in current_app.tasks if name.split(".")[0] in APPS)


def make_due() -> None:
    """Make something due for every task: mail to send, mail that came back, offers and terms that are over."""
    now, day = timezone.now(), timezone.localdate()
    ahead, over = (
        build.make_consultation(),
        build.make_consultation(starts_on=day - timedelta(2), ends_on=day - timedelta(2)),
    )
    emails.invitation_sent(*(build.make_invitation(ahead) for _each in range(7)))
    lost = [build.make_invitation(ahead) for _each in range(3)]
    emails.invitation_sent(*lost)
    gone = OutgoingMessage.objects.filter(subject_id__in=[one.pk for one in lost])
    gone.update(state="failed", updated_at=now - timedelta(days=40))
    for _each in range(3):
        build.make_invitation(over)
        offered = build.make_member(build.make_organisation())
        Membership.objects.filter(user=offered).update(state="invited", created_at=now - timedelta(days=40))
        leaving = build.make_liaison(build.make_body())
        LiaisonAppointment.objects.filter(user=leaving).update(until=day - timedelta(days=1))
        run = ListImport.objects.create(by=build.make_convenor(), state="read")
        ListImport.objects.filter(pk=run.pk).update(
            created_at=now - timedelta(hours=30), updated_at=now - timedelta(hours=30)
        )
    key = OneTimeKey.objects.create(key=f"key {build.number()}")
    OneTimeKey.objects.filter(pk=key.pk).update(used_at=now - timedelta(days=3))


def snapshot(sink: Sink) -> Snapshot:
    """Return how many rows there are of every kind and state, what was recorded, and who got how many mails."""
    found: Snapshot = Counter()
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            names = [name for name in ("state", "purpose") if name in {one.name for one in model._meta.get_fields()}]
            for values in model.objects.values_list(*names) if names else [()] * model.objects.count():
                found[(model._meta.label_lower, *values)] += 1
    for verb in LogEntry.objects.values_list("verb", flat=True):
        found["recorded", verb] += 1
    found["forgotten",] = OutgoingMessage.objects.filter(recipient="").count()
    for count in sink.per_reader().values():
        found["mails to one reader", str(count)] += 1
    return found


def once(name: str) -> None:
    """Run it."""
    current_app.tasks[name].apply(throw=True)


def twice(name: str) -> None:
    """Run it twice."""
    once(name)
    once(name)


def five_at_once(name: str) -> None:
    """Run it in five threads that begin together."""
    together, failed = threading.Barrier(5), []

    def work() -> None:
        together.wait()
        try:
            once(name)
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _each in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def came_of(sink: Sink, run: Callable[[str], None]) -> Snapshot:
    """Return what running every task in this way added to the world and took from it."""
    before = snapshot(sink)
    make_due()
    for name in tasks():
        run(name)
    once("portal.deliver")  # what the tasks themselves have to tell
    after = snapshot(sink)
    after.subtract(before)
    return Counter({what: count for what, count in after.items() if count})


@pytest.mark.slow
def test_tasks_run_twice_or_five_times_at_once_do_what_they_do_once(sink: Sink, record_property: Any) -> None:
    came_of(sink, once)  # countries and groups are made once for all
    expected = came_of(sink, once)
    assert expected["mails to one reader", "1"] >= 7
    assert expected["recorded", "lapse"] >= 3
    assert Invitation.objects.filter(state="undeliverable").count() == 6
    assert Membership.objects.filter(state="left").count() == 6
    assert ListImport.objects.filter(state="dropped").count() == 6
    assert came_of(sink, twice) == expected
    assert came_of(sink, five_at_once) == expected
    record_property("told", f"{len(tasks())} tasks run twice and five times at once: as once")

"""The breaker: five failures of the server in a row, a pause, the desk says so, and a mail when mail flows again."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from portal import breaker, delivery, mail
from portal.models import MailBreaker, OutgoingMessage
from stakeholders import emails
from tests import build
from tests.conftest import Cast, as_person

FAILED = delivery.Outcome("deferred", error="the mail server did not answer (OSError)", server_failed=True)
SENT = delivery.Outcome("sent")


def fail(times: int = 5) -> None:
    """Fail so often in a row."""
    for _each in range(times):
        breaker.count(FAILED)


def told() -> list[str]:
    """Return who is told that mail flows again."""
    rows = OutgoingMessage.objects.filter(purpose=emails.mail_flows_again.purpose)
    return list(rows.order_by("recipient").values_list("recipient", flat=True))


@pytest.mark.django_db
def test_four_failures_and_a_success_leave_it_closed() -> None:
    fail(4)
    assert not breaker.is_open()
    breaker.count(SENT)
    fail(4)
    assert (breaker.is_open(), breaker.standing_still()) == (False, None)


@pytest.mark.django_db
def test_it_opens_tries_once_and_opens_again() -> None:
    fail()
    assert breaker.is_open()
    MailBreaker.objects.update(open_until=timezone.now() - timedelta(seconds=1))
    assert not breaker.is_open()
    assert breaker.standing_still()
    breaker.count(FAILED)
    assert breaker.is_open()


@pytest.mark.django_db
def test_convenors_are_told_once_that_mail_flows_again(cast: Cast) -> None:
    fail()
    assert told() == []
    breaker.count(SENT)
    breaker.count(SENT)
    assert told() == ["convenor@example.org", "second@example.org"]
    assert MailBreaker.objects.get().failures == 0


@pytest.mark.django_db
def test_nobody_is_told_of_what_was_no_stop(cast: Cast) -> None:
    fail(4)
    breaker.count(SENT)
    assert told() == []


@pytest.mark.django_db(transaction=True)
def test_five_workers_that_succeed_at_once_tell_once(cast: Cast) -> None:
    fail()

    def work() -> None:
        breaker.count(SENT)
        connections.close_all()

    threads = [threading.Thread(target=work) for _each in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told()) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("waited", [0, 1, 214])
@pytest.mark.parametrize("language", ["en", "id"])
def test_the_mail(language: str, waited: int) -> None:
    user = build.make_convenor(email="ratna@example.org", language=language)
    closed = MailBreaker.objects.create(pk=1)
    emails.mail_flows_again(closed, payload={"waited": waited})
    message = OutgoingMessage.objects.get(user=user)
    composed = mail.compose(message, emails.mail_flows_again.letter(closed, message))
    assert len(composed.subject) <= 50
    assert f"/{language}/desk/" in composed.body
    assert ("waited" in composed.body or "menunggu" in composed.body) == bool(waited)
    assert (f"{waited} " in composed.body) == bool(waited)
    assert composed.alternatives[0].content.count("<a ") == 1


@pytest.mark.django_db
def test_who_convenes_no_longer_gets_no_mail() -> None:
    user = build.make_user()
    message = OutgoingMessage(purpose=emails.mail_flows_again.purpose, user=user)
    assert emails.mail_flows_again.letter(MailBreaker(pk=1), message) is None


@pytest.mark.django_db
def test_the_desks_of_convenors_and_administrators_say_so_and_nobody_elses(cast: Cast) -> None:
    administrator = build.make_administrator(email="admin@example.org")
    people = {**cast.people(), "administrator": administrator}
    fail()
    seeing = set()
    for name, person in people.items():
        if person and "Mail stands still" in as_person(person).get("/en/desk/").content.decode():
            seeing.add(name)
    assert seeing == {"convenor", "second_convenor", "administrator"}
    breaker.count(SENT)
    assert "Mail stands still" not in as_person(cast.convenor).get("/en/desk/").content.decode()
    assert 'id="mail"' in Client().get("/en/help/").content.decode()


@pytest.mark.django_db
def test_readyz_says_so(visitor: Client) -> None:
    fail()
    said = visitor.get("/readyz").json()
    assert (said["mail_server"], "mail_server" in said["failing"]) == ("paused", True)

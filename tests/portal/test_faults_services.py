"""The broker away, the database restarted, the clock stopped for a night: work goes on, and nothing is lost."""

import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self

import pytest

from portal.children import wait_for
from tests.portal.faults import copies, mailing, median, reached, settled, timed
from tests.processes import Site, site
from tests.services import Broker, Missing, Postgres, find_embedded, find_postgres
from tests.visiting import LOST, Visitor

pytestmark = pytest.mark.slow

PEOPLE = """
import json
from django.test import Client
from consultations.models import Invitation
from tests import build
consultation = build.make_consultation(convenors=[build.make_convenor()], seats=1000)
organisation = build.make_organisation()
member = build.make_member(organisation, email="lead@example.org")
own = build.make_invitation(consultation, organisation, state="accepted")
links = [build.make_invitation(consultation) for _each in range({count})]
print(json.dumps({{
    "slug": consultation.slug, "links": [[one.pk, one.token] for one in links],
    "session": build.login(Client(), member).cookies["sessionid"].value,
}}))
"""
ANSWERED = """
import json
from consultations.models import Answer
print(json.dumps(sorted(Answer.objects.values_list("invitation", flat=True))))
"""
POINTS = "from recommendations.models import Submission; print(Submission.objects.count())"
ANSWER = {"answer": "yes", "seats": "1"}


def answer(visitor: Visitor, token: str) -> bool:
    """Say yes to an invitation over its link; return whether the receipt came."""
    visitor.get(f"/en/i/{token}/")
    visitor.post(**ANSWER)
    return visitor.status == 200 and "/receipt/" in visitor.url


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker that a test may stop."""
    broker = Broker(tmp_path / "broker", find_embedded()).start()
    yield broker
    broker.stop()


def test_the_broker_is_flushed_then_away_and_work_goes_on(
    tmp_path: Path, own_broker: Broker, record_property: Any
) -> None:
    with site(tmp_path, REDIS_URL=own_broker.url, MAIL_BATCH="25") as running:
        _flushed_in_mid_batch(running, record_property)
        facts = json.loads(running.shell(PEOPLE.format(count=3)).splitlines()[-1])
        running.start_web()
        own_broker.stop()
        began = time.monotonic()
        seconds = _work(running, facts)
        before = running.tally()
        assert before.get("queued", 0) > 0
        assert wait_for(lambda: time.monotonic() - began > 8, 10)
        own_broker.start()
        back = time.monotonic()
        assert wait_for(lambda: "queued" not in running.tally(), 60, step=1), running.tally()
        away, later = back - began, time.monotonic() - back
        record_property(
            "told",
            f"broker away {away:.0f} s: {len(seconds)} requests, median {median(seconds):.2f} s, "
            f"slowest {max(seconds):.2f} s; mail that waited left {later:.0f} s after it came back",
        )


def _flushed_in_mid_batch(running: Site, record_property: Any) -> None:
    mailing(running, 150)
    running.sink.delay = 0.02
    running.start_worker()
    assert reached(running, 30, 60)
    at = len(running.sink.received)
    running.shell(
        "from portal.celery import app\n"
        "with app.connection_for_write() as line:\n"
        "    line.default_channel.client.flushall()"
    )
    mark = time.monotonic()
    assert reached(running, 150, 60), running.tally()
    assert settled(running, {"sent": 150}, 30)
    assert copies(running) == {1: 150}
    running.sink.delay = 0.0
    record_property("told", f"broker flushed at {at} of 150: all sent, none twice, {time.monotonic() - mark:.0f} s")


def _work(running: Site, facts: dict[str, Any]) -> list[float]:
    """Read, answer and write as people do; return how long each step took. Each of them must succeed."""
    reader, member = Visitor(running.url), Visitor(running.url, facts["session"])
    seconds = [
        timed(lambda path=path: reader.get(path)) for path in ("/en/", "/en/consultations/", "/en/organisations/")
    ]
    assert reader.status == 200
    for _pk, token in facts["links"]:
        invitee = Visitor(running.url)
        done: list[bool] = []
        seconds.append(timed(lambda one=invitee, token=token, done=done: done.append(answer(one, token))))
        assert done == [True], (invitee.status, invitee.url)
    assert json.loads(running.shell(ANSWERED)) == sorted(pk for pk, _token in facts["links"])
    seconds.append(timed(lambda: member.get(f"/en/consultations/{facts['slug']}/submissions/new/")))
    seconds.append(timed(lambda: member.post(text="Return the passports.", send="1")))
    assert (member.status, running.shell(POINTS)) == (200, "1"), member.url
    stranger = Visitor(running.url)
    stranger.get("/en/account/login/code/")
    seconds.append(timed(lambda: stranger.post(email="lead@example.org")))
    assert stranger.status == 200
    assert max(seconds) < 10
    return seconds


@pytest.fixture
def own_cluster() -> Iterator[Postgres]:
    """A PostgreSQL that a test may restart: the suite's own is used by others meanwhile."""
    try:
        programs = find_postgres()
    except Missing as reason:
        pytest.skip(str(reason))
    # Not below pytest's own folder: PostgreSQL is not run by root, and must be able to pass through.
    with tempfile.TemporaryDirectory(prefix="mufakat-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        cluster = Postgres(Path(name) / "postgres", programs).create().start()
        yield cluster
        cluster.stop()


class Writers:
    """Four people who answer one invitation after the other, twenty a second together."""

    A_SECOND = 20

    def __init__(self, running: Site, links: list[list[Any]]) -> None:
        """Open every link first: only the answer itself is sent while the database is restarted."""
        self.running, self.acknowledged, self.refused = running, set[int](), Counter[str]()
        self.times: list[float] = []
        self.tokens = dict(links)
        self.ready = [(pk, Visitor(running.url)) for pk in self.tokens]
        for pk, visitor in self.ready:
            visitor.get(f"/en/i/{self.tokens[pk]}/")
        self.lock, self.stop = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self._work, daemon=True) for _each in range(4)]

    def __enter__(self) -> Self:
        """Begin to write."""
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        """Stop."""
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _work(self) -> None:
        while not self.stop.wait(len(self.threads) / self.A_SECOND):
            with self.lock:
                if not self.ready:
                    return
                pk, visitor = self.ready.pop()
            try:
                if visitor.status != HTTPStatus.OK:
                    visitor.get(f"/en/i/{self.tokens[pk]}/")
                visitor.post(**ANSWER)
                done = visitor.status == 200 and "/receipt/" in visitor.url
            except LOST:
                done, visitor.status = False, 0
            with self.lock:
                if done:
                    self.acknowledged.add(pk)
                    self.times.append(time.monotonic())
                else:
                    # As people do: they open the page again and say it once more.
                    self.refused[f"{visitor.status} {visitor.url.rpartition('/en/')[2]}"] += 1
                    self.ready.insert(0, (pk, visitor))


def test_the_database_is_restarted_under_twenty_writes_a_second(
    tmp_path: Path, own_cluster: Postgres, record_property: Any
) -> None:
    with site(tmp_path, DATABASE_URL=own_cluster.url) as running:
        facts = json.loads(running.shell(PEOPLE.format(count=120)).splitlines()[-1])
        running.start_web()
        running.start_worker()
        with Writers(running, facts["links"]) as writers:
            assert wait_for(lambda: len(writers.acknowledged) > 40, 60)
            own_cluster.stop()
            own_cluster.start()
            back = time.monotonic()
            assert wait_for(lambda: bool(writers.times) and writers.times[-1] > back, 30), "no write within 30 seconds"
            assert wait_for(lambda: len(writers.acknowledged) == len(facts["links"]), 60), writers.refused
        again = next(moment for moment in writers.times if moment > back) - back
        present = set(json.loads(running.shell(ANSWERED)))
        assert writers.acknowledged - present == set()
        mailing(running, 5)
        assert reached(running, 5, 60), running.tally()
        record_property(
            "told",
            f"database restarted: {len(writers.acknowledged)} writes acknowledged, all present; "
            f"{writers.refused.total()} refused meanwhile; the first write {again:.1f} s after it was back",
        )


NIGHT = """
from datetime import timedelta
from django.utils import timezone
from celery.beat import PersistentScheduler
from django.conf import settings
from portal.celery import app
from portal.models import OneTimeKey
from stakeholders.models import Membership
from tests import build
now, day = timezone.now(), timezone.localdate()
over = build.make_consultation(starts_on=day - timedelta(days=2), ends_on=day - timedelta(days=2))
for _each in range(3):
    build.make_invitation(over)
build.make_member(build.make_organisation())
Membership.objects.update(state="invited", created_at=now - timedelta(days=40))
OneTimeKey.objects.create(key="old")
OneTimeKey.objects.update(used_at=now - timedelta(days=3))
scheduler = PersistentScheduler(app, schedule_filename=settings.CELERY_BEAT_SCHEDULE_FILENAME)
for entry in scheduler.schedule.values():
    entry.last_run_at = now - timedelta(hours=13)
scheduler.close()
"""
MORNING = """
from collections import Counter
from consultations.models import Invitation
from portal.models import LogEntry, OneTimeKey
from stakeholders.models import Membership
states = lambda model: sorted(model.objects.values_list("state", flat=True))
verbs = Counter(LogEntry.objects.values_list("verb", flat=True))
print(states(Invitation), states(Membership), OneTimeKey.objects.count(), sorted(verbs.values()))
"""
DONE = "['lapsed', 'lapsed', 'lapsed'] ['left'] 0 [1, 3]"


def test_a_night_without_a_clock_is_made_good_in_the_morning_and_once(tmp_path: Path, record_property: Any) -> None:
    with site(tmp_path) as running:
        running.shell(NIGHT)
        began = time.monotonic()
        running.start_worker()
        assert wait_for(lambda: running.shell(MORNING) == DONE, 60, step=0.5), running.shell(MORNING)
        seconds = time.monotonic() - began
        # A second morning does nothing more.
        running.stop()
        running.start_worker()
        assert wait_for(lambda: len(running.senders()) > 1, 30)
        time.sleep(2)
        assert running.shell(MORNING) == DONE
        record_property("told", f"a night without a clock: made good {seconds:.0f} s after the start")

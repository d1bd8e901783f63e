"""Real workers, killed with `kill -9` while they send: nobody is forgotten, nobody is written to more than twice."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.children import Child, wait_for
from tests.processes import Site, site

pytestmark = pytest.mark.slow

INVITE = """
from consultations.actions import send_invitations
from consultations.models import Invitation
from tests import build
convenors = [build.make_convenor(), build.make_convenor()]
consultation = build.make_consultation(convenors=convenors)
for _each in range({count}):
    build.make_invitation(consultation, state="approved")
print(send_invitations(consultation, by=convenors[0]))
"""
STATES = "from portal.models import OutgoingMessage; print(OutgoingMessage.objects.tally())"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Site]:
    """A site without a web server: the worker is what is tested."""
    with site(tmp_path, MAIL_BATCH="25", MAIL_PARALLEL="4") as made:
        made.sink.delay = 0.02
        yield made


def kill_everything(worker: Child) -> None:
    """Kill the worker and its children, as the kernel does when memory runs out."""
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(worker.process.pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    for pid in [worker.process.pid, *map(int, children.stdout.split())]:
        os.kill(pid, signal.SIGKILL)
    worker.process.wait()


def test_kill_9_during_200_invitations_loses_none_and_repeats_none_more_than_once(running: Site) -> None:
    rng = random.Random(20070512)
    assert running.shell(INVITE.format(count=200)) == "200"
    kills = 0
    for number in range(5):
        worker = running.start_worker()
        goal = (number + 1) * 30
        wait_for(lambda goal=goal: len(running.sink.received) >= goal, 60)
        time.sleep(rng.uniform(0, 0.2))
        kill_everything(worker)
        kills += 1
    before = len(running.sink.received)
    assert before < 200, "the batch was over before the last kill: nothing was tested"
    running.start_worker()
    # What the dead workers left is sent again after a pause of about a minute.
    assert wait_for(lambda: "{'sent': 200}" in running.shell(STATES), 150), running.shell(STATES)
    assert len(running.sink.per_reader()) == 200
    copies = running.sink.per_reader()
    assert set(copies.values()) <= {1, 2}
    # Each kill leaves at most one message of unknown fate for each of the two processes that were sending.
    assert sum(copies.values()) - 200 <= kills * 2
    assert len(running.sink.message_ids()) == 200


def test_term_in_mid_batch_loses_none_and_repeats_none(running: Site) -> None:
    running.shell(INVITE.format(count=120))
    worker = running.start_worker()
    wait_for(lambda: len(running.sink.received) >= 30, 60)
    worker.stop()
    assert len(running.sink.received) <= 120
    running.start_worker()
    assert wait_for(lambda: len(running.sink.per_reader()) == 120, 60), running.shell(STATES)
    time.sleep(3)
    assert set(running.sink.per_reader().values()) == {1}


def test_broker_flushed_in_mid_batch_is_made_good_by_the_sweep(running: Site) -> None:
    running.shell(INVITE.format(count=100))
    running.shell(
        "from portal.celery import app\n"
        "with app.connection_for_write() as line:\n"
        "    line.default_channel.client.flushdb()"
    )
    running.start_worker()
    assert wait_for(lambda: len(running.sink.per_reader()) == 100, 60), running.shell(STATES)
    assert set(running.sink.per_reader().values()) == {1}

"""Real workers, killed while they send, and a mail server that misbehaves: none is forgotten, none is sent for ever."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from portal.children import wait_for
from tests.portal.faults import copies, mailing, median, reached, reader, rows, settled, timed
from tests.processes import Site, site
from tests.smtp import OK

pytestmark = pytest.mark.slow
MANY = 1000
KILLS = 20
AT_ONE_BLOW = (6, 12)  # which of the kills take the whole worker, with both of its processes


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site without a web server: worker, clock and mail server are what is tested."""
    quick = {"MAIL_BATCH": "25", "MAIL_LEASE_SECONDS": "5", "MAIL_RETRY_SECONDS": "8", "MAIL_TIMEOUT": "3"}
    with site(tmp_path_factory.mktemp("site"), **quick) as made:
        yield made


@pytest.fixture
def well(running: Site) -> Iterator[Site]:
    """The same, with a mail server that takes everything, and nothing running before and after."""
    running.sink.on_data = running.sink.on_recipient = lambda _what: OK
    running.sink.delay = 0.0
    yield running
    running.stop()
    running.sink.delay = 0.0


def kill_at(well: Site, goal: int, rng: random.Random, *, whole: bool) -> int:
    """Kill once that many mails have arrived; return how many processes that were doing tasks are gone."""
    wait_for(lambda: len(well.sink.received) >= goal, 30, step=0.01)
    time.sleep(rng.uniform(0, 0.05))
    if not whole:
        assert wait_for(lambda: well.kill_sender(rng), 20)
        return 1
    gone = well.kill_worker()
    well.start_worker(clock=False)
    return gone


def test_twenty_kills_in_the_midst_of_a_thousand_invitations(well: Site, record_property: Any) -> None:
    rng = random.Random(20070512)
    mailing(well, MANY)
    well.sink.delay = 0.005
    well.start_worker(clock=False)
    well.start_clock()
    killed, number = 0, 0
    began = time.monotonic()
    while killed < KILLS:
        killed += kill_at(well, 30 + number * 40, rng, whole=number in AT_ONE_BLOW)
        number += 1
    assert len(well.sink.per_reader()) < MANY, "the mailing was over before the last kill: nothing was tested"
    assert reached(well, MANY, 90), well.tally()
    assert settled(well, {"sent": MANY}, 90), well.tally()
    many = copies(well)
    assert set(many) <= {1, 2}
    assert many[2] <= KILLS
    assert len(well.sink.message_ids()) == MANY
    seconds = time.monotonic() - began
    record_property("told", f"{killed} kills in {MANY} invitations: {many[2]} twice, none lost, {seconds:.0f} s")


def test_a_worker_asked_to_stop_in_mid_batch_loses_none_and_repeats_none(well: Site, record_property: Any) -> None:
    mailing(well, 150)
    well.sink.delay = 0.02
    worker = well.start_worker()
    assert reached(well, 30, 60)
    before = len(well.sink.received)
    assert before < 150
    seconds = timed(worker.stop)
    well.start_worker()
    assert reached(well, 150, 60), well.tally()
    assert settled(well, {"sent": 150}, 30)
    assert copies(well) == {1: 150}
    record_property("told", f"TERM at {before} of 150: the worker ended in {seconds:.1f} s, none lost, none twice")


SCRIPT: dict[int, tuple[str, str]] = {
    # which reader: what the server does the first time, and where
    100: ("recipient", "450 4.2.0 later"),
    200: ("recipient", "550 5.1.1 no such user"),
    300: ("data", "451 4.3.0 later"),
    400: ("data", "554 5.6.0 we do not like it"),
    500: ("recipient", "reset"),
    650: ("data", "reset"),
    800: ("data", "reset after"),
    950: ("data", "silence"),
}
LOST = {reader(200): "the recipient was refused (550)", reader(400): "the message was refused (554)"}


def by_script(seen: Counter[str], where: str) -> Callable[[Any], str]:
    """Return how the server behaves: badly the first time, well the second."""
    told = {reader(number): answer for number, (place, answer) in SCRIPT.items() if place == where}

    def answer(what: EmailMessage | str) -> str:
        address = what if isinstance(what, str) else str(what["To"])
        seen[f"{where} {address}"] += 1
        return told.get(address, OK) if seen[f"{where} {address}"] == 1 else OK

    return answer


def test_a_server_that_misbehaves_in_every_way_and_one_bad_address(well: Site, record_property: Any) -> None:
    seen: Counter[str] = Counter()
    mailing(well, MANY)
    well.sink.on_recipient, well.sink.on_data = by_script(seen, "recipient"), by_script(seen, "data")
    began = time.monotonic()
    well.start_worker()
    assert reached(well, MANY - len(LOST), 120), well.tally()
    assert settled(well, {"sent": MANY - len(LOST), "failed": len(LOST)}, 60), well.tally()
    found = rows(well)
    assert {address: why for address, (state, why) in found.items() if state == "failed"} == LOST
    arrived = well.sink.per_reader()
    # The line broke after the final dot: the one mail that comes twice, under the same name.
    assert {address for address, count in arrived.items() if count > 1} == {reader(800)}
    assert arrived[reader(800)] == 2
    assert len(well.sink.message_ids()) == MANY - len(LOST)
    tries = {number: seen[f"{place} {reader(number)}"] for number, (place, _answer) in SCRIPT.items()}
    assert {number for number, count in tries.items() if count > 1} == {100, 300, 500, 650, 800, 950}
    seconds, each = time.monotonic() - began, well.sink.connections
    record_property("told", f"{len(SCRIPT)} misdeeds in {MANY}: {len(arrived)} reached, {seconds:.0f} s, {each} lines")


FIVE_MAILS = """
import json, time
from django.db import transaction
from portal.emails import SignInCode, send_once
from portal.mail import Recipient
from portal.models import OutgoingMessage
for number in range(5):
    with transaction.atomic():
        send_once(SignInCode, Recipient(f"single{number}@example.org"), {"code": "123456"})
    time.sleep(0.4)
until = time.monotonic() + 20
while OutgoingMessage.objects.filter(sent_at=None).exists() and time.monotonic() < until:
    time.sleep(0.1)
print(json.dumps([(one.sent_at - one.created_at).total_seconds() for one in OutgoingMessage.objects.all()]))
"""


def test_single_mails_leave_within_ten_seconds(well: Site, record_property: Any) -> None:
    mailing(well, 0)
    well.start_worker()
    assert wait_for(lambda: len(well.senders()) > 1, 30)
    times = json.loads(well.shell(FIVE_MAILS).splitlines()[-1])
    assert len(times) == 5
    assert max(times) < 10
    record_property("told", f"single mails: handed over in {median(times):.2f} s, at most {max(times):.2f} s")

"""What the tests of faults share: a mailing of any size in a running site, and what is asked of it afterwards."""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from portal.children import wait_for
from tests.processes import Site

MAILING = """
import json, uuid
from consultations import emails
from consultations.models import Invitation
from portal.models import BlockedAddress, OutgoingMessage
from stakeholders.models import Organisation
from tests import build
OutgoingMessage.objects.all().delete()
BlockedAddress.objects.all().delete()
Invitation.objects.all().delete()
mark, consultation = uuid.uuid4().hex[:8], build.make_consultation(slug=uuid.uuid4().hex)
names = [f"{{mark}} {{number}}" for number in range({count})]
made = Organisation.objects.bulk_create(
    Organisation(name_en=name, name_key=name, slug=name.replace(" ", "-"), state="verified",
                 contact_email=f"reader{{number}}@example.org")
    for number, name in enumerate(names)
)
rows = [Invitation(consultation=consultation, organisation=one, state="sent", address=one.contact_email,
                   language=("en", "id")[number % 2]) for number, one in enumerate(made)]
for row in rows:
    row.seal()
Invitation.objects.bulk_create(rows)
print(emails.invitation_sent(*consultation.invitations.select_related("consultation")))
"""
ROWS = """
import json
from portal.models import OutgoingMessage
print(json.dumps(list(OutgoingMessage.objects.order_by("pk").values_list("recipient", "state", "last_error"))))
"""
OPEN_AT = "from portal.models import MailBreaker; print(MailBreaker.objects.filter(failures__gte=5).count())"


def mailing(site: Site, count: int) -> None:
    """Queue so many invitations; nothing is left of an earlier mailing."""
    site.sink.received.clear()
    site.sink.connections = 0
    assert site.shell(MAILING.format(count=count)).splitlines()[-1] == str(count)


def reader(number: int) -> str:
    """Return the address of one reader of the mailing."""
    return f"reader{number}@example.org"


def rows(site: Site) -> dict[str, tuple[str, str]]:
    """Return state and reason of each message, by its reader."""
    return {address: (state, why) for address, state, why in json.loads(site.shell(ROWS))}


def settled(site: Site, expected: dict[str, int], seconds: float) -> bool:
    """Wait until the outbox says exactly this."""
    return wait_for(lambda: site.tally() == expected, seconds, step=1.0)


def reached(site: Site, count: int, seconds: float) -> bool:
    """Wait until so many readers have their mail."""
    return wait_for(lambda: len(site.sink.per_reader()) >= count, seconds)


def copies(site: Site) -> Counter[int]:
    """Return how many readers got one copy, two copies and so on."""
    return Counter(site.sink.per_reader().values())


def median(values: Sequence[float]) -> float:
    """Return the one in the middle."""
    return sorted(values)[len(values) // 2]


def timed(act: Callable[[], Any]) -> float:
    """Do it, and return how many seconds it took."""
    began = time.monotonic()
    act()
    return time.monotonic() - began

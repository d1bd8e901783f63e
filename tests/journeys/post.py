"""The post of a running site: wait for a mail, find the code or the link in it, count who got what."""

import json
import re
from collections import Counter
from email.message import EmailMessage

from portal.children import wait_for
from tests.processes import Site

LIMIT = 30
PURPOSES = """
import json
from portal.models import OutgoingMessage
print(json.dumps({one.message_id: one.purpose for one in OutgoingMessage.objects.all()}))
"""


def to(site: Site, address: str) -> list[EmailMessage]:
    """Return the mails that an address got, oldest first."""
    return [mail for mail in site.sink.received if str(mail["To"]) == address]


def next_one(site: Site, address: str, had: int = 0) -> EmailMessage:
    """Wait for one mail more than the address had, and return it."""
    assert wait_for(lambda: len(to(site, address)) > had, LIMIT), f"nothing came to {address}"
    return to(site, address)[had]


def words(mail: EmailMessage) -> str:
    """Return the plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part
    return str(part.get_content())


def code(mail: EmailMessage) -> str:
    """Return the six digits of a mail."""
    return re.findall(r"(?<!\d)\d{6}(?!\d)", words(mail))[0]


def link(mail: EmailMessage, part: str) -> str:
    """Return the first address in a mail that has these words in it."""
    return next(found for found in re.findall(r"https?://\S+", words(mail)) if part in found)


def ledger(site: Site) -> Counter[tuple[str, str]]:
    """Return how many mails of each purpose each address got, as the mail server saw it."""
    purposes = json.loads(site.shell(PURPOSES))
    return Counter((purposes[str(mail["Message-ID"])], str(mail["To"])) for mail in site.sink.received)

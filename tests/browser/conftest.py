"""What the browser's tests share: the demonstration on a web server, people who are signed in, a Chromium."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import chromium
from tests.processes import Site, site

ONE_MAIL = """
from consultations import emails
from consultations.models import Invitation
from portal.tasks import deliver
emails.invitation_sent(Invitation.objects.filter(state="sent").first(), version=9)
deliver()
"""
SIGN_IN = """
import json
from django.test import Client
from portal.models import User
from tests import build
people = User.objects.filter(email__endswith="@mufakat.example")
print(json.dumps({one.email: build.login(Client(), one).cookies["sessionid"].value for one in people}))
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration as `make run` shows it, with one mail in its mailbox. No more is sent: there is no worker."""
    with site(tmp_path_factory.mktemp("site"), seeded=True, EMAIL_URL="") as made:
        made.shell(ONE_MAIL)
        made.start_web()
        yield made


@pytest.fixture(scope="module")
def sessions(running: Site) -> dict[str, str]:
    """The session cookie of each person of the demonstration, by address."""
    return dict(json.loads(running.shell(SIGN_IN)))


@pytest.fixture(scope="module")
def browser_here() -> Iterator[Browser]:
    """The browser of this machine."""
    with chromium() as browser:
        yield browser

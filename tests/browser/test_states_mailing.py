"""What a reader sees who stops notices, and a convenor while mail stands still."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import Visitor
from tests.browser.looking import fits_and_speaks
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOKEN = "from portal.blocking import address_key, token_for; print(token_for(address_key('sri@example.org')))"
STANDS_STILL = """
from datetime import timedelta
from django.utils import timezone
from portal.models import MailBreaker
until = timezone.now() + timedelta(minutes=5)
MailBreaker.objects.update_or_create(pk=1, defaults={"failures": 5, "open_until": until})
"""
FLOWS = "from portal.models import MailBreaker; MailBreaker.objects.update(failures=0, open_until=None)"


@pytest.fixture
def guest(running: Site, browser_here: Browser) -> Iterator[Visitor]:
    """Somebody without an account."""
    visitor = Visitor(browser_here, running.url)
    yield visitor
    visitor.leave()


@pytest.fixture
def convenor(running: Site, sessions: dict[str, str], browser_here: Browser) -> Iterator[Visitor]:
    """Somebody who convenes."""
    visitor = Visitor(browser_here, running.url)
    cookie = {"name": "sessionid", "value": sessions["ratna@mufakat.example"], "url": running.url}
    visitor.context.add_cookies([cookie])
    yield visitor
    visitor.leave()


@pytest.mark.parametrize("language", ["en", "id"])
def test_stopping_notices_and_thinking_better_of_it(running: Site, guest: Visitor, language: str) -> None:
    path = f"/{language}/unsubscribe/{running.shell(TOKEN)}/"
    guest.go(path)
    wrong = {"asked": fits_and_speaks(guest)}
    guest.press()
    wrong["stopped"] = fits_and_speaks(guest)
    assert guest.page.locator("button[name=resume]").count() == 1
    guest.press()
    assert guest.page.locator("button[name=resume]").count() == 0
    assert {what: found for what, found in wrong.items() if found} == {}


def test_desk_while_mail_stands_still(running: Site, convenor: Visitor) -> None:
    running.shell(STANDS_STILL)
    convenor.go("/en/desk/")
    wrong = {"desk": fits_and_speaks(convenor)}
    convenor.page.get_by_role("link", name="Mail stands still").click()
    assert convenor.page.url.endswith("/en/help/#mail")
    wrong["help"] = fits_and_speaks(convenor)
    running.shell(FLOWS)
    assert {what: found for what, found in wrong.items() if found} == {}

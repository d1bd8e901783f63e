"""The core of the story in a browser that runs no scripts: an old phone, a careful reader, a broken download."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import Visitor
from tests.journeys import post
from tests.journeys.jakarta import take_second_step
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG = "jakarta-fees-passports-domestic-work"
PAGES = f"/en/consultations/{SLUG}/"
CONVENOR, MEMBER = "ratna@mufakat.example", "sumiyati@mufakat.example"
WORDS = "Every worker keeps the passport."
LINK = f"""
from consultations.models import Invitation
print(Invitation.objects.get(organisation__slug="sekolah-rantau-blitar", consultation__slug="{SLUG}").token)
"""


@pytest.fixture
def convenor(running: Site, browser_here: Browser) -> Iterator[Visitor]:
    """The convenor, signed in."""
    yield from signed_in(running, browser_here, CONVENOR)


@pytest.fixture
def member(running: Site, browser_here: Browser) -> Iterator[Visitor]:
    """A member, signed in."""
    yield from signed_in(running, browser_here, MEMBER)


def signed_in(running: Site, browser: Browser, address: str) -> Iterator[Visitor]:
    """Somebody signs in with the code that came by mail."""
    had = len(post.to(running, address))
    visitor = Visitor(browser, running.url, script=False)
    visitor.go("/en/account/login/")
    visitor.fill(email=address)
    visitor.press()
    visitor.fill(code=post.code(post.next_one(running, address, had)))
    visitor.press()
    take_second_step(visitor)
    yield visitor
    visitor.leave()


def test_from_an_answer_to_an_adoption(
    running: Site, browser_here: Browser, convenor: Visitor, member: Visitor
) -> None:
    guest = Visitor(browser_here, running.url, script=False)
    guest.go(f"/en/i/{running.shell(LINK)}/")
    guest.fill(answer="yes", seats=1)
    guest.press()
    assert "/receipt/" in guest.page.url
    guest.leave()

    member.go(PAGES + "submissions/new/")
    member.fill(section="asean", text=WORDS, attribution="none", language="en")
    member.press('button[value="check"]')
    member.press()
    assert WORDS in member.text()

    convenor.go(PAGES + "workspace/")
    convenor.page.locator("article", has_text=WORDS).get_by_role("checkbox").check()
    convenor.press(form="#received form")
    convenor.fill(text_en="Passports belong to workers.", addressees=[secretariat(running)])
    convenor.press()
    convenor.go(PAGES + "table/")
    convenor.press()

    member.go(PAGES + "position/")
    member.fill(stance="consensus")
    member.press()

    convenor.go(PAGES + "adopt/")
    convenor.press()
    convenor.follow("/publish/")
    convenor.press()
    convenor.follow("/statements/")
    assert "Passports belong to workers." in convenor.text()


def secretariat(running: Site) -> str:
    """Return the number of the ASEAN Secretariat."""
    return running.shell(
        'from stakeholders.models import PublicBody; print(PublicBody.objects.get(slug="asean-secretariat").pk)'
    )

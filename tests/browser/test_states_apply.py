"""An organisation applies at a phone without scripts; every page on the way, and those that follow, in every state."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import Visitor
from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import Come, come, looks, refused
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

__all__ = ["come"]
ANSWERS: dict[str, dict[str, Any]] = {
    "names": {"name_id": "", "name_en": "Persatuan Nelayan Bitung", "other": "សហជីពអ្នកនេសាទ"},
    "who": {"bases": ["fishers"], "issues": ["labour", "recruitment"]},
    "work": {"service_legal-aid": "gap", "roles": ["alerting"], "introduction": "Kami mendampingi nelayan."},
    "where": {"side": "origin", "country": "ID", "languages": ["id"], "other_networks": "Jaringan Laut"},
    "contact": {"contact_email": "sumiyati@mufakat.example", "contact_phone": "+62 811"},
    "shown": {"visibility": "withheld"},
}
GROUP = 'from stakeholders.models import StakeholderGroup as G; print(G.objects.get(slug="trade-unions").pk)'
LAST = """
from stakeholders.models import Organisation
print(Organisation.objects.filter(applied_at__isnull=False).latest("applied_at").slug)
"""
DECIDE = """
from portal.models import User
from stakeholders.models import Decision, Organisation
one = Organisation.objects.filter(applied_at__isnull=False).latest("applied_at")
by = User.objects.get(email="ratna@mufakat.example")
Decision.objects.create(organisation=one, verdict="{verdict}", reasons="We could not reach you.", by=by)
Organisation.objects.filter(pk=one.pk).update(state="{state}")
"""


@pytest.fixture
def phone(running: Site, browser_here: Browser) -> Iterator[Visitor]:
    """A phone that runs no scripts."""
    visitor = Visitor(browser_here, running.url, script=False)
    yield visitor
    visitor.leave()


def filled(running: Site) -> dict[str, dict[str, Any]]:
    """Return the answers of every page."""
    answers = {part: {name: one for name, one in fields.items() if one} for part, fields in ANSWERS.items()}
    answers["who"]["groups"] = [running.shell(GROUP)]
    return answers


def wide(visitor: Visitor) -> list[str]:
    """Return whether the page has to be scrolled sideways on this phone."""
    over = visitor.page.locator("html").evaluate("one => one.scrollWidth - one.clientWidth")
    return [f"{visitor.page.url}: {over}"] if over else []


def test_applying_at_a_phone_without_scripts(running: Site, phone: Visitor) -> None:
    phone.go("/en/organisations/")
    phone.follow("/apply/")
    phone.follow("/apply/names/")
    sideways = []
    for part, fields in filled(running).items():
        assert f"/apply/{part}/" in phone.page.url
        phone.fill(**fields)
        sideways += wide(phone)
        phone.press()
    # One looks back, finds everything as it was, and comes forward again.
    phone.follow("/apply/names/?to=check")
    assert phone.page.locator('[name="name_en"]').input_value() == "Persatuan Nelayan Bitung"
    phone.fill(acronym="PNB")
    phone.press()
    words = phone.text()
    assert [one in words for one in ("PNB", "Persatuan Nelayan Bitung", "a trade union, origin side")] == [True] * 3
    phone.page.locator('[name="accept"]').check()
    sideways += wide(phone)
    phone.press()
    assert "/apply/receipt/" in phone.page.url
    assert "Persatuan Nelayan" not in phone.text()
    receipt = phone.page.url
    phone.go("/en/")
    phone.go(receipt)
    assert sideways + wide(phone) == []


def test_pages_of_an_application_in_every_state(running: Site, come: Come) -> None:
    guest, contact, wrong = come(), come("sumiyati@mufakat.example"), {}
    for part, fields in filled(running).items():
        if part not in {"where", "contact"}:
            wrong[f"{part} refused"] = refused(guest, f"/en/apply/{part}/")
        else:
            guest.go(f"/en/apply/{part}/")
        guest.fill(**fields)
        guest.press()
    wrong["check"] = fits_and_speaks(guest)
    guest.page.locator('[name="accept"]').check()
    guest.press()
    wrong["receipt"] = fits_and_speaks(guest)
    page = f"/en/applications/{running.shell(LAST)}/"
    wrong["waits"] = looks(contact, page)
    running.shell(DECIDE.format(verdict="refused", state="refused"))
    wrong["refused"] = looks(contact, page)
    wrong["appeal refused"] = refused(contact, page + "appeal/")
    contact.fill(text="We were at sea.")
    contact.press()
    wrong["appealed"] = fits_and_speaks(contact)
    running.shell(DECIDE.format(verdict="eligible", state="verified"))
    wrong["verified"] = looks(contact, page)
    contact.press()
    wrong["desk"] = looks(contact, page)
    assert {what: found for what, found in wrong.items() if found} == {}

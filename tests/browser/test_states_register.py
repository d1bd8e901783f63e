"""The register in a browser: it narrows while one types, and each state of the search and the map fits and speaks."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driving import Visitor
from tests.browser.looking import fits_and_speaks
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CONVENOR = "ratna@mufakat.example"


@pytest.fixture
def visitor(running: Site, browser_here: Browser) -> Iterator[Visitor]:
    """Return somebody who is not signed in."""
    visitor = Visitor(browser_here, running.url)
    yield visitor
    visitor.leave()


def test_the_list_narrows_while_one_types(visitor: Visitor) -> None:
    visitor.go("/en/organisations/")
    visitor.page.get_by_label("Search by name or acronym").fill("straits")
    expect(visitor.page.locator("#found tbody tr")).to_have_count(1)
    assert visitor.page.url.endswith("/en/organisations/?q=straits")
    visitor.page.get_by_text("Filters and order").click()
    visitor.page.get_by_label("Group", exact=True).select_option("media")
    expect(visitor.page.locator("#found")).to_contain_text("No organisation fits")


@pytest.mark.parametrize(
    "path",
    [
        "organisations/?q=nobody+is+called+this",
        "organisations/?q=network&group=cross-border-organisations&sort=-name",
        "organisations/?basis=domestic-workers&role=advocacy",
    ],
)
def test_states_of_the_search(visitor: Visitor, path: str) -> None:
    visitor.go(f"/en/{path}")
    assert fits_and_speaks(visitor) == []


@pytest.mark.parametrize("path", ["map/", "organisations/"])
def test_what_convenors_see(visitor: Visitor, sessions: dict[str, str], path: str) -> None:
    visitor.context.add_cookies([{"name": "sessionid", "value": sessions[CONVENOR], "url": visitor.site}])
    visitor.go(f"/en/{path}")
    assert fits_and_speaks(visitor) == []

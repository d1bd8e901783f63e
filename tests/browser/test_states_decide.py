"""The pages on which convenors decide, write down and merge: as they stand, refused, and after the act."""

import pytest

from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import CONVENOR, Come, come, looks, refused

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["come"]

DECIDE, RECORD = "/en/organisations/application-3/decide/", "/en/register/record/"
MERGE = "/en/organisations/nawangsari/merge/"


@pytest.mark.parametrize(
    "path",
    ["/en/register/?show=appeals", "/en/register/?show=doubles", "/en/register/?show=refused", DECIDE, RECORD, MERGE],
)
def test_pages_fit_and_speak(come: Come, path: str) -> None:
    assert looks(come(CONVENOR), path) == []


@pytest.mark.parametrize("path", [f"{DECIDE}?verdict=refused", f"{DECIDE}?verdict=own-bench", RECORD])
def test_refused_forms_say_what_is_missing(come: Come, path: str) -> None:
    assert refused(come(CONVENOR), path) == []


def test_two_records_become_one(come: Come) -> None:
    visitor = come(CONVENOR)
    assert looks(visitor, f"{MERGE}?with=application-1") == []
    with visitor.page.expect_navigation():
        visitor.page.locator("main form[method=post] button[type=submit]").click()
    assert visitor.page.url.endswith("/en/organisations/nawangsari/")
    assert fits_and_speaks(visitor) == []
    visitor.go("/en/organisations/application-1/")
    assert visitor.page.url.endswith("/en/organisations/nawangsari/")

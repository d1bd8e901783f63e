"""The states of the plan that no link of the demonstration leads to: refused forms, a session taken out, a move."""

import pytest

from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import CONVENOR, PAGES, Come, come, looks, refused

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["come"]


def test_forms_of_the_plan_that_are_refused(come: Come) -> None:
    convenor = come(CONVENOR)
    wrong = {
        "session": refused(convenor, PAGES + "programme/new/", ends="07:00", call_link="http://call.example.org"),
        "point": refused(convenor, PAGES + "programme/1/points/new/", title_en="\u200b"),
        "move": refused(convenor, PAGES + "move/", ends_on="2020-01-01"),
        "cancel": refused(convenor, PAGES + "cancel/"),
        "copy": refused(convenor, PAGES + "copy/", starts_on="2020-01-01"),
        "after": refused(convenor, PAGES + "edit/ahead/", reminder_days="14 7 x"),
        "meeting": refused(convenor, "/en/meetings/new/", starts_on="2027-05-12", ends_on="2027-05-11"),
    }
    assert {what: found for what, found in wrong.items() if found} == {}


def test_a_session_that_people_were_invited_to_is_taken_out_elsewhere(come: Come) -> None:
    convenor = come(CONVENOR)
    assert looks(convenor, PAGES + "programme/1/remove/") == []
    convenor.go(PAGES + "move/")
    convenor.page.locator("details summary").first.click()
    assert fits_and_speaks(convenor) == []


def test_a_change_of_place_leads_to_the_door_that_tells(come: Come) -> None:
    convenor = come(CONVENOR)
    convenor.go(PAGES + "edit/where/")
    convenor.fill(city_en="Bandung")
    with convenor.page.expect_navigation():
        convenor.page.locator("main form[method=post] button[type=submit]").first.click()
    assert convenor.page.url.endswith(PAGES + "move/")
    assert convenor.page.locator("[name=city_en]").input_value() == "Bandung"
    assert fits_and_speaks(convenor) == []

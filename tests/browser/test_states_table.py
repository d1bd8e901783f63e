"""The table in a real browser: refused forms, a list that was looked at and drafted, an invitation that is changed."""

import pytest

from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import CONVENOR, PAGES, Come, come, looks, refused

__all__ = ["come"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIST = "Dili Workers' Legal Aid\nFeto Migrante <feto@example.org>\nสหภาพที่ไม่มีใครรู้จัก\nKapuas Port and Transport"


def test_forms_of_the_table_that_are_refused(come: Come) -> None:
    convenor = come(CONVENOR)
    wrong = {
        "seats": refused(convenor, PAGES + "quotas/", seats="1"),
        "body": refused(convenor, PAGES + "invitations/body/", seats_offered="-1"),
        "person": refused(convenor, PAGES + "invitations/person/", full_name="\u200b"),
        "list": refused(convenor, PAGES + "invitations/import/", pasted=" "),
        "never": looks(convenor, PAGES + "invitations/pick/?group=village-militia"),
    }
    assert {what: found for what, found in wrong.items() if found} == {}


def test_a_list_is_looked_at_and_drafted(come: Come) -> None:
    convenor = come(CONVENOR)
    convenor.go(PAGES + "invitations/import/")
    convenor.fill(pasted=LIST)
    convenor.press()
    wrong = {"rows": fits_and_speaks(convenor)}
    convenor.press()
    assert convenor.page.url.endswith("/seating/")
    wrong["table"] = fits_and_speaks(convenor)
    for name, path in {
        "missing": "seating/?show=missing&by=bench",
        "accepted": "seating/?show=accepted&by=side",
        "list": "seating/list/?by=bench&row=civil-society",
        "tied": "seating/list/?kind=tied",
    }.items():
        wrong[name] = looks(convenor, PAGES + path)
    convenor.page.locator("main td a", has_text="Change").first.click()
    wrong["change"] = fits_and_speaks(convenor)
    assert {what: found for what, found in wrong.items() if found} == {}

"""The pages of sending as they look on the way: words refused and saved, a mailing planned and held back, a letter."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import CONVENOR, PAGES, Come, come, looks, refused
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["come"]

LETTER = """
from consultations.models import Invitation
print(Invitation.objects.get(body__slug="asean-secretariat").pk)
"""
SILENT = """
from consultations.models import Invitation
found = Invitation.objects.filter(consultation__slug="jakarta-fees-passports-domestic-work", state="sent", body=None)
print(found.first().pk)
"""


def test_words_are_refused_then_saved_and_seen(come: Come) -> None:
    convenor = come(CONVENOR)
    words = PAGES + "wording/invitation/vi/"
    wrong = {
        "list": looks(convenor, PAGES + "wording/"),
        "unknown placeholder": refused(convenor, words, body="{nobody}"),
        "foreign link": refused(convenor, words, body="bit.ly/x"),
        "no subject": refused(convenor, words, subject=""),
    }
    convenor.go(words)
    convenor.fill(subject="Thư mời {days}", body="Kính gửi {organisation},\n\n{days} {place} {answer_by}\n\n{link}")
    convenor.press()
    wrong["saved"] = fits_and_speaks(convenor)
    assert "Thư mời" in convenor.text()
    assert {what: found for what, found in wrong.items() if found} == {}


def test_one_invitation_and_its_letter(running: Site, come: Come) -> None:
    convenor, letter, silent = come(CONVENOR), running.shell(LETTER), running.shell(SILENT)
    one = f"{PAGES}invitations/{silent}/"
    wrong = {
        "state": looks(convenor, one),
        "send again": refused(convenor, one + "resend/", address="nobody"),
        "message": looks(convenor, f"{PAGES}invitations/{letter}/message/"),
        "no message": looks(convenor, one + "message/"),
        "preview": looks(convenor, one + "preview/?kind=reminder&language=km"),
        "plan": refused(convenor, PAGES + "invitations/remind/plan/", days="soon"),
        "day to come": refused(convenor, f"{PAGES}invitations/{letter}/handed-over/", on="2199-01-01"),
    }
    convenor.go(f"{PAGES}invitations/{letter}/handed-over/")
    convenor.press()
    wrong["letters"] = fits_and_speaks(convenor)
    assert {what: found for what, found in wrong.items() if found} == {}


def test_a_mailing_for_tomorrow_is_held_back(come: Come) -> None:
    convenor = come(CONVENOR)
    tomorrow = datetime.now(ZoneInfo("Asia/Jakarta")).date() + timedelta(days=1)
    send = PAGES + "invitations/send/"
    wrong = {"to send": looks(convenor, send)}
    convenor.page.locator('[name="when"][value="later"]').check()
    with convenor.page.expect_navigation():
        convenor.page.locator("main form[method=post] button[type=submit]").first.click()
    assert convenor.page.locator(".error-summary li").count() == 2
    wrong["no day"] = fits_and_speaks(convenor)
    convenor.fill(day=tomorrow, hour="09:00")
    convenor.press()
    wrong["planned"] = fits_and_speaks(convenor)
    wrong["hold back"] = looks(convenor, PAGES + "invitations/hold-back/")
    convenor.press()
    wrong["held back"] = fits_and_speaks(convenor)
    assert "can be sent anew" in convenor.text()
    assert {what: found for what, found in wrong.items() if found} == {}

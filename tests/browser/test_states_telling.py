"""The states of the pages of a summary and of next steps: refused forms, sent, a consultation without either."""

import pytest

from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import Come, come, looks, refused  # noqa: F401 - a fixture of the same kind

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONVENOR = "ratna@mufakat.example"
OVER = "/en/consultations/dili-recruitment-and-return/"
AHEAD = "/en/consultations/jakarta-fees-passports-domestic-work/"
LOSE_ONE = """
from portal.models import OutgoingMessage
lost = OutgoingMessage.objects.filter(purpose="consultations.consultation_summary", user=None).order_by("pk").first()
OutgoingMessage.objects.filter(pk=lost.pk).update(state="failed", last_error="the recipient was refused (550)")
print(lost.pk)
"""


def test_refused_forms(come: Come) -> None:  # noqa: F811
    visitor = come(CONVENOR)
    assert refused(visitor, OVER + "summary/", en="See https://elsewhere.example/") == []
    assert refused(visitor, OVER + "next/new/", due_on="2020-01-01", text_en="Too late") == []


def test_no_next_step_yet_then_one_then_done(come: Come) -> None:  # noqa: F811
    visitor = come(CONVENOR)
    assert looks(visitor, AHEAD + "next/") == []
    visitor.go(AHEAD + "next/new/")
    visitor.fill(due_on="2099-01-01", text_en="Send the statement", text_ind="Kirim pernyataan")
    visitor.press()
    assert fits_and_speaks(visitor) == []
    visitor.page.locator("main .tasks form button").first.click()
    assert "Everything is done." in visitor.text()
    assert fits_and_speaks(visitor) == []


def sent(visitor) -> None:
    """Send the summary, unless a test before this one did; come to the list of who got it."""
    visitor.go(OVER + "summary/readers/")
    if "Who got summary 1" not in visitor.text():
        visitor.go(OVER + "summary/send/")
        visitor.press()
    assert "Who got summary 1" in visitor.text()


def test_the_summary_goes_out_and_nothing_is_new(come: Come) -> None:  # noqa: F811
    visitor = come(CONVENOR)
    sent(visitor)
    assert fits_and_speaks(visitor) == []
    assert looks(visitor, OVER + "summary/") == []
    assert looks(visitor, OVER + "summary/send/") == []
    assert "Nothing is new since the last summary" in visitor.text()


def test_a_summary_that_did_not_arrive(come: Come, running) -> None:  # noqa: F811
    visitor = come(CONVENOR)
    sent(visitor)
    lost = running.shell(LOSE_ONE).strip()
    assert looks(visitor, OVER + "summary/readers/") == []
    again = f"{OVER}summary/mails/{lost}/again/"
    assert visitor.page.locator(f"a[href='{again}']").count() == 1
    assert looks(visitor, again) == []
    assert refused(visitor, again, address="nobody") == []


@pytest.mark.parametrize("kind", ["moved", "cancelled"])
def test_words_for_a_change(come: Come, kind) -> None:  # noqa: F811
    visitor = come(CONVENOR)
    path = f"{AHEAD}wording/{kind}/id/"
    assert looks(visitor, path) == []
    assert refused(visitor, path, subject="{link}", body="{link}") == []
    assert looks(visitor, AHEAD + "wording/") == []

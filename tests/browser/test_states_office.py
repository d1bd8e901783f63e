"""The back office where mail goes wrong, and the pages that wait for one day or one person to show themselves."""

import pytest

from tests.browser.driving import Visitor
from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import CONVENOR, LINK, PAGES, SLUG, Come, come, looks
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["come"]

ADMINISTRATOR = "hang@mufakat.example"
OFFICE = "admin/portal/"
# Three mails of one consultation: one comes back, one is unwanted, one makes its reader stop the notices.
TROUBLE = """
from datetime import timedelta
from django.utils import timezone
from consultations.models import Invitation
from portal.bounces import Fate, note
from portal.models import BlockedAddress, MailBreaker, OutgoingMessage
found = Invitation.objects.filter(consultation__slug="%s", state="sent").exclude(address="").order_by("pk")
mails = OutgoingMessage.objects.filter(
    purpose="consultations.invitation_sent", state="sent", subject_id__in=found.values("pk"), version=1
).order_by("pk")[:3]
for mail, fate in zip(mails, (Fate.HARD, Fate.COMPLAINED, Fate.STOPPED), strict=True):
    note(mail, fate, "5.1.1" if fate == Fate.HARD else "")
until = timezone.now() + timedelta(minutes=5)
MailBreaker.objects.update_or_create(pk=1, defaults=dict(failures=6, open_until=until, reason="421 Try again later"))
print(*[mail.subject_id for mail in mails], mails[0].pk, BlockedAddress.objects.get(reason="bounced").pk)
"""


def office_looks(visitor: Visitor) -> list[str]:
    """Return what is wrong with a page of the back office as it stands.

    To look at it, axe copies its style sheets into the page, which the rules of content security refuse.
    """
    return [one for one in fits_and_speaks(visitor) if "Applying inline style" not in one]


def in_both(visitor: Visitor, path: str) -> list[str]:
    """Open a page of the back office in both languages, and return what is wrong with it."""
    wrong = []
    for language in ("en", "id"):
        visitor.go(f"/{language}/{OFFICE}{path}")
        wrong += office_looks(visitor)
    return wrong


def test_blocked_addresses(running: Site, come: Come) -> None:
    office = come(ADMINISTRATOR)
    wrong = {
        "rooms": [*looks(office, "/en/admin/"), *looks(office, "/id/admin/")],
        "none yet": in_both(office, "blockedaddress/"),
        "form": in_both(office, "blockedaddress/add/"),
    }
    for what, typed in {
        "blank": "",
        "bad": "nobody",
        "blocked": "spam@example.org",
        "again": "spam@example.org",
    }.items():
        office.go(f"/en/{OFFICE}blockedaddress/add/")
        office.fill("form#blockedaddress_form", address=typed)
        with office.page.expect_navigation():
            office.page.locator("[name=_save]").click()
        assert office.page.locator(".errornote").count() == (what != "blocked"), what
        wrong[what] = office_looks(office)
    office.go(f"/id/{OFFICE}blockedaddress/")
    office.fill("#changelist-search", q="Spam@example.org")
    with office.page.expect_navigation():
        office.page.locator("#changelist-search [type=submit]").click()
    assert office.page.locator("#result_list tbody tr").count() == 1
    wrong["found"] = office_looks(office)
    office.follow(office.page.locator("#result_list tbody th a"))
    wrong["one"] = office_looks(office)
    office.follow(office.page.locator(".deletelink"))
    wrong["free it?"] = office_looks(office)
    with office.page.expect_navigation():
        office.page.locator("#content form [type=submit]").click()
    wrong["freed"] = office_looks(office)
    assert {what: found for what, found in wrong.items() if found} == {}


def test_mail_that_went_wrong(running: Site, come: Come) -> None:
    office, convenor = come(ADMINISTRATOR), come(CONVENOR)
    back, unwanted, stopped, mail, blocked = running.shell(TROUBLE % SLUG).split()
    wrong = {
        "blocked": in_both(office, "blockedaddress/"),
        "came back": in_both(office, f"blockedaddress/{blocked}/change/"),
        "outbox": in_both(office, "outgoingmessage/"),
        "bounced": in_both(office, "outgoingmessage/?state__exact=bounced"),
        "complaints": in_both(office, "outgoingmessage/?complaint=1"),
        "nothing of it": in_both(office, "outgoingmessage/?state__exact=withheld"),
        "one mail": in_both(office, f"outgoingmessage/{mail}/change/"),
        "pause": in_both(office, "mailbreaker/"),
        "why it pauses": in_both(office, "mailbreaker/1/change/"),
        "to the convenor": looks(convenor, f"{PAGES}invitations/{back}/"),
        "stopped": looks(convenor, f"{PAGES}invitations/{stopped}/"),
    }
    for page in ("", "resend/"):
        wrong["complaint " + page] = looks(convenor, f"{PAGES}invitations/{unwanted}/{page}")
        assert "Do not write again: call." in convenor.text()
    assert {what: found for what, found in wrong.items() if found} == {}


def test_a_seat_that_somebody_asked_for(running: Site, come: Come) -> None:
    guest = come()
    guest.go(f"/en/i/{running.shell(LINK % SLUG)}/")
    request = guest.page.url.removeprefix(guest.site).replace("/answer/", "/request/")
    wrong = {"form": [*looks(guest, request), *looks(guest, request.replace("/en/", "/id/", 1))]}
    guest.go(request)
    guest.fill(full_name="Kadek Sri", organisation_name="Paguyuban Nusa", email="kadek@example.org")
    guest.press()
    wrong["receipt"] = fits_and_speaks(guest)
    assert guest.text("h1") == "Your request is with the convenors"
    receipt = guest.page.url.removeprefix(guest.site)
    wrong["in Indonesian"] = looks(guest, receipt.replace("/en/", "/id/", 1))
    guest.follow(f"/consultations/{SLUG}/")
    assert {what: found for what, found in wrong.items() if found} == {}


def test_a_session_that_cannot_be_opened_yet(come: Come) -> None:
    convenor = come(CONVENOR)
    assert [*looks(convenor, PAGES + "open/"), *looks(convenor, PAGES.replace("/en/", "/id/") + "open/")] == []
    assert convenor.page.locator("main form").count() == 0

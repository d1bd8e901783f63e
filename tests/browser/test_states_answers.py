"""The states of answers and seats: refused forms, the waiting list, a request, a delegate who is replaced."""

from collections.abc import Callable

import pytest

from tests.browser.driving import Visitor
from tests.browser.looking import fits_and_speaks
from tests.browser.test_states import CONVENOR, LIAISON, MEMBER, PAGES, come, looks, refused  # noqa: F401
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

INVITATION = """
from consultations.models import Invitation
found = Invitation.objects.filter(consultation__slug="jakarta-fees-passports-domestic-work")
print(found.get(%s).%s)
"""
Come = Callable[..., Visitor]


def told(running: Site, which: str, what: str) -> str:
    """Return the id or the link of an invitation of the demonstration."""
    return running.shell(INVITATION % (which, what)).strip()


def test_an_old_telephone_answers_without_the_script(come: Come, running: Site) -> None:  # noqa: F811
    guest, token = come(), told(running, "organisation__slug='wirasaba'", "token")
    guest.go(f"/en/i/{token}/")
    path = guest.page.url.removeprefix(guest.site)
    wrong = {
        "seats": refused(guest, path, answer="yes", seats="9"),
        "names": refused(guest, path, **{"answer": "yes", "seats": "1", "who-0-email": "a@example.org"}),
        "request": refused(guest, path.replace("/answer/", "/request/"), full_name=""),
    }
    guest.go(path)
    guest.fill(**{"answer": "yes", "seats": "2", "who-0-full_name": "Ibu Wati", "need_childcare": "1 anak"})
    guest.press()
    wrong["receipt"] = fits_and_speaks(guest)
    guest.go(path.replace("/answer/", "/delegates/"))
    with guest.page.expect_navigation():
        guest.page.locator("form[data-guard] button").click()
    assert guest.page.locator(".error-summary li").count() == 1
    wrong["nobody named"] = fits_and_speaks(guest)
    guest.follow("/substitute/")
    wrong["substitute"] = fits_and_speaks(guest)
    guest.fill(full_name="Pak Joko")
    guest.press()
    wrong["replaced"] = fits_and_speaks(guest)
    guest.go(path.replace("/answer/", "/request/"))
    guest.fill(full_name="Pak Tono", reason="We were not asked")
    guest.press()
    wrong["asked"] = fits_and_speaks(guest)
    assert {what: found for what, found in wrong.items() if found} == {}


def test_who_waits_and_who_decides(come: Come, running: Site) -> None:  # noqa: F811
    guest, convenor, member, liaison = come(), come(CONVENOR), come(MEMBER), come(LIAISON)
    waits = told(running, "organisation__slug='jasa-griya'", "token")
    office = told(running, "body__slug='id-migrant-workers'", "pk")
    accepted = told(running, "organisation__slug='bakung-raya'", "pk")
    wrong = {
        "on the list": looks(guest, f"/en/i/{waits}/"),
        "waiting": looks(convenor, PAGES + "waiting/"),
        "coming": looks(convenor, PAGES + "coming/?need=interpretation"),
        "requests": looks(convenor, PAGES + "requests/"),
        "receipt": looks(member, f"/en/invitations/{accepted}/receipt/"),
        "office": looks(liaison, f"/en/invitations/{office}/answer/"),
        "record": refused(convenor, PAGES + f"invitations/{office}/record/"),
        "several": looks(convenor, PAGES + "invitations/answers/"),
        "nothing said": refused(convenor, PAGES + "invitations/answers/"),
    }
    convenor.go(PAGES + "requests/")
    convenor.follow("/grant/")
    wrong["grant"] = fits_and_speaks(convenor)
    assert {what: found for what, found in wrong.items() if found} == {}

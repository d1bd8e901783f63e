"""The states of pages that no link of the demonstration leads to: refused forms, receipts, an adoption, an answer."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import Visitor
from tests.browser.looking import fits_and_speaks
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG = "jakarta-fees-passports-domestic-work"
PAGES = f"/en/consultations/{SLUG}/"
CONVENOR, MEMBER, LIAISON = "ratna@mufakat.example", "sumiyati@mufakat.example", "bambang@mufakat.example"
LINK = """
from consultations.models import Invitation
print(Invitation.objects.get(organisation__slug="sekolah-rantau-blitar", consultation__slug="%s").token)
"""
CONVEYANCE = """
from recommendations.models import Conveyance
print(Conveyance.objects.get(body__slug="id-migrant-workers", state="sent").pk)
"""
Come = Callable[..., Visitor]


@pytest.fixture
def come(running: Site, sessions: dict[str, str], browser_here: Browser) -> Iterator[Come]:
    """Let somebody come to the site, signed in unless it is a guest. Nobody leaves with complaints of the browser."""
    there = []

    def comes(address: str = "") -> Visitor:
        visitor = Visitor(browser_here, running.url)
        if address:
            cookie = {"name": "sessionid", "value": sessions[address], "url": running.url}
            visitor.context.add_cookies([cookie])
        there.append(visitor)
        return visitor

    yield comes
    for visitor in there:
        visitor.leave()


def looks(visitor: Visitor, path: str) -> list[str]:
    """Open a page and return what is wrong with it."""
    visitor.go(path)
    return fits_and_speaks(visitor)


def refused(visitor: Visitor, path: str, **typed: str) -> list[str]:
    """Send a form in that cannot be taken, and return what is wrong with the page that says so."""
    visitor.go(path)
    visitor.fill(**typed)
    with visitor.page.expect_navigation():
        visitor.page.locator("main form[method=post] button[type=submit]").first.click()
    assert visitor.page.locator(".error-summary li").count() > 0, f"{path} says nothing"
    return fits_and_speaks(visitor)


def test_forms_that_are_refused(come: Come) -> None:
    convenor, member, guest = come(CONVENOR), come(MEMBER), come()
    wrong = {
        "sign in": refused(guest, "/en/account/login/code/", email="nobody"),
        "sign up": refused(guest, "/en/account/signup/"),
        "plan": refused(convenor, "/en/consultations/new/"),
        "change": refused(convenor, PAGES + "edit/when/", ends_on="2020-01-01"),
        "pick": refused(convenor, PAGES + "invitations/pick/", seats="0"),
        "step": refused(convenor, "/en/statements/dili-statement/trail/handover/"),
        "point": refused(member, PAGES + "submissions/new/", text="\u200b"),
        "profile": refused(member, "/en/account/profile/", full_name=""),
    }
    assert {what: found for what, found in wrong.items() if found} == {}


def test_signing_in_with_a_code(come: Come) -> None:
    guest = come()
    guest.go("/en/account/login/code/")
    guest.fill(email="bernadeta@mufakat.example")
    guest.press()
    wrong = {"code": fits_and_speaks(guest)}
    wrong["wrong code"] = refused(guest, guest.page.url.removeprefix(guest.site), code="000000")
    wrong["inactive"] = looks(guest, "/en/account/inactive/")
    guest.go("/en/account/signup/")
    guest.fill(full_name="Sri", email="sri@example.org")
    guest.press()
    wrong["address"] = fits_and_speaks(guest)
    assert {what: found for what, found in wrong.items() if found} == {}


def test_a_consultation_from_the_first_day(come: Come) -> None:
    convenor, today = come(CONVENOR), datetime.now(ZoneInfo("Asia/Jakarta")).date()
    convenor.go("/en/consultations/new/")
    convenor.fill(title_en="A day in Dili", country="TL", starts_on=today, ends_on=today + timedelta(days=1))
    convenor.page.locator('[name="second_convenor"]').select_option(index=1)
    convenor.press()
    wrong, desk = {"desk of a draft": fits_and_speaks(convenor)}, convenor.page.url.removesuffix("desk/")
    wrong["nobody picked"] = looks(convenor, desk + "invitations/")
    for part in ("what", "when", "where", "people"):
        wrong[part] = looks(convenor, f"{desk}edit/{part}/")
    for verb in ("announce", "open"):
        wrong[verb] = looks(convenor, f"{desk}{verb}/")
        convenor.press()
    wrong["nothing came in"] = looks(convenor, desk + "workspace/")
    convenor.go(desk + "conclude/")
    convenor.press()
    wrong["concluded"] = fits_and_speaks(convenor)
    assert {what: found for what, found in wrong.items() if found} == {}


def test_an_answer_and_its_receipt(running: Site, come: Come) -> None:
    guest = come()
    link = f"/en/i/{running.shell(LINK % SLUG)}/"
    wrong = {"no choice": refused(guest, link)}
    guest.fill(answer="yes", seats="1")
    guest.press()
    wrong["receipt"] = fits_and_speaks(guest)
    guest.follow("/account/signup/")
    wrong["account"] = fits_and_speaks(guest)
    member = come(MEMBER)
    member.go(link)
    number = member.page.url.split("/invitations/")[1].split("/")[0] if "/invitations/" in member.page.url else ""
    wrong["join"] = looks(member, f"/en/join/{number}/")
    assert {what: found for what, found in wrong.items() if found} == {}


def test_pages_that_say_no(come: Come) -> None:
    guest, liaison = come(), come(LIAISON)
    wrong = {}
    for visitor, path, status in (
        (guest, "/en/nowhere/", 404),
        (guest, "/en/i/0123/", 404),
        (guest, "/en/i/" + "0" * 40 + "/", 404),
        (liaison, PAGES + "submissions/new/", 403),
        (liaison, PAGES + "workspace/", 403),
        (liaison, "/en/submissions/1/", 404),
    ):
        answer = visitor.page.goto(visitor.site + path)
        assert answer
        assert (path, answer.status) == (path, status)
        # The browser notes the status of the page itself as an error.
        visitor.complaints[:] = [one for one in visitor.complaints if "Failed to load resource" not in one]
        wrong[path] = fits_and_speaks(visitor)
    assert {path: found for path, found in wrong.items() if found} == {}


def test_from_the_common_text_to_the_published_one(come: Come) -> None:
    convenor, member = come(CONVENOR), come(MEMBER)
    convenor.go(PAGES + "workspace/")
    boxes = [box.get_attribute("value") for box in convenor.page.locator('[name="s"]').all()]
    wrong = {"merge": looks(convenor, PAGES + "workspace/merge/?s=" + "&s=".join(map(str, boxes[:2])))}
    wrong["no title"] = refused(convenor, PAGES + "workspace/statement/", title_en="", title_ind="")
    wrong["clash"] = clash(convenor)
    convenor.go(PAGES + "table/")
    convenor.press()
    wrong["plenary"] = fits_and_speaks(convenor)
    for page in ("plenary/record/", "untable/", "adopt/"):
        wrong[page] = looks(convenor, PAGES + page)
    wrong["no words"] = refused(member, PAGES + "position/", stance="reservation")
    member.fill(stance="reservation", text="We ask for a shorter term.")
    member.press()
    wrong["position taken"] = fits_and_speaks(member)
    for page in ("adopt/", "plenary/"):
        wrong[page + " with a position"] = looks(convenor, PAGES + page)
    convenor.go(PAGES + "adopt/")
    convenor.press()
    wrong["adopted"] = fits_and_speaks(convenor)
    wrong["publish"] = looks(convenor, PAGES + "publish/")
    convenor.press()
    convenor.follow("/statements/")
    wrong["published"] = fits_and_speaks(convenor)
    assert {what: found for what, found in wrong.items() if found} == {}


def clash(ratna: Visitor) -> list[str]:
    """Save a text that somebody else saved meanwhile; return what is wrong with the page that shows both."""
    ratna.go(PAGES + "workspace/statement/")
    version = ratna.page.locator('[name="version"]').input_value()
    ratna.fill(title_en="A title that one wrote")
    ratna.press()
    ratna.go(PAGES + "workspace/statement/")
    ratna.page.locator('[name="version"]').evaluate("(field, value) => { field.value = value }", version)
    ratna.fill(title_en="A title that another one wrote")
    with ratna.page.expect_navigation() as turned:
        ratna.page.locator("main form[method=post] button[type=submit]").first.click()
    assert turned.value.status == 409
    assert ratna.page.locator('[name="title_en"]').input_value() == "A title that another one wrote"
    assert "that one wrote" in ratna.text()
    ratna.complaints[:] = [one for one in ratna.complaints if "Failed to load resource" not in one]
    return fits_and_speaks(ratna)


def test_from_the_receipt_of_a_statement_to_the_answers(running: Site, come: Come) -> None:
    liaison, number = come(LIAISON), running.shell(CONVEYANCE)
    wrong = {"conveyance": looks(liaison, f"/en/conveyances/{number}/")}
    liaison.press()
    wrong["sheet"] = fits_and_speaks(liaison)
    name = liaison.page.locator('[name$="-kind"]').first.get_attribute("name") or ""
    sheet = f"/en/conveyances/{number}/answers/"
    liaison.page.locator("details").first.evaluate("one => { one.open = true }")
    typed = {name: "accepted", name.replace("kind", "until"): "2030-01-01", name.replace("kind", "text"): "Yes."}
    wrong["sheet refused"] = refused(liaison, sheet, **typed)
    wrong["nothing to publish"] = looks(liaison, sheet + "publish/")
    liaison.go(sheet)
    liaison.fill(**{name: "accepted", name.replace("kind", "text"): "Yes."})
    liaison.press('button[value="publish"]')
    wrong["check"] = fits_and_speaks(liaison)
    liaison.press()
    wrong["answered"] = fits_and_speaks(liaison)
    assert {what: found for what, found in wrong.items() if found} == {}


def test_the_instruments_find_what_is_wrong(come: Come) -> None:
    guest = come()
    guest.go("/en/help/")
    guest.page.evaluate("""() => {
      const wide = document.createElement("img");
      wide.src = "data:,";
      wide.width = 2000;
      document.querySelector("main").append(wide);
    }""")
    found = fits_and_speaks(guest)
    assert [one.split(":")[0] for one in found if not one.startswith("console")] == [
        *[f"{wide} px too wide at {width}" for width, wide in widths(found)],
        "image-alt",
    ]


def widths(found: list[str]) -> list[tuple[int, int]]:
    """Return the widths at which something stuck out, and by how much."""
    said = [one.split(":")[0].split() for one in found if "too wide" in one]
    return [(int(words[-1]), int(words[0])) for words in said]

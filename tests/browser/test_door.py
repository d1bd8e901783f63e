"""The door on a telephone: with a line, without one, without scripts, and two of them at once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driving import Visitor
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DOOR = "/en/consultations/dili-recruitment-and-return/door/"
CONVENOR, SECOND = "ratna@mufakat.example", "arun@mufakat.example"
EXPECTED = """
from consultations.models import Consultation, Seat
one = Consultation.objects.get(slug="dili-recruitment-and-return")
Seat.objects.filter(full_name__startswith="Tamu").delete()
for name in ("Tamu Đức", "Tamu Satu", "Tamu Dua", "Tamu Tiga"):
    seat = Seat.objects.create(consultation=one, full_name=name, bench="workers", state="confirmed")
print(seat.code)
"""
CAME = """
from consultations.models import Presence, Seat
came = Seat.objects.filter(full_name__startswith="Tamu", state="present").order_by("full_name")
print(";".join(came.values_list("full_name", flat=True)), Presence.objects.filter(seat__in=came).count())
"""
UNNAMED = """
from consultations.models import Invitation
Invitation.objects.filter(
    organisation__slug="feto-migrante", consultation__slug="dili-recruitment-and-return"
).update(seats_accepted=4)
"""
Telephone = Callable[..., Visitor]
OFFLINE = "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def code(running: Site) -> str:
    """Three people are expected; return the code on the last one's badge."""
    return running.shell(EXPECTED).strip()


@pytest.fixture
def telephone(running: Site, sessions: dict[str, str], browser_here: Browser, code: str) -> Iterator[Telephone]:
    """Return a way to hold a telephone of a convenor at the door."""
    held = []

    def hold(address: str = CONVENOR, **options: Any) -> Visitor:
        visitor = Visitor(browser_here, running.url, **options)
        visitor.context.add_cookies([{"name": "sessionid", "value": sessions[address], "url": running.url}])
        visitor.go(DOOR)
        held.append(visitor)
        return visitor

    yield hold
    for visitor in held:
        visitor.complaints[:] = [one for one in visitor.complaints if one != OFFLINE]
        visitor.leave()


def check_in(visitor: Visitor, typed: str) -> None:
    """Type, and press the first “Has come”."""
    visitor.page.locator("#door-q").fill(typed)
    visitor.page.locator("#door-rows form[data-arrive] button").first.click()


def line(visitor: Visitor) -> Any:
    """Return what the telephone says of its line."""
    return expect(visitor.page.locator("#door-line"))


def test_arrivals_wait_for_the_line_and_come_through_once(running: Site, telephone: Telephone, code: str) -> None:
    visitor = telephone()
    line(visitor).to_have_text("The list is on this telephone. You can go on without a line.")
    visitor.context.set_offline(True)
    check_in(visitor, "tamu satu")
    line(visitor).to_contain_text("Waiting to be sent: 1")
    # Who has just come stays in sight, so that a wrong press is seen.
    expect(visitor.page.locator("#door-rows")).to_contain_text("Tamu Satu")
    expect(visitor.page.locator("#door-rows .badge")).to_have_text("has come; not sent yet")
    check_in(visitor, code.lower())
    line(visitor).to_contain_text("Waiting to be sent: 2")
    assert running.shell(CAME).split() == ["0"]
    # What waits is numbers; no name is in the browser's storage.
    kept = visitor.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert '\\"seat\\"' in kept
    assert "Tamu" not in kept
    # Without a line nothing leads away from the list.
    visitor.page.get_by_role("link", name="Somebody who is not on the list").click()
    line(visitor).to_contain_text("Stay here")
    visitor.context.set_offline(False)
    line(visitor).to_have_text("Everything is sent.")
    expect(visitor.page.locator("#door-rows .badge")).to_have_text("has come")
    assert running.shell(CAME).split(";") == ["Tamu Satu", "Tamu Tiga 2"]
    assert visitor.page.evaluate("localStorage.length") == 0


def test_arrivals_outlive_a_page_that_was_closed(running: Site, telephone: Telephone) -> None:
    visitor = telephone()
    line(visitor).to_have_text("The list is on this telephone. You can go on without a line.")
    visitor.context.set_offline(True)
    check_in(visitor, "tamu dua")
    line(visitor).to_contain_text("Waiting to be sent: 1")
    visitor.page.close(run_before_unload=False)
    visitor.context.set_offline(False)
    visitor.page = visitor.context.new_page()
    visitor.go(DOOR)
    line(visitor).to_have_text("Everything is sent.")
    assert running.shell(CAME).strip() == "Tamu Dua 1"


@pytest.mark.parametrize("typed", ["Tamu Đức", "tamu duc"])
def test_letters_that_only_the_server_folds(running: Site, telephone: Telephone, typed: str) -> None:
    visitor = telephone()
    line(visitor).to_have_text("The list is on this telephone. You can go on without a line.")
    visitor.context.set_offline(True)
    check_in(visitor, typed)
    line(visitor).to_contain_text("Waiting to be sent: 1")
    visitor.context.set_offline(False)
    line(visitor).to_have_text("Everything is sent.")
    assert running.shell(CAME).strip() == "Tamu Đức 1"


def test_two_telephones_with_one_person(running: Site, telephone: Telephone) -> None:
    first, second = telephone(), telephone(SECOND)
    for visitor in (first, second):
        line(visitor).to_have_text("The list is on this telephone. You can go on without a line.")
        visitor.context.set_offline(True)
        check_in(visitor, "tamu satu")
    for visitor in (first, second):
        visitor.context.set_offline(False)
        line(visitor).to_have_text("Everything is sent.")
    assert running.shell(CAME).strip() == "Tamu Satu 1"


def test_who_is_signed_out_meanwhile_loses_nothing(running: Site, telephone: Telephone) -> None:
    visitor = telephone()
    line(visitor).to_have_text("The list is on this telephone. You can go on without a line.")
    cookies = visitor.context.cookies()
    visitor.context.clear_cookies(name="sessionid")
    check_in(visitor, "tamu satu")
    line(visitor).to_contain_text("You are signed out.")
    expect(visitor.page.locator("#door-sign-in a")).to_be_visible()
    visitor.context.add_cookies([one for one in cookies if one["name"] == "sessionid"])
    visitor.page.on("dialog", lambda dialog: dialog.accept())
    visitor.go(DOOR)
    line(visitor).to_have_text("Everything is sent.")
    assert running.shell(CAME).strip() == "Tamu Satu 1"


def test_who_named_nobody_is_found_by_organisation(running: Site, telephone: Telephone) -> None:
    running.shell(UNNAMED)
    visitor = telephone()
    line(visitor).to_have_text("The list is on this telephone. You can go on without a line.")
    visitor.page.locator("#door-q").fill("feto")
    visitor.follow(visitor.page.get_by_role("link", name="Write down who came"))
    assert visitor.page.locator("[name=organisation]").input_value() != ""


def test_without_scripts(running: Site, telephone: Telephone, code: str) -> None:
    visitor = telephone(script=False)
    visitor.fill("#door-search", q=code)
    visitor.page.locator("#door-search button").click()
    visitor.press(form="#door-rows form")
    assert "Tamu Tiga has come." in visitor.text()
    assert running.shell(CAME).strip() == "Tamu Tiga 1"
    visitor.go(f"{DOOR}?q={code}")
    visitor.press(form="#door-rows form")
    assert running.shell(CAME).split() == ["0"]

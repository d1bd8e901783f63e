"""What goes wrong between people and forms: a double click, a session that ran out, a deadline that passed."""

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import Browser

from tests.browser.driving import Visitor
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLUG = "jakarta-fees-passports-domestic-work"
PAGES = f"/en/consultations/{SLUG}/"
CONVENOR, MEMBER, OTHER = "ratna@mufakat.example", "sumiyati@mufakat.example", "hotma@mufakat.example"
WORDS = "An employer who keeps a passport should pay a fine. ព្រំដែន 🛂"
LINK = """
from consultations.models import Invitation
print(Invitation.objects.get(organisation__slug="{organisation}", consultation__slug="{slug}").token)
"""
COUNTS = """
from consultations.models import Answer
from recommendations.models import Adoption, Conveyance, Edition, Position, Submission, TrailStep
print([model.objects.count() for model in (Answer, Submission, Position, Adoption, Edition, TrailStep, Conveyance)])
"""
DEADLINE = """
from datetime import timedelta
from django.utils import timezone
from consultations.models import Consultation
found = Consultation.objects.filter(slug="{slug}")
now = timezone.now()
found.update(input_closes=now + timedelta(days={days}), answer_by=(now + timedelta(days={days})).date())
"""
Come = Callable[..., Visitor]


@pytest.fixture
def come(running: Site, sessions: dict[str, str], browser_here: Browser) -> Iterator[Come]:
    """Let somebody come to the site, signed in unless it is a guest, with scripts or without."""
    there = []

    def comes(address: str = "", *, script: bool = True) -> Visitor:
        visitor = Visitor(browser_here, running.url, script=script)
        if address:
            visitor.context.add_cookies([{"name": "sessionid", "value": sessions[address], "url": running.url}])
        there.append(visitor)
        return visitor

    yield comes
    for visitor in there:
        visitor.leave()


def new_things(running: Site, before: list[int]) -> list[int]:
    """Return how many answers, submissions, positions, adoptions, editions, steps and conveyances were added."""
    return [now - then for now, then in zip(counts(running), before, strict=True)]


def counts(running: Site) -> list[int]:
    """Return how many of each there are."""
    return [int(one) for one in running.shell(COUNTS).strip("[]").split(",")]


def press_twice(visitor: Visitor, button: str = "button[type=submit]") -> None:
    """Press a button twice in a row, as an impatient finger does, and wait for the page that follows."""
    before = visitor.page.url
    visitor.page.locator(f"main form[method=post] {button}").first.dblclick(no_wait_after=True)
    visitor.page.wait_for_url(lambda url: url != before)
    visitor.page.wait_for_load_state()
    assert visitor.refusals() == []


def send_three_times(visitor: Visitor, path: str, **typed: object) -> None:
    """Send the very same form twice at once: what two quick presses are without our script, or on a bad line."""
    visitor.go(path)
    visitor.fill(**typed)
    body = visitor.page.locator("main form[method=post]").first.evaluate(
        "form => new URLSearchParams(new FormData(form)).toString()"
    )
    statuses = visitor.page.evaluate(
        """async ([body, url]) => Promise.all([0, 1, 2].map(async () => (await fetch(url, {
          method: "POST", body, headers: {"Content-Type": "application/x-www-form-urlencoded"}})).status))""",
        [body, visitor.page.locator("main form[method=post]").first.evaluate("form => form.action")],
    )
    assert statuses == [200, 200, 200]


@pytest.mark.parametrize(
    ("script", "organisation"),
    [(True, "sekolah-rantau-blitar"), (False, "jasa-griya")],
    ids=["with script", "without script"],
)
def test_double_click_on_an_answer_and_a_point(running: Site, come: Come, script: bool, organisation: str) -> None:
    before = counts(running)
    guest, member = come(script=script), come(MEMBER, script=script)
    guest.go(f"/en/i/{running.shell(LINK.format(organisation=organisation, slug=SLUG))}/")
    guest.fill(answer="yes", seats="1")
    press_twice(guest)
    assert "/receipt/" in guest.page.url
    member.go(PAGES + "submissions/new/")
    member.fill(section="asean", text=WORDS, attribution="none")
    press_twice(member, 'button[value="check"]')
    assert WORDS in member.text()
    press_twice(member)
    assert new_things(running, before) == [1, 1, 0, 0, 0, 0, 0]


def test_the_same_form_three_times_at_once(running: Site, come: Come) -> None:
    before = counts(running)
    guest, member = come(), come(MEMBER)
    guest.go(f"/en/i/{running.shell(LINK.format(organisation='wirasaba', slug=SLUG))}/")
    send_three_times(guest, guest.page.url.removeprefix(running.url), answer="yes", seats="1")
    send_three_times(member, PAGES + "submissions/new/", section="asean", text=WORDS, attribution="none")
    send_three_times(
        come(CONVENOR),
        "/en/statements/dili-statement/trail/raised/",
        happened_on="2026-01-05",
        actor_en="The convenors",
        text_en="Raised.",
    )
    assert new_things(running, before) == [1, 1, 0, 0, 0, 1, 0]


def test_double_click_on_an_adoption(running: Site, come: Come) -> None:
    before = counts(running)
    convenor, member = come(CONVENOR), come(MEMBER)
    convenor.go(PAGES + "table/")
    press_twice(convenor)
    member.go(PAGES + "position/")
    member.fill(stance="consensus")
    member.press()
    convenor.go(PAGES + "adopt/")
    press_twice(convenor)
    convenor.go(PAGES + "publish/")
    press_twice(convenor)
    assert new_things(running, before) == [0, 0, 1, 1, 1, 0, 0]


def test_session_that_ran_out_keeps_what_was_typed(running: Site, come: Come, sessions: dict[str, str]) -> None:
    before, member = counts(running), come(OTHER)
    member.go(PAGES + "submissions/new/")
    member.fill(section="ID", text=WORDS, reason="It happens.", attribution="described")
    member.context.clear_cookies(name="sessionid")
    with member.page.expect_navigation():
        member.page.locator('main button[value="check"]').click()
    assert "/account/login/" in member.page.url
    sign_in_again(running, member)
    member.page.wait_for_url("**/submissions/new/**")
    assert member.page.locator('[name="text"]').input_value() == WORDS
    assert member.page.locator('[name="reason"]').input_value() == "It happens."
    assert member.page.locator('[name="section"]:checked').input_value() == "ID"
    member.press('button[value="check"]')
    assert new_things(running, before) == [0, 1, 0, 0, 0, 0, 0]


def sign_in_again(running: Site, member: Visitor) -> None:
    """Ask for a code, and type the one that came to the demonstration's mailbox."""
    member.fill(email=OTHER)
    member.press()
    running.shell("from portal.tasks import deliver; deliver()")
    newest = max((running.folder / "mailbox").glob("*.eml"))
    member.fill(code=code_in(newest.read_bytes()))
    with member.page.expect_navigation():
        member.page.locator("main form[method=post] button[type=submit]").first.click()


def code_in(mail: bytes) -> str:
    """Return the six digits of a mail."""
    return re.findall(r"(?<!\d)\d{6}(?!\d)", message_from_bytes(mail, policy=policy.default)["Subject"])[0]


def test_deadline_that_passes_while_typing_keeps_the_text(running: Site, come: Come) -> None:
    before, member, guest = counts(running), come(MEMBER), come()
    member.go(PAGES + "submissions/new/")
    member.fill(section="asean", text=WORDS, attribution="none")
    guest.go(f"/en/i/{running.shell(LINK.format(organisation='suara-anak-rantau', slug=SLUG))}/")
    guest.fill(answer="yes", seats="1", note="We come after all.")
    running.shell(DEADLINE.format(slug=SLUG, days=-1))
    try:
        with member.page.expect_navigation():
            member.page.locator('main button[value="check"]').click()
        assert WORDS in (member.text() + values(member))
        with guest.page.expect_navigation():
            guest.page.locator("main form[method=post] button[type=submit]").first.click()
        assert guest.refusals() != []
        assert "We come after all." in guest.text()
    finally:
        running.shell(DEADLINE.format(slug=SLUG, days=5))
    assert new_things(running, before)[0] == 0


def values(visitor: Visitor) -> str:
    """Return what stands in the fields of the page."""
    return " ".join(one.input_value() for one in visitor.page.locator("main textarea").all())

"""The day itself: lists and badges, the door on a telephone with and without a line, who came instead, the minutes."""

import re
from collections.abc import Iterable

from playwright.sync_api import expect

from tests.browser.driving import MOBILE, Visitor
from tests.journeys import post
from tests.journeys.convening import TITLE, Story, ahead
from tests.journeys.jakarta import sign_in
from tests.journeys.one_gathers import BY_SLUG, DECLINED
from tests.journeys.one_invites import BODIES, EXPERT
from tests.journeys.register import GUESTS

COMING = [guest for guest in GUESTS if guest.slug not in {DECLINED, "brunei"}]
OFFICIALS = ("Budi Santoso", "Endah Lestari", "Liew Chin")
ALONE = (*OFFICIALS, EXPERT)
ABSENT, REPLACED, HEIR = "Bounmy", "Chan Sophea", "Kong Bunna"
UNNAMED, WALKED_IN = "Ruth Ong", "Karno the journalist"
OFFLINE = "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"
KEPT = "The list is on this telephone. You can go on without a line."
MEMBER = "lead@spn.example"
# The week for corrections passes; nothing but the calendar does it.
DAYS_GO_BY = """
from datetime import timedelta
from django.utils import timezone
from consultations.models import Minutes
Minutes.objects.update(corrections_until=timezone.localdate() - timedelta(days=2))
"""


def delegates() -> list[str]:
    """Return who is expected by name; one seat of Harbour Kitchen has no name."""
    return [name for guest in COMING for name in guest.people if name != UNNAMED]


def opens_and_prints(story: Story) -> None:
    """The session is opened; the list and the badges are printed."""
    ratna = story.at_desk()
    ratna.open("Open the session")
    ratna.send("Open the session")
    ratna.open("Attendance")
    ratna.open("List to print")
    text = ratna.text()
    assert [name for name in (*delegates(), *ALONE, *BODIES.values()) if name not in text] == []
    story.picture(ratna, "22-list")
    ratna.page.go_back()
    ratna.open("Badges to print")
    expected = len(delegates()) + len(ALONE)
    assert ratna.page.locator(".name-badge").count() == expected
    # On a badge stands what its bearer chose; over the telephone the convenor asked.
    badges = ratna.text(".badge-sheet")
    assert "Josua Mata" in badges
    assert "Siti Rohani" not in badges
    story.picture(ratna, "23-badges")


def checks_in(story: Story) -> None:
    """At the door, on a telephone: by name, by code, without a line for most; then everything is sent."""
    codes = codes_of(story)
    door = story.desks["door"] = story.another_browser(viewport=MOBILE)
    at_door(story, door)
    expect(door.page.locator("#door-line")).to_have_text(KEPT)
    people = [name for name in delegates() if name not in {ABSENT, REPLACED}]
    arrive(door, people[:3])
    arrive(door, (codes[name] for name in people[3:5]))
    expect(door.page.locator("#door-come")).to_have_text("5")
    story.picture(door, "24-door-360")
    door.context.set_offline(True)
    arrive(door, people[5:])
    expect(door.page.locator("#door-line")).to_contain_text(f"Waiting to be sent: {len(people) - 5}")
    story.picture(door, "25-door-offline-360")
    door.context.set_offline(False)
    expect(door.page.locator("#door-line")).to_have_text("Everything is sent.")
    arrive(door, ALONE)
    expect(door.page.locator("#door-come")).to_have_text(str(len(people) + len(ALONE)))
    expect(door.page.locator("#door-line")).to_have_text("Everything is sent.")
    door.complaints[:] = [one for one in door.complaints if one != OFFLINE]


def codes_of(story: Story) -> dict[str, str]:
    """Return the code on the badge of each, as the attendance list has them."""
    ratna = story.at_desk()
    ratna.open("Attendance")
    codes = {}
    while True:
        for row in ratna.page.locator("main tbody tr").all():
            name, code = row.locator("th").inner_text().split("\n")[0].strip(), row.locator("td").nth(3).inner_text()
            codes[name] = code
        if not ratna.page.get_by_role("link", name="Next").count():
            return codes
        ratna.follow(ratna.page.get_by_role("link", name="Next"))


def at_door(story: Story, door: Visitor) -> None:
    """Come to the door from the desk."""
    door.go("/en/desk/")
    door.open(TITLE)
    story.picture(door, "23-desk-360")
    door.open("Check in who comes")


def arrive(door: Visitor, typed: Iterable[str]) -> None:
    """Type each name or code, and press “Has come”."""
    for words in typed:
        door.page.locator("#door-q").fill(words)
        door.page.locator("#door-rows form[data-arrive] button").first.click()


def others_come(story: Story) -> None:
    """Somebody sits in for a delegate; one whom nobody had named; a journalist walks in; the door is closed."""
    door = story.desks["door"]
    door.page.locator("#door-q").fill(REPLACED)
    door.open("More")
    door.open("Somebody else sits in")
    door.fill(full_name=HEIR, listing="organisation")
    story.picture(door, "26-substitute-360")
    door.send("Write down and check in")
    door.page.locator("#door-q").fill("Harbour")
    door.open("Write down who came")
    door.fill(full_name=UNNAMED, listing="name")
    door.send("Write down and check in")
    door.open("Somebody who is not on the list")
    door.fill(full_name=WALKED_IN, bench="media", part="observer", office="Koran Rantau", listing="nobody")
    story.picture(door, "27-walk-in-360")
    door.send("Write down and check in")
    ratna = story.at_desk()
    ratna.open("Attendance")
    story.picture(ratna, "28-attendance")
    ratna.open("Close the door")
    ratna.send("Close the door")
    assert "1 is marked as absent." in ratna.text()


def hands_in_outputs(story: Story) -> None:
    """The convenor writes down for the rapporteurs what came out of both sessions."""
    ratna = story.at_desk()
    ratna.open("Outputs of sessions")
    for words in ("No worker pays a fee.", "Passports stay with their owners."):
        ratna.open("Write the output")
        ratna.fill(output=words)
        ratna.send("Hand in")
        if ratna.page.url.endswith("/outputs/"):
            continue
        ratna.open("Back to the outputs")
    story.picture(ratna, "29-outputs")


def writes_minutes(story: Story) -> None:
    """Minutes of each point, circulated to those who came; one asks for a correction; approved, locked."""
    ratna = story.at_desk()
    ratna.open("Write and circulate the minutes")
    for point in ("Who pays", "Receipts", "Who keeps it"):
        ratna.open("Write", point)
        ratna.fill(minutes=f"On “{point}” all agreed.")
        ratna.send("Save")
    ratna.open("Circulate")
    ratna.fill(corrections_until=ahead(7))
    had = len(post.to(story.site, MEMBER))
    ratna.send("Circulate")
    mail = post.next_one(story.site, MEMBER, had)
    member = story.desks[MEMBER] = sign_in(story, MEMBER)
    member.go(post.link(mail, "/minutes/"))
    member.open("Ask for a correction")
    member.fill(text="We asked for receipts in Indonesian, too.")
    member.send("Send to the convenors")
    ratna = story.at_desk()
    ratna.open("1 correction waits")
    ratna.open("Decide", BY_SLUG["spn"].name)
    ratna.fill(outcome="taken")
    ratna.send("Save")
    ratna.open("Change", "Receipts")
    ratna.fill(minutes="On “Receipts” all agreed, in Indonesian too.")
    ratna.send("Save")
    story.picture(ratna, "30-minutes")
    story.site.shell(DAYS_GO_BY)
    for verb in ("Approve the minutes", "Lock the minutes"):
        ratna.open(verb)
        ratna.send(verb)
    assert re.search("locked", ratna.text(), re.IGNORECASE)

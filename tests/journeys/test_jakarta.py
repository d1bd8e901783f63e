"""The whole story as one test, on real processes: web server, Celery worker, mail server, a real browser.

A consultation in Jakarta, from the plan to the answer of the ministry and the summary to everybody who took part.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser

from portal.children import wait_for
from tests.browser.driving import Visitor
from tests.journeys import post
from tests.journeys.jakarta import (
    ABROAD,
    ANSWER,
    COMMON,
    COMMON_ID,
    CONVENOR,
    DECLINES,
    FIRST,
    GUESTS,
    INVITED,
    KEYS,
    LIAISON,
    MINISTRY,
    OTHERS,
    RESERVATION,
    SECOND,
    SECRETARIAT,
    TITLE,
    TITLE_ID,
    TOLD,
    ZONE,
    Guest,
    Story,
    telling,
)
from tests.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def story(running: Site, browser_here: Browser, tmp_path: Path) -> Iterator[Story]:
    """The story before its first act: the register and the public bodies are there."""
    told = Story(running, browser_here, tmp_path)
    told.keys = json.loads(running.shell(KEYS))
    yield told
    for visitor in told.desks.values():
        visitor.leave()


def test_from_the_plan_to_the_answer_and_the_thanks(story: Story) -> None:
    with telling(story):
        schedule(story)
        invite(story)
        answer_without_an_account(story)
        become_a_member(story)
        send_in_points(story, FIRST)
        for guest in OTHERS:
            answer_and_join(story, guest)
            send_in_points(story, guest)
        decline(story)
        merge(story)
        take_positions_and_adopt(story)
        publish(story)
        hand_over_and_convey(story)
        ministry_answers(story)
        public_reads(story)
        conclude(story)
        everybody_got_each_mail_once(story)


# --- Acts --------------------------------------------------------------------------------------------------------


def schedule(story: Story) -> None:
    """The convenor plans a national consultation in Jakarta that begins today, and announces it."""
    ratna, today = story.desk_of(CONVENOR), datetime.now(ZONE).date()
    ratna.follow("consultations/new")
    ratna.fill(
        title_en=TITLE,
        title_ind=TITLE_ID,
        level="national",
        country="ID",
        form_of_dialogue="consultation",
        starts_on=today,
        ends_on=today + timedelta(days=1),
        time_zone="Asia/Jakarta",
        second_convenor=story.keys[SECOND],
    )
    ratna.press()
    story.slug = ratna.page.url.split("/consultations/")[1].split("/")[0]
    edit_part(story, "when", begins_at="09:00", ends_at="17:00", answer_by=today + timedelta(days=1))
    edit_part(story, "when", input_opens_on=today, input_closes_on=today + timedelta(days=1))
    edit_part(story, "where", city_en="Jakarta", city_ind="Jakarta", venue="Balai Cempaka", seats=30)
    edit_part(story, "people", convening="Task Force on ASEAN Migrant Workers", co_organisers="UNI-APRO\nHRWG")
    ratna.follow("/announce/")
    ratna.press()
    assert TITLE in ratna.text("h1")


def edit_part(story: Story, part: str, **values: object) -> None:
    """The convenor fills in one part of the plan and comes back to the desk of the consultation."""
    ratna = story.desk_of(CONVENOR)
    ratna.go(f"/en/consultations/{story.slug}/edit/{part}/")
    ratna.fill(**values)
    ratna.press()


def invite(story: Story) -> None:
    """The convenor picks twelve organisations, reads a mail before it goes out, sends, and watches the progress."""
    ratna, pages = story.desk_of(CONVENOR), f"/en/consultations/{story.slug}/invitations/"
    for page, slugs in (("pick/?country=ID", INVITED.keys() - ABROAD), ("pick/", ABROAD)):
        ratna.go(pages + page)
        ratna.fill(seats=2, organisations=[story.keys[slug] for slug in slugs])
        ratna.press()
    ratna.go(pages)
    ratna.press('button[name="all"]')
    ratna.follow("/preview/")
    assert "Jakarta" in ratna.text()
    assert post.to(story.site, FIRST.address) == []
    ratna.go(pages + "send/")
    assert "12" in ratna.text("main form[method=post] button")
    ratna.press()
    assert wait_for(lambda: all(post.to(story.site, address) for address in INVITED.values()), post.LIMIT)
    ratna.go(pages + "progress/")
    assert "12" in ratna.text()


def answer_without_an_account(story: Story) -> None:
    """An invitee opens the link of the mail, says yes with two seats, and puts the day into the calendar."""
    siti = story.desks[FIRST.person] = story.visitor()
    said = {"answer": "yes", "seats": 2, "who-0-full_name": "Siti Rohani", "need_interpretation": "id"}
    answer(story, siti, FIRST.address, **said)
    with siti.page.expect_download() as saved:
        siti.page.locator('main a[href$=".ics"]').click()
    path = story.folder / "invitation.ics"
    saved.value.save_as(path)
    calendar = Calendar.from_ical(path.read_bytes())
    event = next(iter(calendar.walk("VEVENT")))
    begins = datetime.now(ZONE).replace(hour=9, minute=0, second=0, microsecond=0)
    assert str(event["SUMMARY"]) == TITLE_ID
    assert str(event["CLASS"]) == "PRIVATE"
    assert event["DTSTART"].dt.astimezone(ZONE).time() == begins.time()
    assert "/i/" not in path.read_text(encoding="utf-8")


def answer(story: Story, guest: Visitor, address: str, **reply: object) -> None:
    """Somebody without an account opens the link that came to the address, and answers."""
    guest.go(post.link(post.to(story.site, address)[0], "/i/"))
    assert "/i/" not in guest.page.url, "the secret of the link stays in the address"
    guest.fill(**reply)
    guest.press()
    assert "/receipt/" in guest.page.url


def become_a_member(story: Story, guest: Guest = FIRST) -> None:
    """From the receipt to an account, with a code, and to a seat for the organisation."""
    person = story.desks[guest.person]
    had = len(post.to(story.site, guest.address))
    person.follow("/account/signup/")
    person.fill(full_name=guest.person, email=guest.address)
    person.press()
    person.fill(code=post.code(post.next_one(story.site, guest.address, had)))
    person.press()
    assert "/join/" in person.page.url
    person.press()
    assert person.page.url.endswith("/desk/")


def answer_and_join(story: Story, guest: Guest) -> None:
    """Another organisation says yes and gets its seat."""
    person = story.desks[guest.person] = story.visitor()
    answer(story, person, guest.address, answer="yes", seats=1)
    become_a_member(story, guest)


def decline(story: Story) -> None:
    """One organisation cannot come."""
    person = story.visitor()
    answer(story, person, DECLINES, answer="no", note="We are few.")
    person.leave()


def send_in_points(story: Story, guest: Guest) -> None:
    """A member writes one point for the region and one for the country, saves, checks, and sends in."""
    person = story.desks[guest.person]
    path = f"/{guest.language}/consultations/{story.slug}/submissions/new/"
    for section, words, body in (("asean", guest.asean, SECRETARIAT), ("ID", guest.national, MINISTRY)):
        had = len(post.to(story.site, guest.address))
        person.go(path)
        person.fill(
            section=section,
            text=words,
            reason="It happens every day.",
            addressees=[story.keys[body]],
            language="en",
            attribution="described",
        )
        person.press('button[value="draft"]')
        assert post.to(story.site, guest.address)[had:] == []
        person.follow("/check/")
        assert words in person.text()
        person.press()
        post.next_one(story.site, guest.address, had)


def merge(story: Story) -> None:
    """The convenor makes one recommendation of three points, words the common text, and tables the statement."""
    ratna = story.desk_of(CONVENOR)
    ratna.go(f"/en/consultations/{story.slug}/workspace/")
    ratna.press()
    join(story, [guest.asean for guest in GUESTS], text_en="Passports belong to workers.", section="asean")
    join(story, [FIRST.national, OTHERS[0].national], text_en="Contracts in the worker's language.", section="ID")
    join(story, [OTHERS[1].national], text_en="The ministry should check each contract.", section="ID")
    ratna.go(f"/en/consultations/{story.slug}/workspace/?text=asean")
    ratna.follow(ratna.page.get_by_role("link", name="Edit ASEAN 1"))
    assert all(guest.asean in ratna.text() for guest in GUESTS)
    ratna.fill(text_en=COMMON, text_ind=COMMON_ID)
    ratna.press()
    assert COMMON in ratna.text()
    ratna.follow("/table/")
    ratna.press()
    assert ratna.page.url.endswith("/plenary/")


def join(story: Story, points: list[str], **words: str) -> None:
    """Tick the submissions with these words and make one recommendation of them."""
    ratna = story.desk_of(CONVENOR)
    ratna.go(f"/en/consultations/{story.slug}/workspace/")
    for point in points:
        ratna.page.locator("article", has_text=point).get_by_role("checkbox").check()
    ratna.press(form="#received form")
    ratna.fill(**words)
    ratna.press()


def take_positions_and_adopt(story: Story) -> None:
    """Two join the consensus, one takes its own position with a reservation; the text is adopted and frozen."""
    ratna, siti = story.desk_of(CONVENOR), story.desks[FIRST.person]
    siti.go(f"/id/consultations/{story.slug}/position/")
    siti.fill(stance="reservation", text=RESERVATION)
    siti.press()
    for guest in OTHERS:
        ratna.go(f"/en/consultations/{story.slug}/plenary/")
        ratna.press('button[value="consensus"]', form=f"#organisation-{story.keys[guest.slug]} form")
    ratna.follow("/adopt/")
    assert "3" in ratna.text("main form[method=post] button")
    ratna.press()
    assert RESERVATION in ratna.text()


def publish(story: Story) -> None:
    """The convenor publishes edition 1."""
    ratna = story.desk_of(CONVENOR)
    ratna.follow("/publish/")
    ratna.press()
    ratna.follow("/statements/")
    story.statement = ratna.page.url.split("/statements/")[1].strip("/")


def hand_over_and_convey(story: Story) -> None:
    """The convenor records that the Secretariat got a copy, and conveys the statement to the ministry."""
    ratna, trail = story.desk_of(CONVENOR), f"/en/statements/{story.statement}/trail/"
    ratna.go(trail + "handover/")
    ratna.fill(
        happened_on=datetime.now(ZONE).date(),
        body=story.keys[SECRETARIAT],
        actor_en="The convenors",
        counterpart_en="The Secretariat's labour division",
        text_en="Handed over edition 1.",
        evidence_en="Stamped copy",
    )
    ratna.press()
    ratna.follow("/trail/convey/")
    ratna.fill(bodies=[story.keys[MINISTRY]], channel="portal", reference="JKT-1", letter="Please answer each item.")
    ratna.press()
    ratna.press('button[name="confirmed"]')


def ministry_answers(story: Story) -> None:
    """The liaison comes by the mail, reads, acknowledges, and accepts one item in part."""
    mail = post.next_one(story.site, LIAISON)
    budi = story.desk_of(LIAISON)
    budi.go(post.link(mail, "/conveyances/"))
    headings = budi.page.locator("main h2").all_inner_texts()
    assert headings.index("Indonesia") < headings.index("ASEAN")
    budi.fill(their_reference="B-77")
    budi.press()
    assert "/answers/" in budi.page.url
    item = budi.page.locator('[name$="-kind"]').first.get_attribute("name")
    assert item
    said = {"kind": "in-part", "text": ANSWER, "language": "en"}
    budi.fill(**{item.replace("kind", name): value for name, value in said.items()})
    budi.press('button[value="publish"]')
    assert ANSWER in budi.text()
    budi.press()


def public_reads(story: Story) -> None:
    """Anybody reads both sections, who adopted, the reservation, the answer, and what is still missing."""
    reader = story.visitor(viewport={"width": 1280, "height": 900})
    reader.go(f"/en/statements/{story.statement}/")
    page = reader.text()
    assert [part for part in (COMMON, RESERVATION, "ASEAN", "Indonesia") if part not in page] == []
    names = ("Jejak Pulang", "Harbour Kitchen", "Sinar Benang")
    assert [name for name in names if name not in reader.text("#adoption")] == []
    assert fingerprint_of_download(reader, story.folder) in re.sub(r"\s", "", reader.text("#this-edition"))
    reader.go(f"/en/statements/{story.statement}/items/id-1/")
    assert ANSWER in reader.text()
    reader.go(f"/en/statements/{story.statement}/timeline/")
    states = Counter(step.get_attribute("class") for step in reader.page.locator(".timeline > li").all())
    assert states["done"] >= 6
    assert states["missing"] + states["next"] >= 1
    assert reader.context.cookies() == []
    reader.leave()


def fingerprint_of_download(reader: Visitor, folder: Path) -> str:
    """Return the SHA-256 of the data as it is downloaded."""
    with reader.page.expect_download() as saved:
        reader.page.locator('main a[href$=".json"]').click()
    path = folder / "edition.json"
    saved.value.save_as(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def conclude(story: Story) -> None:
    """The convenor concludes, reads the summary and sends it; everybody who was invited is told in the own language."""
    ratna = story.desk_of(CONVENOR)
    ratna.go(f"/en/consultations/{story.slug}/conclude/")
    ratna.fill(outcome_en="One statement of three items.", outcome_ind="Satu pernyataan dengan tiga butir.")
    ratna.press()
    assert ratna.page.url.endswith(f"{story.slug}/summary/")
    ratna.go(f"/en/consultations/{story.slug}/summary/send/")
    ratna.press()
    thanked = summaries(story)
    read_in = {str(mail["To"]): str(mail["Content-Language"]) for mail in thanked}
    known = {CONVENOR: "id", SECOND: "en", DECLINES: "id", **{guest.address: guest.language for guest in GUESTS}}
    assert {address: read_in[address] for address in known} == known
    assert sorted(str(mail["To"]) for mail in thanked) == sorted(TOLD)
    for mail in thanked:
        own = "Satu pernyataan" if mail["Content-Language"] == "id" else "One statement"
        assert own in post.words(mail)


def summaries(story: Story) -> list:
    """Wait for the summaries and return them."""
    found: list = []

    def came() -> bool:
        found[:] = [mail for mail in story.site.sink.received if "three items" in post.words(mail)]
        found.extend(mail for mail in story.site.sink.received if "tiga butir" in post.words(mail))
        return len(found) >= len(TOLD)

    assert wait_for(came, post.LIMIT), f"{len(found)} of {len(TOLD)} summaries came"
    return found


def everybody_got_each_mail_once(story: Story) -> None:
    """The mail server's own record: exactly one mail for each reader and event, and none that nobody asked for."""
    sent = Counter({key: count for key, count in post.ledger(story.site).items() if not key[0].startswith("portal.")})
    expected = Counter(
        {
            **{("consultations.invitation_sent", address): 1 for address in INVITED.values()},
            **{("recommendations.submission_received", guest.address): 2 for guest in GUESTS},
            **{("recommendations.statement_published", one): 1 for one in (CONVENOR, SECOND)},
            **{("recommendations.statement_published", guest.address): 1 for guest in GUESTS},
            ("recommendations.conveyance_received", LIAISON): 1,
            **{("recommendations.conveyance_acknowledged", one): 1 for one in (CONVENOR, SECOND)},
            **{("recommendations.items_answered", one): 1 for one in (CONVENOR, SECOND)},
            **{("consultations.consultation_summary", one): 1 for one in TOLD},
        }
    )
    assert sent == expected

"""The convenor draws the table, writes the words, announces, approves, sends; mails, calendars, letters are read."""

from email.message import EmailMessage

from icalendar import Calendar

from portal.children import wait_for
from tests.journeys import post
from tests.journeys.convening import Story
from tests.journeys.register import CONVENOR, GUESTS

EXPERT, EXPERT_ADDRESS = "Sri Palupi", "sri@scholars.example"
INVITED = {guest.address: guest.language for guest in GUESTS} | {EXPERT_ADDRESS: "en"}
BODIES = {
    "Ministry for the Protection of Indonesian Migrant Workers": "Director for Placement",
    "ASEAN Secretariat": "Head of the labour division",
}
SEATS = 3
THAI = {
    "subject": "คำเชิญ: {title} {days}",
    "body": "เรียน {organisation}\n\nขอเชิญท่านร่วมประชุมที่ {place} {days} จำนวน {seats} ที่นั่ง\n\n"
    "กรุณาตอบภายใน {answer_by}\n\n{link}",
}


def draws_the_table(story: Story) -> None:
    """Unions and employers first; then what the warnings name, by their own links; officials; a person."""
    ratna = story.at_desk()
    ratna.open("Pick the organisations to invite")
    ratna.page.locator("summary", has_text="Group").click()
    for group in ("Trade unions", "Employers' associations"):
        ratna.open(group)
        picks_all(story)
    ratna = story.at_desk()
    ratna.open("Who is invited, who is missing")
    story.picture(ratna, "05-table-warns")
    warned = ratna.text()
    assert "No migrants' own organisation is on the list." in warned
    assert "No women's group is on the list." in warned
    for warning in ("Pick migrants' associations", "Pick women's groups"):
        ratna.open(warning)
        picks_all(story)
        ratna.open("The table")
    assert "No migrants' own organisation" not in ratna.text()
    ratna.open("Pick organisations")
    picks_all(story)
    for name, office in BODIES.items():
        ratna = story.at_desk()
        ratna.open("Who is invited, who is missing")
        ratna.open("Invite a public body")
        ratna.page.get_by_label("Public body").select_option(label=name)
        ratna.fill(office=office, reference=f"TF/{len(name)}", seats_offered=2, way="letter", language="en")
        ratna.send("Draft the invitation")
    ratna = story.at_desk()
    ratna.open("Who is invited, who is missing")
    ratna.open("Invite a person")
    ratna.fill(full_name=EXPERT, office="Expert on recruitment law", bench="academic")
    ratna.fill(seats_offered=1, way="mail", address=EXPERT_ADDRESS, language="en")
    ratna.send("Draft the invitation")


def picks_all(story: Story) -> None:
    """Tick all that the page offers, and draft their invitations."""
    ratna = story.ratna
    boxes = ratna.page.locator('input[name="organisations"]')
    for box in boxes.all():
        box.check()
    ratna.fill(seats=SEATS)
    ratna.send("Draft invitations for those chosen")


def keeps_seats(story: Story) -> None:
    """Seats are kept for groups and for a bench; the table shows them."""
    ratna = story.at_desk()
    ratna.open("Who is invited, who is missing")
    ratna.open("Seats by group and bench")
    ratna.page.get_by_label("Migrant workers' associations").fill("15")
    ratna.page.get_by_label("Trade unions").fill("18")
    ratna.page.get_by_label("The whole bench").nth(0).fill("6")
    ratna.send("Save")
    assert "15 seats kept" in ratna.text()
    story.picture(ratna, "06-table")


def writes_the_words(story: Story) -> None:
    """Those who read Thai get their own words; one mail is looked at, and a test comes to the convenor."""
    ratna = story.at_desk()
    ratna.open("Wording")
    story.picture(ratna, "07-wording")
    ratna.page.get_by_role("row", name="Thai").get_by_role("link", name="Write").first.click()
    ratna.fill(**THAI)
    ratna.send("Save and look")
    assert "เรียน" in ratna.text()
    story.picture(ratna, "08-preview-thai")
    had = len(post.to(story.site, CONVENOR))
    ratna.send("Send a test to me")
    test = post.next_one(story.site, CONVENOR, had)
    assert "ขอเชิญ" in post.words(test)


def announces_and_sends(story: Story) -> None:
    """Announce, approve all, check the counts, send; the bar fills; the desk shows who has not answered."""
    ratna = story.at_desk()
    ratna.open("Announce the consultation")
    ratna.send("Announce")
    ratna.open("Invitations")
    ratna.send(f"Approve all {len(INVITED) + len(BODIES)} drafted")
    ratna.open("Check and send")
    story.picture(ratna, "09-send")
    ratna.send(f"Send {len(INVITED)} invitations")
    assert wait_for(lambda: all(post.to(story.site, one) for one in INVITED), post.LIMIT)
    ratna.page.wait_for_selector(f"text={len(INVITED)} of {len(INVITED)}")
    story.picture(ratna, "10-progress")
    for address, language in INVITED.items():
        (mail,) = post.to(story.site, address)
        assert str(mail["Content-Language"]) == language
        assert "{" not in f"{mail['Subject']}{post.words(mail)}"
        assert ("เรียน" in post.words(mail)) == (language == "th")
        assert len(calendar_entries(mail)) == 1
        assert len(sessions_of(mail)) == 2


def sessions_of(mail: EmailMessage) -> list[str]:
    """Return the sessions in the attached programme, which a calendar takes in as it is."""
    part = next(one for one in mail.walk() if one.get_filename() == "programme.ics")
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert Calendar.from_ical(calendar.to_ical()).to_ical() == calendar.to_ical()
    return [str(one["SUMMARY"]) for one in calendar.walk("VEVENT")]


def calendar_entries(mail: EmailMessage) -> dict[str, int]:
    """Read the calendar part as a calendar would: it parses, is a private request, and comes back the same.

    Return the sequence of each entry, by its UID.
    """
    part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    calendar = Calendar.from_ical(content)
    assert part.get_param("method").upper() == str(calendar["METHOD"]) == "REQUEST"
    events = calendar.walk("VEVENT")
    again = Calendar.from_ical(calendar.to_ical())
    assert again.to_ical() == calendar.to_ical()
    assert [dict(one) for one in again.walk("VEVENT")] == [dict(one) for one in events]
    assert {str(one["CLASS"]) for one in events} == {"PRIVATE"}
    assert b"/i/" not in content
    return {str(one["UID"]): int(one["SEQUENCE"]) for one in events}


def prints_letters(story: Story) -> None:
    """Both officials get a letter on paper: one file, printed, handed over, noted."""
    ratna = story.at_desk()
    ratna.open("Letters")
    story.picture(ratna, "11-letters")
    with ratna.page.expect_download() as saved:
        ratna.page.get_by_role("link", name="Letters 1 to 2 (PDF)").click()
    path = story.folder / "letters.pdf"
    saved.value.save_as(path)
    assert path.read_bytes().startswith(b"%PDF")
    for name in BODIES:
        ratna.open("Mark as handed over", name)
        ratna.fill(handed_by="courier")
        ratna.send("Save")
    assert "by a courier" in ratna.text()

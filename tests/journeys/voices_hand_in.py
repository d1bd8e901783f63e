"""Ten organisations hand in: a sheet, a paper, a split, evidence, sign-off, together, another language, too late."""

from tests.browser.driving import Visitor
from tests.journeys import post
from tests.journeys import voices_texts as say
from tests.journeys.voices_cast import (
    BANTUAN,
    BUMI,
    IMAN,
    JEJAK,
    KAJIAN,
    KAMPUNG,
    PELAUT,
    SPN,
    TEMPAT,
    TITLE,
    USAHA,
    WRITER,
    Story,
    Voice,
)
from tests.recommendations.sheets import docx

OVER = """
from datetime import timedelta
from django.utils import timezone
from consultations.models import Consultation
Consultation.objects.filter(slug="jakarta-2007").update(input_closes=timezone.now() - timedelta(minutes=1))
"""


def union_hands_in_a_sheet(story: Story) -> None:
    """Ten lines are pasted, ten drafts made, with their sections guessed; each is checked and sent in."""
    siti = story.desk_of(SPN)
    opens_the_sheet(siti)
    siti.fill(sheet=say.SHEET, language="en", attribution="named")
    story.picture(siti, "01-sheet")
    siti.send("Find the points")
    assert [siti.page.locator(f'[name="points-{n}-section"]').input_value() for n in (0, 6, 7, 9)] == [
        "asean",
        "asean",
        "ID",
        "ID",
    ]
    story.picture(siti, "02-sheet-found")
    siti.send("Keep as drafts")
    assert "10 drafts are saved." in siti.text("body")
    story.picture(siti, "03-drafts")
    for words in say.LINES:
        sends_in(story, siti, words)
    siti.go("/en/submissions/?kind=sent")
    assert siti.page.locator("ul.tasks > li").count() == len(say.LINES)


def begins_a_point(person: Visitor) -> None:
    """From the desk to the form for one point."""
    person.go("/en/desk/")
    person.open(TITLE, part='main section:has(h2:text-is("Send in your points"))')


def opens_the_sheet(person: Visitor) -> None:
    """From the desk to the page for several points at once."""
    begins_a_point(person)
    person.open("Several points at once: paste a list or upload a position paper")


def sends_in(story: Story, person: Visitor, words: str) -> None:
    """Find the draft among what the organisation wrote, check it and send it in."""
    person.go("/en/submissions/?kind=draft")
    person.open(words)
    person.open("Check and send in")
    person.send("Send in 1 submission")


def seafarers_upload_a_paper(story: Story) -> None:
    """A DOCX with numbered points under two headings: its points become drafts, which are then sent in."""
    ilham, file = story.desk_of(PELAUT), story.folder / "paper.docx"
    file.write_bytes(docx(*say.PAPER))
    opens_the_sheet(ilham)
    ilham.page.get_by_label("Or choose a file").set_input_files(file)
    ilham.fill(language="en", attribution="described")
    ilham.send("Find the points")
    story.picture(ilham, "04-paper-found")
    ilham.send("Keep as drafts")
    assert "4 drafts are saved." in ilham.text("body")
    for words in (say.CAPTAIN, say.SEAFARER, say.AT_SEA, say.SHIPS):
        sends_in(story, ilham, words)


def writes(story: Story, person: Visitor, text: str, section: str, then: str = "Save the draft", **more: str) -> None:
    """Write one point on the form, from the desk."""
    begins_a_point(person)
    person.fill(text=text, section=section, **{"language": "en", "attribution": "described", **more})
    person.send(then)


def women_split_and_show_evidence(story: Story) -> None:
    """A draft that holds two demands is split in two; a file bears one of them out."""
    retno, file = story.desk_of(BUMI), story.folder / "what-we-saw.txt"
    writes(story, retno, say.TWO, "asean", reason="Forty women told us.", concerned="Women in private homes")
    retno.open("Split in two")
    retno.fill(first=say.KEPT, second=say.REST)
    story.picture(retno, "05-split")
    retno.send("Make two drafts")
    retno.go("/en/submissions/?kind=draft")
    retno.open(say.KEPT)
    retno.open("Attach evidence")
    file.write_text("Forty answers, without names.", encoding="utf-8")
    retno.fill(title="Forty answers, counted")
    retno.page.get_by_label("File", exact=True).set_input_files(file)
    retno.send("Attach the file")
    assert "Forty answers, counted" in retno.text()
    story.picture(retno, "06-evidence")
    for words in (say.KEPT, say.REST):
        sends_in(story, retno, words)


def lead_signs_off(story: Story) -> None:
    """A representative writes, and the lead sends it in: the organisation wants sign-off."""
    wiwik, taufik = story.desk_of(WRITER), story.desk_of(BANTUAN)
    writes(story, wiwik, say.LEGAL, "asean", "Save and check", attribution="named")
    had = len(post.to(story.site, BANTUAN.address))
    wiwik.send("Ready for sign-off")
    mail = post.next_one(story.site, BANTUAN.address, had)
    taufik.go(post.link(mail, "/submissions/"))
    story.picture(taufik, "07-sign-off")
    taufik.open("Check and send in")
    taufik.send("Send in 1 submission")


def two_send_in_together(story: Story) -> None:
    """A migrants' association names another organisation and asks it; it agrees to the words; then they are sent in."""
    sumiyati, aswatini = story.desk_of(JEJAK), story.desk_of(KAJIAN)
    writes(story, sumiyati, say.BACK, "asean", attribution="named")
    sumiyati.open("Send it in together")
    sumiyati.fill(q="Kajian")
    sumiyati.send("Search")
    sumiyati.send(f"Name it {KAJIAN.name}")
    had = len(post.to(story.site, KAJIAN.address))
    sumiyati.send("Ask 1 organisation")
    mail = post.next_one(story.site, KAJIAN.address, had)
    aswatini.go(post.link(mail, "/co-submissions/"))
    assert say.BACK in aswatini.text()
    aswatini.fill(attribution="named")
    story.picture(aswatini, "08-together")
    aswatini.send("We agree to these words")
    sends_in(story, sumiyati, say.BACK)


def others_write_one_point_each(story: Story) -> None:
    """In another language, as data, from the benches of employers and recruiters."""
    points: tuple[tuple[Voice, str, str, dict[str, str]], ...] = (
        (IMAN, say.RATIFY_ID, "ID", {"language": "id"}),
        (KAJIAN, say.FOUR_OF_FIVE, "asean", {"kind": "data", "attribution": "named"}),
        (USAHA, say.COSTS, "asean", {}),
        (TEMPAT, say.LICENCES, "ID", {}),
    )
    for voice, words, section, more in points:
        person = story.desk_of(voice)
        writes(story, person, words, section, "Save and check", **more)
        person.send("Send in 1 submission")


def too_late_with_a_code(story: Story) -> None:
    """The deadline passes while one still writes; a convenor gives a code, and with it the point is sent in, marked."""
    baiq = story.desk_of(KAMPUNG)
    writes(story, baiq, say.WITHOUT, "asean", attribution="none")
    story.site.shell(OVER)
    baiq.open("Check and send in")
    assert "Not sent in" in baiq.text()
    story.picture(baiq, "09-too-late")
    ratna = story.at_desk("Late with a code")
    ratna.fill(q="Kampung")
    ratna.send("Search")
    ratna.open(KAMPUNG.name)
    ratna.page.get_by_label("Until the end of").fill("2031-01-01")
    ratna.fill(reason="A flood took the office.")
    ratna.send("Make the code")
    story.picture(ratna, "10-late-code")
    baiq.fill(code=ratna.text(".secret"))
    baiq.send("Send in 1 submission with the code")
    assert "sent in late" in baiq.text("body")

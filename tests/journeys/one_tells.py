"""Afterwards: the consultation is concluded, the summary goes to all invited, and anybody reads the record."""

from tests.journeys import post
from tests.journeys.convening import DESK, TITLE, Story, ahead
from tests.journeys.one_invites import INVITED
from tests.journeys.one_meets import ALONE, COMING, delegates
from tests.journeys.register import LIAISONS

WORDS = "Thank you: one common text on fees and passports is with all of you next month."
WORDS_ID = "Terima kasih: satu naskah bersama akan kami kirim bulan depan."
DECLARED = "more than 50 participants"
# Of those named one stayed away; somebody came for a seat without a name, and one walked in.
PEOPLE = len(delegates()) - 1 + 1 + len(ALONE) + 1
ORGANISATIONS = len(COMING)


def concludes(story: Story) -> None:
    """What came out, the declared figure beside the counted one, the next step; nobody is told yet."""
    ratna = story.at_desk()
    ratna.open("Next steps")
    story.picture(ratna, "31-next-steps")
    ratna.open("Add a step")
    ratna.fill(due_on=ahead(30), text_en="The common text goes to all.", text_ind="Naskah dikirim ke semua.")
    ratna.send("Save")
    ratna = story.at_desk()
    ratna.open("Conclude")
    ratna.fill(outcome_en="One common text.", outcome_ind="Satu naskah bersama.")
    ratna.fill(declared_participants_en=DECLARED, declared_participants_ind="lebih dari 50 peserta", tell="later")
    ratna.send("Conclude the consultation")


def sends_the_summary(story: Story) -> None:
    """The own words above the record, read as a reader; sent to all invited, also those who did not come."""
    ratna = story.ratna
    ratna.fill(en=WORDS, id=WORDS_ID)
    ratna.send("Save the words")
    story.picture(ratna, "32-summary")
    ratna.open("Read it as a reader")
    story.picture(ratna, "33-summary-preview")
    assert WORDS in ratna.text() or WORDS_ID in ratna.text()
    ratna.page.go_back()
    had = {address: len(post.to(story.site, address)) for address in INVITED}
    ratna.open("Check and send")
    story.picture(ratna, "34-summary-send")
    ratna.press()
    for address, language in INVITED.items():
        mail = post.next_one(story.site, address, had[address])
        assert (WORDS_ID if language == "id" else WORDS) in " ".join(post.words(mail).split())
    assert {len(post.to(story.site, address)) - had[address] for address in INVITED} == {1}
    for address in LIAISONS.values():
        assert WORDS in " ".join(post.words(post.next_one(story.site, address)).split())
    ratna.page.reload()
    story.picture(ratna, "35-summary-readers")


def anybody_reads(story: Story) -> None:
    """The public record: counted figures, the declared one apart, organisers in order, and nobody's name."""
    reader = story.visitor(viewport=DESK)
    reader.go("/en/")
    reader.open("Consultations", part="header")
    reader.open(TITLE)
    story.picture(reader, "36-public")
    reader.follow(reader.page.get_by_role("link", name="The record: who convened"))
    story.picture(reader, "37-record")
    text = reader.text()
    assert f"{PEOPLE} people came." in text
    assert f"They were of {ORGANISATIONS} organisations." in text
    assert DECLARED in text
    assert PEOPLE >= 50
    assert ORGANISATIONS >= 20
    order = [
        text.index(name) for name in ("Serikat Pembantu Nusantara", "Layag Network", "HRWG", "Friends of the Task")
    ]
    assert order == sorted(order)
    assert [name for name in (*delegates(), *ALONE) if name in reader.page.content()] == []
    assert reader.context.cookies() == []
    reader.leave()

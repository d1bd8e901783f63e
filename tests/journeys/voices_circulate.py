"""The draft is circulated: comments, amendments as changed text, two languages side by side, a second version."""

from tests.browser.driving import Visitor
from tests.journeys import post
from tests.journeys import voices_texts as say
from tests.journeys.convening import ahead
from tests.journeys.voices_cast import BUMI, JEJAK, PELAUT, USAHA, VOICES, Story, Voice
from tests.journeys.voices_merge import opens_recommendation

DRAFTS = 'main section:has(h2:text-is("Drafts to read and to comment on"))'
REASON = "Every contract is checked, or none is safe."


def translates(story: Story) -> None:
    """The Indonesian text stands beside its source, paragraph by paragraph."""
    ratna = opens_recommendation(story, say.NO_KEEPING)
    ratna.open("Bahasa Indonesia")
    ratna.fill(words=say.NO_KEEPING_ID, state="draft")
    ratna.send("Save")
    story.picture(ratna, "20-side-by-side")
    rows = ratna.page.locator("main .side-by-side").all()
    assert [row.locator("p").count() for row in rows] == [2, 2]


def circulates(story: Story, number: int = 1) -> None:
    """Those who speak for the ten get one mail each, with a link to the version."""
    had = {voice: len(post.to(story.site, voice.address)) for voice in VOICES}
    ratna = story.at_work("Circulated versions", "Circulate the draft")
    ratna.fill(closes_on=ahead(3), note="Please look at the fines.")
    story.picture(ratna, f"21-circulate-{number}")
    ratna.send("Circulate it")
    for voice in VOICES:
        mail = post.next_one(story.site, voice.address, had[voice])
        story.told[voice.slug] = post.link(mail, f"/versions/{number}/")


def comments_and_amends(story: Story) -> None:
    """One comments on a paragraph; one changes a paragraph, and another supports it; the employers want less."""
    retno = story.desk_of(BUMI)
    retno.go(story.told[BUMI.slug])
    story.picture(retno, "22-version")
    retno.follow(retno.page.get_by_role("link", name="Comment ASEAN 1, 2"))
    retno.fill(words="Who fines a household?")
    retno.send("Comment")
    amends(story, PELAUT, "ASEAN 1", say.NO_KEEPING_PAID, "A day without papers is a day without wages.")
    sumiyati = story.desk_of(JEJAK)
    sumiyati.go("/en/desk/")
    sumiyati.open("Version 1: Jakarta Statement", part=DRAFTS)
    sumiyati.open("Amendment 1")
    story.picture(sumiyati, "23-amendment")
    assert "pays the worker" in sumiyati.text("main ins")
    sumiyati.send("We support it")
    amends(story, USAHA, "ID 2", say.SOME_CHECKED, "There are many.")


def amends(story: Story, voice: Voice, label: str, proposal: str, reason: str) -> None:
    """Change the words in place, and say why."""
    person = story.desk_of(voice)
    person.go(story.told[voice.slug])
    person.follow(person.page.get_by_role("link", name=f"Propose an amendment {label}"))
    person.fill(proposal=proposal, reason=reason)
    person.send("Propose it")


def decides(story: Story) -> None:
    """The comment is answered, one amendment accepted, one declined with the reason; both are told by mail."""
    had = {voice: len(post.to(story.site, voice.address)) for voice in (BUMI, PELAUT, USAHA)}
    ratna = at_what_was_said(story)
    story.picture(ratna, "24-said")
    ratna.follow(ratna.page.get_by_role("link", name="Answer it"))
    ratna.fill(answer="The labour inspectors.")
    ratna.send("Answer")
    for number, said in ((1, {"verdict": "accept"}), (2, {"verdict": "decline", "answer": REASON})):
        at_what_was_said(story).open(f"Amendment {number}")
        ratna.open("Decide on it")
        ratna.fill(**said)
        story.picture(ratna, f"25-decide-{number}")
        ratna.send("Decide")
    hendra = story.desk_of(USAHA)
    hendra.go(post.link(post.next_one(story.site, USAHA.address, had[USAHA]), "/amendments/"))
    assert REASON in hendra.text()
    post.next_one(story.site, PELAUT.address, had[PELAUT])
    post.next_one(story.site, BUMI.address, had[BUMI])
    ratna = at_what_was_said(story)
    assert "No amendment waits for a decision" in ratna.text()
    assert "No comment waits for an answer" in ratna.text()


def at_what_was_said(story: Story) -> Visitor:
    """The convenor comes to the comments and amendments."""
    return story.at_work("Circulated versions", "Comments and amendments")


def brings_the_translation_up(story: Story) -> None:
    """The change marked the Indonesian as behind and left it as it is; it is brought up by hand."""
    ratna = story.at_work("Circulated versions", "Circulate the draft")
    assert "Some translations are behind their source" in ratna.text()
    ratna = opens_recommendation(story, say.NO_KEEPING)
    assert say.PAID in ratna.text()
    assert "behind its source" in ratna.text()
    ratna.open("Bahasa Indonesia")
    story.picture(ratna, "26-behind")
    assert ratna.page.get_by_label("The words in this language").input_value().replace("\r", "") == say.NO_KEEPING_ID
    ratna.fill(words=say.NO_KEEPING_PAID_ID, state="checked")
    ratna.send("Save")
    assert "behind its source" not in opens_recommendation(story, say.NO_KEEPING).text()


def circulates_again(story: Story) -> None:
    """A second version, compared with the first: one recommendation differs, in both languages."""
    circulates(story, 2)
    ratna = story.at_work("Circulated versions", "Compare two versions")
    story.picture(ratna, "27-compare")
    assert "10 recommendations are the same in both." in ratna.text()
    assert ratna.page.locator("main article h2").all_inner_texts() == ["ASEAN 1"]

"""The desk makes one text of many: what is alike, merged, bracketed, moved, marked; then each is told, and answers."""

from tests.browser.driving import Visitor
from tests.journeys import post
from tests.journeys import voices_texts as say
from tests.journeys.voices_cast import BANTUAN, IMAN, SPN, USAHA, VOICES, Story

ALIKE = (
    (say.PASSPORT, say.CAPTAIN, say.KEPT),
    (say.FEE, say.SEAFARER),
    (say.DOMESTIC, say.REST),
    (say.PAPERS, say.WITHOUT),
    (say.RATIFY, say.RATIFY_ID),
    (say.CONTRACT, say.AT_SEA),
)
# Words, section, office, and the points they are made of: a group by its first point, or points one by one.
MADE_OF_GROUPS = (
    (say.NO_KEEPING, "asean", say.SECRETARIAT, say.PASSPORT),
    (say.NO_FEE, "asean", say.SECRETARIAT, say.FEE),
    (say.COUNTED, "asean", say.SECRETARIAT, say.DOMESTIC),
    (say.ALL_WORKERS, "asean", say.SECRETARIAT, say.PAPERS),
    (say.RATIFIES, "ID", say.MINISTRY, say.RATIFY),
    (say.CHECKED, "ID", say.MINISTRY, say.CONTRACT),
)
MADE_OF_POINTS = (
    (say.ORGANISE, "asean", say.SECRETARIAT, (say.UNIONS,)),
    (say.ACCOUNTS, "asean", say.SECRETARIAT, (say.WAGES,)),
    (say.WITH_AID, "asean", say.MINISTRY, (say.OFFICE, say.LEGAL)),
    (say.INSPECTED, "ID", say.MINISTRY, (say.SHIPS,)),
)


def begins_the_text(story: Story) -> None:
    """The common text is begun, with title and preamble in two languages; a point in Indonesian is translated."""
    ratna = story.at_work()
    story.picture(ratna, "11-workspace-empty")
    ratna.send("Begin the common text")
    ratna.open("Title and preamble")
    ratna.fill(title_en=say.STATEMENT, title_ind=say.STATEMENT_ID, prevailing_language="en")
    ratna.fill(preamble_en=say.PREAMBLE, preamble_ind=say.PREAMBLE_ID)
    ratna.send("Save")
    ratna.follow(card(ratna, say.RATIFY_ID).get_by_role("link", name="Read"))
    ratna.open("Working translation")
    ratna.fill(language="en", text=say.RATIFY_EN)
    ratna.send("Save the translation")


def card(ratna: Visitor, words: str):
    """Return the card of one point among those that were sent in."""
    return ratna.page.locator("#received article", has_text=words)


def finds_what_is_alike(story: Story) -> None:
    """The search runs in the background; six groups are found, one of them across two languages."""
    ratna = story.at_work()
    ratna.open("What is alike")
    ratna.send("Look for what is alike")
    ratna.page.get_by_role("link", name="Ready. See what is alike.").wait_for()
    ratna.open("Ready. See what is alike.")
    story.picture(ratna, "12-alike")
    groups = ratna.page.locator("article[id^=group-]").all()
    for details in ratna.page.locator("article[id^=group-] summary").all():
        details.click()
    found = {tuple(one.locator("ul .check [dir]").all_inner_texts()) for one in groups}
    assert found == set(ALIKE)


def merges(story: Story) -> None:
    """Groups become one recommendation each, and others are made of points that are ticked."""
    ratna = story.at_work("What is alike")
    for words, section, office, first in MADE_OF_GROUPS:
        ratna.page.locator("article[id^=group-]", has_text=first).locator('[name="g"]').check()
        makes(ratna, words, section, office)
        if first == say.PASSPORT:
            story.picture(ratna, "13-merged")
    for words, section, office, points in MADE_OF_POINTS:
        ratna = story.at_work("One by one")
        for point in points:
            card(ratna, point).get_by_role("checkbox").check()
        makes(ratna, words, section, office)


def makes(ratna: Visitor, words: str, section: str, office: str) -> None:
    """Make a recommendation of what is ticked."""
    ratna.send("Make one recommendation of the chosen")
    ratna.fill(text_en=words, section=section)
    ratna.tick(office)
    ratna.send("Make the recommendation")


def adds_and_marks(story: Story) -> None:
    """Further sources are added, for words and as evidence; others are referred or left out, with the reason."""
    for point, use in ((say.BACK, "words"), (say.FOUR_OF_FIVE, "evidence")):
        ratna = story.at_work()
        card(ratna, point).get_by_role("checkbox").check()
        ratna.send("Add the chosen to a recommendation")
        ratna.page.get_by_label("Recommendation", exact=True).select_option(value=numbered(ratna, "ASEAN 2"))
        ratna.fill(use=use)
        ratna.send("Add them")
    decided = (
        (say.LICENCES, {"treatment": "referred", "reason": "The ministry decides that alone."}),
        (say.FAMILY, {"treatment": "not-used", "reason": "No common ground was found."}),
        (say.COSTS, {"treatment": "not-used", "reason": "It is heard on the employers' bench."}),
    )
    for point, said in decided:
        ratna = story.at_work()
        ratna.follow(card(ratna, point).get_by_role("link", name="Refer or leave out"))
        ratna.fill(**said)
        if said["treatment"] == "referred":
            ratna.page.get_by_label("Referred to a public body").select_option(label=say.MINISTRY)
        ratna.send("Save the decision")
    ratna = story.at_work()
    assert "not decided on" not in ratna.text("#received")


def numbered(ratna: Visitor, label: str) -> str:
    """Return the value of the recommendation with this number in the list to choose from."""
    return str(ratna.page.locator("option", has_text=f"{label}:").get_attribute("value"))


def shapes_the_text(story: Story) -> None:
    """A passage gets two wordings in brackets; a recommendation moves to the section it belongs to; another goes up."""
    ratna = opens_recommendation(story, say.NO_FEE)
    ratna.open("Put a passage in brackets")
    ratna.fill(language="en", passage="are paid back", rival_1="are paid back within three months")
    story.picture(ratna, "14-bracket")
    ratna.send("Put it in brackets")
    assert "are paid back within three months" in ratna.text()
    ratna = opens_recommendation(story, say.WITH_AID)
    ratna.open("Move it to another place")
    ratna.fill(section="ID", place=3)
    ratna.send("Move it")
    ratna = story.at_work()
    ratna.page.get_by_role("list", name="Section").get_by_role("link", name="Indonesia").click()
    rows = ratna.page.locator("#common-text article .serif").all_inner_texts()
    assert rows == [say.RATIFIES, say.CHECKED, say.WITH_AID, say.INSPECTED]
    story.picture(ratna, "15-workspace")


def opens_recommendation(story: Story, words: str) -> Visitor:
    """The convenor comes to one recommendation, from the workspace."""
    ratna = story.at_work()
    found = ratna.page.locator("#common-text article", has_text=words.split("\n", maxsplit=1)[0][:30])
    if not found.count():
        ratna.follow(ratna.page.get_by_role("list", name="Section").get_by_role("link", name="Indonesia"))
    ratna.follow(found.get_by_role("link", name="versions, join and split"))
    return ratna


def tells_the_fates(story: Story) -> None:
    """One deliberate step: each organisation gets one mail about all its points."""
    had = {voice: len(post.to(story.site, voice.address)) for voice in VOICES}
    ratna = story.at_work("Tell organisations")
    story.picture(ratna, "16-tell")
    ratna.send("Send 10 mails")
    for voice in VOICES:
        mail = post.next_one(story.site, voice.address, had[voice])
        assert len(post.to(story.site, voice.address)) == had[voice] + 1
        story.told[voice.slug] = post.link(mail, "/fates/")


def organisations_answer(story: Story) -> None:
    """Two agree, one notes it."""
    siti = story.desk_of(SPN)
    siti.go(story.told[SPN.slug])
    story.picture(siti, "17-told")
    assert siti.page.locator("main article").count() == len(say.LINES)
    answers(siti, say.PASSPORT, "We agree")
    answers(story.desk_of(IMAN), say.RATIFY_ID, "We agree", story.told[IMAN.slug])
    answers(story.desk_of(USAHA), say.COSTS, "We note it", story.told[USAHA.slug])


def one_objects(story: Story) -> None:
    """It wants its point to stand alone; the objection is back at the desk, which lets it."""
    taufik = story.desk_of(BANTUAN)
    taufik.go(story.told[BANTUAN.slug])
    taufik.follow(taufik.page.get_by_role("link", name="We object"))
    taufik.fill(words="Legal aid is wanted in every member state, not in one.")
    taufik.page.get_by_label("We want our point to stand alone").check()
    story.picture(taufik, "18-object")
    taufik.send("Object")
    ratna = story.at_work("Objections 1")
    story.picture(ratna, "19-objection")
    ratna.open("Settle it")
    ratna.send("Let it stand alone")
    ratna = story.at_work("Objections")
    assert "No objection is open" in ratna.text()


def answers(person: Visitor, point: str, button: str, link: str = "") -> None:
    """Answer what was told of one point."""
    if link:
        person.go(link)
    person.tap(person.page.locator("main article", has_text=point).get_by_role("button", name=button))


def tells_again(story: Story) -> None:
    """The wording is changed; what became of both points is told to their organisations, and to nobody else."""
    ratna = opens_recommendation(story, say.WITH_AID)
    ratna.open("Edit the words")
    ratna.fill(text_en=say.COMPLAINTS)
    ratna.send("Save")
    had = {voice: len(post.to(story.site, voice.address)) for voice in VOICES}
    ratna = story.at_work("Tell organisations")
    ratna.send("Send 2 mails")
    mail = post.next_one(story.site, BANTUAN.address, had[BANTUAN])
    post.next_one(story.site, SPN.address, had[SPN])
    answers(story.desk_of(BANTUAN), say.LEGAL, "We agree", post.link(mail, "/fates/"))
    told = [voice for voice in VOICES if len(post.to(story.site, voice.address)) > had[voice]]
    assert told == [SPN, BANTUAN]

"""The plenary: the rule first, the roll, a proxy, item by item, one in secret, a reservation; then it is adopted."""

from tests.browser.driving import Visitor
from tests.journeys import voices_texts as say
from tests.journeys.voices_cast import ADOPTING, IMAN, JEJAK, KAJIAN, KAMPUNG, SECOND, SPN, TITLE, USAHA, Story, Voice
from tests.journeys.voices_merge import opens_recommendation

WAITS = 'main section:has(h2:text-is("Statements that wait for your position"))'
IN_THE_ROOM = tuple(voice for voice in ADOPTING if voice is not IMAN)

VOICES_OF_TWO = (JEJAK.name, f"{IMAN.name} (by proxy)")


def makes_it_whole(story: Story) -> None:
    """What is lacking is said with links: a bracket to settle, an office to name."""
    ratna = story.at_work("Table it")
    assert "2 things are lacking" in ratna.text()
    story.picture(ratna, "28-lacking")
    ratna.open("ASEAN 7")
    ratna.tick(say.SECRETARIAT)
    ratna.send("Save")
    ratna = opens_recommendation(story, say.NO_FEE)
    ratna.open("Choose a wording")
    ratna.page.get_by_label("are paid back within three months").check()
    ratna.send("Choose it")
    assert say.WITHIN in ratna.text()


def states_the_rule_and_tables(story: Story) -> None:
    """Two thirds of those present or represented, with a quorum; then the words stand still."""
    ratna = story.at_work("Table it", "State another rule")
    ratna.fill(kind="two-thirds", base="present", quorum=60)
    story.picture(ratna, "29-rule")
    ratna.send("State this rule")
    story.picture(ratna, "30-table")
    ratna.send("Table 11 recommendations")
    story.picture(ratna, "31-plenary")


def calls_the_roll(story: Story) -> None:
    """Seven are in the room; the eighth gave its voice to another."""
    ratna = at_plenary(story, "Roll call")
    for voice in IN_THE_ROOM:
        row = ratna.page.locator("main article", has_text=voice.name)
        ratna.tap(row.get_by_role("button", name="Present", exact=True))
    ratna.open("Proxies")
    ratna.page.get_by_label("Who is not there").select_option(label=IMAN.name)
    ratna.page.get_by_label("Who carries its voice").select_option(label=JEJAK.name)
    ratna.send("Record")
    ratna.open("To the roll")
    story.picture(ratna, "32-roll")
    assert ratna.page.locator("main article").count() == len(ADOPTING)


def at_plenary(story: Story, *links: str) -> Visitor:
    """The convenor comes to the plenary: up the path above the page, or from the workspace."""
    up = story.ratna.page.locator("p.crumbs").get_by_role("link", name="Plenary", exact=True)
    if up.count():
        story.ratna.follow(up)
    else:
        story.at_work("To the plenary")
    for link in links:
        story.ratna.open(link)
    return story.ratna


def goes_item_by_item(story: Story) -> None:
    """Agreed; into brackets and settled on the floor; amended on the floor; deferred."""
    ratna = at_plenary(story, "ASEAN 1")
    ratna.send("Put it on the floor")
    arun = story.desk_of(SECOND)
    arun.go("/en/desk/")
    arun.open(TITLE)
    arun.open("Points and common text")
    arun.open("To the plenary")
    arun.open("For the projector")
    assert say.PAID in arun.text()
    story.picture(arun, "33-projector")
    decide(ratna, "Agreed")
    at_plenary(story, "ASEAN 2")
    for button in ("Into brackets", "Open it again", "Agreed"):
        decide(ratna, button)
    at_plenary(story, "ASEAN 3")
    ratna.fill(text_en=say.FULL_DAY)
    decide(ratna, "Agreed in these words")
    story.picture(ratna, "34-amended")
    at_plenary(story, "ASEAN 6")
    decide(ratna, "Deferred")


def decide(ratna: Visitor, button: str) -> None:
    """Say what the plenary says to the item; it is on record."""
    ratna.send(button)
    assert "Recorded." in ratna.text("body")


def votes_in_secret(story: Story) -> None:
    """One asks for it on a telephone; seven choose, one of them for the eighth; it is counted, nobody is named."""
    ratna = at_plenary(story, "ASEAN 4")
    ratna.send("Put it on the floor")
    baiq = opens_the_floor(story, KAMPUNG)
    story.picture(baiq, "35-floor")
    baiq.open("Say what your organisation says")
    baiq.open("Ask for a secret ballot")
    story.picture(baiq, "36-ask")
    baiq.send("Begin the secret ballot")
    for voice in IN_THE_ROOM:
        person = opens_the_floor(story, voice)
        person.open("Choose in secret")
        for name in VOICES_OF_TWO if voice is JEJAK else ("",):
            speaks_for(person, name)
            person.fill(choice="blocks" if voice is KAJIAN else "consensus")
            person.send("Seal this choice")
    ratna = at_plenary(story, "ASEAN 4", "To the ballot")
    ratna.send("Close and count 8 choices")
    story.picture(ratna, "37-counted")
    rows = ratna.page.locator("main table").first.locator("tr").all_inner_texts()
    assert rows == ["Joins the consensus\t7", "Cannot agree\t1"]
    ratna.open("To the item")
    decide(ratna, "Agreed")


def opens_the_floor(story: Story, voice: Voice) -> Visitor:
    """On a telephone: from the desk to what is on the floor."""
    person = story.desk_of(voice)
    person.go("/en/desk/")
    person.open(say.STATEMENT, part=WAITS)
    person.open("What is on the floor now, item by item")
    return person


def reserves_and_agrees_to_the_rest(story: Story) -> None:
    """One joins an item with a reservation; the employers are told that they are heard on their own bench."""
    aswatini = opens_the_floor(story, KAJIAN)
    aswatini.open("ID 2")
    aswatini.fill(stance="reservation", text=say.RESERVATION)
    aswatini.send("Take this position")
    story.picture(aswatini, "38-reservation")
    hendra = story.desk_of(USAHA)
    hendra.go("/en/desk/")
    assert hendra.page.locator(WAITS).count() == 0
    ratna = at_plenary(story)
    ratna.send("Agree to 6 items that are left")


def joins_and_adopts(story: Story) -> None:
    """Some join on their telephones, one for another, the rest at the roll call; two sections are adopted."""
    siti, sumiyati = story.desk_of(SPN), story.desk_of(JEJAK)
    for person, names in ((siti, ("",)), (sumiyati, VOICES_OF_TWO)):
        person.go("/en/desk/")
        person.open(say.STATEMENT, part=WAITS)
        for name in names:
            speaks_for(person, name)
            person.fill(stance="consensus")
            person.send("Take this position")
    story.picture(sumiyati, "39-position")
    ratna = at_plenary(story, "Roll call")
    for voice in IN_THE_ROOM:
        if voice not in {SPN, JEJAK, KAJIAN}:
            row = ratna.page.locator("main article", has_text=voice.name)
            ratna.tap(row.get_by_role("button", name="joins the consensus"))
    ratna = at_plenary(story)
    story.picture(ratna, "40-met")
    # One was set aside: the others are still called as they were when they came up.
    assert ratna.page.locator("article.document .number").all_inner_texts()[4:7] == ["ASEAN 5", "ASEAN 7", "ID 1"]
    ratna.open("Adopt")
    story.picture(ratna, "41-adopt")
    ratna.fill(place="Jakarta")
    ratna.send("Adopt for 8 organisations")
    assert say.RESERVATION in ratna.text()


def speaks_for(person: Visitor, name: str) -> None:
    """Choose whose voice it is, where one carries another's."""
    if name:
        person.page.get_by_label("Organisation", exact=True).select_option(label=name)


def publishes(story: Story) -> None:
    """Edition 1 is frozen, and then public."""
    ratna = at_plenary(story, "Publish")
    story.picture(ratna, "42-publish")
    ratna.press()
    ratna.open("Read the statement")
    story.told["statement"] = ratna.page.url.partition(story.site.url)[2].partition("#")[0]

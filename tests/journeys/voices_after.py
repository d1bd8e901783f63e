"""After the day: one signs on, a corrigendum makes edition 2, and every point is traced to what became of it."""

from tests.journeys import voices_texts as say
from tests.journeys.convening import ahead
from tests.journeys.voices_cast import (
    BANTUAN,
    BUMI,
    DESK,
    IMAN,
    JEJAK,
    KAJIAN,
    KAMPUNG,
    LATER,
    PELAUT,
    SPN,
    TEMPAT,
    USAHA,
    Story,
    Voice,
)
from tests.journeys.voices_merge import opens_recommendation
from tests.journeys.voices_plenary import at_plenary
from tests.journeys.voices_read import ITEMS

# What became of each point, as its own organisation reads it.
NOT_USED, REFERRED, ASIDE = "Not used", "Referred", "Set aside for now"
LEFT = {say.FAMILY: NOT_USED, say.COSTS: NOT_USED, say.LICENCES: REFERRED, say.WAGES: ASIDE}
FATES = {point: f"Adopted {label}" for label, (_words, points, _from) in ITEMS.items() for point in points} | LEFT
SENT_BY: dict[Voice, tuple[str, ...]] = {
    SPN: tuple(say.LINES),
    PELAUT: (say.CAPTAIN, say.SEAFARER, say.AT_SEA, say.SHIPS),
    BUMI: (say.KEPT, say.REST),
    BANTUAN: (say.LEGAL,),
    JEJAK: (say.BACK,),
    KAMPUNG: (say.WITHOUT,),
    IMAN: (say.RATIFY_ID,),
    KAJIAN: (say.BACK, say.FOUR_OF_FIVE),
    USAHA: (say.COSTS,),
    TEMPAT: (say.LICENCES,),
}
CORRECTED = say.PREAMBLE.replace("on the Declaration", "about the Declaration")


def signs_on_later(story: Story) -> None:
    """The list is opened until a day; one that was not there signs exactly edition 1."""
    ratna = at_plenary(story, "Signing on")
    ratna.fill(until=ahead(30))
    ratna.send("Save")
    story.picture(ratna, "48-signing-on")
    ellene = story.desk_of(LATER)
    ellene.go("/en/")
    ellene.open("Statements", part="header")
    ellene.open(say.STATEMENT)
    ellene.open("Sign on")
    story.picture(ellene, "49-sign-on")
    ellene.send("Sign on")
    assert "Signed on to edition 1" in ellene.text()
    reader = story.visitor(viewport=DESK)
    reader.go(story.told["statement"])
    assert LATER.name in reader.text("#signed-on")
    reader.leave()


def corrects(story: Story) -> None:
    """From the trail: a slip in the preamble is set right, with reason and authority; edition 2 says what changed."""
    ratna = story.at_desk("The trail", "Correct the published text")
    ratna.send("Begin a corrigendum")
    ratna.open("Preamble")
    ratna.fill(text_en=CORRECTED)
    ratna.send("Save")
    ratna.fill(reason="A slip of the pen.", authority="The drafting committee")
    ratna.page.get_by_label("The correction changes no meaning").check()
    ratna.send("Save")
    story.picture(ratna, "50-corrigendum")
    ratna.send("Issue edition 2")
    assert "The new edition is in force." in ratna.text("body")


def anybody_reads_edition_two(story: Story) -> None:
    """What changed stands in edition 2; edition 1 stays, with who signed it, and its files are still known."""
    reader = story.visitor(viewport=DESK)
    reader.go(story.told["statement"])
    story.picture(reader, "51-edition-2")
    assert CORRECTED in reader.text()
    assert "Corrigendum: what edition 2 sets right" in reader.text()
    assert story.told["fingerprint"] not in "".join(reader.text("#this-edition").split())
    reader.open("Edition 1")
    story.picture(reader, "52-edition-1")
    assert "This is an earlier edition." in reader.text("body")
    assert say.PREAMBLE in reader.text()
    assert story.told["fingerprint"] in "".join(reader.text("#this-edition").split())
    assert LATER.name in reader.text("#signed-on")
    reader.open("Check a document")
    reader.page.get_by_label("File", exact=True).set_input_files(story.told["PDF"])
    reader.send("Check it")
    assert "A later edition is in force." in reader.text("#found")
    reader.leave()


def every_point_has_a_fate(story: Story) -> None:
    """Each of the ten reads what became of each of its points: no other number, and nothing undecided."""
    found = {}
    for voice in SENT_BY:
        person = story.desk_of(voice)
        person.go("/en/submissions/")
        rows = person.page.locator("main ul.tasks > li")
        found[voice] = {row.locator("a.title").inner_text(): row.inner_text() for row in rows.all()}
        story.picture(person, f"53-fates-{voice.slug}")
    assert {voice: set(rows) for voice, rows in found.items()} == {one: set(sent) for one, sent in SENT_BY.items()}
    assert len({point for sent in SENT_BY.values() for point in sent}) == len(FATES) == 23
    read = {point: text for rows in found.values() for point, text in rows.items()}
    wrong = {point: read[point] for point, fate in FATES.items() if not holds(read[point], fate)}
    assert wrong == {}


def holds(text: str, fate: str) -> bool:
    """Whether the row of a point says this fate, with the number of its item where it was adopted."""
    word, _gap, label = fate.partition(" ") if fate.startswith("Adopted") else (fate, "", "")
    return word in text and (not label or f"Item {label} of" in text)


def every_item_is_traced_back(story: Story) -> None:
    """At the desk each item leads to exactly the points that it was made of; the page of a point leads to the item."""
    traced = {}
    for label, (words, _points, _from) in ITEMS.items():
        ratna = opens_recommendation(story, words)
        sources = ratna.page.locator("article[id^=source-]")
        traced[label] = sorted(sources.locator("div[lang]").all_inner_texts())
    story.picture(ratna, "54-traced")
    ratna.follow(sources.last.locator("a").first)
    ratna.open("Adopted as item ID 4 of “Jakarta Statement”")
    assert say.INSPECTED in ratna.text()
    assert traced == {label: sorted(points) for label, (_words, points, _from) in ITEMS.items()}

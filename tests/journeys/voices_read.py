"""Anybody reads the edition and each of its items, takes it along in every kind of file, and has files checked."""

import hashlib
import json
import zipfile
from http import HTTPStatus
from pathlib import Path

from playwright.sync_api import Locator

from tests.browser.driving import Visitor
from tests.journeys import voices_texts as say
from tests.journeys.voices_cast import BANTUAN, DESK, JEJAK, KAJIAN, KAMPUNG, SPN, Story

UNION, GROUP = "a trade union, origin side", "a non-governmental organisation, origin side"
FAITH = "a religious leader, origin side"
THREE = (say.PASSPORT, say.CAPTAIN, say.KEPT)
FOUR = (say.FEE, say.SEAFARER, say.BACK, say.FOUR_OF_FIVE)
# Each item of the edition: its words, the points it is made of, and what anybody reads about where it comes from.
ITEMS = {
    "ASEAN 1": (say.NO_KEEPING_PAID, THREE, f"Joined from 3 submissions: {SPN.name}; {UNION}; {GROUP}"),
    "ASEAN 2": (say.WITHIN, FOUR, f"Joined from 4 submissions: {SPN.name}; {UNION}; {JEJAK.name}; {KAJIAN.name}"),
    "ASEAN 3": (say.FULL_DAY, (say.DOMESTIC, say.REST), f"Joined from 2 submissions: {SPN.name}; {GROUP}"),
    "ASEAN 4": (
        say.ALL_WORKERS,
        (say.PAPERS, say.WITHOUT),
        f"Joined from 2 submissions: {SPN.name}; others who are not shown",
    ),
    "ASEAN 5": (say.ORGANISE, (say.UNIONS,), f"From 1 submission: {SPN.name}"),
    "ASEAN 6": (say.LEGAL, (say.LEGAL,), f"From 1 submission: {BANTUAN.name}"),
    "ID 1": (say.RATIFIES, (say.RATIFY, say.RATIFY_ID), f"Joined from 2 submissions: {SPN.name}; {FAITH}"),
    "ID 2": (say.CHECKED, (say.CONTRACT, say.AT_SEA), f"Joined from 2 submissions: {SPN.name}; {UNION}"),
    "ID 3": (say.COMPLAINTS, (say.OFFICE,), f"From 1 submission: {SPN.name}"),
    "ID 4": (say.INSPECTED, (say.SHIPS,), f"From 1 submission: {UNION}"),
}


def anybody_reads(story: Story) -> None:
    """From the start page to the statement, and to the permanent address of each item; no cookie, no withheld name."""
    reader = story.visitor(viewport=DESK)
    reader.go("/en/")
    reader.open("Statements", part="header")
    reader.open(say.STATEMENT)
    story.picture(reader, "43-statement")
    assert story.told["statement"] in reader.page.url
    text = reader.text()
    for label, (words, _points, source) in ITEMS.items():
        assert [part for part in (*words.split("\n\n"), source) if part not in text] == []
        reader.follow(reader.page.get_by_role("link", name=f"Item {label}, permanent address"))
        assert words.split("\n\n")[0] in reader.text()
        assert source in reader.text()
        assert KAMPUNG.name not in reader.page.content()
        if label == "ASEAN 2":
            story.picture(reader, "44-item")
        reader.page.go_back()
    reader.open("Bahasa Indonesia beside it")
    story.picture(reader, "45-beside")
    assert say.PREAMBLE_ID in reader.text()
    assert KAMPUNG.name not in reader.page.content()
    assert reader.context.cookies() == []
    reader.leave()


def anybody_downloads(story: Story) -> None:
    """All kinds of file; none holds a name that is withheld; the data has the fingerprint that stands on the page."""
    reader = story.visitor(viewport=DESK)
    reader.go(story.told["statement"])
    row = reader.page.get_by_role("row", name="English prevails")
    files = {name: saves(story, reader, row.get_by_role("link", name=name, exact=True)) for name in KINDS}
    data = saves(story, reader, reader.page.get_by_role("link", name="Data (JSON)"))
    fingerprint = hashlib.sha256(data.read_bytes()).hexdigest()
    assert fingerprint in "".join(reader.text("#this-edition").split())
    words = {name: words_of(path) for name, path in {**files, "JSON": data}.items() if name != "PDF"}
    for name, found in words.items():
        assert KAMPUNG.name not in found, name
        assert [one for one in (say.FULL_DAY, say.CHECKED) if one not in found] == [], name
        # Text and data name nobody: they stay the same whatever becomes of a name.
        assert (say.RESERVATION in found) == (name not in {"TXT", "JSON"}), name
    sections = json.loads(data.read_text(encoding="utf-8"))["sections"]
    assert [len(one["items"]) for one in sections] == [6, 4]
    assert files["PDF"].read_bytes().startswith(b"%PDF-1.7")
    story.told |= {name: str(path) for name, path in files.items()} | {"JSON": str(data), "fingerprint": fingerprint}
    reader.leave()


KINDS = ("PDF", "DOCX", "ODT", "Akoma Ntoso", "TXT")
INSIDE = {".docx": "word/document.xml", ".odt": "content.xml"}


def saves(story: Story, reader: Visitor, link: Locator) -> Path:
    """Save what a link leads to under the name that it comes with: browsers show some kinds, and save others."""
    answer = reader.context.request.get(f"{story.site.url}{link.get_attribute('href')}")
    assert answer.status == HTTPStatus.OK
    path = story.folder / answer.headers["content-disposition"].split('"')[1]
    path.write_bytes(answer.body())
    return path


def words_of(path: Path) -> str:
    """Return what a file says, as far as it can be read without its own program."""
    if path.suffix in INSIDE:
        with zipfile.ZipFile(path) as archive:
            return archive.read(INSIDE[path.suffix]).decode()
    return " ".join(path.read_text(encoding="utf-8").split())


def anybody_checks(story: Story) -> None:
    """The page that takes a file: as issued, letter by letter, the same words in another file, changed."""
    reader = story.visitor()
    reader.go(story.told["statement"])
    reader.open("Check a document")
    verdicts = {name: checks(reader, Path(story.told[name])) for name in (*KINDS, "JSON")}
    issued = "This document is as the portal issued it"
    assert verdicts == {**dict.fromkeys(KINDS, issued), "JSON": "This is the edition, letter by letter"}
    story.picture(reader, "46-checked")
    changed = story.folder / "changed.txt"
    text = Path(story.told["TXT"]).read_text(encoding="utf-8")
    changed.write_text(text.replace("every contract", "some contracts"), encoding="utf-8")
    assert checks(reader, changed) == "This is not as it was issued"
    story.picture(reader, "47-changed")
    reader.leave()


def checks(reader: Visitor, path: Path) -> str:
    """Give a file to the page, and return what it says."""
    reader.page.get_by_label("File", exact=True).set_input_files(path)
    reader.send("Check it")
    return reader.text("#found h2").strip()

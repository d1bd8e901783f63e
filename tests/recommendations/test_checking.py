"""Anybody learns whether a document is an edition, whatever happened to it on its way."""

import io
import json
import zipfile

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from recommendations import canonical, documents
from recommendations.documents import checking, office
from recommendations.documents.checking import Verdict
from recommendations.models import Edition, Item
from stakeholders.models import PublicBody
from tests.conftest import as_person
from tests.recommendations.published import make_next_edition, make_published
from tests.recommendations.worded import WORDS, edition_of, make_worded

CHECK = reverse("document_check")


def made(edition, ending, language="th", beside=""):
    """Return a document of the edition."""
    people = documents.People(names=("Serikat",))
    return documents.issue(documents.sheet(edition, language, beside, people, {"ID": "Indonesia"}), ending)


def found(content):
    """Return what a file is for everybody."""
    return checking.check_file(content, Edition.objects.visible_to(AnonymousUser()).select_related("statement"))


def found_text(text):
    """Return what a pasted text is for everybody."""
    return checking.check_text(
        text, Edition.objects.visible_to(AnonymousUser()), Item.objects.visible_to(AnonymousUser())
    )


def saved_anew(content, old=b"", new=b""):
    """Return an office file as another program would save it: without the seal, perhaps with other words."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w") as fresh:
        for name in archive.namelist():
            fresh.writestr(name, archive.read(name).replace(old, new) if old else archive.read(name))
    return out.getvalue()


def office_words(content):
    """Return the words of an office file."""
    return "\n".join(line.text for line in office.lines_of(content))


@pytest.fixture
def edition(cast):
    return make_worded(cast, "th", ("th", "id"))


def test_the_data_is_the_edition_letter_by_letter(edition):
    one = found(edition.canonical.encode())
    assert (one.verdict, one.edition) == (Verdict.EXACT, edition)


@pytest.mark.parametrize("ending", documents.FORMATS)
@pytest.mark.parametrize("language", ["th", "id"])
def test_a_document_as_it_was_issued(edition, ending, language):
    one = found(made(edition, ending, language))
    assert (one.verdict, one.edition) == (Verdict.ISSUED, edition)


@pytest.mark.parametrize("ending", documents.FORMATS)
def test_a_changed_document(edition, ending):
    content = made(edition, ending)
    marks = checking.sealing.EDITION.search(content)
    changed = content.replace(edition.fingerprint.encode(), edition.fingerprint.encode())
    place = marks.start() - 30 if ending != "xml" else len(content) - 20
    changed = content[:place] + b"X" + content[place + 1 :]
    verdict = found(changed).verdict
    assert verdict in (
        {Verdict.CHANGED, Verdict.SAME_WORDS} if ending in {"docx", "odt", "txt", "xml"} else {Verdict.CHANGED}
    )
    assert verdict != Verdict.ISSUED


@pytest.mark.parametrize("ending", ["docx", "odt"])
def test_a_document_that_was_saved_anew_is_known_by_its_words(edition, ending):
    one = found(saved_anew(made(edition, ending, "id")))
    assert (one.verdict, one.edition, one.language) == (Verdict.SAME_WORDS, edition, "id")
    one = found(saved_anew(made(edition, ending, "id"), b"Larang", b"Izinkan"))
    assert (one.verdict, one.edition) == (Verdict.CHANGED, edition)


@pytest.mark.parametrize("ending", ["docx", "odt"])
def test_two_languages_that_were_saved_anew_stand_paragraph_by_paragraph(ending):
    texts = {"th": "ก ข\n(ก) ค\n\nง", "id": "Satu\n(a) dua\n\ntiga"}
    body = PublicBody(slug="m", name_en="Ministry")
    content = {"prevailing": "th", "title": {"th": "จ", "id": "Judul"}, "preamble": texts}
    edition = edition_of({**content, "entries": [canonical.Entry(None, 1, texts, [body])]})
    words = office_words(made(edition, ending, "th", "id"))
    assert words.index("(ก) ค") < words.index("(a) dua") < words.index("ง")
    for code, other in (("th", "id"), ("id", "th")):
        words = office_words(made(edition, ending, code, other))
        assert checking._holds(words, edition, code, other)  # noqa: SLF001 - no database is needed to see this
        assert not checking._holds(words.replace("dua", "dua puluh"), edition, code, other)  # noqa: SLF001
        assert not checking._holds(words.replace("dua", ""), edition, code, other)  # noqa: SLF001


def test_data_that_a_program_wrote_otherwise(edition):
    pretty = json.dumps(json.loads(edition.canonical), indent=2)
    assert found(pretty.encode()).verdict == Verdict.SAME_WORDS
    other = json.loads(edition.canonical)
    other["sections"][0]["items"][0]["text"]["th"] += "!"
    assert found(json.dumps(other).encode()).verdict == Verdict.UNKNOWN


@pytest.mark.parametrize("digits", [16, 40, 64])
def test_a_fingerprint(edition, digits):
    one = found_text(f"  {edition.fingerprint[:digits].upper()}\n")
    assert (one.verdict, one.edition) == (Verdict.FINGERPRINT, edition)
    assert found_text("0" * digits).verdict == Verdict.UNKNOWN


@pytest.mark.parametrize("code", ["th", "id"])
def test_the_words_of_an_item_however_lines_were_broken(edition, code):
    words = WORDS[code]
    broken = words[:30] + "\n" + words[30:]
    one = found_text(broken if code == "th" else words.replace(" ", "\n"))
    assert (one.verdict, one.item.number, one.language) == (Verdict.ITEM, 1, code)
    assert found_text(words + "!").verdict == Verdict.UNKNOWN


def test_pasted_data_and_text(edition):
    assert found_text(edition.canonical).verdict == Verdict.EXACT
    assert found_text(edition.canonical.rstrip("\n")).verdict == Verdict.EXACT
    assert found_text(made(edition, "txt").decode()).verdict == Verdict.ISSUED


@pytest.mark.parametrize(
    "content",
    [
        b"", b"%PDF-1.7 nothing", b"PK\x03\x04 broken", b"\xff\xfe\x00", b"{}", b'{"sections": 1}', b"[" * 5000,
        b'{"sections":"\\ud800"}', b"mufakat-edition:" + b"0" * 64, b"<akomaNtoso/>",
    ],
)  # fmt: skip
def test_anything_else_is_none_of_ours(edition, content):
    assert found(content).verdict == Verdict.UNKNOWN


def test_a_forged_seal(edition):
    content = made(edition, "txt")
    seal = checking.sealing.SEAL.search(content)[1]
    assert found(content.replace(seal, b"a" * 64)).verdict != Verdict.ISSUED


# --- The page -------------------------------------------------------------------------------------------------------


def test_the_page_answers_and_keeps_nothing(edition, visitor):
    page = visitor.get(CHECK)
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    file = SimpleUploadedFile("any.pdf", made(edition, "pdf"))
    said = visitor.post(CHECK, {"file": file}).content.decode()
    assert "This document is as the portal issued it" in said
    assert edition.get_absolute_url() in said
    assert "Choose a file, or paste a text or a fingerprint." in visitor.post(CHECK, {}).content.decode()


def test_what_is_too_large_is_not_read(edition, visitor, settings):
    settings.PAPER_MAX_BYTES = 100
    page = visitor.post(CHECK, {"file": SimpleUploadedFile("a.txt", b"x" * 200)}).content.decode()
    assert "This file has 1 MB" in page


def test_one_address_does_not_check_without_end(edition, visitor, settings):
    settings.LIMITS = {**settings.LIMITS, "search": "2/m/ip"}
    codes = [visitor.post(CHECK, {"text": "0" * 64}).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_an_earlier_edition_says_that_a_later_one_is_in_force(cast, visitor):
    published = make_published(cast)
    make_next_edition(published)
    page = visitor.post(CHECK, {"text": published.edition.fingerprint}).content.decode()
    assert "A later edition is in force." in page


def test_an_edition_that_is_not_published_is_none_for_others(cast, visitor):
    published = make_published(cast, publish=False)
    data = {"text": published.edition.fingerprint}
    assert "No edition on this portal is like this" in visitor.post(CHECK, data).content.decode()
    assert "No edition on this portal is like this" in as_person(cast.liaison).post(CHECK, data).content.decode()
    assert "This is the fingerprint of an edition" in as_person(cast.convenor).post(CHECK, data).content.decode()

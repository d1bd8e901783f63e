"""Text in a PDF is found and copied as it was typed, in scripts that stack marks."""

import re
import unicodedata

import pytest
import typst

from portal import searchable as reading
from portal import typesetting
from portal.searchable import searchable

# Syllables whose marks stand higher or lower than the font draws them by itself, and some twice in a row.
WORDS = {
    "th": "เกียรติศักดิ์ของมนุษย์ ทั้งการจำกัดเวลา มั่นคง ต่าง ๆ กำลัง",
    "km": "គ្មានជនណាម្នាក់ ត្រូវស្ថិតក្នុងទាសភាព សេចក្ដីប្រកាស ឡើយ គ្មាគ្មាន",
    "my": "ဖွဲ့စည်းပုံ မ္မစေခိုင်း ချို့ငဲ့ခြင်း ကြောက်ရွံ့ခြင်း မဲ့မဲ့ဖြစ်",
    "lo": "ທັງໝົດ ຜູ້ໃດຜູ້ໜຶ່ງ ຄ້າທາດ",
    "ta": "அனைவரும் உரிமையுடையவர் ஸ்ரீ",
    "en": "No one shall be held, officially, in slavery: “fi” and “ffi”.",
}
TEMPLATE = '#set document(title: "t")\n#set text(font: faces, lang: "{lang}")\n= t\n{words}\n'
FACES = (
    '#let faces = ("Noto Sans", "Noto Sans Thai", "Noto Sans Lao", "Noto Sans Khmer", "Noto Sans Myanmar", '
    '"Noto Sans Tamil")\n'
)


def typeset(lang):
    """Return the PDF of the words as the typesetter makes it."""
    source = (FACES + TEMPLATE.format(lang=lang, words=WORDS[lang])).encode()
    return typst.compile(source, font_paths=typesetting._fonts(), format="pdf", pdf_standards="ua-1")  # noqa: SLF001


def said(pdf):
    """Return what a reader is told that the file says: the outermost text for reading, else what the font says."""
    table = pdf.rfind(b"xref\n", 0, pdf.rfind(b"startxref"))
    objects = dict(reading._objects(pdf, table))  # noqa: SLF001
    words, open_, font = "", 0, b""
    for one in [match for match in map(reading.PAGE.search, objects.values()) if match]:
        resources, contents = map(int, one.groups())
        fonts = {name: reading._meaning(objects, int(at)) for name, at in reading.FONT.findall(objects[resources])}  # noqa: SLF001
        for token in reading.TOKEN.finditer(reading._stream(objects[contents])):  # noqa: SLF001
            shown = token["one"] or token["many"]
            if token["said"] is not None:
                words += "" if open_ else _text(token["said"])
                open_ += 1
            elif token["ends"]:
                open_ = max(open_ - 1, 0)
            elif token["font"]:
                font = token["font"]
            elif shown and not open_:
                glyphs = [part for part in reading._parts(shown) if isinstance(part, bytes)]  # noqa: SLF001
                words += "".join(_text(fonts[font].get(glyph, b"")) for glyph in glyphs)
    return words


def _text(digits):
    return bytes.fromhex(digits.decode()).decode("utf-16-be").removeprefix("\ufeff")


def folded(words):
    return re.sub(r"\s", "", unicodedata.normalize("NFC", words))


@pytest.mark.parametrize("lang", WORDS)
def test_a_sentence_is_copied_as_it_was_typed(lang):
    made = typeset(lang)
    assert folded(WORDS[lang]) in folded(said(searchable(made)))
    assert searchable(made) == searchable(made)
    assert searchable(searchable(made)) == searchable(made)


@pytest.mark.parametrize("lang", ["th", "km", "my"])
def test_without_it_syllables_are_said_again(lang):
    """When this fails, the typesetter has learnt it, and the module can go."""
    assert folded(WORDS[lang]) not in folded(said(typeset(lang)))


def test_latin_pages_stay_as_they_are():
    made = typeset("en")
    assert searchable(made) is made


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"%PDF-1.7 startxref", b"xref\n0 1\nstartxref\n"])
def test_what_is_built_otherwise_stays_as_it_is(content):
    assert searchable(content) == content


def test_each_object_is_where_the_table_says():
    made = searchable(typeset("km"))
    table = made.rfind(b"xref\n", 0, made.rfind(b"startxref"))
    assert made.endswith(b"startxref\n%d\n%%%%EOF" % table)
    for number, content in reading._objects(made, table):  # noqa: SLF001
        assert content.startswith(b"%d 0 obj" % number)

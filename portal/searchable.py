"""Text in a PDF that is found and copied as it was typed, in scripts that stack marks.

The typesetter draws a mark that stands higher or lower in a piece of its own, and says of each piece that it is the
whole syllable: Khmer “ម្នាក់” was copied as “ម្នាម្នាក់ក់”, and a search found nothing. Here every further
piece of a syllable says nothing. What is drawn, and where, stays as it is.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial

TOKEN = re.compile(
    rb"/Span<</ActualText<(?P<said>[0-9a-fA-F]*)>>>BDC|/(?P<font>f\d+) [\d.]+ Tf|(?P<ends>EMC)"
    rb"|(?P<one>\((?:\\.|[^\\()])*\)|<[0-9a-fA-F]*>)Tj"
    rb"|(?P<many>\[(?:\((?:\\.|[^\\()])*\)|<[0-9a-fA-F]*>|[-\d. ])*\])TJ",
    re.DOTALL,
)
PART = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9a-fA-F]*>|-?[\d.]+", re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
OBJECT = re.compile(rb"(\d+) 0 obj\s*(?P<dict><<.*?>>)\s*(?:stream\r?\n|endobj)", re.DOTALL)
PAGE = re.compile(rb"/Type/Page/Resources (\d+) 0 R.*?/Contents (\d+) 0 R", re.DOTALL)
FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
CHAR = re.compile(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>")
# Adobe's reader and Poppler take the outer text, which is empty; PDFium overlooks an empty one and takes the inner.
NOTHING = b"/Span<</ActualText<FEFF>>>BDC/Span<</ActualText<FEFF0000>>>BDC "
GROUP = -1
ONE = 4  # digits of one letter

Meaning = Mapping[bytes, bytes]  # what a glyph says: its text in UTF-16, both in hexadecimal


def searchable(pdf: bytes) -> bytes:
    """Return the PDF with each syllable said once. One that is built in another way is returned as it is."""
    table = pdf.rfind(b"xref\n", 0, pdf.rfind(b"startxref"))
    if table < 0 or not _offsets(pdf, table):
        return pdf
    objects = dict(_objects(pdf, table))
    changed = {}
    meaning = cache(partial(_meaning, objects))
    for resources, contents in {match.groups() for one in objects.values() for match in [PAGE.search(one)] if match}:
        fonts = {name: meaning(int(number)) for name, number in FONT.findall(objects[int(resources)])}
        if not any(_stacks(one) for one in fonts.values()):
            continue
        stream = _stream(objects[int(contents)])
        said = _Page(stream, fonts).said_once()
        if said != stream:
            packed = zlib.compress(said)
            head = b"%b 0 obj\n<</Length %d/Filter/FlateDecode>>\nstream\n" % (contents, len(packed))
            changed[int(contents)] = head + packed + b"\nendstream\nendobj\n\n"
    return _joined(pdf, table, objects, changed) if changed else pdf


def _offsets(pdf: bytes, table: int) -> list[tuple[int, int]]:
    """Return place and number of each object, by the table at the end."""
    lines = pdf[table:].split(b"trailer")[0].splitlines()[2:]
    return sorted((int(line[:10]), number) for number, line in enumerate(lines) if line[17:18] == b"n")


def _objects(pdf: bytes, table: int) -> Iterator[tuple[int, bytes]]:
    places = _offsets(pdf, table)
    ends = [place for place, _number in places[1:]] + [table]
    for (place, number), end in zip(places, ends, strict=True):
        yield number, pdf[place:end]


def _stream(content: bytes) -> bytes:
    found = OBJECT.match(content)
    if not found or b"/FlateDecode" not in found["dict"]:
        return b""
    return zlib.decompressobj().decompress(content[found.end() :])


def _meaning(objects: Mapping[int, bytes], number: int) -> Meaning:
    """Return what each glyph of a font says."""
    found = re.search(rb"/ToUnicode (\d+) 0 R", objects[number])
    pairs = CHAR.findall(_stream(objects[int(found[1])])) if found else []
    return {glyph.upper(): text.upper() for glyph, text in pairs}


def _stacks(meaning: Meaning) -> bool:
    """Whether a glyph of the font says several letters beyond the Latin ones."""
    return any(len(text) > ONE and text >= b"0E00" for text in meaning.values())


def _joined(pdf: bytes, table: int, objects: Mapping[int, bytes], changed: Mapping[int, bytes]) -> bytes:
    """Return the file with the changed objects in it, and a table of where each is now."""
    places = _offsets(pdf, table)
    parts, where = [pdf[: places[0][0]]], {}
    reached = len(parts[0])
    for _place, number in places:
        part = changed.get(number, objects[number])
        where[number] = reached
        parts.append(part)
        reached += len(part)
    entries = [b"0000000000 65535 f\r\n"]
    entries += [b"%010d 00000 n\r\n" % where[number] for number in range(1, len(where) + 1)]
    trailer = re.search(rb"trailer\n.*?startxref\n", pdf[table:], re.DOTALL)
    end = b"xref\n0 %d\n" % len(entries) + b"".join(entries) + trailer[0] + b"%d\n%%%%EOF" % reached
    return b"".join([*parts, end])


@dataclass(frozen=True, slots=True)
class _Piece:
    """Glyphs that say something: a whole group, or one glyph of what is shown outside of any."""

    tokens: tuple[int, ...]
    place: int  # of the glyph among what its token shows; GROUP for a group
    font: bytes
    text: bytes
    glyphs: tuple[bytes, ...]


class _Page:
    """What a page draws, read from its beginning."""

    def __init__(self, stream: bytes, fonts: Mapping[bytes, Meaning]) -> None:
        self.stream = stream
        self.tokens = list(TOKEN.finditer(stream))
        self.fonts = fonts
        self.instead: dict[int, bytes] = {}  # what is written in the place of a token

    def said_once(self) -> bytes:
        """Return the page with each syllable said by its first piece alone."""
        for piece in self._further():
            self._silence(piece)
        written, reached = list[bytes](), 0
        for number, token in enumerate(self.tokens):
            written += [self.stream[reached : token.start()], self.instead.get(number, token[0])]
            reached = token.end()
        return b"".join([*written, self.stream[reached:]])

    def _silence(self, one: _Piece) -> None:
        begin, *_between, end = [*one.tokens, one.tokens[-1]]
        if one.place == GROUP:
            self.instead |= {begin: NOTHING, end: b"EMC EMC"}
        elif begin not in self.instead:
            parts = list(_parts(self.tokens[begin]["one"] or self.tokens[begin]["many"]))
            rest = (parts[: one.place], parts[one.place + 1 :])
            front, back = (b"[%b]TJ" % b" ".join(map(_written, some)) if some else b"" for some in rest)
            self.instead[begin] = front + NOTHING + b"[%b]TJ\nEMC EMC " % _written(parts[one.place]) + back

    def _further(self) -> Iterator[_Piece]:
        """Yield each piece of a syllable but its first: it says the same in one font, and no glyph comes twice."""
        here: list[_Piece] = []
        for piece in self._pieces():
            same = bool(here) and (piece.font, piece.text) == (here[0].font, here[0].text) and len(piece.text) > ONE
            if same and not any(piece.glyphs[0] in one.glyphs for one in here):
                here.append(piece)
                yield piece
            else:
                here = [piece]

    def _pieces(self) -> Iterator[_Piece]:
        font, group = b"", list[int]()
        for number, token in enumerate(self.tokens):
            shown = token["one"] or token["many"]
            if token["font"]:
                font = token["font"]
            elif token["said"] is not None:
                group = [number]
            elif token["ends"] and group:
                yield from self._group([*group, number], font)
                group = []
            elif shown and group:
                group.append(number)
            elif shown:
                for place, one in enumerate(_parts(shown)):
                    if isinstance(one, bytes):
                        yield _Piece((number,), place, font, self.fonts.get(font, {}).get(one, b""), (one,))

    def _group(self, numbers: list[int], font: bytes) -> Iterator[_Piece]:
        begin, *shows, _end = (self.tokens[number] for number in numbers)
        glyphs = [one for show in shows for one in _parts(show["one"] or show["many"]) if isinstance(one, bytes)]
        if glyphs:
            yield _Piece(tuple(numbers), GROUP, font, begin["said"].upper().removeprefix(b"FEFF"), tuple(glyphs))


def _written(part: bytes | str) -> bytes:
    return b"<" + part + b">" if isinstance(part, bytes) else part.encode()


def _parts(shown: bytes) -> Iterator[bytes | str]:
    """Yield what is shown: glyphs as four hexadecimal digits in bytes, the room between them as text."""
    for part in PART.findall(shown):
        if part[:1] not in b"(<":
            yield part.decode()
            continue
        digits = part[1:-1].upper() if part[:1] == b"<" else _unescaped(part[1:-1]).hex().upper().encode()
        for place in range(0, len(digits), 4):
            yield digits[place : place + 4]


def _unescaped(words: bytes) -> bytes:
    def plain(found: re.Match[bytes]) -> bytes:
        one = found[1]
        return bytes([int(one, 8) & 255]) if one.isdigit() else ESCAPES.get(one, one)

    return ESCAPED.sub(plain, words)

"""Texts by paragraph: a change that somebody proposes is carried over to a text that others changed meanwhile.

A paragraph is a line with words in it; the lines without words belong to the paragraph before them. Two paragraphs are
the same where their words are, whatever stands between them.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from portal.differences import marked

CARRIED, REBASED, COLLIDED, THERE = "carried", "rebased", "collided", "there"
PIECE = re.compile(r"[^\n]*\n*")


@dataclass(frozen=True, slots=True)
class Row:
    """One paragraph beside what became of it; the number is its place in the older text, 0 for one that is new."""

    number: int
    old: str
    new: str

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.old != self.new

    @property
    def difference(self) -> SafeString:
        """Return the new words with what was taken out and put in marked."""
        return marked(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Merged:
    """What a proposed text is on top of the text as it stands now. Where they collide `text` is empty."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    pieces: tuple[str, ...]

    def same(self, other: "_Change") -> bool:
        """Whether both put the same words into the same place."""
        words = [one.strip() for one in self.pieces] == [one.strip() for one in other.pieces]
        return (self.start, self.end) == (other.start, other.end) and words

    def meets(self, other: "_Change") -> bool:
        """Whether both touch one paragraph, or one of them puts something where the other changes."""
        if max(self.start, other.start) < min(self.end, other.end):
            return True
        inserted = self.start == self.end or other.start == other.end
        return inserted and max(self.start, other.start) <= min(self.end, other.end)


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of the text, without what stands between them."""
    return [piece.strip() for piece in _pieces(text)]


def _pieces(text: str) -> list[str]:
    """Return the paragraphs, each with the empty lines after it."""
    found: list[str] = []
    for piece in PIECE.findall(text.replace("\r\n", "\n").strip("\n")):
        if piece.strip():
            found.append(piece)
        elif piece and found:
            found[-1] += piece
    return found


def _opcodes(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def by_paragraph(old: str, new: str) -> list[Row]:
    """Return both texts paragraph by paragraph: those that stayed, that were changed, taken out, and put in."""
    before, after = paragraphs(old), paragraphs(new)
    rows = []
    for _kind, old_from, old_to, new_from, new_to in _opcodes(before, after):
        for step in range(max(old_to - old_from, new_to - new_from)):
            there, here = old_from + step, new_from + step
            was = before[there] if there < old_to else ""
            rows.append(Row(there + 1 if there < old_to else 0, was, after[here] if here < new_to else ""))
    return rows


def differs(old: str, new: str) -> bool:
    """Whether the words of the two differ, whatever stands between their paragraphs."""
    return paragraphs(old) != paragraphs(new)


def merged(base: str, proposed: str, now: str) -> Merged:
    """Carry what `proposed` changes in `base` over to `now`, which others wrote from the same base.

    Untouched text is carried as it is; paragraphs that only one side changed are brought together; where both sides
    changed one paragraph in different ways they collide, and nothing is decided here.
    """
    mine, theirs = _changes(base, proposed), _changes(base, now)
    if not theirs:
        return Merged(CARRIED, proposed)
    new = [one for one in mine if not any(one.same(other) for other in theirs)]
    if not new:
        return Merged(THERE, now)
    if any(one.meets(other) for one in new for other in theirs):
        return Merged(COLLIDED)
    return Merged(REBASED, _joined(_pieces(base), [*new, *theirs]))


def _changes(old: str, new: str) -> list[_Change]:
    pieces = _pieces(new)
    codes = _opcodes(paragraphs(old), [piece.strip() for piece in pieces])
    found = []
    for kind, start, end, new_from, new_to in codes:
        if kind == "replace" and end - start == new_to - new_from:
            # As many as before: each paragraph is a change of its own.
            pairs = zip(range(start, end), pieces[new_from:new_to], strict=True)
            found += [_Change(place, place + 1, (piece,)) for place, piece in pairs]
        elif kind != "equal":
            found.append(_Change(start, end, tuple(pieces[new_from:new_to])))
    return found


def _joined(pieces: list[str], changes: list[_Change]) -> str:
    """Return the text with the changes in it; none of them touches another."""
    between = "\n\n" if any("\n\n" in piece for piece in pieces) else "\n"
    rest, found = 0, list[str]()
    for change in sorted(changes, key=lambda one: (one.start, one.end)):
        found += [*pieces[rest : change.start], *change.pieces]
        rest = change.end
    found += pieces[rest:]
    ended = [piece if piece.endswith("\n") else piece + between for piece in found]
    return "".join(ended).rstrip("\n")

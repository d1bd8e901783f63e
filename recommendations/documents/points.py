"""How a text stands on paper: its paragraphs, the points inside them, and two languages row by row.

Nothing here changes a word. A line that begins with a number or a letter of its own, such as “(a)”, hangs beside it.
"""

import re
from dataclasses import dataclass

from recommendations.documents.sheet import paragraphs
from recommendations.models.wording import Passage

DEEPEST = 3
# Digits and letters of any script: “1.2”, “(a)”, “iv.”, “(ก)”, “១.”, “၁။”, and bullets.
LABEL = re.compile(
    r"(?:\(?(?P<number>\d{1,3}(?:\.\d{1,3})*)[.)။]?|\(?(?P<letter>[^\W\d_]{1,5})[.)]|[•·▪–—*-])\s+(?=\S)"
)
BARE_NUMBER = re.compile(r"\d{1,3}\s")  # “12 countries …” is no point
ROMAN = re.compile(r"[ivxl]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a point of one; how deep it stands, and whether an empty line is before it."""

    words: str
    level: int = 0
    opens: bool = True


Row = tuple[tuple[Block, ...], ...]


def blocks(text: str) -> list[Block]:
    """Return the paragraphs of a text, and its points as blocks of their own."""
    found: list[Block] = []
    levels = _Levels()
    for part in paragraphs(text):
        opens = True
        for line in part.split("\n"):
            level = levels.of(line)
            if opens or level:
                found.append(Block(line, level, opens))
            else:
                last = found.pop()
                found.append(Block(f"{last.words}\n{line}", last.level, last.opens))
            opens = False
    return found


def rows(main: Passage, beside: Passage) -> list[Row]:
    """Return what stands beside each other: block by block where both have the same ones, else all of it at once."""
    left, right = blocks(main.text), blocks(beside.text)
    if beside.missing or main.missing or [one.level for one in left] != [one.level for one in right]:
        return [(tuple(left), tuple(right))]
    return [((one,), (other,)) for one, other in zip(left, right, strict=True)]


class _Levels:
    """Finds how deep a point stands: each new kind of number is one step deeper than the one before it."""

    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.letter = ""

    def of(self, line: str) -> int:
        """Return the level of the line; 0 where it is no point."""
        found = LABEL.match(line)
        if not found or BARE_NUMBER.match(line):
            return 0
        kind = self._kind(found["number"] or "", found["letter"] or "")
        if not kind:
            return 0
        if kind in self.kinds:
            del self.kinds[self.kinds.index(kind) + 1 :]
        else:
            self.kinds.append(kind)
        return min(len(self.kinds), DEEPEST)

    def _kind(self, number: str, letter: str) -> str:
        if number:
            return "1" + ".1" * number.count(".")
        if not letter:
            return "•"
        follows = len(self.letter) == len(letter) == 1 and ord(letter) == ord(self.letter) + 1
        if ROMAN.fullmatch(letter) and not follows:  # “(i)” after “(h)” is a letter
            return "i" if letter.islower() else "I"
        if len(letter) > 1:
            return ""  # “etc.” is a word
        self.letter = letter
        return "A" if letter.isupper() else "a"

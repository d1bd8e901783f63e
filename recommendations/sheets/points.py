"""From lines to points: which lines are numbered, which go on, which lead in, and under which heading they stand.

A line that leads in (“Governments should:”) is no point: its words stand before each of the points under it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from portal import text
from recommendations.sheets.lines import ROMAN, Line, Marker, marker_of

LEADS_IN = (":", "：", "៖", "؛", ";–", "—")
ENDS = (".", ";", ",", "!", "?", "。", "។", "။", "；")
STOPS = (".", "!", "?", "。", "។", "။", ";", "；")  # after these a sentence is over: no program broke the line there
SHORT = 80  # characters of a heading; a point is rarely shorter than its heading, and never both
LIST_END = re.compile(
    r"[;,；]\s{0,3}(?:and|or|dan|atau|serta)?$", re.IGNORECASE
)  # a point is no part of a sentence now
WRAPPED = 50  # characters from which a line may have been broken by a program
FEWEST_NUMBERED = 2  # one number alone may be a date or an article


@dataclass(frozen=True, slots=True)
class Point:
    """One point that the sheet seems to make, and the section whose heading it stands under, if any."""

    text: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The points of a sheet, and what was left aside because it carries no number."""

    points: list[Point]
    aside: list[str]


def joined(lines: Iterable[str]) -> str:
    """Return the lines as one text: where one does not end a sentence, only a program broke it."""
    whole = ""
    for line in lines:
        gap = "" if not whole else "\n" if whole.endswith(ENDS) else " "
        whole += gap + line.strip()
    return whole


@dataclass(slots=True)
class _Node:
    """A point on its way: its words, how deep it stands, what stands under it."""

    words: list[str]
    level: int
    heading: str
    children: list["_Node"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return joined(self.words)


Heading = Callable[[str, bool], str]


def propose(lines: Iterable[Line], heading: Heading) -> Proposal:
    """Return the points that the lines make. `heading` says which section a line is the heading of, if of any."""
    lines = [line for line in lines if not text.is_blank(line.text) or line.gap]
    marked = [line.level is not None or marker_of(line.text)[0] is not None for line in lines]
    if sum(marked) >= FEWEST_NUMBERED:
        return _Reading(heading).numbered(lines)
    return _plain(lines, heading)


class _Reading:
    """Reads a sheet in which points carry numbers."""

    def __init__(self, heading: Heading) -> None:
        self.heading = heading
        self.section = ""
        self.kinds: list[str] = []
        self.last: dict[str, str] = {}
        self.roots: list[_Node] = []
        self.path: list[_Node] = []
        self.aside: list[str] = []

    def numbered(self, lines: list[Line]) -> Proposal:
        """Return what the lines make."""
        for line in lines:
            self._take(line)
        points = [point for node in self.roots for point in _points(node, [])]
        return Proposal(points, self.aside)

    def _take(self, line: Line) -> None:
        marker, words = marker_of(line.text)
        if line.level is not None:
            marker, words = Marker(f"list{line.level}"), line.text.strip() if marker is None else words
        section = "" if self._goes_on(line, marker) else self.heading(words, self._stands_alone(line, marker))
        if section:
            self.section, self.kinds, self.path = section, [], []
        elif line.heading and len(words) <= SHORT:
            self.kinds, self.path = [], []
            self.aside.append(words)
        elif marker is not None and words:
            self._begin(marker, words, line.level)
        elif self.path and not line.gap and words:
            self.path[-1].words.append(words)
        elif words:
            self.path = []
            self.aside.append(words)

    @staticmethod
    def _stands_alone(line: Line, marker: Marker | None) -> bool:
        return line.heading or (line.gap and marker is None)

    def _goes_on(self, line: Line, marker: Marker | None) -> bool:
        """Whether a program broke the line here: the one before is long and ends no sentence, and no number begins."""
        if marker is not None or line.gap or not self.path:
            return False
        before = self.path[-1].words[-1].rstrip()
        return len(before) >= WRAPPED and not before.endswith(STOPS)

    def _begin(self, marker: Marker, words: str, line_level: int | None) -> None:
        kind = self._kind(marker)
        if line_level is not None:
            self.kinds = [one for one in self.kinds if not one.startswith("list") or int(one[4:]) <= line_level]
        if kind in self.kinds:
            del self.kinds[self.kinds.index(kind) + 1 :]
        else:
            self.kinds.append(kind)
        self.last[kind] = marker.name
        level = len(self.kinds) - 1
        node = _Node([words], level, self.section)
        while self.path and self.path[-1].level >= level:
            self.path.pop()
        (self.path[-1].children if self.path else self.roots).append(node)
        self.path.append(node)

    def _kind(self, marker: Marker) -> str:
        """Return the kind of number: “i” after “h” is a letter, else it is a Roman number."""
        letter, shape = marker.kind[:1], marker.kind[1:]
        if letter not in {"a", "A"} or not set(marker.name) <= ROMAN:
            return marker.kind
        before = self.last.get(marker.kind, "")
        if len(before) == 1 and marker.kind in self.kinds and ord(marker.name) == ord(before) + 1:
            return marker.kind
        roman = ("i" if letter == "a" else "I") + shape
        return roman if marker.name in {"i", "I"} or roman in self.kinds else marker.kind


def _points(node: _Node, before: list[str]) -> Iterator[Point]:
    leads = bool(node.children) and node.text.rstrip().endswith(LEADS_IN)
    if not leads:
        yield Point(LIST_END.sub("", " ".join([*before, node.text]).strip()).rstrip(), node.heading)
    passed = [*before, node.text.strip()] if leads else before
    for child in node.children:
        yield from _points(child, passed)


def _plain(lines: list[Line], heading: Heading) -> Proposal:
    """Return the points of a sheet without numbers: a line each, or a paragraph each where paragraphs have lines."""
    blocks: list[list[str]] = []
    section, sections, aside = "", [], []
    for line in lines:
        marker, words = marker_of(line.text)
        found = heading(words, line.heading)
        if found or (line.heading and len(words) <= SHORT):
            section = found or section
            aside += [] if found else [words]
            blocks.append([])
            sections.append(section)
            continue
        if line.gap or not blocks:
            blocks.append([])
            sections.append(section)
        if words:
            blocks[-1].append(words if marker else line.text.strip())
    whole = _paragraphs(blocks)
    points = [
        Point(words, under)
        for block, under in zip(blocks, sections, strict=True)
        for words in ([joined(block)] if whole and block else block)
    ]
    return Proposal(points, aside)


def _paragraphs(blocks: list[list[str]]) -> bool:
    """Whether lines are only where a program broke them: several paragraphs, whose lines do not end a sentence."""
    filled = [block for block in blocks if block]
    broken = [line for block in filled for line in block[:-1]]
    return len(filled) > 1 and any(not line.rstrip().endswith(ENDS) for line in broken)

"""One line or paragraph of a sheet, and the number or bullet that stands before its words."""

import re
from dataclasses import dataclass

from portal import text

ROMAN = frozenset("ivxlIVXL")
CHINESE = frozenset("一二三四五六七八九十百")
BULLETS = "•●○∙·▪■□◦‣⁃–—\\-*►➢➤✓✔❖\uf0a7\uf0b7\uf0d8\uf0fc\uf02d"
# As typed: 1. · 1) · 1.1 · (1) · （一）· 一、 · (a) · a) · (ក) · iv. · •
DECIMAL = re.compile(r"(\d{1,3})[.)．、:။](?:\s+|(?=[^\W\d_]))")
DOTTED = re.compile(r"(\d{1,3}(?:\.\d{1,3})+)[.)]?\s+(?!million|billion|per\b|percent|juta|miliar)")
BRACKETED = re.compile(r"[(（]\s*([^()（）\s]{1,6})\s*[)）]\s*")
LETTERED = re.compile(r"([^\W\d_](?:[^\W\d_]{0,5}|\S{0,2}?))[.)។、]\s+")
CHINESE_NUMBER = re.compile(r"([一二三四五六七八九十]{1,3})[、.．]\s*")
BULLET = re.compile(rf"([{BULLETS}])\s+|([•●▪■►➢\uf0a7\uf0b7\uf0d8\uf0fc])\s*")
NAMED = re.compile(
    r"(?:recommendation|demand|point|rekomendasi|tuntutan|butir)\s+(\d{1,3})\s*[:.)–-]\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, or one paragraph of a file.

    `level` is how far it stands to the right where the program that wrote the file numbers by itself; `gap` tells
    that it does not go on with what stands before it.
    """

    text: str
    level: int | None = None
    heading: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Marker:
    """The number or bullet before the words: its kind tells which others are its equals, its name which one it is."""

    kind: str
    name: str = ""


def marker_of(line: str) -> tuple[Marker | None, str]:
    """Return the number or bullet that the line begins with, if there is one, and the words after it."""
    line = line.strip()
    for pattern, kind in ((NAMED, "1"), (DOTTED, ""), (DECIMAL, ""), (CHINESE_NUMBER, "一"), (BULLET, "•")):
        found = pattern.match(line)
        if found:
            name = found[1] or ""
            return Marker(kind or f"1{'.1' * name.count('.')}", name), line[found.end() :].strip()
    for pattern, shape in ((BRACKETED, "()"), (LETTERED, ".")):
        found = pattern.match(line)
        kind = _kind_of_letters(found[1]) if found else ""
        if found and kind:
            return Marker(kind + shape, found[1]), line[found.end() :].strip()
    return None, line


def _kind_of_letters(name: str) -> str:
    """Return which kind of number the letters are; nothing where they are a word or the name of something."""
    if name.isdecimal():
        return "1"
    if set(name) <= CHINESE:
        return "一"
    if text.length(name) == 1:
        return "A" if name.isupper() else "a"
    if set(name) <= ROMAN and (name.islower() or name.isupper()):
        return "I" if name.isupper() else "i"
    return ""

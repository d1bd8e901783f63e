"""What a point seems to be about: its section, whom it speaks to, its theme. All of it is only proposed."""

import re
from collections.abc import Iterable, Sequence

from modeltranslation.utils import get_translation_fields

from portal import text
from recommendations.models import Theme
from stakeholders.models import Country, PublicBody

ASEAN = "asean"
REGIONAL = ("ASEAN", "Regional", "อาเซียน", "អាស៊ាន", "ອາຊຽນ", "အာဆီယံ", "ஆசியான்", "东盟", "东南亚国家联盟")
# What may stand in a heading beside the name of the place.
_BESIDE = """a an and at by for from in of on the to level section part chapter issue issues regional national member
    members state states government governments republic kingdom sultanate union democratic people's peoples lao pdr
    recommendation recommendations demand demands point points position addressed
    dan di kepada pada para untuk bagian bab isu tingkat rekomendasi tuntutan butir pemerintah negara anggota republik
    nasional kerajaan regional"""
BESIDE = frozenset(_BESIDE.split())
LONGEST_HEADING = 60
NAME_AND = 24  # characters beside the name, in scripts that put no space between words
LONG_WORD = 5  # letters of a theme's name that tell something
STEM = 6
EVERYBODY = frozenset(("worker", "migran", "pekerj"))  # beginnings of words that nearly every point has: no theme's own
END = (".", ";", ",", "。", "។", "။")


def _names_of(thing: Country | PublicBody | Theme) -> list[str]:
    """Return its names in every language, folded for comparison."""
    names = {getattr(thing, name) or "" for name in get_translation_fields("name")}
    return sorted({text.comparison_key(name) for name in (*names, getattr(thing, "own_name", "")) if name})


class Guesses:
    """Knows the names of places, offices and themes in every language, and finds them in a point."""

    def __init__(
        self,
        countries: Iterable[Country],
        allowed: Sequence[Country],
        bodies: Iterable[PublicBody] = (),
        themes: Iterable[Theme] = (),
    ) -> None:
        self.allowed = {country.pk for country in allowed}
        self.usual = next(iter(self.allowed)) if len(self.allowed) == 1 else ASEAN
        regional = [text.comparison_key(name) for name in REGIONAL]
        self.places = [(ASEAN, regional), *((one.pk, _names_of(one)) for one in countries)]
        self.bodies = [(one.pk, _names_of(one), one.acronym) for one in bodies]
        self.themes = [(one.pk, _stems(one)) for one in themes]

    def heading(self, line: str, loose: bool) -> str:  # noqa: FBT001 - handed to the reader of lines
        """Return the section that the line is the heading of. `loose` allows words beside the name of the place."""
        if len(line) > LONGEST_HEADING or line.rstrip().endswith(END):
            return ""
        folded = text.comparison_key(line)
        found = self._named(folded)
        if len(found) != 1:
            return ""
        place, name = next(iter(found.items()))
        return place if loose or _only(folded, name) else ""

    def section(self, words: str, heading: str) -> str:
        """Return the section: of its heading, else the one country that it names, else the usual one."""
        if heading:
            return heading if heading == ASEAN or heading in self.allowed else self.usual
        named = self._named(text.comparison_key(words))
        own = [place for place in named if place in self.allowed]
        if len(own) == 1:
            return own[0]
        return ASEAN if ASEAN in named else self.usual

    def addressees(self, words: str) -> list[int]:
        """Return the offices that the point names."""
        folded = text.comparison_key(words)
        return [
            pk
            for pk, names, acronym in self.bodies
            if any(_holds(folded, name) for name in names) or (acronym and _holds(words, acronym))
        ]

    def theme(self, words: str) -> int | None:
        """Return the theme whose name shares most words with the point; None where none does, or two do alike."""
        folded = text.comparison_key(words)
        scored = sorted(((sum(stem in folded for stem in stems), pk) for pk, stems in self.themes), reverse=True)
        if not scored or not scored[0][0] or (len(scored) > 1 and scored[1][0] == scored[0][0]):
            return None
        return scored[0][1]

    def _named(self, folded: str) -> dict[str, str]:
        """Return the places that the folded words name, each with the name that stands there."""
        found = {}
        for place, names in self.places:
            name = next((name for name in names if _holds(folded, name)), "")
            if name:
                found[place] = name
        return found


def _stems(theme: Theme) -> list[str]:
    words = {word for name in _names_of(theme) for word in name.split()}
    return sorted({word[:STEM] for word in words if len(word) >= LONG_WORD} - EVERYBODY)


def _holds(words: str, name: str) -> bool:
    """Whether the name stands in the words: as a word of its own where words have spaces between them."""
    if name not in words:
        return False
    return not name.isascii() or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None


def _only(folded: str, name: str) -> bool:
    if not name.isascii():
        return len(folded) <= len(name) + NAME_AND
    rest = re.findall(r"[^\W\d_]+(?:'\w+)?", folded.replace(name, " ", 1))
    return all(word in BESIDE for word in rest)

"""Burmese in the old Zawgyi encoding: how sure one can be that a text is in it, and the same text in Unicode.

Zawgyi uses the code points of Unicode for other shapes, in the order in which the eye sees them. A shape is looked up
in a table; then each syllable is put in the order in which it is spoken. The table says what Unicode's CLDR transform
`Zawgyi-my` says; see docs/decisions/0010.
"""

import re
from functools import cache

from myanmartools import ZawgyiDetector

SURE, POSSIBLE = 0.95, 0.05
FEWEST_LETTERS = 8  # below, the detector guesses

# How a shape of Zawgyi is written in Unicode. The kinzi stands after its letter in Zawgyi, before it in Unicode.
_KINZI = "\u1004\u103a\u1039"
_MARK = "\ue000"  # stands for the kinzi until its syllable is put in order
_STACKED = {
    **{0x1060 + i: 0x1000 + i for i in range(4)},
    0x1065: 0x1005,
    0x1066: 0x1006,
    0x1067: 0x1006,
    0x1068: 0x1007,
    0x1069: 0x1008,
    0x106C: 0x100B,
    0x106D: 0x100C,
    0x1070: 0x100F,
    0x1071: 0x1010,
    0x1072: 0x1010,
    0x1073: 0x1011,
    0x1074: 0x1011,
    0x1075: 0x1012,
    0x1076: 0x1013,
    **{0x1077 + i: 0x1014 + i for i in range(6)},
    0x1085: 0x101C,
    0x1093: 0x1018,
}
_SHAPES = {
    **{shape: f"\u1039{chr(letter)}" for shape, letter in _STACKED.items()},
    **dict.fromkeys([0x103B, *range(0x107E, 0x1085)], "\u103c"),
    **dict.fromkeys([0x103A, 0x107D], "\u103b"),
    **dict.fromkeys([0x103D, 0x1087], "\u103e"),
    **dict.fromkeys([0x1094, 0x1095], "\u1037"),
    0x1033: "\u102f",
    0x1034: "\u1030",
    0x1039: "\u103a",
    0x103C: "\u103d",
    0x105A: "\u102b\u103a",
    0x1064: _MARK,
    0x108B: f"{_MARK}\u102d",
    0x108C: f"{_MARK}\u102e",
    0x108D: f"{_MARK}\u1036",
    0x1088: "\u103e\u102f",
    0x1089: "\u103e\u1030",
    0x108A: "\u103d\u103e",
    0x108E: "\u102d\u1036",
    0x106A: "\u1009",
    0x106B: "\u100a",
    0x1086: "\u103f",
    0x108F: "\u1014",
    0x1090: "\u101b",
    0x106E: "\u100d\u1039\u100d",
    0x106F: "\u100d\u1039\u100e",
    0x1091: "\u100f\u1039\u100d",
    0x1092: "\u100b\u1039\u100c",
    0x1097: "\u100b\u1039\u100b",
    0x1096: "\u1039\u1010\u103d",
    0x104E: "\u104e\u1004\u103a\u1038",
}
# The order of the signs after a letter and what is stacked under it.
_ORDER = {sign: place for place, sign in enumerate("\u103b\u103c\u103d\u103e\u1031\u102d\u102e\u1032\u102f\u1030")}
_ORDER |= {"\u102b": 10, "\u102c": 10, "\u103a": 14, "\u1036": 12, "\u1037": 13, "\u1038": 15}
_SIGNS = "\u102b-\u1030\u1032\u1036-\u1038\u103a\u103b\u103d\u103e"
_LETTER = "[\u1000-\u1027\u1029\u102a\u103f\u1040\u1044\u104e]"
_SYLLABLE = re.compile(f"([\u1031\u103c]*)({_LETTER})((?:\u1039[\u1000-\u1021]|[{_SIGNS}{_MARK}])*)")
_SPACE_BEFORE_SIGN = re.compile(r"\s+(?=[\u102b-\u1030\u1032\u1036-\u103a\u103c-\u103e])")
_WA = re.compile("(?<![\u1040-\u1049])\u1040(?=[\u1000-\u103f])|(?<=[\u102b-\u103e])\u1040(?![\u1040-\u1049])")
_BURMESE = re.compile("[\u1000-\u109f\uaa60-\uaa7f]")


@cache
def _detector() -> ZawgyiDetector:
    return ZawgyiDetector()


def zawgyi_probability(text: str) -> float:
    """Return how likely the text is in Zawgyi: 0 where it holds too few Burmese letters to say."""
    if len(_BURMESE.findall(text)) < FEWEST_LETTERS:
        return 0.0
    return max(0.0, _detector().get_zawgyi_probability(text))


def from_zawgyi(text: str) -> str:
    """Return a text that is in Zawgyi as it is written in Unicode. Call it only when a person said so."""
    shapes = _SPACE_BEFORE_SIGN.sub("", text).translate(_SHAPES)
    return _SYLLABLE.sub(_spoken, _letters_for_digits(shapes)).replace(_MARK, _KINZI).replace("\u1025\u102e", "\u1026")


def _letters_for_digits(text: str) -> str:
    """Return the text with letters where a digit of the same shape was typed: zero for wa, four for the sign."""
    text = re.sub("\u1044(?=\u1004)", "\u104e", text)
    return re.sub(
        "(?<![\u1040-\u1049])\u1040(?=[\u1000-\u103f])|(?<=[\u102b-\u103e])\u1040(?![\u1040-\u1049])", "\u101d", text
    )


def _spoken(found: re.Match) -> str:
    """Return one syllable in the order of Unicode."""
    before, letter, after = found.groups()
    kinzi = _KINZI if _MARK in after else ""
    stacked = "".join(re.findall("\u1039[\u1000-\u1021]", after))
    signs = re.sub(f"\u1039[\u1000-\u1021]|{_MARK}", "", after)
    # In a contraction the killer belongs to the letter, before its medial: two syllables in one.
    contracted = "\u103a\u103b" in signs
    signs = signs.replace("\u103a\u103b", "\u103b", 1) if contracted else signs
    signs = "".join(sorted({*before, *signs}, key=lambda sign: _ORDER[sign]))
    return kinzi + _right_letter(letter, signs, stacked) + ("\u103a" if contracted else "") + stacked + signs


def _right_letter(letter: str, signs: str, stacked: str) -> str:
    """Return nya where the vowel u was typed for it: the two share a shape."""
    return "\u1009" if letter == "\u1025" and (stacked or {"\u103a", "\u102c"} & set(signs)) else letter

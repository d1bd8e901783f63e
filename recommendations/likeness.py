"""Which texts say nearly the same: candidates by the rare pieces that they share, then compared letter by letter.

A text is cut into short runs of letters, so that it makes no difference whether a script sets spaces between its words
(Thai, Lao, Khmer, Burmese and Chinese do not). Two texts are compared only where they share runs that few others have;
how alike they are is told by RapidFuzz. Texts in different languages are never compared: a submission meets one in
another language through its translation.
"""

import hashlib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

from rapidfuzz import fuzz

from portal import text

Pair = tuple[int, int]
Progress = Callable[[int], Any]

ALIKE = 78  # of a hundred: what two texts must have in common
SHORTEST = 12  # letters of a text that is compared with others word by word; shorter ones must be equal
LATIN_RUN, SCRIPT_RUN, CHINESE_RUN = 5, 4, 2  # letters of a piece: a letter of Chinese says as much as a word elsewhere
COMPARED = 2000  # letters from the beginning that are cut into pieces
RARE = 14  # the rarest pieces of a text, by which others are found
CROWD = 24  # texts that share a piece and are compared each with each; further ones are compared with these
REPORT = 200  # texts between two reports of how far it is
MOST = 50  # submissions in a group: as many as can be made one recommendation at once


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one submission in one language: its own, or those of a translation."""

    submission: int
    language: str
    words: str


def key_of(words: str) -> str:
    """Return what is compared: no case, accents or invisible characters, and only letters, marks and digits."""
    folded = text.comparison_key(words)
    kept = "".join(char if char.isalnum() or _is_mark(char) else " " for char in folded)
    return " ".join(kept.split())


def _is_mark(char: str) -> bool:
    """Whether a character is part of a letter: vowel signs and tone marks of the region's scripts."""
    return unicodedata.category(char)[0] == "M"


def digest_of(texts: Iterable[Text]) -> str:
    """Return what tells whether a submission was compared with these words already."""
    parts = sorted(f"{one.language}\x1f{one.words}" for one in texts)
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()


def pieces_of(key: str) -> set[str]:
    """Return the runs of letters of a text, without its spaces."""
    letters = key.replace(" ", "")[:COMPARED]
    run = LATIN_RUN if letters.isascii() else SCRIPT_RUN
    if any("\u3400" <= char <= "\u9fff" for char in letters[:40]):
        run = CHINESE_RUN
    return {letters[start : start + run] for start in range(max(1, len(letters) - run + 1))}


def pairs(texts: Iterable[Text], fresh: set[int] | None = None, progress: Progress = lambda _done: None) -> set[Pair]:
    """Return the pairs of submissions that are alike, the smaller number first.

    With `fresh`, only pairs in which one of these takes part: the rest was compared before. `progress` is told now
    and then how many texts are done.
    """
    found: set[Pair] = set()
    done = 0
    for group in _by_language(texts).values():
        same, keys = _same_words(group)
        found |= {pair for members in same.values() for pair in _chain(members) if _wanted(pair, fresh)}
        for one, others in _candidates(keys).items():
            found.update(_compared(one, others, keys, same, fresh))
            done += len(same[one])
            if done // REPORT > (done - len(same[one])) // REPORT:
                progress(done)
    return found


def _by_language(texts: Iterable[Text]) -> dict[str, list[Text]]:
    languages: dict[str, list[Text]] = defaultdict(list)
    for one in texts:
        languages[one.language].append(one)
    return languages


def _same_words(texts: list[Text]) -> tuple[dict[int, list[int]], list[str]]:
    """Return who has each different text, and the texts: a form letter sent a hundred times is compared once."""
    numbers: dict[str, int] = {}
    owners: dict[int, list[int]] = defaultdict(list)
    for one in texts:
        key = key_of(one.words)
        if key:
            owners[numbers.setdefault(key, len(numbers))].append(one.submission)
    return owners, list(numbers)


def _chain(members: list[int]) -> Iterator[Pair]:
    ordered = sorted(set(members))
    yield from pairwise(ordered)


def _wanted(pair: Pair, fresh: set[int] | None) -> bool:
    return fresh is None or pair[0] in fresh or pair[1] in fresh


def _candidates(keys: list[str]) -> dict[int, set[int]]:
    """Return for each text the earlier ones that share one of its rarest pieces."""
    pieces = [pieces_of(key) if len(key) >= SHORTEST else set() for key in keys]
    frequency = Counter(piece for row in pieces for piece in row)
    holders: dict[str, list[int]] = defaultdict(list)
    found: dict[int, set[int]] = {}
    for number, row in enumerate(pieces):
        shared = [piece for piece in row if frequency[piece] > 1]
        rarest = sorted(shared, key=lambda piece: (frequency[piece], piece))[:RARE]
        found[number] = {other for piece in rarest for other in holders[piece][:CROWD]}
        for piece in rarest:
            holders[piece].append(number)
    return found


def _compared(
    one: int, others: set[int], keys: list[str], same: Mapping[int, list[int]], fresh: set[int] | None
) -> Iterator[Pair]:
    """Yield a pair for each other text that is alike; of submissions with equal words the first stands for all."""
    words = keys[one]
    for other in others:
        pair = (min(same[one][0], same[other][0]), max(same[one][0], same[other][0]))
        if fresh is not None and not fresh.intersection(same[one]) and not fresh.intersection(same[other]):
            continue
        if pair[0] != pair[1] and alike(words, keys[other]):
            yield pair


def alike(one: str, other: str) -> bool:
    """Whether two texts agree in most letters, in this order or with their words in another one."""
    straight = fuzz.ratio(one, other, score_cutoff=ALIKE)
    return bool(straight or (" " in one and fuzz.token_sort_ratio(one, other, score_cutoff=ALIKE)))


def clusters(found: Iterable[Pair], apart: Iterable[Pair] = (), begun: Iterable[set[int]] = ()) -> list[set[int]]:
    """Return the groups that the pairs make, beginning with those that are there.

    Two that a convenor set apart never come into one group, also not by way of a third. No group outgrows `MOST`.
    """
    barred: dict[int, set[int]] = defaultdict(set)
    for one, other in apart:
        barred[one].add(other)
        barred[other].add(one)
    group_of: dict[int, set[int]] = {}
    for group in begun:
        kept: set[int] = set(group)
        group_of.update(dict.fromkeys(kept, kept))
    for one, other in sorted(found):
        left, right = group_of.setdefault(one, {one}), group_of.setdefault(other, {other})
        if left is right or len(left) + len(right) > MOST or any(barred[member] & right for member in left):
            continue
        left |= right
        group_of.update(dict.fromkeys(right, left))
    unique = {id(group): group for group in group_of.values() if len(group) > 1}
    return sorted(unique.values(), key=min)


def all_pairs(members: Iterable[int]) -> list[Pair]:
    """Return every pair of the members, the smaller number first."""
    return list(combinations(sorted(members), 2))

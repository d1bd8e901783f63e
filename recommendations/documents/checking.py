"""Which edition a file or a text is: letter by letter, as it was issued, the same words in another file, or changed."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.enums import TextChoices
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from portal import languages
from portal.states import Refusal
from recommendations.documents import office, sealing
from recommendations.documents.points import rows
from recommendations.models import Edition, Item
from recommendations.models.wording import Passage, in_each_language

LEAST_DIGITS = 16  # of a fingerprint, as citations show it
LEAST_WORDS = 12  # characters of a text that is looked for
OPENING = 24
MOST_COMPARED = 300  # items that begin alike
BARE = re.compile(rf"[0-9a-fA-F]{{{LEAST_DIGITS},64}}")


class Verdict(TextChoices):
    """What was found."""

    EXACT = "exact", _("This is the edition, letter by letter")
    ISSUED = "issued", _("This document is as the portal issued it")
    SAME_WORDS = "same-words", _("The words are those of the edition, in another file")
    FINGERPRINT = "fingerprint", _("This is the fingerprint of an edition")
    ITEM = "item", _("These are the words of an item")
    CHANGED = "changed", _("This is not as it was issued")
    UNKNOWN = "unknown", _("No edition on this portal is like this")


SHAPES = {Verdict.CHANGED: "no", Verdict.UNKNOWN: "no", Verdict.SAME_WORDS: "info"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and the edition, or the item of it."""

    verdict: Verdict
    edition: Edition | None = None
    item: Item | None = None
    language: str = ""

    @property
    def shape(self) -> str:
        """Return the shape in which the verdict is drawn."""
        return SHAPES.get(self.verdict, "ok")


NOTHING = Finding(Verdict.UNKNOWN)


def check_file(content: bytes, editions: QuerySet[Edition]) -> Finding:
    """Return what the file is, judged by its content. The editions are those that the reader may see."""
    exact = editions.filter(fingerprint=hashlib.sha256(content).hexdigest()).first()
    if exact:
        return Finding(Verdict.EXACT, exact)
    named = editions.filter(fingerprint=sealing.named_edition(content)).first()
    if named and sealing.is_untouched(content):
        return Finding(Verdict.ISSUED, named)
    return _by_words(_words(content), editions, named)


def check_text(text: str, editions: QuerySet[Edition], items: QuerySet[Item]) -> Finding:
    """Return what the pasted text is: a fingerprint, a whole document, or the words of one item."""
    bare = text.strip()
    if BARE.fullmatch(bare):
        found = editions.filter(fingerprint__startswith=bare.lower()).first()
        return Finding(Verdict.FINGERPRINT, found) if found else NOTHING
    for content in (text.encode(), bare.encode() + b"\n"):
        found = check_file(content, editions)
        if found.verdict in {Verdict.EXACT, Verdict.ISSUED}:
            return found
    if found.verdict != Verdict.UNKNOWN:
        return found
    return _by_item(bare, items)


def _words(content: bytes) -> str:
    """Return the words of a file that we can read; nothing of any other."""
    try:
        return "\n".join(line.text for line in office.lines_of(content, strict=False))
    except Refusal:
        pass
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""


def _by_words(words: str, editions: QuerySet[Edition], named: Edition | None) -> Finding:
    """Compare with the edition that the file names in its marks, its text, or by being its data written otherwise."""
    as_data = editions.filter(fingerprint=_fingerprint_of_data(words)).first()
    if as_data:
        return Finding(Verdict.SAME_WORDS, as_data)
    found = named or editions.filter(fingerprint__in=_fingerprints(words)).first()
    if not found:
        return NOTHING
    spoken = list(_spoken(found))
    beside = [(code, other) for code in spoken for other in spoken if other != code]
    kinds = [*((code, "") for code in spoken), *beside]
    language = next((code for code, other in kinds if _holds(words, found, code, other)), "")
    return Finding(Verdict.SAME_WORDS if language else Verdict.CHANGED, found, language=language)


def _fingerprint_of_data(words: str) -> str:
    """Return the fingerprint of what somebody's program wrote with other spaces or in another order."""
    try:
        content = json.loads(words)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(content, dict) or "sections" not in content:
        return ""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    return hashlib.sha256(canonical.encode(errors="replace")).hexdigest()


def _fingerprints(words: str) -> list[str]:
    return [found.lower() for found in sealing.FINGERPRINT.findall(words)[:20]]


def _spoken(edition: Edition) -> Iterator[str]:
    content = json.loads(edition.canonical)
    items = [item["text"] for section in content.get("sections", ()) for item in section["items"]]
    for language in languages.LANGUAGES:
        if items and all(language.code in texts for texts in items):
            yield language.code


def _holds(words: str, edition: Edition, code: str, other: str) -> bool:
    """Whether every passage in the language, with the other one beside it, stands in the words, in its order."""
    content, folded, place = json.loads(edition.canonical), _folded(words), 0
    for passage in _passages(content, code, other):
        place = folded.find(_folded(passage), place)
        if place < 0:
            return False
        place += len(_folded(passage))
    return True


def _passages(content: Any, code: str, other: str) -> Iterator[str]:
    title = content.get("title", {})
    yield from (title.get(code, ""), title.get(other, ""))
    yield from _passage(content.get("preamble", {}), code, other)
    for section in content["sections"]:
        for item in section["items"]:
            yield from _passage(item["text"], code, other)


def _passage(texts: Any, code: str, other: str) -> Iterator[str]:
    """Yield what stands together: side by side a paragraph follows its translation, and addressees the last one."""
    if not texts.get(other):
        yield texts.get(code, "")
        return
    found = rows(Passage(texts.get(code, ""), code), Passage(texts[other], other))
    *most, last = ["".join(one.words for one in cell) for row in found for cell in row] or [""]
    yield "".join(most)
    yield last


def _folded(text: str) -> str:
    """Return the text without its spaces: programs break lines where they like."""
    return "".join(text.split())


def _by_item(text: str, items: QuerySet[Item]) -> Finding:
    """Look among the items that begin with the same word, or the same letters where words are not parted."""
    folded = _folded(text)
    if len(folded) < LEAST_WORDS:
        return NOTHING
    first = text.split(maxsplit=1)[0][:OPENING]
    begins = Q()
    for language in languages.LANGUAGES:
        column = build_localized_fieldname("text", language.code)
        begins |= Q(**{f"{column if language.shipped else f'more_texts__text__{language.code}'}__startswith": first})
    found = items.filter(begins).select_related("edition__statement").order_by("-edition__number", "pk")
    for item in found[:MOST_COMPARED]:
        code = next((code for code, words in in_each_language(item, "text").items() if _folded(words) == folded), "")
        if code:
            return Finding(Verdict.ITEM, item.edition, item, code)
    return NOTHING

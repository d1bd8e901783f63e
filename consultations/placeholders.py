"""The words of mails and letters: placeholders that are safe, and what stands in their place for each reader.

A text is kept as it was typed and is never a template: a placeholder is one of the names below in braces, nothing else
is looked up. What is each reader's own (`PERSONAL`) is left open here, so that a batch shares the rest.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import Consultation, Invitation, Wording
from consultations.states import Way, WordingKind
from portal import dates, languages
from stakeholders.states import Visibility

NAMES: dict[str, Any] = {
    "organisation": gettext_lazy("who is invited"),
    "title": gettext_lazy("the title of the consultation"),
    "days": gettext_lazy("the days"),
    "place": gettext_lazy("the city, or that it is online"),
    "answer_by": gettext_lazy("the last day for answers"),
    "seats": gettext_lazy("how many may come"),
    "organisers": gettext_lazy("who organises it, in the agreed order"),
    "promise": gettext_lazy("what is done with what they say"),
    "link": gettext_lazy("the personal link to answer"),
}
PERSONAL = frozenset({"organisation", "link"})
# A subject is read over somebody's shoulder, on a locked telephone, and by every server on the way.
IN_SUBJECT = ("title", "days", "place", "answer_by")
TELLING = frozenset({"title", "organisers"})  # what a discreet consultation keeps to itself
# The kinds whose words are written on a page of their own; a summary's are written where it is composed.
KINDS = (
    *(WordingKind.INVITATION, WordingKind.REMINDER, WordingKind.LETTER),
    *(WordingKind.MOVED, WordingKind.CANCELLED),
)
# In the mails about a change own words only open: what each reader is asked, and by which link, stands below them.
BELOW = {
    WordingKind.MOVED: frozenset({"link", "seats"}),
    WordingKind.CANCELLED: frozenset({"link", "seats", "answer_by", "promise"}),
}

_BRACES = re.compile(r"\{([^{}\n]*)\}")
_LINK = re.compile(r"[a-z][a-z0-9+.\-]*://[^\s<>\"]+|\bwww\.[^\s<>\"]+", re.IGNORECASE)
# What a mail program makes a link of by itself: a name with an ending that it knows, and no address of a mailbox.
_ENDINGS = (
    "com|org|net|info|biz|io|co|app|dev|me|ly|gl|cc|tk|ml|ga|cf|gq|xyz|top|site|online|link|click|live|page|news|"
    "asia|edu|gov|int|id|my|sg|th|vn|kh|la|mm|ph|bn|tl|eu|uk|us|cn|hk|jp|kr|tw|au|ru"
)
_BARE = re.compile(rf"(?<![\w@.\-/])(?:[\w\-]+\.)+(?:{_ENDINGS})(?![\w@\-])(?:[/:?#][^\s<>\"]*)?", re.IGNORECASE)
_PERSONAL_PATH = re.compile(r"/i/[^/]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, or the name of what is each reader's own."""

    text: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A subject and paragraphs in which only what is each reader's own is still open."""

    language: str
    subject: str
    paragraphs: tuple[tuple[Piece, ...], ...]

    @property
    def has_link(self) -> bool:
        """Whether the text says where the link stands; else it stands below."""
        return any(piece.name == "link" for paragraph in self.paragraphs for piece in paragraph)


def offered(consultation: Consultation, kind: str = WordingKind.INVITATION, *, subject: bool = False) -> list[str]:
    """Return the names that may be used: fewer in a subject, of a change, and where the consultation is discreet."""
    names, left_out = IN_SUBJECT if subject else tuple(NAMES), BELOW.get(WordingKind(kind), frozenset())
    return [name for name in names if name not in left_out and not (consultation.discreet and name in TELLING)]


# --- What is refused ------------------------------------------------------------------------------------------


def problems(words: str, names: list[str]) -> list[str]:
    """Return a sentence for each thing that keeps these words from being sent."""
    found = [_unknown(name, names) for name in dict.fromkeys(used(words)) if name not in names]
    if "{" in (rest := _BRACES.sub("", words)) or "}" in rest:
        found.append(_("A brace is left open. Write a placeholder with both braces, for example {days}."))
    return found + [_astray(link) for link in _foreign(words)]


def used(words: str) -> list[str]:
    """Return the names in braces, in their order."""
    return [name.strip() for name in _BRACES.findall(words)]


def _unknown(name: str, names: list[str]) -> str:
    told = ", ".join("{" + one + "}" for one in names)
    if name in NAMES:
        return _("{%(name)s} cannot be used here. There are: %(names)s.") % {"name": name, "names": told}
    return _("There is no placeholder {%(name)s}. There are: %(names)s.") % {"name": name, "names": told}


def _foreign(words: str) -> Iterator[str]:
    """Yield what would become a link to somewhere else, or to somebody else's invitation."""
    plain = "".join(char for char in unicodedata.normalize("NFKC", words) if unicodedata.category(char) != "Cf")
    plain = plain.replace("。", ".")
    own = urlsplit(settings.SITE_URL)
    for match in [*_LINK.finditer(plain), *_BARE.finditer(_LINK.sub(" ", plain))]:
        link = match[0]
        try:
            target = urlsplit(link if "://" in link else f"{own.scheme}://{link}")
            same = (target.hostname, target.port) == (own.hostname, own.port) and not target.username
        except ValueError:
            same = False
        if not same or target.scheme != own.scheme or _PERSONAL_PATH.search(target.path):
            yield link


def _astray(link: str) -> str:
    here = urlsplit(settings.SITE_URL).hostname
    if f"{here}/" in link and _PERSONAL_PATH.search(link):
        return _("“%(link)s” is one invitee's own link. Write {link}: each gets their own.") % {"link": link}
    return _(
        "“%(link)s” would become a link to another place. Mails link to %(host)s only, so that nobody learns to "
        "follow strange links. Put papers into the programme instead."
    ) % {"link": link, "host": here}


def tells_too_much(wording: Wording) -> bool:
    """Whether words that were fine when they were written name what a discreet consultation keeps to itself."""
    names = {*used(wording.subject), *used(wording.body)}
    return wording.consultation.discreet and bool(names & TELLING)


# --- What stands in their place -------------------------------------------------------------------------------


def filled(words: str, values: Mapping[str, str]) -> str:
    """Return the text with the values in place of their names; a name without a value stays as it was typed."""
    return _BRACES.sub(lambda match: str(values.get(match[1].strip(), match[0])), words)


def values_of(consultation: Consultation, language: str, seats: int = 1) -> dict[str, str]:
    """Return what is the same for all readers of a language."""
    with translation.override(languages.shipped_or_default(language)):
        return {
            "title": consultation.public_title,
            "days": dates.span(consultation.starts_on, consultation.ends_on, language),
            "place": _place(consultation),
            "answer_by": dates.day(consultation.answer_by or consultation.ends_on, language),
            "seats": str(seats),
            "organisers": _organisers(consultation),
            "promise": consultation.promise,
        }


def _place(consultation: Consultation) -> str:
    mode = consultation.get_mode_display()
    return f"{consultation.city} ({mode})" if consultation.city else mode


def _organisers(consultation: Consultation) -> str:
    if consultation.discreet:
        return _("the task force")
    return "; ".join(one.public_name for one in consultation.organisers.all()) or _("the task force")


def personal_name(invitation: Invitation, language: str) -> str:
    """Return how a mail speaks of the invited. A name that is withheld stays out of mail, also of their own.

    What goes through a trusted contact is read by somebody else: it says no more than everybody may know.
    """
    with translation.override(languages.shipped_or_default(language)):
        organisation = invitation.organisation
        if organisation is None:
            stays = invitation.way == Way.TRUSTED and bool(invitation.full_name)
            return _("somebody you know") if stays else str(invitation.body or invitation.full_name)
        if organisation.visibility == Visibility.WITHHELD or invitation.way == Way.TRUSTED:
            return organisation.public_name
        return organisation.name


def own_wording(consultation: Consultation, kind: str, language: str) -> Wording | None:
    """Return the convenors' own words in the language, or in the one in which such a reader is written to instead."""
    found = {one.language: one for one in consultation.wordings.all() if one.kind == kind}
    return found.get(language) or found.get(languages.shipped_or_default(language))


def written_in(consultation: Consultation, kind: str, language: str) -> str:
    """Return the language in which such a reader is written to."""
    own = own_wording(consultation, kind, language)
    return own.language if own else languages.shipped_or_default(language)


def words_for(invitation: Invitation, kind: str, language: str) -> Words | None:
    """Return the convenors' own words for a reader of the language; None where the usual words stand.

    They are worked out once per consultation object: a batch of mails shares one.
    """
    drafts = vars(invitation.consultation).setdefault("words_drafts", {})
    key = (kind, language, invitation.seats_offered)
    if key not in drafts:
        drafts[key] = _words(invitation.consultation, *key)
    return drafts[key]


def _words(consultation: Consultation, kind: str, language: str, seats: int) -> Words | None:
    own = own_wording(consultation, kind, language)
    if own is None:
        return None
    values = values_of(consultation, own.language, seats)
    paragraphs = tuple(_pieces(part, values) for part in re.split(r"\n\s*\n", own.body) if part.strip())
    return Words(own.language, filled(own.subject, values), paragraphs)


def _pieces(paragraph: str, values: Mapping[str, str]) -> tuple[Piece, ...]:
    """Return a paragraph cut at what is each reader's own."""
    pieces, end = [], 0
    for match in _BRACES.finditer(paragraph):
        name = match[1].strip()
        if name in PERSONAL:
            pieces += [Piece(filled(paragraph[end : match.start()], values)), Piece(name=name)]
            end = match.end()
    return tuple(piece for piece in [*pieces, Piece(filled(paragraph[end:], values))] if piece.text or piece.name)


# --- The usual words ------------------------------------------------------------------------------------------

_FACTS = (gettext_lazy("When: {days}\nWhere: {place}\nSeats: {seats}"), gettext_lazy("Organised by: {organisers}"))
_ANSWER = gettext_lazy("Please answer by {answer_by}. No account is needed:\n{link}")
_USUAL: dict[str, tuple[Any, tuple[Any, ...]]] = {
    WordingKind.INVITATION: (
        gettext_lazy("Invitation: consultation, {days}"),
        (
            gettext_lazy("You are invited to a consultation."),
            "{title}",
            *_FACTS,
            gettext_lazy("What is promised: {promise}"),
            _ANSWER,
        ),
    ),
    WordingKind.REMINDER: (
        gettext_lazy("Please answer by {answer_by}"),
        (
            gettext_lazy("You were invited to a consultation, and your answer has not come yet."),
            "{title}",
            _FACTS[0],
            _ANSWER,
        ),
    ),
    WordingKind.LETTER: (
        gettext_lazy("Invitation to a consultation, {days}"),
        (
            gettext_lazy("We have the honour to invite you to a consultation."),
            "{title}",
            *_FACTS,
            gettext_lazy("What is promised: {promise}"),
            gettext_lazy(
                "Please answer by {answer_by}: scan the code below, open the address beside it, or tell one of the "
                "convenors by telephone or letter."
            ),
        ),
    ),
    WordingKind.MOVED: (
        gettext_lazy("Moved: consultation, {days}"),
        (gettext_lazy("The consultation to which you are invited has been moved."), "{title}"),
    ),
    WordingKind.CANCELLED: (
        gettext_lazy("Cancelled: consultation, {days}"),
        (
            gettext_lazy("The consultation to which you were invited does not take place."),
            "{title}",
            gettext_lazy("You need not answer any more. What you sent in stays on record for the next time."),
        ),
    ),
}


def usual(consultation: Consultation, kind: str, language: str) -> tuple[str, str]:
    """Return the usual subject and text with their placeholders, to begin from."""
    names = set(offered(consultation, kind))
    with translation.override(languages.shipped_or_default(language)):
        subject, parts = _USUAL[kind]
        return str(subject), "\n\n".join(str(part) for part in parts if set(used(str(part))) <= names)

"""Which other organisations may be the same one: same name in other letters, same address, nearly the same words.

Only convenors see what is found here: it compares withheld names with all others.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from portal import text
from stakeholders.models import Organisation, OrganisationName
from stakeholders.states import NameKind, OrganisationState

GONE = (OrganisationState.MERGED, OrganisationState.DISSOLVED)
# The weight orders what is shown; the words say why it was found.
WHY = {
    "name": (9, _("same name")),
    "letters": (8, _("looks the same in other letters")),
    "address": (7, _("same contact address")),
    "website": (6, _("same web address")),
    "telephone": (5, _("same telephone")),
    "acronym": (4, _("same acronym, same country")),
    "words": (3, _("nearly the same words")),
}
# Where everybody has a page: there the page counts, not the host.
SHARED_HOSTS = ("facebook.com", "instagram.com", "linktr.ee", "sites.google.com", "twitter.com", "x.com", "youtube.com")
SHARED_DOMAINS = re.compile(r"^(www\.|m\.|web\.)+")
DIGITS_COMPARED = 8  # the end of a telephone number: how the country and the trunk are written differs
LETTERS_OF_A_WORD = 4  # shorter words are in too many names
WORDS_COMPARED = 6
MOST = 100  # more with one name or acronym are a matter for a search, not for a list
CANDIDATES = 40  # whose words are compared letter by letter
ALIKE = 0.8  # how much of two names must agree
SHOWN = 20


@dataclass(slots=True)
class LookAlike:
    """Another organisation, and each way in which it is like this one, with the words that met."""

    organisation: Organisation
    why: dict[str, str] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """Return how much speaks for the two being one."""
        return sum(WHY[reason][0] for reason in self.why)

    @property
    def reasons(self) -> list[dict[str, str]]:
        """Return why it was found, the strongest first, in the reader's language."""
        ordered = sorted(self.why, key=lambda reason: -WHY[reason][0])
        return [{"label": str(WHY[reason][1]), "text": self.why[reason]} for reason in ordered]


def look_alikes(organisation: Organisation) -> list[LookAlike]:
    """Return who may be the same organisation, the likeliest first. Four queries at most, however long the register."""
    names = [(kind, name) for kind, _language, name in organisation.all_names()]
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for pk, reason, words in _found(organisation, names):
        found[pk].setdefault(reason, words)
    rows = Organisation.objects.filter(pk__in=found).select_related("country")
    alike = [LookAlike(row, found[row.pk]) for row in rows]
    return sorted(alike, key=lambda one: (-one.weight, one.organisation.pk))[:SHOWN]


def _found(organisation: Organisation, names: list[tuple[str, str]]) -> Iterator[tuple[int, str, str]]:
    others = OrganisationName.objects.standing().exclude(organisation=organisation.pk)
    yield from _by_name(organisation, names, others)
    yield from _by_contact(organisation)
    yield from _by_words([name for kind, name in names if kind != NameKind.ACRONYM], others)


def _by_name(
    organisation: Organisation, names: list[tuple[str, str]], others: QuerySet
) -> Iterator[tuple[int, str, str]]:
    """Yield those with the same key or skeleton. An acronym meets another acronym only inside one country."""
    keys = {text.comparison_key(name) for _kind, name in names}
    skeletons = {text.skeleton(name) for _kind, name in names} - {""}
    full = {text.skeleton(name) for kind, name in names if kind != NameKind.ACRONYM} - {""}
    here = ~Q(kind=NameKind.ACRONYM) | Q(skeleton__in=full) | Q(organisation__country=organisation.country_id)
    met = others.filter(here, Q(key__in=keys) | Q(skeleton__in=skeletons))
    for pk, kind, words, key, skeleton in met.values_list("organisation", "kind", "text", "key", "skeleton")[:MOST]:
        is_name = kind != NameKind.ACRONYM or skeleton in full
        same = "name" if key in keys else "letters"
        yield pk, same if is_name else "acronym", words


def _by_contact(organisation: Organisation) -> Iterator[tuple[int, str, str]]:
    """Yield those with the same contact address, web address or telephone, in one pass over the table."""
    site, digits = site_of(organisation.website), digits_of(organisation.contact_phone)
    same = Q(pk=None)
    if organisation.contact_email:
        same |= Q(contact_email__iexact=organisation.contact_email)
    if site:
        same |= Q(website__icontains=site)
    if digits:
        same |= Q(phone_digits__endswith=digits)
    if not same.children[1:]:
        return
    others = Organisation.objects.exclude(pk=organisation.pk).exclude(state__in=GONE)
    asked = others.annotate(phone_digits=_digits("contact_phone")).filter(same)
    for pk, address, website, phone in asked.values_list("pk", "contact_email", "website", "contact_phone"):
        if organisation.contact_email and address.casefold() == organisation.contact_email.casefold():
            yield pk, "address", address
        if site and site_of(website) == site:
            yield pk, "website", website
        if digits and digits_of(phone) == digits:
            yield pk, "telephone", phone


def _digits(column: str) -> Any:
    """Return the column without what people write between digits."""
    found: Any = F(column)
    for mark in " -.()/":
        found = Replace(found, Value(mark), Value(""))
    return found


def digits_of(phone: str) -> str:
    """Return the end of a telephone number; nothing where it is too short to tell two people apart."""
    digits = "".join(char for char in phone if char.isascii() and char.isdigit())
    return digits[-DIGITS_COMPARED:] if len(digits) >= DIGITS_COMPARED else ""


def site_of(website: str) -> str:
    """Return the host of a web address; with the page where many share the host."""
    parts = urlsplit(website.casefold())
    host = SHARED_DOMAINS.sub("", parts.hostname or "")
    return f"{host}{parts.path}".rstrip("/") if host in SHARED_HOSTS else host


def _by_words(names: Iterable[str], others: QuerySet) -> Iterator[tuple[int, str, str]]:
    """Yield those whose names have most words in common, or nearly the same ones."""
    keys = {text.comparison_key(name) for name in names}
    words = sorted({word for key in keys for word in words_of(key)}, key=lambda word: (-len(word), word))
    words = words[:WORDS_COMPARED]
    if not words:
        return
    shared: Any = sum(
        (Case(When(key__contains=word, then=1), default=0, output_field=IntegerField()) for word in words),
        Value(0),
    )
    candidates = others.exclude(kind=NameKind.ACRONYM).annotate(shared=shared).filter(shared__gt=0)
    nearest = candidates.order_by("-shared", "organisation_id", "pk").values_list("organisation", "key", "text")
    for pk, key, words_there in nearest[:CANDIDATES]:
        if any(alike(key, own) for own in keys):
            yield pk, "words", words_there


def words_of(key: str) -> list[str]:
    """Return the words that tell names apart. Where a script sets no spaces, the first letters stand for a word."""
    words = [word for word in re.split(r"[^\w\u0300-\u109f\u1780-\u17ff]+", key) if len(word) >= LETTERS_OF_A_WORD]
    return [word if word.isascii() else word[:WORDS_COMPARED] for word in words]


def alike(one: str, other: str) -> bool:
    """Whether two names agree in most words, in any order, or letter by letter."""
    ours, theirs = set(one.split()), set(other.split())
    in_words = len(ours & theirs) / max(len(ours), len(theirs), 1)
    if in_words >= ALIKE:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE

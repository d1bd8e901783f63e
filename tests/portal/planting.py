"""Canaries: every text of a world becomes a word that occurs nowhere else, so that one word tells who leaked what."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from portal.field_classes import CLASSES

CANARY = re.compile(r"kanari(\d{5})", re.IGNORECASE)
# Fields that hold text and cannot hold a canary, each with the reason.
EXCUSED = {
    "portal.user.password": "nobody has one: an unusable mark",
    "portal.user.language": "must be a language",
    "portal.user.time_zone": "must be a zone",
    "portal.loghead.digest": "a digest: watched as it is",
    "portal.logentry.previous": "a digest: watched as it is",
    "portal.logentry.digest": "a digest: watched as it is",
    "portal.logentry.verb": "a word of ours",
    "portal.logentry.subject_type": "a name of a table",
    "portal.logentry.topic": "a name of a table and a number",
    "portal.outgoingmessage.purpose": "a name of a mail",
    "portal.outgoingmessage.language": "must be a language",
    "portal.outgoingmessage.time_zone": "must be a zone",
    "portal.blockedaddress.key": "a digest",
    "consultations.consultation.time_zone": "must be a zone",
    "consultations.session.time_zone": "must be a zone",
    "consultations.session.interpreters": "codes of languages",
    "consultations.invitation.nonce": "half of a secret: watched as it is",
    "consultations.invitation.token_hash": "the hash of a secret: watched as it is",
    "consultations.answer.verb": "a word of ours",
    "consultations.need.language": "must be a language",
    "consultations.seat.code": "a short code of ours, on a badge: it opens nothing",
    "consultations.seatrequest.language": "must be a language",
    "stakeholders.country": "a member state of ASEAN: known to everybody",
    "stakeholders.stakeholdergroup": "a kind of actor: known to everybody, and what stands in place of a name",
    "stakeholders.publicbody": "offices are known to everybody",
    "stakeholders.trait": "words of ours",
    "stakeholders.organisationname": "derived from the names, which are planted",
    "stakeholders.organisation.languages": "codes of languages",
    "stakeholders.organisation.name_key": "derived from the name, which is planted",
    "consultations.seat.name_key": "derived from name and office, which are planted",
    "stakeholders.listimport.state": "a word of ours",
    "recommendations.submission.form_key": "the key of a form: it opens nothing",
    "recommendations.submission.last_form_key": "the key of a form: it opens nothing",
    "recommendations.latecode.code_hash": "the hash of a secret: watched as it is",
    "recommendations.likeness.digest": "a digest",
    "recommendations.fate.key": "a digest",
    "recommendations.workingtranslation.language": "must be a language",
    "recommendations.bracket.language": "must be a language",
    "recommendations.comment.language": "must be a language",
    "recommendations.amendment.language": "must be a language",
    "recommendations.languagestate.language": "must be a language",
    "recommendations.theme": "a subject: known to everybody",
}
TEXTS = (models.CharField, models.TextField, models.JSONField)
WATCHED = 16  # characters from which a value is a secret that can be watched as it is


@dataclass(frozen=True, slots=True)
class Canary:
    """One planted word: in which field of which row it stands, and who may read it."""

    name: str
    row: str
    readers: frozenset[str]


@dataclass
class Aviary:
    """All canaries of a world."""

    by_number: dict[str, Canary] = field(default_factory=dict)
    literal: dict[str, Canary] = field(default_factory=dict)
    planted: set[str] = field(default_factory=set)

    def word(self, name: str, row: str, readers: frozenset[str]) -> str:
        """Return a word for the field."""
        number = f"{len(self.by_number) + 1:05d}"
        self.by_number[number] = Canary(name, row, readers)
        self.planted.add(name)
        return f"Kanari{number}"

    def watch(self, value: str, name: str, row: str, readers: frozenset[str] = frozenset()) -> None:
        """Watch a secret as it is."""
        if len(value) >= WATCHED:
            self.literal[value] = Canary(name, row, readers)

    def escaped(self, text: str, role: str, typed: str = "") -> set[Canary]:
        """Return the canaries in the text that the role must not read; what the person typed is known already."""
        known = set(CANARY.findall(typed))
        found = {self.by_number[number] for number in set(CANARY.findall(text)) - known if number in self.by_number}
        found |= {canary for value, canary in self.literal.items() if value in text and value not in typed}
        return {canary for canary in found if role not in canary.readers}


def fields_of(model: type[models.Model]) -> Iterator[tuple[models.Field, str]]:
    """Yield every text column of a model with the name of the field in the table of classes."""
    for column in model._meta.get_fields():
        if isinstance(column, TEXTS) and not column.primary_key:
            yield column, getattr(getattr(column, "translated_field", None), "name", column.name)


def excused(label: str, name: str) -> bool:
    """Whether the field cannot hold a canary."""
    return label in EXCUSED or f"{label}.{name}" in EXCUSED


def plantable(model: type[models.Model]) -> Iterator[tuple[models.Field, str]]:
    """Yield the columns that can hold any word: words of ours and derived ones cannot."""
    label = model._meta.label_lower
    for column, name in fields_of(model):
        if not (
            column.choices
            or column.name == "state"
            or excused(label, name)
            or callable(getattr(column, "_choices", None))
        ):
            yield column, name


def value_for(column: models.Field, word: str) -> Any:
    """Return a value that holds the word and that the column can keep."""
    if column.name == "other_names":
        return [{"text": word, "lang": "", "kind": "other"}]
    if isinstance(column, models.JSONField):
        return [word] if column.default is list else {"kanari": word}
    if isinstance(column, models.EmailField) or column.name == "recipient":
        return f"{word.lower()}@example.org"
    if isinstance(column, models.URLField):
        return f"https://{word.lower()}.example.org"
    if isinstance(column, models.SlugField):
        return word.lower()
    return word


def values_for(
    aviary: Aviary, model: type[models.Model], row: str, readers: dict[str, frozenset[str]]
) -> dict[str, Any]:
    """Return a canary for every column, with the readers of its field, else of its class."""
    label = model._meta.label_lower
    found = {}
    for column, name in plantable(model):
        allowed = readers.get(name, readers.get(CLASSES[label][name]))
        if allowed is None:
            raise AssertionError(f"portal/policy.toml does not say who reads {CLASSES[label][name]} of {row}: {name}.")
        found[column.name] = value_for(column, aviary.word(f"{label}.{name}", row, allowed))
    return found

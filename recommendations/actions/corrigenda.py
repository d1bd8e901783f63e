"""The verbs of a corrigendum: it sets letters right in a published text and makes the next edition.

Numbers stay what they are, items neither come nor go, and the meaning stays: another meaning needs another adoption.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import clock, log
from portal.models import User
from portal.states import Conflict, Refusal
from recommendations import canonical, emails
from recommendations.models import Corrigendum, Edition, Item, Recommendation, Statement
from recommendations.models.wording import as_columns, in_each_language

Texts = dict[str, str]
Passages = dict[str, Texts]
WHOLE = ("title", "preamble")  # passages of the whole text that stand in every language
OFFICIAL = "official_title"  # stands in the prevailing language alone


def passages_of(edition: Edition) -> Passages:
    """Return every passage of the edition that a corrigendum may set right, by its key, per language."""
    content = json.loads(edition.canonical)
    whole = {name: content.get(name, {}) for name in WHOLE}
    official = {edition.prevailing_language: content.get(OFFICIAL, "")}
    items = {
        f"{section['section']} {item['number']}": item["text"]
        for section in content.get("sections", ())
        for item in section["items"]
    }
    found = {"title": whole["title"], OFFICIAL: official, "preamble": whole["preamble"], **items}
    return {key: texts for key, texts in found.items() if any(texts.values())}


def changes_between(old: Edition, new: Edition) -> Iterator[tuple[str, str, str, str]]:
    """Yield passage, language, old and new text of what a corrigendum changed."""
    before = passages_of(old)
    for key, texts in passages_of(new).items():
        for code, text in texts.items():
            if before.get(key, {}).get(code, "") != text:
                yield key, code, before.get(key, {}).get(code, ""), text


@transaction.atomic
def begin_corrigendum(statement: Statement, *, by: User) -> Corrigendum:
    """Return the corrigendum that is being prepared, begun if there is none. Raises Refusal before publication."""
    statement = Statement.locked(statement.pk)
    statement.demand("correct")
    current = statement.editions.get(number=statement.current_edition)
    found, new = Corrigendum.objects.open().get_or_create(statement=statement, defaults={"corrects": current, "by": by})
    if new:
        log.record("begin_corrigendum", found, by=by, topic=statement.consultation)
    return found


def _locked(corrigendum: Corrigendum, version: int | None = None) -> Corrigendum:
    Statement.locked(corrigendum.statement_id)
    corrigendum = Corrigendum.locked(corrigendum.pk)
    if version is not None and corrigendum.version != version:
        raise Conflict(corrigendum)
    return corrigendum


@transaction.atomic
def correct_passage(
    corrigendum: Corrigendum, *, by: User, version: int, key: str, texts: Mapping[str, str]
) -> Corrigendum:
    """Set a passage right; words that are as before take it out again. Raises Refusal, or Conflict.

    A language can be set right, not added: a new translation is no correction, and an empty text would take one away.
    """
    corrigendum = _locked(corrigendum, version)
    corrigendum.demand("propose")
    before = passages_of(corrigendum.corrects).get(key)
    if before is None:
        raise Refusal(_("This edition has no such passage."))
    if any(not texts.get(code, "").strip() for code in before):
        raise Refusal(_("A corrigendum takes no text away. Another meaning needs another adoption."))
    changed = {code: texts[code] for code in before if texts[code] != before[code]}
    corrigendum.texts = {name: value for name, value in corrigendum.texts.items() if name != key}
    if changed:
        corrigendum.texts[key] = changed
    corrigendum.version += 1
    corrigendum.save(update_fields=["texts", "version", "updated_at"])
    log.record("correct_passage", corrigendum, by=by, topic=corrigendum.statement.consultation)
    return corrigendum


@transaction.atomic
def explain_corrigendum(corrigendum: Corrigendum, *, by: User, version: int, **words: Any) -> Corrigendum:
    """Say why, on whose authority, and that no meaning changes. Raises Refusal, or Conflict."""
    corrigendum = _locked(corrigendum, version)
    corrigendum.demand("propose")
    for name, value in words.items():
        setattr(corrigendum, name, value)
    corrigendum.version += 1
    corrigendum.save(update_fields=[*words, "version", "updated_at"])
    log.record("explain_corrigendum", corrigendum, by=by, topic=corrigendum.statement.consultation)
    return corrigendum


def what_a_corrigendum_lacks(corrigendum: Corrigendum) -> list[str]:
    """Return, as sentences, what keeps it from being issued."""
    lacks = []
    if not corrigendum.texts:
        lacks.append(str(_("No passage was changed yet.")))
    if not corrigendum.reason:
        lacks.append(str(_("Say why it is corrected.")))
    if not corrigendum.authority:
        lacks.append(str(_("Say on whose authority it is corrected.")))
    if not corrigendum.keeps_meaning:
        lacks.append(str(_("Confirm that no meaning changes. Another meaning needs another adoption.")))
    return lacks


def _demand_whole(corrigendum: Corrigendum) -> None:
    for sentence in what_a_corrigendum_lacks(corrigendum):
        raise Refusal(sentence)


@transaction.atomic
def propose_corrigendum(corrigendum: Corrigendum, *, by: User) -> Corrigendum:
    """Lay it before a second convenor. Raises Refusal while something is lacking."""
    corrigendum = _locked(corrigendum)
    _demand_whole(corrigendum)
    corrigendum.move("propose", by=by)
    log.record("propose_corrigendum", corrigendum, by=by, topic=corrigendum.statement.consultation)
    return corrigendum


@transaction.atomic
def reopen_corrigendum(corrigendum: Corrigendum, *, by: User) -> Corrigendum:
    """Take it back to be changed once more. Raises Refusal."""
    corrigendum = _locked(corrigendum)
    corrigendum.move("reopen", keeps_meaning=False, version=corrigendum.version + 1)
    log.record("reopen_corrigendum", corrigendum, by=by, topic=corrigendum.statement.consultation)
    return corrigendum


@transaction.atomic
def drop_corrigendum(corrigendum: Corrigendum, *, by: User) -> Corrigendum:
    """Give it up: the edition stays as it is. Raises Refusal once it is issued."""
    corrigendum = _locked(corrigendum)
    corrigendum.move("drop")
    log.record("drop_corrigendum", corrigendum, by=by, topic=corrigendum.statement.consultation)
    return corrigendum


@transaction.atomic
def issue_corrigendum(corrigendum: Corrigendum, *, by: User) -> Edition:
    """Freeze and publish the next edition, and tell those who took part and the addressed offices. Raises Refusal.

    Where the task force wants two steps, somebody else than who proposed it issues it.
    """
    corrigendum = _locked(corrigendum)
    statement = Statement.locked(corrigendum.statement_id)
    _demand_whole(corrigendum)
    if settings.TWO_CONVENORS:
        _demand_second(corrigendum, by)
    if corrigendum.corrects.number != statement.current_edition:
        raise Refusal(_("Another edition is in force by now. Drop this one and begin anew."))
    edition = _next_edition(statement, corrigendum)
    statement.move("correct", current_edition=edition.number)
    corrigendum.move("issue", made=edition, issued_at=edition.published_at, confirmed_by=by)
    emails.edition_corrected(statement, version=edition.number)
    emails.edition_corrected_for_offices(statement, version=edition.number)
    log.record("correct", statement, by=by, topic=statement.consultation, detail=f"{edition.number}")
    return edition


def _demand_second(corrigendum: Corrigendum, by: User) -> None:
    if corrigendum.state != "proposed":
        raise Refusal(_("A second convenor issues it: propose it first."))
    if corrigendum.by_id == by.pk:
        raise Refusal(_("You proposed it. Another convenor of this consultation issues it."))


def _next_edition(statement: Statement, corrigendum: Corrigendum) -> Edition:
    """Write the next edition out of the one before and the corrections: every number and addressee as it was."""
    old, texts = corrigendum.corrects, corrigendum.texts
    items = list(old.items.order_by("pk").prefetch_related("addressees"))
    _write_whole(statement, texts)
    words = {item.pk: {**in_each_language(item, "text"), **texts.get(item.label, {})} for item in items}
    text = canonical.corrected(old.canonical, number=old.number + 1, fingerprint=old.fingerprint, texts=texts)
    edition = Edition.objects.create(
        statement=statement,
        number=old.number + 1,
        canonical=text,
        fingerprint=canonical.fingerprint(text),
        adopted_on=old.adopted_on,
        prevailing_language=old.prevailing_language,
        imported=old.imported,
        published_at=clock.database_now(),
    )
    for item in items:
        _copy_item(edition, item, words[item.pk])
    return edition


def _write_whole(statement: Statement, texts: Passages) -> None:
    """Let the statement say what its edition in force says: lists and mails name it by its title."""
    values: dict[str, Any] = {}
    more = dict(statement.more_texts)
    for name in WHOLE:
        columns = as_columns(name, {**in_each_language(statement, name), **texts.get(name, {})})
        more = {**more, **columns.pop("more_texts")}
        values |= columns
    if OFFICIAL in texts:
        values[OFFICIAL] = next(iter(texts[OFFICIAL].values()))
    for name, value in {**values, "more_texts": more}.items():
        setattr(statement, name, value)
    statement.save()


def _copy_item(edition: Edition, old: Item, texts: Texts) -> None:
    columns = as_columns("text", texts)
    item = Item.objects.create(
        edition=edition,
        recommendation_id=old.recommendation_id,
        section_id=old.section_id,
        number=old.number,
        theme_id=old.theme_id,
        **columns,
    )
    item.addressees.set(old.addressees.all())
    if old.recommendation_id:
        Recommendation.objects.filter(pk=old.recommendation_id).update(**columns)

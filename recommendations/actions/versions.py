"""Every version of a recommendation stays on record: its words in each language, who wrote it, when, and why."""

from typing import Any

from django.utils import timezone

from portal.models import User
from recommendations.models import LanguageState, Recommendation, Revision
from recommendations.models.wording import as_columns, in_each_language
from recommendations.states import TranslationState


def note_version(recommendation: Recommendation, kind: str, by: User | None) -> Revision:
    """Write down the words as they stand now. Only inside an action that holds the recommendation's lock."""
    _follow_languages(recommendation, by)
    return Revision.objects.create(
        recommendation=recommendation,
        number=recommendation.version,
        kind=kind,
        section_id=recommendation.section_id,
        by=by,
        at=timezone.now(),
        **as_columns("text", in_each_language(recommendation, "text")),
    )


def keep_version(recommendation: Recommendation) -> Revision:
    """Return the record of the present words; it is written where they are older than the record."""
    found = recommendation.revisions.filter(number=recommendation.version).first()
    if found:
        return found
    made = note_version(recommendation, "begun" if recommendation.version == 1 else "revised", None)
    Revision.objects.filter(pk=made.pk).update(at=recommendation.updated_at)
    return made


def _follow_languages(recommendation: Recommendation, by: User | None) -> None:
    """Note what the translations follow, as a new version is written. Only inside an action that holds the lock.

    Who writes a translation anew read the source as it stands then. Where only the source moved, the translation keeps
    following the words before it.
    """
    before = Revision.objects.filter(recommendation=recommendation, number__lt=recommendation.version)
    last = before.order_by("-number").first()
    if last is None:
        return
    was, now = in_each_language(last, "text"), in_each_language(recommendation, "text")
    prevailing = recommendation.prevails
    for code in now.keys() - {prevailing}:
        if now[code] != was.get(code):
            values = {"state": TranslationState.DRAFT, "source": now.get(prevailing, ""), "by": by}
            put_language(recommendation, code, values)
        elif now.get(prevailing) != was.get(prevailing):
            begun = {"source": was.get(prevailing, ""), "by": by}
            LanguageState.objects.get_or_create(recommendation=recommendation, language=code, defaults=begun)


def put_language(recommendation: Recommendation, language: str, values: dict[str, Any]) -> LanguageState:
    """Write how a language of the recommendation stands. Only inside an action that holds the lock."""
    row, _new = LanguageState.objects.update_or_create(
        recommendation=recommendation, language=language, defaults=values
    )
    return row

"""Every version of a recommendation stays on record: its words in each language, who wrote it, when, and why."""

from django.utils import timezone

from portal.models import User
from recommendations.models import Recommendation, Revision
from recommendations.models.wording import as_columns, in_each_language


def note_version(recommendation: Recommendation, kind: str, by: User | None) -> Revision:
    """Write down the words as they stand now. Only inside an action that holds the recommendation's lock."""
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

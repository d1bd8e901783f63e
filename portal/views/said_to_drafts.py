"""What a person said to circulated drafts: for the copy of one's data."""

from typing import Any

from django.db.models import F

from portal.models import User
from recommendations.models import Amendment, CirculatedVersion, Comment, LanguageState, Support

SAID = ("on", "for_organisation", "language", "state", "created_at")
ON = F("text__version__statement__title")


def said_to_drafts(person: User) -> dict[str, Any]:
    """Return what the person said, answered, decided, circulated and translated."""
    named = {"on": ON, "for_organisation": F("organisation__name")}
    comments = Comment.objects.filter(by=person).order_by("pk").annotate(**named)
    amendments = Amendment.objects.filter(by=person).order_by("pk").annotate(**named)
    supports = Support.objects.filter(by=person).order_by("pk")
    answered = Comment.objects.filter(answered_by=person).order_by("pk").annotate(on=ON)
    settled = Amendment.objects.filter(settled_by=person).order_by("pk").annotate(on=ON)
    circulated = CirculatedVersion.objects.filter(by=person).order_by("pk").annotate(on=F("statement__title"))
    translated = LanguageState.objects.filter(by=person).order_by("pk")
    return {
        "comments": list(comments.values(*SAID, "paragraph", "words")),
        "amendments": list(amendments.values(*SAID, "proposal", "reason")),
        "supports": list(supports.values("amendment", "at")),
        "answers": list(answered.values("on", "answer", "answered_at")),
        "decisions": list(settled.values("on", "state", "answer", "written", "settled_at")),
        "circulated": list(circulated.values("on", "number", "note", "created_at")),
        "translations": list(translated.values("recommendation", "language", "state", "updated_at")),
    }

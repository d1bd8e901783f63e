"""Two languages of one recommendation: which words a translation follows, and whether they moved since.

A change in one language never overwrites another one: it marks it as behind, and a person brings it up.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import languages, log
from portal.models import User
from portal.states import Conflict, Refusal
from recommendations.actions.brackets import demand_brackets_kept
from recommendations.actions.versions import keep_version, note_version, put_language
from recommendations.models import LanguageState, Recommendation, Statement
from recommendations.models.wording import in_each_language
from recommendations.states import RecommendationState, RevisionKind, TranslationState

STILL = (RecommendationState.JOINED, RecommendationState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one language of a recommendation stands to the prevailing one."""

    language: str
    words: str
    source: str  # the words of the prevailing language now
    followed: str  # those that it follows; the same, where it is not behind
    state: str = ""  # empty where it has no words

    @property
    def behind(self) -> bool:
        """Whether its source moved since."""
        return bool(self.words) and self.source != self.followed

    @property
    def label(self) -> str:
        """Return the state in words."""
        return str(TranslationState(self.state).label) if self.state else str(_("missing"))


def standing_of_languages(recommendation: Recommendation, wanted: Iterable[str] = ()) -> list[Standing]:
    """Return how each language stands that has words, or is wanted; without the prevailing one."""
    texts = in_each_language(recommendation, "text")
    prevailing = recommendation.prevails
    known = {one.language: one for one in recommendation.language_states.all()}
    source = texts.get(prevailing, "")
    found = []
    for code in dict.fromkeys([*texts, *wanted]):
        if code == prevailing:
            continue
        words, row = texts.get(code, ""), known.get(code)
        state = (row.state if row else TranslationState.DRAFT) if words else ""
        found.append(Standing(code, words, source, row.source if row else source, state))
    return found


def _locked(recommendation: Recommendation, version: int) -> Recommendation:
    statement = Statement.locked(recommendation.statement_id)
    statement.demand("table")
    recommendation = Recommendation.locked(recommendation.pk)
    if recommendation.state in STILL:
        raise Refusal(_("Its words stand still."))
    if recommendation.version != version:
        raise Conflict(recommendation)
    return recommendation


@transaction.atomic
def write_language(
    recommendation: Recommendation, *, by: User, language: str, words: str, state: str, version: int
) -> LanguageState:
    """Write a translation and say how far it is; no other language is touched. Raises Refusal, or Conflict."""
    recommendation = _locked(recommendation, version)
    texts = in_each_language(recommendation, "text")
    if language == recommendation.prevails:
        raise Refusal(_("This is the prevailing language: the others follow it."))
    if language not in languages.BY_CODE or state not in TranslationState.values:
        raise Refusal(_("Choose one."), field="state")
    if not words:
        raise Refusal(_("Write the words in this language."), field="words")
    if words != texts.get(language, ""):
        demand_brackets_kept(recommendation, {language: words})
        keep_version(recommendation)
        recommendation.put("text", {**texts, language: words})
        recommendation.version += 1
        recommendation.save()
        note_version(recommendation, RevisionKind.REVISED, by)
    source = texts.get(recommendation.prevails, "")
    row = put_language(recommendation, language, {"state": state, "source": source, "by": by})
    log.record("write_language", recommendation, by=by, topic=recommendation.statement.consultation)
    return row

"""Rival wordings: a passage stands in brackets until one wording is chosen. The others stay on record."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from modeltranslation.utils import build_localized_fieldname

from portal import log
from portal.models import User
from portal.states import Conflict, Refusal
from recommendations.actions.versions import keep_version, note_version
from recommendations.models import Bracket, Recommendation, RivalWording, Statement, Submission
from recommendations.models.wording import Texts, in_each_language
from recommendations.states import RevisionKind

MARKS = ("[", "]", " / ")


Rival = tuple[str, Sequence[Submission]]  # a wording, and where it comes from; an empty one leaves the passage out


def open_brackets(recommendation: Recommendation) -> list[Bracket]:
    """Return the brackets of a recommendation that nobody settled."""
    return [one for one in recommendation.brackets.all() if one.settled_at is None]


def demand_brackets_kept(recommendation: Recommendation, words: Texts) -> None:
    """Raise Refusal where an open bracket does not stand in the new words as it was written.

    A language that the words leave out keeps its text.
    """
    for bracket in open_brackets(recommendation):
        if bracket.language in words and words[bracket.language].count(bracket.shown) != 1:
            sentence = _(
                "The bracket %(bracket)s is open. Leave it in the text as it stands, or choose a wording first."
            )
            column = build_localized_fieldname("text", bracket.language)
            raise Refusal(sentence % {"bracket": bracket.shown}, field=column)


@transaction.atomic
def bracket_passage(
    recommendation: Recommendation, *, by: User, version: int, language: str, passage: str, rivals: Sequence[Rival]
) -> Bracket:
    """Put a passage of the text in brackets, beside one rival wording or more. The first of `rivals` is its own.

    Raises Refusal, or Conflict where somebody else changed the text meanwhile.
    """
    recommendation = _locked(recommendation, version)
    text = in_each_language(recommendation, "text").get(language, "")
    _demand_passage(text, passage)
    _demand_rivals(passage, rivals)
    keep_version(recommendation)
    bracket = Bracket.objects.create(recommendation=recommendation, language=language, by=by)
    for position, (words, submissions) in enumerate(rivals):
        made = RivalWording.objects.create(bracket=bracket, position=position, text=words)
        made.submissions.set(submissions)
    _write(recommendation, language, text.replace(passage, bracket.shown), RevisionKind.BRACKETED, by)
    log.record("bracket_passage", recommendation, by=by, topic=recommendation.statement.consultation)
    return bracket


def _locked(recommendation: Recommendation, version: int | None) -> Recommendation:
    statement = Statement.locked(recommendation.statement_id)
    statement.demand("table")
    recommendation = Recommendation.locked(recommendation.pk)
    if recommendation.state not in {"drafting", "deferred"}:
        raise Refusal(_("Its words stand still."))
    if version is not None and recommendation.version != version:
        raise Conflict(recommendation)
    return recommendation


def _demand_passage(text: str, passage: str) -> None:
    count = text.count(passage) if passage else 0
    if not count:
        raise Refusal(
            _("This passage does not stand in the text. Copy it from there, letter by letter."), field="passage"
        )
    if count > 1:
        sentence = ngettext(
            "This passage stands %(count)d time in the text. Take a few more words around it.",
            "This passage stands %(count)d times in the text. Take a few more words around it.",
            count,
        )
        raise Refusal(sentence % {"count": count}, field="passage")
    if _inside_bracket(text, passage):
        raise Refusal(_("This passage stands in a bracket already. Choose its wording first."), field="passage")


def _inside_bracket(text: str, passage: str) -> bool:
    before = text[: text.index(passage)]
    return any(mark in passage for mark in "[]") or before.count("[") > before.count("]")


def _demand_rivals(passage: str, rivals: Sequence[Rival]) -> None:
    words = [text for text, _submissions in rivals]
    if len(words) < 2 or words[0] != passage:  # noqa: PLR2004 - a passage and one rival
        raise Refusal(_("Write one rival wording at least."), field="rivals")
    if len(set(words)) < len(words):
        raise Refusal(_("Two of these wordings are the same."), field="rivals")
    if any(mark in one for one in words for mark in MARKS):
        raise Refusal(
            _("A wording holds no square brackets, and no slash between spaces: the text uses them as marks."),
            field="rivals",
        )


def _write(recommendation: Recommendation, language: str, text: str, kind: str, by: User) -> None:
    recommendation.put("text", {**in_each_language(recommendation, "text"), language: text})
    recommendation.version += 1
    recommendation.save()
    note_version(recommendation, kind, by)


@transaction.atomic
def settle_bracket(bracket: Bracket, *, by: User, wording: RivalWording) -> Bracket:
    """Choose one wording: it takes the place of the bracket in the text. Raises Refusal once it is settled."""
    recommendation = _locked(bracket.recommendation, None)
    bracket = Bracket.objects.select_for_update(of=("self",)).get(pk=bracket.pk)
    if bracket.settled_at:
        raise Refusal(_("This bracket is settled already."))
    if wording.bracket_id != bracket.pk:
        raise Refusal(_("Choose one."), field="wording")
    text = in_each_language(recommendation, "text").get(bracket.language, "")
    keep_version(recommendation)
    bracket.chosen, bracket.settled_by, bracket.settled_at = wording, by, timezone.now()
    bracket.save()
    _write(recommendation, bracket.language, _replaced(text, bracket.shown, wording.text), RevisionKind.SETTLED, by)
    log.record("settle_bracket", recommendation, by=by, topic=recommendation.statement.consultation)
    return bracket


def _replaced(text: str, shown: str, wording: str) -> str:
    """Return the text with the wording in place of the bracket; nothing in its place leaves no double space."""
    if wording:
        return text.replace(shown, wording, 1)
    before, _mark, after = text.partition(shown)
    joined = before.rstrip(" ") + after if after[:1] in {" ", ".", ",", ";", ""} else before + after
    return joined.lstrip(" ") if not before.strip() else joined


def move_brackets(brackets: Iterable[Bracket], to: Recommendation) -> None:
    """Let brackets follow their passage into another recommendation. Only inside an action that holds both locks."""
    Bracket.objects.filter(pk__in=[one.pk for one in brackets]).update(recommendation=to)

"""Amendments: changed words that an organisation proposes, others support, and the convenors decide on.

An amendment stays on the words it was written on. When it is accepted it is carried over to the draft as it stands
then; where both changed one paragraph nothing is decided by the portal: a convenor writes the words, or declines.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import clock, log
from portal.models import User
from portal.states import Conflict, Refusal
from recommendations import emails, paragraphs
from recommendations.actions.brackets import demand_brackets_kept
from recommendations.actions.circulating import demand_part, open_version
from recommendations.actions.statements import locked_draft
from recommendations.actions.versions import keep_version, note_version
from recommendations.models import Amendment, CirculatedText, Recommendation, Support
from recommendations.models.wording import in_each_language
from recommendations.states import RecommendationState, RevisionKind
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of

WRITABLE = (RecommendationState.DRAFTING, RecommendationState.DEFERRED)


@transaction.atomic
def propose_amendment(
    text: CirculatedText, *, by: User, organisation: Organisation, language: str, proposal: str, reason: str
) -> Amendment:
    """Propose the words of one recommendation in one language as they should be, and say why. Raises Refusal."""
    version = open_version(text.version)
    demand_part(version, organisation, by)
    if language not in text.texts:
        raise Refusal(_("The version has no words in this language."))
    if not paragraphs.differs(text.texts[language], proposal):
        raise Refusal(_("Nothing was changed. Type the words as they should be."), field="proposal")
    if not reason:
        raise Refusal(_("Say why: those who take part read it."), field="reason")
    values = {"text": text, "language": language, "proposal": proposal, "reason": reason}
    amendment = Amendment.objects.create(organisation=organisation, by=by, **values)
    log.record("propose", amendment, by=by, topic=version.statement.consultation)
    return amendment


@transaction.atomic
def withdraw_amendment(amendment: Amendment, *, by: User) -> Amendment:
    """Take an amendment back before it is decided on. Raises Refusal."""
    amendment = Amendment.locked(amendment.pk)
    if amendment.organisation_id not in standing_of(by).speaks_for:
        raise Refusal(_("You do not speak for this organisation."))
    amendment.move("withdraw")
    log.record("withdraw", amendment, by=by, topic=amendment.text.version.statement.consultation)
    return amendment


@transaction.atomic
def support_amendment(amendment: Amendment, *, by: User, organisation: Organisation) -> Support:
    """Support another organisation's amendment; once each, a repeat changes nothing. Raises Refusal."""
    amendment = _for_support(amendment, organisation, by)
    if amendment.organisation_id == organisation.pk:
        raise Refusal(_("This is your own amendment."))
    support, new = Support.objects.get_or_create(amendment=amendment, organisation=organisation, defaults={"by": by})
    if new:
        log.record("support", amendment, by=by, topic=amendment.text.version.statement.consultation)
    return support


@transaction.atomic
def drop_support(amendment: Amendment, *, by: User, organisation: Organisation) -> None:
    """Take the support back, as long as nobody decided. Raises Refusal."""
    amendment = _for_support(amendment, organisation, by)
    gone, _rows = Support.objects.filter(amendment=amendment, organisation=organisation).delete()
    if gone:
        log.record("drop_support", amendment, by=by, topic=amendment.text.version.statement.consultation)


def _for_support(amendment: Amendment, organisation: Organisation, by: User) -> Amendment:
    amendment = Amendment.locked(amendment.pk)
    amendment.demand("withdraw")
    demand_part(amendment.text.version, organisation, by)
    return amendment


@transaction.atomic
def accept_amendment(amendment: Amendment, *, by: User, version: int) -> Amendment:
    """Write the amendment into the draft, on top of what others changed meanwhile. Raises Refusal where they collide.

    `version` is that of the recommendation that the convenor saw; Conflict where it moved since.
    """
    amendment, recommendation = _locked(amendment, by, "accept", version)
    found = paragraphs.merged(amendment.base, amendment.proposal, _words(recommendation, amendment.language))
    if found.kind == paragraphs.COLLIDED:
        raise Refusal(_("The draft changed in the same place. Write the words yourself, or decline with a reason."))
    if found.kind != paragraphs.THERE:
        _write(recommendation, amendment.language, found.text, by)
    return _settle(amendment, "accept", by, written=found.text, written_version=recommendation.version)


@transaction.atomic
def adapt_amendment(amendment: Amendment, *, by: User, version: int, words: str, answer: str = "") -> Amendment:
    """Take an amendment over in other words: the whole text in its language. Raises Refusal, or Conflict."""
    amendment, recommendation = _locked(amendment, by, "adapt", version)
    if not paragraphs.differs(_words(recommendation, amendment.language), words):
        raise Refusal(_("These are the words of the draft as it is. Change them, or decline."), field="words")
    _write(recommendation, amendment.language, words, by)
    return _settle(amendment, "adapt", by, answer=answer, written=words, written_version=recommendation.version)


@transaction.atomic
def decline_amendment(amendment: Amendment, *, by: User, answer: str) -> Amendment:
    """Say that an amendment is not taken over, and why. Raises Refusal without a reason."""
    amendment = Amendment.locked(amendment.pk)
    _demand_not_own(amendment, by)
    if not answer:
        raise Refusal(_("Say why: the organisation reads it."), field="answer")
    return _settle(amendment, "decline", by, answer=answer)


def _locked(amendment: Amendment, by: User, verb: str, version: int) -> tuple[Amendment, Recommendation]:
    """Return the amendment and what it changes, locked in the order in which every editor of the draft locks."""
    locked_draft(amendment.text.version.statement)
    recommendation = Recommendation.locked(Amendment.objects.for_list().get(pk=amendment.pk).target.pk)
    amendment = Amendment.locked(amendment.pk)
    _demand_not_own(amendment, by)
    amendment.demand(verb)
    if recommendation.state not in WRITABLE:
        raise Refusal(_("Its words stand still."))
    if recommendation.version != version:
        raise Conflict(recommendation)
    return amendment, recommendation


def _demand_not_own(amendment: Amendment, by: User) -> None:
    if amendment.organisation_id in standing_of(by).organisations:
        raise Refusal(_("You act for this organisation. Another convenor decides on its amendments."))


def _words(recommendation: Recommendation, language: str) -> str:
    return in_each_language(recommendation, "text").get(language, "")


def _write(recommendation: Recommendation, language: str, words: str, by: User) -> None:
    demand_brackets_kept(recommendation, {language: words})
    keep_version(recommendation)
    recommendation.put("text", {**in_each_language(recommendation, "text"), language: words})
    recommendation.version += 1
    recommendation.save()
    note_version(recommendation, RevisionKind.AMENDED, by)


def _settle(amendment: Amendment, verb: str, by: User, **values: Any) -> Amendment:
    amendment.move(verb, settled_by=by, settled_at=clock.database_now(), **values)
    emails.amendment_settled(amendment)
    log.record(verb, amendment, by=by, topic=amendment.text.version.statement.consultation)
    return amendment

"""Comments on passages of a circulated version: said by organisations, answered by the convenors."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import clock, log
from portal.models import User
from portal.states import Refusal
from recommendations import emails, paragraphs
from recommendations.actions.circulating import demand_part, open_version
from recommendations.models import CirculatedText, Comment
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of


@transaction.atomic
def comment_passage(
    text: CirculatedText, *, by: User, organisation: Organisation, language: str, words: str, paragraph: int = 0
) -> Comment:
    """Say something to a paragraph of the latest version, or to the whole recommendation (0). Raises Refusal."""
    version = open_version(text.version)
    demand_part(version, organisation, by)
    if language not in text.texts:
        raise Refusal(_("The version has no words in this language."))
    if not 0 <= paragraph <= len(paragraphs.paragraphs(text.texts[language])):
        raise Refusal(_("The version has no such paragraph."))
    values = {"text": text, "language": language, "paragraph": paragraph, "words": words}
    comment = Comment.objects.create(organisation=organisation, by=by, **values)
    log.record("comment", comment, by=by, topic=version.statement.consultation)
    return comment


@transaction.atomic
def withdraw_comment(comment: Comment, *, by: User) -> Comment:
    """Take a comment back: only its own organisation still reads it. Raises Refusal."""
    comment = Comment.locked(comment.pk)
    if comment.organisation_id not in standing_of(by).speaks_for:
        raise Refusal(_("You do not speak for this organisation."))
    comment.move("withdraw")
    log.record("withdraw", comment, by=by, topic=comment.text.version.statement.consultation)
    return comment


@transaction.atomic
def answer_comment(comment: Comment, *, by: User, answer: str) -> Comment:
    """Answer a comment: those who take part read it, and its organisation is told by mail. Raises Refusal."""
    comment = Comment.locked(comment.pk)
    if comment.organisation_id in standing_of(by).organisations:
        raise Refusal(_("You act for this organisation. Another convenor answers it."))
    if not answer:
        raise Refusal(_("Write an answer: those who take part read it."), field="answer")
    comment.move("answer", answer=answer, answered_by=by, answered_at=clock.database_now())
    emails.comment_answered(comment)
    log.record("answer", comment, by=by, topic=comment.text.version.statement.consultation)
    return comment

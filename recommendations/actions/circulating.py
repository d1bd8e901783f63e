"""The draft goes to those who take part: a numbered copy that stays as it is, open for their words until a moment."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portal import clock, log
from portal.models import User
from portal.states import Refusal
from recommendations import canonical, emails
from recommendations.actions.statements import locked_draft
from recommendations.models import CirculatedText, CirculatedVersion, Statement
from recommendations.models.wording import in_each_language
from recommendations.states import ASIDE, RecommendationState
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of

LEFT_OUT = (*ASIDE, RecommendationState.JOINED)


@transaction.atomic
def circulate_statement(
    statement: Statement, *, by: User, closes_at: datetime, note: str = "", last: int | None = None
) -> CirculatedVersion:
    """Freeze the draft as the next version and tell those who take part. Earlier versions stay, and close.

    `last` is the number of the latest version that the person saw. Raises Refusal: somebody else was faster, the
    moment has passed, or there is nothing to read.
    """
    statement = locked_draft(statement)
    if statement.consultation.state in {"draft", "cancelled"}:
        raise Refusal(_("Announce the consultation first."))
    if closes_at <= clock.database_now():
        raise Refusal(_("This moment has passed."), field="closes_on")
    reached = statement.circulated.aggregate(last=Max("number"))["last"] or 0
    if last is not None and last != reached:
        raise Refusal(_("Another version was circulated since you looked. Read it first."))
    version = CirculatedVersion.objects.create(
        statement=statement, number=reached + 1, note=note, closes_at=closes_at, by=by
    )
    if not _freeze(version):
        raise Refusal(_("There is no recommendation with words yet."))
    emails.draft_circulated(version)
    log.record("circulate", version, by=by, topic=statement.consultation, detail=f"{version.number}")
    return version


def _freeze(version: CirculatedVersion) -> int:
    """Copy each recommendation that is not left out, in the order of the text; return how many."""
    live = version.statement.recommendations.exclude(state__in=LEFT_OUT)
    ordered = sorted(live, key=lambda one: (canonical.section_order(one.section_id), one.position, one.pk))
    reached: Counter[str | None] = Counter()
    made = []
    for one in ordered:
        texts = in_each_language(one, "text")
        if texts:
            reached[one.section_id] += 1
            values = {"section_id": one.section_id, "place": reached[one.section_id], "texts": texts}
            made.append(CirculatedText(version=version, recommendation=one, **values))
    CirculatedText.objects.bulk_create(made)
    return len(made)


def open_version(version: CirculatedVersion) -> CirculatedVersion:
    """Return the version with its statement locked: nothing is circulated or tabled meanwhile. Raises Refusal."""
    statement = Statement.locked(version.statement_id)
    found = CirculatedVersion.objects.get(pk=version.pk)
    found.statement = statement
    if not found.is_latest:
        raise Refusal(_("A newer version was circulated. Read that one, and speak to it."))
    if statement.state != "draft":
        raise Refusal(_("The text is before the plenary, or adopted: no more comments are taken."))
    if not found.takes_words(clock.database_now()):
        raise Refusal(_("The time for comments and amendments is over."))
    return found


def demand_part(version: CirculatedVersion, organisation: Organisation, by: User) -> None:
    """Raise Refusal unless the person speaks for the organisation, and it takes part in the consultation."""
    if organisation.pk not in standing_of(by).speaks_for:
        raise Refusal(_("You do not speak for this organisation."))
    invitations = version.statement.consultation.invitations
    if not invitations.filter(state="accepted", organisation=organisation).exists():
        raise Refusal(_("Only organisations that accepted the invitation speak to this text."))

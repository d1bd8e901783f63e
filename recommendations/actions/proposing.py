"""The verbs of the shared ASEAN section: a published item is proposed upward, and taken up or declined there."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from portal import log
from portal.models import User
from portal.states import Refusal
from recommendations import emails
from recommendations.actions.statements import last_position, locked_draft
from recommendations.models import Item, Proposal, Recommendation, Statement
from recommendations.models.wording import as_columns, in_each_language
from stakeholders.states import Level

CLOSED = ("draft", "cancelled")


@transaction.atomic
def propose_items(
    statement: Statement, *, by: User, items: Iterable[Item], consultation: Consultation
) -> list[Proposal]:
    """Propose items of the edition in force to a regional consultation; those proposed before stay. Raises Refusal."""
    statement = Statement.locked(statement.pk)
    if statement.state != "published":
        raise Refusal(_("Publish the statement first."))
    consultation = Consultation.locked(consultation.pk)
    _demand_regional(consultation, statement)
    chosen = [item for item in items if item.edition.statement_id == statement.pk]
    if not chosen:
        raise Refusal(_("Choose at least one item."), field="items")
    there = set(Proposal.objects.filter(consultation=consultation, item__in=chosen).values_list("item_id", flat=True))
    new = [
        Proposal.objects.create(item=item, consultation=consultation, by=by) for item in chosen if item.pk not in there
    ]
    if new:
        emails.items_proposed(consultation, version=new[-1].pk, payload={"statement": statement.pk, "count": len(new)})
    for proposal in new:
        log.record("propose_item", proposal, by=by, topic=consultation)
    return new


def _demand_regional(consultation: Consultation, statement: Statement) -> None:
    if consultation.level != Level.REGIONAL or consultation.pk == statement.consultation_id:
        raise Refusal(_("Items are proposed to another consultation, of the whole region."), field="consultation")
    if consultation.state in CLOSED:
        raise Refusal(_("That consultation is not announced, or it was cancelled."), field="consultation")
    text = Statement.objects.filter(consultation=consultation).first()
    if text and text.state != "draft":
        raise Refusal(_("The text of that consultation is tabled or adopted already."), field="consultation")


def _locked(proposal: Proposal) -> Proposal:
    return Proposal.locked(proposal.pk)


@transaction.atomic
def take_up_proposal(proposal: Proposal, *, by: User, into: Recommendation | None = None) -> Recommendation:
    """Take the item into the regional text: as a recommendation of its own, or as an origin of one that is there.

    Raises Refusal where there is no draft to take it into, or it is settled.
    """
    statement = Statement.objects.filter(consultation=proposal.consultation_id).first()
    if statement is None:
        raise Refusal(_("Begin the common text first."))
    statement = locked_draft(statement)
    proposal = _locked(proposal)
    proposal.demand("take_up")
    if into is not None and into.statement_id != statement.pk:
        raise Refusal(_("This recommendation belongs to another text."))
    recommendation = into or _made_of(proposal.item, statement)
    proposal.move("take_up", recommendation=recommendation, settled_by=by)
    emails.proposal_settled(proposal)
    log.record("take_up_proposal", proposal, by=by, topic=proposal.consultation)
    return recommendation


def _made_of(item: Item, statement: Statement) -> Recommendation:
    """Return a recommendation of the ASEAN section in the item's words, in each of its languages."""
    made = Recommendation.objects.create(
        statement=statement,
        section=None,
        position=last_position(statement, None) + 1,
        theme_id=item.theme_id,
        **as_columns("text", in_each_language(item, "text")),
    )
    made.addressees.set(item.addressees.all())
    return made


@transaction.atomic
def decline_proposal(proposal: Proposal, *, by: User, reason: str) -> Proposal:
    """Say that the item is not taken up, and why. Raises Refusal without a reason."""
    if not reason.strip():
        raise Refusal(_("Say why: those who proposed it read this sentence."), field="reason")
    proposal = _locked(proposal)
    proposal.move("decline", reason=reason, settled_by=by)
    emails.proposal_settled(proposal)
    log.record("decline_proposal", proposal, by=by, topic=proposal.consultation)
    return proposal


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, by: User) -> Proposal:
    """Take the proposal back before it is settled. Raises Refusal."""
    proposal = _locked(proposal)
    proposal.move("withdraw", settled_by=by)
    log.record("withdraw_proposal", proposal, by=by, topic=proposal.consultation)
    return proposal

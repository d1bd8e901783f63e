"""The shared ASEAN section: items go upward from a published statement, and are settled by the regional convenors."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import Consultation
from portal import access
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from recommendations import actions
from recommendations.actions.proposing import CLOSED
from recommendations.forms.proposing import ProposalForm, SettlementForm
from recommendations.models import Item, Proposal, Statement
from recommendations.timeline import item_address
from recommendations.views.answers import numbered, to
from recommendations.views.facts import taken_up
from stakeholders.states import Level


@signed_in
@once
def proposals_create(request: HttpRequest, slug: str) -> HttpResponse:
    statement = access.fetch(request, Statement.objects.of_consultation(), "recommendations.propose_items", slug=slug)
    form = _form(request, statement)
    if request.method == "POST" and form.is_valid():
        try:
            new = actions.propose_items(statement, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            sentence = ngettext("%(count)d item is proposed.", "%(count)d items are proposed.", len(new))
            messages.success(request, sentence % {"count": len(new)})
            return to("proposals_create", slug)
    made = Proposal.objects.filter(item__edition__statement=statement).for_desk()
    made = made.prefetch_related("item__edition__statement__consultation__convenors")
    context = {"statement": statement, "form": form, "proposals": made, "nav_current": "desk"}
    return render(request, "recommendations/proposals_create.html", context)


def _form(request: HttpRequest, statement: Statement) -> ProposalForm:
    """Return the form with the items of the edition in force, and the regional consultations that are announced."""
    regional = Consultation.objects.visible_to(request.user).filter(level=Level.REGIONAL)
    regional = regional.exclude(pk=statement.consultation_id).exclude(state__in=CLOSED)
    open_ones = regional.exclude(statement__in=Statement.objects.exclude(state="draft")).distinct()
    edition = statement.editions.filter(number=statement.current_edition)
    items = Item.objects.filter(edition__in=edition).for_document().select_related("edition")
    return ProposalForm(
        request.POST or None,
        initial=kept_initial(request),
        consultations=open_ones.order_by("-starts_on"),
        items=items,
    )


@signed_in
def proposal_list(request: HttpRequest, slug: str) -> HttpResponse:
    found = Consultation.objects.prefetch_related("convenors")
    consultation = access.fetch(request, found, "consultations.see_desk", slug=slug)
    return _list(request, consultation)


def _list(request: HttpRequest, consultation: Consultation, **bound: Any) -> HttpResponse:
    statement = Statement.objects.with_common_text().filter(consultation=consultation).first()
    labels = numbered(statement.common_text) if statement else []
    proposals = Proposal.objects.filter(consultation=consultation).for_desk().order_by("state", "id")
    by_pk = {one.pk: label for label, one in labels}
    rows = []
    for one in proposals:
        form = bound.get(f"form_{one.pk}") or SettlementForm(prefix=f"p{one.pk}", recommendations=labels)
        rows.append({"proposal": one, "form": form, "label": by_pk.get(one.recommendation_id, "")})
    context = {
        "consultation": consultation,
        "statement": statement,
        "open": statement is not None and statement.state == "draft",
        "waiting": [row for row in rows if row["proposal"].state == "proposed"],
        "settled": [row for row in rows if row["proposal"].state != "proposed"],
        "nav_current": "desk",
    }
    return render(request, "recommendations/proposal_list.html", context)


@signed_in
@once
def proposal_settle(request: HttpRequest, pk: int) -> HttpResponse:
    found = Proposal.objects.for_desk().prefetch_related("consultation__convenors")
    proposal = access.fetch(request, found, "recommendations.settle_proposal", pk=pk)
    slug = proposal.consultation.slug
    statement = Statement.objects.with_common_text().filter(consultation=proposal.consultation_id).first()
    labels = numbered(statement.common_text) if statement else []
    form = SettlementForm(request.POST or None, prefix=f"p{pk}", recommendations=labels)
    if request.method != "POST" or not form.is_valid():
        return to("proposal_list", slug) if request.method != "POST" else _again(request, proposal, form)
    try:
        if request.POST.get("verb") == "decline":
            actions.decline_proposal(proposal, by=request.user, reason=form.cleaned_data["reason"])
        else:
            actions.take_up_proposal(proposal, by=request.user, into=form.cleaned_data["into"])
    except Refusal as refusal:
        refuse(form, refusal)
        return _again(request, proposal, form)
    return to("proposal_list", slug)


def _again(request: HttpRequest, proposal: Proposal, form: SettlementForm) -> HttpResponse:
    return _list(request, proposal.consultation, **{f"form_{proposal.pk}": form})


@signed_in
@once
def proposal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = Proposal.objects.for_desk().prefetch_related("item__edition__statement__consultation__convenors")
    proposal = access.fetch(request, found, "recommendations.withdraw_proposal", pk=pk)
    if request.method == "POST":
        actions.withdraw_proposal(proposal, by=request.user)
        messages.success(request, _("The proposal is withdrawn."))
    return to("proposals_create", proposal.item.edition.statement.slug)


def passed_on(item: Item) -> dict[str, list[dict[str, Any]]]:
    """Return where the item comes from, and where it was adopted after it was proposed upward: both ways, published."""
    same = {
        "item__edition__statement": item.edition.statement_id,
        "item__section": item.section_id,
        "item__number": item.number,
    }
    if not taken_up(item.recommendation_id or 0, item.edition.statement_id, item.number):
        return {"origins": [], "ends": []}
    taken = Proposal.objects.filter(state="taken_up").for_desk()
    found = list(taken.origins_and_ends(item.recommendation_id, same))
    origins = [one for one in found if item.recommendation_id and one.recommendation_id == item.recommendation_id]
    ends = [one for one in found if one not in origins]
    return {"origins": [_link(one.item) for one in origins], "ends": _ends(ends)}


def _ends(proposals: list[Proposal]) -> list[dict[str, Any]]:
    """Return the published items that were made of these; the latest edition of each."""
    if not proposals:
        return []
    adopted = Item.objects.filter(recommendation__in=[one.recommendation_id for one in proposals])
    public = adopted.filter(edition__published_at__isnull=False).select_related("edition__statement", "section")
    latest = {item.recommendation_id: item for item in public.order_by("edition__number")}
    return [_link(item) for item in latest.values()]


def _link(item: Item) -> dict[str, Any]:
    statement = item.edition.statement
    return {"label": item.label, "title": statement.title, "url": item_address(statement.slug, item)}

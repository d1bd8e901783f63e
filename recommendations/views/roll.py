"""Before and around a decision: the rule, the roll of those in the room, proxies."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import access
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Conflict, Refusal
from recommendations import actions, majorities
from recommendations import floor as reads
from recommendations.forms import ProxyForm, RuleForm
from recommendations.models import Recommendation, Statement
from recommendations.states import Stance
from recommendations.views.answers import clash, statement_of, to
from recommendations.views.plenary import frame, live_rows
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of

RUN = "recommendations.run_plenary"
QUICK = (Stance.CONSENSUS, Stance.ABSTAINS, Stance.BLOCKS)
Voices = list[tuple[Organisation, str]]


@signed_in
@once
def adoption_rule(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.state_rule")
    plenary = reads.plenary_of(statement)
    form = RuleForm(request.POST or None, instance=plenary, initial=kept_initial(request))
    context = {**frame(statement), "form": form, "lines": majorities.explain_rule(plenary.rule)}
    context["frozen"] = reads.rule_is_frozen(statement)
    if request.method == "POST" and form.is_valid():
        try:
            actions.state_rule(statement, by=request.user, version=form.cleaned_data["version"], **form.rule)
        except Conflict as conflict:
            return clash(request, "recommendations/adoption_rule.html", conflict, context)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The rule is stated. Everybody who takes part reads it."))
            return to("statement_table" if statement.state == "draft" else "plenary", slug)
    return render(request, "recommendations/adoption_rule.html", context)


@signed_in
@once
def roll_call(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, RUN)
    label, item = item_asked(request, statement)
    query = f"?item={item.pk}" if item else ""
    if request.method == "POST":
        anchor = _called(request, statement, item)
        answer = to("roll_call", slug)
        answer["Location"] += query + (f"#organisation-{anchor}" if anchor else "")
        return answer
    members = reads.assembly(statement)
    ballot = reads.ballot_of(statement, item.pk if item else None)
    found = reads.tally_of(statement, members, item.pk if item else None, ballot)
    context = {**frame(statement), "item": item, "label": label, "query": query, "stances": QUICK, "ballot": ballot}
    context |= {
        "rows": _rows(request, members, item),
        "sentences": reads.sentences(found, open_still=True),
        "tally": found,
    }
    context["at_door"] = len(reads.came(statement))
    return render(request, "recommendations/roll_call.html", context)


def item_asked(request: HttpRequest, statement: Any) -> tuple[str, Recommendation | None]:
    """Return the item that the address asks for, with its label; nothing for the whole text."""
    asked = request.GET.get("item", "")
    found = {str(one.pk): (label, one) for label, one in live_rows(statement)}
    return found.get(asked, ("", None))


def _called(request: HttpRequest, statement: Statement, item: Recommendation | None) -> int:
    """Do what one button of the roll asks for; return the organisation it was about."""
    try:
        if request.POST.get("door"):
            count = actions.take_roll_from_door(statement, by=request.user)
            sentence = ngettext("%(count)d organisation is called.", "%(count)d organisations are called.", count)
            messages.success(request, sentence % {"count": count})
            return 0
        asked = request.POST.get("organisation", "")
        organisation = access.fetch(
            request, Organisation.objects, pk=asked if asked.isascii() and asked.isdigit() else 0
        )
        _say(request, statement, organisation, item)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
        return 0
    return organisation.pk


def _say(request: HttpRequest, statement: Statement, organisation: Organisation, item: Recommendation | None) -> None:
    stance, present = request.POST.get("stance", ""), request.POST.get("present", "")
    if stance in QUICK:
        actions.record_position(
            statement, by=request.user, organisation=organisation, stance=stance, recommendation=item
        )
    elif present in {"yes", "no"}:
        actions.mark_presence(statement, by=request.user, organisation=organisation, present=present == "yes")


def _rows(request: HttpRequest, members: list[reads.Member], item: Recommendation | None) -> list[dict[str, Any]]:
    """Return one row per organisation whose voice counts, with what it said to the item or to the whole."""
    standing = standing_of(request.user)
    choices = dict(Stance.choices)
    rows = []
    for one in members:
        if one.counts:
            stance = one.stance_on(item.pk if item else None)
            row = {"member": one, "name": one.organisation.shown_name(standing), "stance": stance}
            row["own"] = one.organisation.pk in standing.organisations
            row["said"] = choices.get(stance, "")
            row["holder"] = one.proxy.holder.shown_name(standing) if one.proxy else ""
            rows.append(row)
    return rows


@signed_in
@once
def proxy_list(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, RUN)
    givers, holders = _voices(request, statement)
    form = ProxyForm(request.POST or None, givers=givers, holders=holders, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_proxy(statement, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The proxy is recorded."))
            return to("proxy_list", slug)
    standing = standing_of(request.user)
    rows = [
        {"proxy": one, "giver": one.giver.shown_name(standing), "holder": one.holder.shown_name(standing)}
        for one in statement.proxies.select_related("giver", "holder").order_by("pk")
    ]
    context = {**frame(statement), "form": form, "rows": rows, "possible": bool(givers and holders)}
    return render(request, "recommendations/proxy_list.html", context)


def _voices(request: HttpRequest, statement: Statement) -> tuple[Voices, Voices]:
    """Return who may give a voice, and who may carry one: those that accepted and adopt, not the own ones."""
    standing = standing_of(request.user)
    members = [one for one in reads.assembly(statement) if one.counts and one.organisation.state == "verified"]
    others = [one for one in members if one.organisation.pk not in standing.organisations]
    carrying = {one.proxy.holder_id for one in members if one.proxy}
    givers = [one for one in others if one.accepted and not one.proxy and one.organisation.pk not in carrying]
    holders = [one for one in others if not one.proxy]
    named = [[(one.organisation, one.organisation.shown_name(standing)) for one in part] for part in (givers, holders)]
    return named[0], named[1]


@signed_in
@once
def proxy_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = statement_of(request, slug, RUN)
    proxy = statement.proxies.filter(pk=pk).first()
    if request.method == "POST" and proxy:
        try:
            actions.revoke_proxy(proxy, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("The proxy is revoked."))
    return to("proxy_list", slug)

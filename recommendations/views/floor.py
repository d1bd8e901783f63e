"""Item by item: what is on the floor, on a projector and on phones; what the plenary says to each item."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import access, differences, languages
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Conflict, Refusal
from recommendations import actions, canonical, majorities
from recommendations import floor as reads
from recommendations.forms import AmendmentForm, ItemPositionForm, NoteForm
from recommendations.models import Outcome, Recommendation, Statement
from recommendations.states import VERDICT_VERBS, BallotState, RecommendationState, Verdict
from recommendations.views.answers import called, statement_of, to
from recommendations.views.plenary import frame, hats_of, positions_of, tabled_of, words_for
from stakeholders.querysets import standing_of

RUN = "recommendations.run_plenary"
BADGES = {
    RecommendationState.AGREED: "ok",
    RecommendationState.AMENDED: "ok",
    RecommendationState.ADOPTED: "ok",
    RecommendationState.ADOPTED_AS_AMENDED: "ok",
    RecommendationState.ADOPTED_WITH_RESERVATIONS: "ok",
    RecommendationState.BRACKETED: "wait",
    RecommendationState.DEFERRED: "wait",
    RecommendationState.WITHDRAWN: "no",
    RecommendationState.NOT_ADOPTED: "no",
}


def rows_of(statement: Any) -> list[dict[str, Any]]:
    """Return every item that was before the plenary, with its label and where it stands."""
    return [{"label": label, "one": one, "badge": BADGES.get(one.state, "")} for label, one in called(statement)]


def item_of(statement: Any, pk: int) -> dict[str, Any]:
    """Return the row of one item, or nothing (404)."""
    for row in rows_of(statement):
        if row["one"].pk == pk:
            return row
    raise Http404


def texts_of(item: Recommendation) -> list[tuple[str, str]]:
    """Return the words of an item in each language, the reader's first."""
    texts = canonical.in_each_language(item, "text")
    first = item.shown.language
    return sorted(texts.items(), key=lambda pair: pair[0] != first)


@signed_in
def floor(request: HttpRequest, slug: str) -> HttpResponse:
    found = Statement.objects.of_consultation().with_common_text()
    statement = access.fetch(request, found, "recommendations.follow_plenary", consultation__slug=slug)
    plenary = reads.plenary_of(statement)
    rows = rows_of(statement)
    now = next((row for row in rows if row["one"].pk == plenary.floor_id), None)
    context = {**frame(statement), "rows": rows, "now": now, "rule": majorities.explain_rule(plenary.rule)}
    context["screen"] = request.GET.get("view") == "screen"
    context["live"] = statement.state == "tabled"
    context["decided"] = sum(row["one"].state != RecommendationState.TABLED for row in rows)
    context |= _numbers(statement, now["one"] if now else None)
    context["texts"] = texts_of(now["one"]) if now else []
    context["speaks"] = request.user.has_perm("recommendations.take_position", statement)
    part = bool(request.headers.get("HX-Request"))
    return render(request, "recommendations/parts/floor.html" if part else "recommendations/floor.html", context)


def _numbers(statement: Statement, item: Recommendation | None) -> dict[str, Any]:
    """Return the arithmetic as everybody in the room may see it: nothing below five voices, nothing of a sealed one."""
    members = reads.assembly(statement)
    ballot = reads.ballot_of(statement, item.pk if item else None)
    found = reads.tally_of(statement, members, item.pk if item else None, ballot)
    sealed = ballot is not None and ballot.state == BallotState.OPEN
    telling = found.voices >= reads.SMALLEST_BALLOT and not sealed
    present = found.present if found.present >= reads.SMALLEST_BALLOT else None
    cast = ballot.voices.count() if ballot else 0
    return {
        "sentences": reads.sentences(found, open_still=True) if telling else [],
        "few": not telling and not sealed,
        "present": present,
        "ballot": ballot,
        "cast": cast,
        "counted": sum(one.counts for one in members),
    }


@signed_in
@once
def item_decide(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = statement_of(request, slug, RUN)
    row = item_of(statement, pk)
    form = AmendmentForm(
        request.POST if request.POST.get("verdict") == Verdict.AMENDED else None, recommendation=row["one"]
    )
    if request.method == "POST" and (request.POST.get("verdict") != Verdict.AMENDED or form.is_valid()):
        try:
            _decide(request, row["one"], form)
        except Conflict:
            messages.error(request, _("Somebody else decided on this item meanwhile. Look again."))
        except Refusal as refusal:
            refuse(form, refusal) if form.is_bound else messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("Recorded."))
            return to("item_decide", slug, pk)
    return render(request, "recommendations/item_decide.html", _item_context(request, statement, row, form))


def _decide(request: HttpRequest, item: Recommendation, form: AmendmentForm) -> Outcome:
    verdict, version = request.POST.get("verdict", ""), request.POST.get("version", "")
    if verdict not in VERDICT_VERBS or not (version.isascii() and version.isdigit()):
        raise Refusal(_("Choose one of the answers."))
    words = form.words if form.is_bound else None
    note = form.cleaned_data["note"] if form.is_bound else ""
    return actions.decide_item(item, by=request.user, verdict=verdict, version=int(version), words=words, note=note)


def _item_context(request: HttpRequest, statement: Any, row: dict[str, Any], form: AmendmentForm) -> dict[str, Any]:
    """Return what the convenor sees of one item: words, voices, arithmetic, what was decided before."""
    item, standing = row["one"], standing_of(request.user)
    members = reads.assembly(statement)
    ballot = reads.ballot_of(statement, item.pk)
    found = reads.tally_of(statement, members, item.pk, ballot)
    said = [one for one in members if one.counts and item.pk in one.items]
    return {
        **frame(statement),
        **neighbours(rows_of(statement), item),
        "row": row,
        "item": item,
        "texts": texts_of(item),
        "form": form,
        "verdicts": [one for one in VERDICT_VERBS if one != Verdict.AMENDED and item.can(VERDICT_VERBS[one])],
        "can_amend": item.can("amend"),
        "said": [{"name": one.organisation.shown_name(standing), "position": one.items[item.pk]} for one in said],
        "sentences": reads.sentences(found, open_still=True),
        "voted": reads.voted_on(members, item.pk, ballot),
        "ballot": ballot,
        "on_floor": reads.plenary_of(statement).floor_id == item.pk,
        "history": history_of(item),
    }


def neighbours(rows: list[dict[str, Any]], item: Recommendation) -> dict[str, Any]:
    """Return the rows before and after the item."""
    place = next(index for index, row in enumerate(rows) if row["one"].pk == item.pk)
    return {
        "earlier": rows[place - 1] if place else None,
        "later": rows[place + 1] if place + 1 < len(rows) else None,
    }


def history_of(item: Recommendation) -> list[dict[str, Any]]:
    """Return what the plenary did with the item, the last one first; an amendment with its difference."""
    names = {language.code: language.own for language in languages.SHIPPED}
    rows = []
    for one in item.outcomes.order_by("-pk"):
        changed = [
            {"language": code, "name": names[code], "difference": differences.marked(one.before.get(code, ""), text)}
            for code, text in one.after.items()
            if code in names and text != one.before.get(code, "")
        ]
        rows.append({"outcome": one, "changed": changed})
    return rows


@signed_in
@once
def item_open(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = statement_of(request, slug, RUN)
    row = item_of(statement, pk)
    if request.method == "POST":
        down = request.POST.get("down") == "1"
        actions.put_on_floor(statement, by=request.user, recommendation=None if down else row["one"])
    return to("item_decide", slug, pk)


@signed_in
@once
def items_agree(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, RUN)
    if request.method == "POST":
        try:
            count = actions.agree_to_rest(statement, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            sentence = ngettext("%(count)d item is agreed.", "%(count)d items are agreed.", count)
            messages.success(request, sentence % {"count": count})
    return to("plenary", slug, anchor="items")


@signed_in
@once
def statement_fail(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, RUN)
    form = NoteForm(request.POST or None, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_failure(statement, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("It is on record that the text was not adopted. It is a draft again."))
            return to("workspace", slug)
    found = reads.tally_of(statement, reads.assembly(statement), None, reads.ballot_of(statement, None))
    context = {**frame(statement), "form": form, "sentences": reads.sentences(found), "met": found.adopted}
    context["count"] = statement.positions.count()
    return render(request, "recommendations/statement_fail.html", context)


# --- The participants' side -------------------------------------------------------------------------------------


@signed_in
@once
def item_position(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = tabled_of(request, slug)
    row, hats = item_of(statement, pk), hats_of(request, statement)
    form = ItemPositionForm(request.POST or None, voices=hats, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_position(statement, by=request.user, recommendation=row["one"], **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The position is recorded. You can change it until the item is decided."))
            return to("item_position", slug, pk)
    context = {**frame(statement), **neighbours(rows_of(statement), row["one"]), "row": row, "form": form}
    context["texts"], context["adopts"] = texts_of(row["one"]), any(one.is_civil_society for one, _name in hats)
    context["open"] = statement.state == "tabled" and row["one"].state == RecommendationState.TABLED
    context["ballot"] = reads.ballot_of(statement, pk)
    context["voice"] = hats[0][1] if len(hats) == 1 else ""
    mine = positions_of(statement).filter(recommendation=pk, organisation__in=[one.pk for one, _name in hats])
    names = {one.pk: name for one, name in hats}
    context["taken"] = [
        {"position": one, "name": names[one.organisation_id], "text": words_for(request.user, one)} for one in mine
    ]
    return render(request, "recommendations/item_position.html", context)


@signed_in
@once
def position_take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = tabled_of(request, slug)
    voices = [one.pk for one, _name in hats_of(request, statement)]
    position = statement.positions.filter(pk=pk, organisation__in=voices, recommendation__isnull=False).first()
    if position is None:
        raise Http404
    item = position.recommendation_id
    if request.method == "POST":
        try:
            actions.take_back_position(position, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("Taken back. What you say to the whole text stands for this item."))
    return to("item_position", slug, item)

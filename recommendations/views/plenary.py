"""From the tabled text to the published statement: table, take positions, adopt, publish."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from consultations.states import InvitationState
from portal import access, clock
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from recommendations import actions, majorities
from recommendations import floor as reads
from recommendations.floor import Member
from recommendations.forms import AdoptionForm, ItemPositionForm, PositionForm
from recommendations.models import Position, Statement
from recommendations.states import ASIDE, BallotState, RecommendationState, RuleKind, Stance, Verdict
from recommendations.views.answers import by_section, called, numbered, statement_of, to
from recommendations.views.circulating import behind, open_words
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of
from stakeholders.views.hats import chosen_organisation


@signed_in
@once
def statement_table(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.see_workspace")
    if not request.user.has_perm("recommendations.table_statement", statement):
        return to("plenary", slug)
    labels = {one.pk: label for label, one in live_rows(statement)}
    if request.method == "POST":
        try:
            actions.table_statement(statement, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            return to("plenary", slug)
    lacks = [(one, labels.get(one.pk, "") if one else "", words) for one, words in actions.what_lacks(statement)]
    context = {**frame(statement), "lacks": lacks, "count": len(labels)}
    context |= {"behind": behind(statement), "said": open_words(statement)}
    context["rule"] = majorities.explain_rule(reads.plenary_of(statement).rule)
    return render(request, "recommendations/statement_table.html", context)


def frame(statement: Statement) -> dict[str, Any]:
    """Return what every page of a plenary shows."""
    return {"statement": statement, "consultation": statement.consultation, "nav_current": "desk"}


def live(statement: Any) -> list[Any]:
    """Return the recommendations that belong to the text: those set aside do not."""
    return [one for _label, one in live_rows(statement)]


def live_rows(statement: Any) -> list[tuple[str, Any]]:
    """Return them with the numbers by which the room calls them."""
    return [(label, one) for label, one in called(statement) if one.state not in ASIDE]


@signed_in
@once
def statement_untable(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.untable_statement")
    if request.method == "POST":
        actions.untable_statement(statement, by=request.user)
        messages.success(request, _("The text is in the workspace again."))
        return to("workspace", slug)
    context = {**frame(statement), "count": statement.positions.count()}
    return render(request, "recommendations/statement_untable.html", context)


@signed_in
def plenary(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.see_workspace")
    members, ballots = reads.assembly(statement), reads.ballots_of(statement)
    found = reads.tally_of(statement, members, None, ballots.get(None))
    rows = _rows(request, statement, members)
    context = {
        **frame(statement),
        "rows": rows,
        "sections": by_section(live_rows(statement)),
        "figures": _figures(statement, members),
        "stances": [Stance.CONSENSUS, Stance.ABSTAINS, Stance.BLOCKS],
        "reservations": [row for row in rows if row["position"] and row["position"].stance == Stance.RESERVATION],
        "rule": majorities.explain_rule(found.rule),
        "sentences": reads.sentences(found, open_still=True) if found.voices or found.rule.quorum else [],
        "met": found.adopted,
        "ballot": ballots.get(None),
        "ballots": {item for item, ballot in ballots.items() if ballot.state == BallotState.OPEN},
        **_items(statement),
    }
    return render(request, "recommendations/plenary.html", context)


def _items(statement: Statement) -> dict[str, Any]:
    """Return the items with what was decided, how many are open, and the plenaries before this one."""
    taken = list(statement.outcomes.order_by("-pk"))
    shown = called(statement)
    open_ones = [one for _label, one in shown if one.state == RecommendationState.TABLED]
    return {
        "items": shown,
        "open_items": len(open_ones),
        "failures": [
            {"outcome": one, "sentences": reads.sentences(majorities.read(one.figures))}
            for one in taken
            if one.verdict == Verdict.FAILED
        ],
    }


def _rows(request: HttpRequest, statement: Statement, members: list[Member]) -> list[dict[str, Any]]:
    """Return one row per organisation: those that accepted, were called, or whose position was added."""
    standing = standing_of(request.user)
    labels = {one.pk: label for label, one in live_rows(statement)}
    return [
        {
            "organisation": one.organisation,
            "position": one.position,
            "others": [position for position in one.reservations if position != one.position],
            "counts": one.counts,
            "name": one.organisation.shown_name(standing),
            "own": one.organisation.pk in standing.organisations,
            "about": labels.get(one.position.recommendation_id) if one.position else None,
            "holder": one.proxy.holder.shown_name(standing) if one.proxy else "",
        }
        for one in members
    ]


def positions_of(statement: Statement) -> Any:
    found = statement.positions.select_related("organisation__country")
    return found.prefetch_related("organisation__groups")


def _figures(statement: Statement, members: list[Member]) -> dict[str, Any]:
    """Return the numbers of the plenary: organisations count once, whoever speaks for them; own benches do not."""
    voices = [one.stance_on(None) for one in members if one.counts]
    tally = {stance: voices.count(stance) for stance in Stance.values}
    taken = sum(tally.values())
    invited = statement.consultation.invitations.reached().count()
    joined = tally[Stance.CONSENSUS] + tally[Stance.RESERVATION]
    return {**tally, "taken": taken, "waiting": len(voices) - taken, "invited": invited, "joined": joined}


@signed_in
@once
def position_record(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.see_workspace")
    if request.method == "GET":
        access.require(request, "recommendations.record_position", statement)
    choices = _choices(request, statement)
    if not choices:
        messages.error(request, _("You act for this organisation, or its position is recorded already."))
        return to("plenary", slug)
    form = _position_form(request, statement, choices)
    if request.method == "POST" and form.is_valid():
        try:
            position = actions.record_position(statement, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return to("plenary", slug, anchor=f"organisation-{position.organisation_id}")
    voice = choices[0][1] if len(choices) == 1 else ""
    context = {**frame(statement), "form": form, "closed": statement.state != "tabled", "voice": voice}
    return render(request, "recommendations/position_record.html", context)


def _choices(request: HttpRequest, statement: Statement) -> list[tuple[Organisation, str]]:
    """Return every organisation whose position may be recorded: verified ones that may be seated, not the own."""
    standing = standing_of(request.user)
    seated = Organisation.objects.invitable().civil_society().exclude(pk__in=standing.organisations).distinct()
    asked = str(request.POST.get("organisation") or request.GET.get("organisation") or "")
    if asked.isascii() and asked.isdigit():
        seated = seated.filter(pk=asked)
    else:
        seated = seated.exclude(pk__in=statement.positions.values("organisation"))
    return [(one, one.shown_name(standing)) for one in seated.prefetch_related("groups")]


def _position_form(
    request: HttpRequest, statement: Any, organisations: list[tuple[Organisation, str]], **initial: Any
) -> PositionForm:
    """Return the form, filled with the position that stands where there is one voice to speak for."""
    if len(organisations) == 1:
        # Its word on the whole, or else its only reservation.
        said = statement.positions.filter(organisation=organisations[0][0])
        standing = said.filter(recommendation=None).first() or said.filter(stance=Stance.RESERVATION).first()
        if standing:
            about, words = standing.recommendation_id or "", words_for(request.user, standing)
            initial = {**initial, "stance": standing.stance, "text": words, "recommendation": about}
    asked = request.GET.get("item", "")
    if asked in {str(one.pk) for one in live(statement)}:
        initial = {**initial, "recommendation": int(asked)}
    form = PositionForm(
        request.POST or None,
        initial={**initial, **kept_initial(request)},
        organisations=organisations,
        recommendations=live_rows(statement),
    )
    if reads.plenary_of(statement).rule.kind != RuleKind.CONSENSUS:
        # Where a majority decides, one that cannot agree does not keep the text from being adopted.
        form.fields["stance"].choices = ItemPositionForm.base_fields["stance"].choices
    return form


@signed_in
@once
def position_take(request: HttpRequest, slug: str) -> HttpResponse:
    statement = tabled_of(request, slug)
    hats = hats_of(request, statement)
    adopts = any(organisation.is_civil_society for organisation, _name in hats)
    chosen = chosen_organisation(request)
    form = _position_form(request, statement, hats, **({"organisation": chosen} if chosen else {}))
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_position(statement, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The position is recorded. You can change it until the plenary closes."))
            return to("position_take", slug)
    context = {**frame(statement), "form": form, "sections": by_section(live_rows(statement)), "own_bench": not adopts}
    context["voice"] = hats[0][1] if len(hats) == 1 else ""
    context["open"] = adopts and request.user.has_perm("recommendations.take_position", statement)
    context |= {"taken": _taken(request, statement, hats), "ballot": reads.ballot_of(statement, None)}
    context["rule"] = majorities.explain_rule(reads.plenary_of(statement).rule)
    return render(request, "recommendations/position_take.html", context)


def words_for(user: Any, position: Position) -> str:
    """Return the words of a reservation. Who only carries a voice reads none that the others' own people wrote."""
    theirs = position.organisation_id in standing_of(user).organisations or position.by_id == user.pk
    return position.text if theirs else ""


def _taken(request: HttpRequest, statement: Any, hats: list[tuple[Organisation, str]]) -> list[dict[str, Any]]:
    """Return what was said in the name of these organisations, to the whole and to single items."""
    labels, names = {one.pk: label for label, one in live_rows(statement)}, {one.pk: name for one, name in hats}
    mine = positions_of(statement).filter(organisation__in=names).order_by("recommendation", "pk")
    return [
        {
            "position": one,
            "name": names[one.organisation_id],
            "about": labels.get(one.recommendation_id, ""),
            "text": words_for(request.user, one),
        }
        for one in mine
    ]


def hats_of(request: HttpRequest, statement: Statement) -> list[tuple[Organisation, str]]:
    """Return whose voice the person may cast: of own organisations that accepted, and of those that gave them theirs.

    Raises PermissionDenied where there is none.
    """
    standing = standing_of(request.user)
    accepted = statement.consultation.invitations.filter(state=InvitationState.ACCEPTED)
    carried = reads.standing_proxies(statement).filter(holder__in=standing.speaks_for).values("giver")
    mine = accepted.filter(Q(organisation__in=standing.speaks_for) | Q(organisation__in=carried)).for_desk()
    hats = []
    for invitation in mine:
        name = invitation.organisation.shown_name(standing)
        own = invitation.organisation_id in standing.speaks_for
        hats.append((invitation.organisation, name if own else _("%(name)s (by proxy)") % {"name": name}))
    if not hats:
        raise PermissionDenied
    return hats


def tabled_of(request: HttpRequest, slug: str) -> Any:
    """Return the statement that the person may see, tabled now or earlier, or nothing (404)."""
    found = Statement.objects.of_consultation().with_common_text()
    statement = access.fetch(request, found, consultation__slug=slug)
    if statement.state == "draft":
        raise Http404
    return statement


def adopting(statement: Any) -> list[Any]:
    """Return the items that would go into the edition: the agreed ones, or all where none was taken alone."""
    agreed = [one for one in live(statement) if one.state in {"agreed", "amended"}]
    return agreed or [one for one in live(statement) if one.state == RecommendationState.TABLED]


@signed_in
@once
def statement_adopt(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.adopt_statement")
    consultation = statement.consultation
    today = clock.today_in(consultation.time_zone)
    form = AdoptionForm(request.POST or None, initial={"adopted_on": today, "place": consultation.city})
    if request.method == "POST" and form.is_valid():
        try:
            actions.adopt_statement(statement, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Adopted. The text is frozen as edition 1."))
            return to("plenary", slug)
    members, ballot = reads.assembly(statement), reads.ballot_of(statement, None)
    found = reads.tally_of(statement, members, None, ballot)
    context = {**frame(statement), "form": form, "figures": _figures(statement, members), "met": found.adopted}
    context["sections"] = by_section(numbered(adopting(statement)))
    context |= {"flagged": [one for one in live(statement) if one.flagged], "ballot": ballot}
    context |= {
        "sentences": reads.sentences(found, open_still=True),
        "consensus": found.rule.kind == RuleKind.CONSENSUS,
    }
    return render(request, "recommendations/statement_adopt.html", context)


@signed_in
@once
def statement_publish(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.publish_statement")
    if request.method == "POST":
        actions.publish_statement(statement, by=request.user)
        messages.success(request, _("Published. Everybody can read it now."))
        return to("plenary", slug)
    accepted = statement.consultation.invitations.filter(state=InvitationState.ACCEPTED).exclude(address="")
    context = {**frame(statement), "edition": statement.editions.first(), "letters": accepted.count()}
    return render(request, "recommendations/statement_publish.html", context)

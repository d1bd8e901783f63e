"""Secret ballots: ask for one, choose, count. The turnout is seen, no choice is."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from recommendations import actions
from recommendations import floor as reads
from recommendations.forms import ChoiceForm
from recommendations.models import Ballot, Recommendation, Statement
from recommendations.states import BallotState, Stance
from recommendations.views.answers import statement_of, to
from recommendations.views.floor import RUN, item_of, texts_of
from recommendations.views.plenary import frame, hats_of, tabled_of
from recommendations.views.roll import item_asked
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of


def ballot_in(statement: Statement, pk: int) -> Ballot:
    """Return the ballot of this statement, or nothing (404)."""
    found = statement.ballots.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def subject_of(statement: Any, item: int | None) -> dict[str, Any]:
    """Return what a ballot is about: one item with its words, or the whole text."""
    if item is None:
        return {"row": None, "texts": []}
    row = item_of(statement, item)
    return {"row": row, "texts": texts_of(row["one"])}


@signed_in
@once
def ballot_ask(request: HttpRequest, slug: str) -> HttpResponse:
    statement = tabled_of(request, slug)
    runs = request.user.has_perm(RUN, statement)
    hats = [] if runs else hats_of(request, statement)
    _label, item = item_asked(request, statement)
    reason = ""
    if request.method == "POST":
        try:
            ballot = _begun(request, statement, hats[0][0] if hats else None, item)
        except Refusal as refusal:
            reason = str(refusal.reason)
        else:
            messages.success(request, _("The ballot is open. Nobody sees what anybody chooses."))
            return to("ballot_count" if runs else "ballot_choose", slug, ballot.pk)
    context = {**frame(statement), **subject_of(statement, item.pk if item else None), "reason": reason, "runs": runs}
    return render(request, "recommendations/ballot_ask.html", context)


def _begun(
    request: HttpRequest, statement: Statement, organisation: Organisation | None, item: Recommendation | None
) -> Ballot:
    return actions.ask_secrecy(statement, by=request.user, recommendation=item, organisation=organisation)


@signed_in
@once
def ballot_choose(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = tabled_of(request, slug)
    hats, ballot = hats_of(request, statement), ballot_in(statement, pk)
    if not any(organisation.is_civil_society for organisation, _name in hats):
        raise PermissionDenied
    form = ChoiceForm(request.POST or None, voices=hats, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.cast_choice(ballot, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Your choice is sealed. Until the count you can choose anew."))
            return to("ballot_choose", slug, pk)
    there = set(ballot.voices.values_list("organisation", flat=True))
    context = {**frame(statement), **subject_of(statement, ballot.recommendation_id), "ballot": ballot, "form": form}
    context["voices"] = [(name, one.pk in there) for one, name in hats]
    context["open"] = statement.state == "tabled" and ballot.state == BallotState.OPEN
    context["voice"] = hats[0][1] if len(hats) == 1 else ""
    return render(request, "recommendations/ballot_choose.html", context)


@signed_in
@once
def ballot_count(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    statement = statement_of(request, slug, RUN)
    ballot = ballot_in(statement, pk)
    if request.method == "POST":
        try:
            deed = actions.drop_ballot if request.POST.get("deed") == "drop" else actions.count_ballot
            deed(ballot, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        return to("ballot_count", slug, pk)
    context = {**frame(statement), **subject_of(statement, ballot.recommendation_id), "ballot": ballot}
    context |= _turnout(request, statement, ballot)
    if ballot.state == BallotState.COUNTED:
        found = reads.tally_of(statement, reads.assembly(statement), ballot.recommendation_id, ballot)
        context["sentences"] = reads.sentences(found, open_still=True)
        context["results"] = [(Stance(stance).label, count) for stance, count in found.stances.items() if count]
        context["unanimous"] = len(context["results"]) == 1
    return render(request, "recommendations/ballot_count.html", context)


def _turnout(request: HttpRequest, statement: Statement, ballot: Ballot) -> dict[str, Any]:
    """Return who took part and who did not, by name: never in the order in which they came."""
    standing = standing_of(request.user)
    there = set(ballot.voices.values_list("organisation", flat=True))
    members = [
        one for one in reads.assembly(statement) if one.counts and (one.accepted or one.organisation.pk in there)
    ]
    rows = [(one.organisation.shown_name(standing), one.organisation.pk in there) for one in members]
    return {"turnout": rows, "cast": len(there), "enough": len(there) >= reads.SMALLEST_BALLOT}

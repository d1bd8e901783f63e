"""From the tabled text to the published statement: table, take positions, adopt, publish."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from consultations.models import Invitation
from consultations.states import InvitationState
from portal import access, clock
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from recommendations import actions
from recommendations.forms import AdoptionForm, PositionForm
from recommendations.models import Statement
from recommendations.states import RecommendationState, Stance
from recommendations.views.answers import by_section, numbered, statement_of, to
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of
from stakeholders.views.hats import chosen_organisation


@signed_in
@once
def statement_table(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.see_workspace")
    if not request.user.has_perm("recommendations.table_statement", statement):
        return to("plenary", slug)
    labels = {one.pk: label for label, one in numbered(_live(statement))}
    if request.method == "POST":
        try:
            actions.table_statement(statement, by=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            return to("plenary", slug)
    lacks = [(one, labels.get(one.pk, "") if one else "", words) for one, words in actions.what_lacks(statement)]
    context = {**_frame(statement), "lacks": lacks, "count": len(labels)}
    return render(request, "recommendations/statement_table.html", context)


def _frame(statement: Statement) -> dict[str, Any]:
    return {"statement": statement, "consultation": statement.consultation, "nav_current": "desk"}


def _live(statement: Any) -> list[Any]:
    """Return the recommendations that belong to the text: those set aside do not."""
    aside = {RecommendationState.DEFERRED, RecommendationState.NOT_ADOPTED}
    return [one for one in statement.common_text if one.state not in aside]


@signed_in
@once
def statement_untable(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.untable_statement")
    if request.method == "POST":
        actions.untable_statement(statement, by=request.user)
        messages.success(request, _("The text is in the workspace again."))
        return to("workspace", slug)
    context = {**_frame(statement), "count": statement.positions.count()}
    return render(request, "recommendations/statement_untable.html", context)


@signed_in
def plenary(request: HttpRequest, slug: str) -> HttpResponse:
    statement = statement_of(request, slug, "recommendations.see_workspace")
    standing = standing_of(request.user)
    labels = {one.pk: label for label, one in numbered(_live(statement))}
    rows = _voices(statement)
    for row in rows:
        row["name"] = row["organisation"].shown_name(standing)
        row["own"] = row["organisation"].pk in standing.organisations
        row["about"] = labels.get(row["position"].recommendation_id) if row["position"] else None
    context = {
        **_frame(statement),
        "rows": rows,
        "sections": by_section(_live(statement)),
        "figures": _figures(statement, rows),
        "stances": [Stance.CONSENSUS, Stance.ABSTAINS, Stance.BLOCKS],
        "projector": request.GET.get("view") == "projector",
        "reservations": [row for row in rows if row["position"] and row["position"].stance == Stance.RESERVATION],
    }
    return render(request, "recommendations/plenary.html", context)


def _voices(statement: Statement) -> list[dict[str, Any]]:
    """Return one row per organisation: those that accepted, and those whose position was added."""
    positions = {one.organisation_id: one for one in _positions(statement)}
    accepted = Invitation.objects.filter(
        consultation=statement.consultation_id, state=InvitationState.ACCEPTED, organisation__isnull=False
    )
    voices = {one.organisation_id: one.organisation for one in accepted.for_desk()}
    voices.update({pk: one.organisation for pk, one in positions.items()})
    ordered = sorted(voices.values(), key=lambda one: (one.name or "").casefold())
    rows = [{"organisation": one, "position": positions.get(one.pk)} for one in ordered]
    return [{**row, "counts": _counts(row["organisation"])} for row in rows]


def _counts(organisation: Organisation) -> bool:
    """Whether its voice counts: who is heard on its own bench adopts nothing, nor does a record that was merged."""
    return organisation.is_civil_society and organisation.state != "merged"


def _positions(statement: Statement) -> Any:
    found = statement.positions.select_related("organisation__country")
    return found.prefetch_related("organisation__groups")


def _figures(statement: Statement, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the numbers of the plenary: organisations count once, whoever speaks for them; own benches do not."""
    voices = [row for row in rows if row["counts"]]
    positions = [row["position"] for row in voices if row["position"]]
    tally = {stance: sum(1 for one in positions if one.stance == stance) for stance in Stance.values}
    taken = len(positions)
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
    context = {**_frame(statement), "form": form, "closed": statement.state != "tabled", "voice": voice}
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
        standing = statement.positions.filter(organisation=organisations[0][0]).first()
        if standing:
            about = standing.recommendation_id or ""
            initial = {**initial, "stance": standing.stance, "text": standing.text, "recommendation": about}
    return PositionForm(
        request.POST or None,
        initial={**initial, **kept_initial(request)},
        organisations=organisations,
        recommendations=numbered(_live(statement)),
    )


@signed_in
@once
def position_take(request: HttpRequest, slug: str) -> HttpResponse:
    found = Statement.objects.of_consultation().with_common_text()
    statement = access.fetch(request, found, consultation__slug=slug)
    if statement.state == "draft":
        raise Http404
    hats = _voices_of(request, statement)
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
    context = {**_frame(statement), "form": form, "sections": by_section(_live(statement))}
    context["voice"] = hats[0][1] if len(hats) == 1 else ""
    context["own_bench"] = not adopts
    context["open"] = adopts and request.user.has_perm("recommendations.take_position", statement)
    context["taken"] = _positions(statement).filter(organisation__in=[one.pk for one, _name in hats])
    return render(request, "recommendations/position_take.html", context)


def _voices_of(request: HttpRequest, statement: Statement) -> list[tuple[Organisation, str]]:
    """Return the organisations that the person speaks for and that accepted. Raises PermissionDenied where none did."""
    speaks_for = standing_of(request.user).speaks_for
    accepted = Invitation.objects.of(speaks_for).filter(
        consultation=statement.consultation_id, state=InvitationState.ACCEPTED
    )
    hats = [(one.organisation, one.organisation.name) for one in accepted.for_desk()]
    if not hats:
        raise PermissionDenied
    return hats


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
    figures = _figures(statement, _voices(statement))
    sections = by_section(_live(statement))
    context = {**_frame(statement), "form": form, "figures": figures, "sections": sections}
    context["flagged"] = [one for one in _live(statement) if one.flagged]
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
    context = {**_frame(statement), "edition": statement.editions.first(), "letters": accepted.count()}
    return render(request, "recommendations/statement_publish.html", context)

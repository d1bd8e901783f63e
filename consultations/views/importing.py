"""The convenor brings a list of whom to invite: uploaded or pasted, looked at row by row, then drafted as a whole."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from consultations import actions, importing
from consultations.forms import CheckForm, ListForm
from consultations.importing import FITS, Fit, Line, Match
from consultations.models import Consultation
from consultations.views.convening import to_table
from consultations.views.inviting import INVITE, own
from consultations.views.picking import drafted_sentence
from portal.access import signed_in
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from stakeholders.querysets import Standing, standing_of

MOST_SHOWN = 500  # rows of one page, those that need a look first


@signed_in
@once
def invitation_import(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = own(request, slug, INVITE)
    if request.method == "POST" and "rows" in request.POST:
        return _checked(request, consultation)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        if form.first_sheet:
            messages.warning(request, _("Only the first sheet was read: %(name)s.") % {"name": form.first_sheet})
        check = CheckForm(initial={"rows": importing.folded(form.lines), "seats": 2})
        return _page(request, consultation, check, form.lines)
    context = {"consultation": consultation, "form": form, "nav_current": "desk"}
    return render(request, "consultations/invitation_import.html", context)


def _checked(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Draft what was found and chosen, all of it or nothing; or show the list once more, with the reason."""
    check = CheckForm(request.POST)
    if not check.is_valid():
        try:
            lines = importing.unfolded(request.POST["rows"])
        except (importing.signing.BadSignature, ValueError, TypeError):
            context = {"consultation": consultation, "form": ListForm(), "check": check, "nav_current": "desk"}
            return render(request, "consultations/invitation_import.html", {**context, "lost": True})
        return _page(request, consultation, check, lines)
    return _taken_over(request, consultation, check)


def _taken_over(request: HttpRequest, consultation: Consultation, check: CheckForm) -> HttpResponse:
    lines = check.cleaned_data["rows"]
    chosen = check.chosen(importing.matches(consultation, lines))
    if not chosen:
        check.add_error(None, _("Nobody on this list can be invited as it stands."))
        return _page(request, consultation, check, lines)
    language = check.cleaned_data["language"]
    try:
        count = actions.pick_organisations(consultation, by=request.user, seats=chosen, language=language, whole=True)
    except Refusal as refusal:
        refuse(check, refusal)
        return _page(request, consultation, check, lines)
    messages.success(request, drafted_sentence(count))
    return to_table(consultation)


def _page(request: HttpRequest, consultation: Consultation, check: CheckForm, lines: list[Line]) -> HttpResponse:
    found = importing.matches(consultation, lines)
    order = list(Fit)
    shown = sorted(found, key=lambda one: (order.index(one.fit), one.line.number))
    tally = Counter(one.fit for one in found)
    standing = standing_of(request.user)
    context = {
        "consultation": consultation,
        "check": check,
        "checked": True,
        "rows": [_row(check, one, standing) for one in shown[:MOST_SHOWN]],
        "more": max(0, len(shown) - MOST_SHOWN),
        "figures": [{"count": tally[fit], "label": FITS[fit][1]} for fit in order if tally[fit]],
        "ready": tally[Fit.FOUND],
        "open": tally[Fit.SEVERAL],
        "nav_current": "desk",
    }
    return render(request, "consultations/invitation_import.html", context)


def _row(check: CheckForm, match: Match, standing: Standing) -> dict[str, Any]:
    one = match.organisation
    return {
        "match": match,
        "name": one.shown_name(standing) if one else "",
        "facts": _facts(one) if one else "",
        "reason": _reason(match),
        "own_bench": bool(one and match.fit == Fit.FOUND and not one.is_civil_society),
        "field": f"row_{match.line.number}",
        "options": [
            {"pk": other.pk, "name": other.shown_name(standing), "facts": _facts(other)} for other in match.others
        ],
        "choice": check.choice(match),
    }


def _facts(organisation: Any) -> str:
    """Return what tells two organisations of one name apart."""
    groups = [group.name for group in organisation.groups.all()]
    country = organisation.country.name if organisation.country else ""
    return ", ".join(filter(None, [country, *groups, organisation.contact_email]))


def _reason(match: Match) -> str:
    if match.fit == Fit.TWICE:
        return _("row %(number)d") % {"number": match.row}
    if match.fit == Fit.CLOSED and match.organisation:
        return match.organisation.get_state_display()
    return ""

"""A sheet of many points: paste or upload it, look through what was found, keep the drafts. No file is kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext

from consultations.models import Consultation
from portal import access
from portal.access import signed_in
from portal.once import FIELD, once
from portal.saving import refuse
from portal.states import Refusal
from recommendations import actions
from recommendations.forms.sheets import POINTS_MAX, CommonForm, PointChoices, PointFormSet, SheetForm, proposed
from recommendations.states import Attribution, SubmissionKind
from recommendations.views.submissions import first_hat, hats_for
from stakeholders.models import Organisation

PREFIX = "points"


@signed_in
@once
def submission_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    consultation, hats = _writing(request, slug)
    kept = _kept(request)
    first = {"kind": SubmissionKind.RECOMMENDATION, "language": request.user.language, "attribution": Attribution.NONE}
    initial = {**first, **first_hat(request, hats), **(kept.dict() if kept else {})}
    form = SheetForm(request.POST or None, request.FILES or None, organisations=hats, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _proposal(request, consultation, form, hats)
        except Refusal as refusal:
            refuse(form, Refusal(refusal.reason, field="file" if form.cleaned_data["file"] else "sheet"))
    return render(request, "recommendations/submission_sheet.html", _context(consultation, form))


def _proposal(
    request: HttpRequest, consultation: Consultation, form: SheetForm, hats: list[Organisation]
) -> HttpResponse:
    """Show what was found in the sheet, to be looked through. Nothing is written yet."""
    choices = PointChoices(consultation)
    points, aside = proposed(form, choices)
    common = CommonForm(organisations=hats, initial=form.cleaned_data | _hat(form))
    formset = PointFormSet(initial=points, prefix=PREFIX, form_kwargs={"choices": choices})
    context = {**_context(consultation, common), "formset": formset, "aside": "\n\n".join(aside)}
    return render(request, "recommendations/submission_sheet_keep.html", context)


def _hat(form: CommonForm) -> dict[str, int]:
    chosen = form.cleaned_data.get("organisation")
    return {"organisation": chosen.pk} if chosen else {}


@signed_in
@once
def submission_sheet_keep(request: HttpRequest, slug: str) -> HttpResponse:
    consultation, hats = _writing(request, slug)
    data = request.POST if request.method == "POST" else _kept(request)
    if not data or f"{PREFIX}-TOTAL_FORMS" not in data:
        return redirect("submission_sheet", slug)
    common = CommonForm(data, organisations=hats)
    choices = PointChoices(consultation)
    formset = PointFormSet(data, prefix=PREFIX, form_kwargs={"choices": choices})
    if common.is_valid() & formset.is_valid() and request.method == "POST":
        try:
            points = [form.words for form in formset.taken]
            drafts = actions.draft_submissions(consultation, by=request.user, points=points, **common.common)
        except Refusal as refusal:
            refuse(common, refusal)
        else:
            return _after_keeping(request, len(drafts))
    context = {**_context(consultation, common), "formset": formset, "aside": data.get("aside", "")}
    return render(request, "recommendations/submission_sheet_keep.html", {**context, "kept_key": data.get(FIELD, "")})


def _after_keeping(request: HttpRequest, count: int) -> HttpResponse:
    sentence = ngettext(
        "%(count)d draft is saved. Nothing is sent yet: check each and send it in.",
        "%(count)d drafts are saved. Nothing is sent yet: check each and send it in.",
        count,
    )
    messages.success(request, sentence % {"count": count})
    return HttpResponseRedirect(reverse("submission_list") + "?kind=draft")


def _writing(request: HttpRequest, slug: str) -> tuple[Consultation, list[Organisation]]:
    found = Consultation.objects.for_list()
    consultation = access.fetch(request, found, "recommendations.write_submission", slug=slug)
    return consultation, hats_for(request, consultation)


def _kept(request: HttpRequest) -> QueryDict | None:
    """Return what was sent when the session had run out, as it was sent."""
    kept = access.kept_input(request)
    if not kept:
        return None
    data = QueryDict(mutable=True)
    for name, values in kept.items():
        data.setlist(name, values)
    return data


def _context(consultation: Consultation, form: Any) -> dict[str, Any]:
    closed = actions.closed_sentence(consultation)
    most = POINTS_MAX
    return {"consultation": consultation, "form": form, "closed": closed, "most": most, "nav_current": "desk"}

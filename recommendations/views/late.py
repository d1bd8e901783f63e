"""Late with a code: a convenor gives it to an organisation and takes it back; the organisation sends in with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from consultations.models import Consultation
from portal import access, text
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from recommendations import actions
from recommendations.forms.handing_in import CodeForm, LateCodeForm
from recommendations.models import LateCode
from recommendations.querysets import UNSENT
from recommendations.views.answers import to
from recommendations.views.submissions import checked, own
from stakeholders.models import Organisation

MOST_FOUND = 20


@signed_in
def late_code_list(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = _convened(request, slug, "consultations.see_desk")
    typed = text.clean(request.GET.get("q", ""))[:200]
    context = {
        "consultation": consultation,
        "codes": consultation.late_codes.select_related("organisation", "by"),
        "can_give": request.user.has_perm("recommendations.give_late_codes", consultation),
        "typed": typed,
        "found": found_by(request, typed),
        "nav_current": "desk",
    }
    return render(request, "recommendations/late_code_list.html", context)


def found_by(request: HttpRequest, typed: str) -> list[Organisation]:
    """Return the organisations that a search by name finds, of those that the person may know and that may take part.

    Who searches sees names only: the own organisation's, and those that are shown to members.
    """
    if not typed:
        return []
    found = Organisation.objects.visible_to(request.user).invitable().called(typed)
    return list(found.distinct().order_by("name_key", "pk")[:MOST_FOUND])


@signed_in
@once
def late_code_create(request: HttpRequest, slug: str, organisation: int) -> HttpResponse:
    consultation = _convened(request, slug, "recommendations.give_late_codes")
    whom = access.fetch(request, Organisation.objects.all(), pk=organisation)
    form = LateCodeForm(request.POST or None, consultation=consultation, initial=kept_initial(request))
    context = {"consultation": consultation, "organisation": whom, "form": form, "nav_current": "desk"}
    if request.method == "POST" and form.is_valid():
        try:
            given = {"organisation": whom, **form.cleaned_data}
            made, code = actions.give_late_code(consultation, by=request.user, **given)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            # It is kept nowhere, so there is no page to be sent on to: it stands on this one answer.
            response = render(request, "recommendations/late_code_create.html", {**context, "made": made, "code": code})
            response["Cache-Control"] = "no-store"
            return response
    return render(request, "recommendations/late_code_create.html", context)


@signed_in
@once
def late_code_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    _convened(request, slug, "consultations.see_desk")
    code = access.fetch(request, LateCode.objects.select_related("consultation"), pk=pk, consultation__slug=slug)
    if request.method == "POST":
        actions.revoke_late_code(code, by=request.user)
        messages.success(request, _("The code is revoked. It opens nothing any more."))
    return redirect("late_code_list", slug)


@signed_in
@once
def submission_submit_late(request: HttpRequest, pk: int) -> HttpResponse:
    submission = own(request, pk)
    if request.method != "POST" or submission.state not in UNSENT:
        return to("submission_check", pk)
    access.require(request, "recommendations.submit_submission", submission)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            actions.submit_submission(submission, by=request.user, code=form.cleaned_data["code"])
        except Refusal as refusal:
            form.add_error("code", str(refusal.reason))
        else:
            messages.success(request, _("Received, marked as late. Your submission has the number %(n)s.") % {"n": pk})
            return redirect(submission)
    return checked(request, submission, form)


def _convened(request: HttpRequest, slug: str, permission: str) -> Any:
    found = Consultation.objects.prefetch_related("convenors")
    return access.fetch(request, found, permission, slug=slug)

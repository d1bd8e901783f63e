"""Sign-off inside an organisation: mark a draft as ready, or give it back with a remark."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal import access
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Refusal
from recommendations import actions
from recommendations.forms import ReturnForm
from recommendations.models import Submission
from recommendations.states import SubmissionState
from stakeholders.querysets import standing_of


def _own(request: HttpRequest, pk: int) -> Submission:
    """Return a submission of an organisation that the person acts for; any other does not exist for the person."""
    mine = Submission.objects.of(standing_of(request.user).organisations)
    found: Submission = access.fetch(request, mine.for_list(), pk=pk)
    return found


@signed_in
@once
def submission_ask(request: HttpRequest, pk: int) -> HttpResponse:
    submission = _own(request, pk)
    if request.method != "POST" or submission.state != SubmissionState.DRAFT:
        return redirect(submission)
    access.require(request, "recommendations.ask_sign_off", submission)
    try:
        actions.ask_sign_off(submission, by=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(
            request, _("It waits for sign-off now. Whoever sends in for your organisation sees it on the desk.")
        )
    return redirect(submission)


@signed_in
@once
def submission_return(request: HttpRequest, pk: int) -> HttpResponse:
    submission = _own(request, pk)
    if request.method == "GET" and submission.state != SubmissionState.READY:
        return redirect(submission)
    if submission.state == SubmissionState.READY:
        access.require(request, "recommendations.return_submission", submission)
    form = ReturnForm(request.POST or None, initial=kept_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.return_submission(submission, by=request.user, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("It is a draft again. We tell its writer that there is a remark to read."))
            return redirect(submission)
    context = {"submission": submission, "consultation": submission.consultation, "form": form, "nav_current": "desk"}
    return render(request, "recommendations/submission_return.html", context)

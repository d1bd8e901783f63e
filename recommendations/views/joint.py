"""Joint submissions: the writer names and asks other organisations; each of them answers on a page of its own."""

from typing import Any

from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import access, text
from portal.access import signed_in
from portal.forms import kept_initial
from portal.limits import within_limit
from portal.once import once
from portal.states import Refusal
from recommendations import actions
from recommendations.forms.handing_in import JoinForm
from recommendations.models import CoSubmitter
from recommendations.querysets import IN_IT
from recommendations.views.all_of_it import joined
from recommendations.views.answers import to
from recommendations.views.late import found_by
from recommendations.views.submissions import own
from stakeholders.models import Organisation
from stakeholders.querysets import standing_of


@signed_in
def submission_joint(request: HttpRequest, pk: int) -> HttpResponse:
    submission = own(request, pk)
    if not request.user.has_perm("recommendations.change_submission", submission):
        return redirect(submission)
    typed = text.clean(request.GET.get("q", ""))[:200]
    named = list(submission.co_submitters.select_related("organisation").prefetch_related("organisation__groups"))
    there = {submission.organisation_id, *(one.organisation_id for one in named)}
    context = {
        "submission": submission,
        "consultation": submission.consultation,
        "named": joined(named, submission, standing_of(request.user)),
        "to_ask": [one for one in named if one.state in IN_IT and one.asked_version != submission.version],
        "typed": typed,
        "found": [one for one in found_by(request, typed) if one.pk not in there],
        "nav_current": "desk",
    }
    return render(request, "recommendations/submission_joint.html", context)


@signed_in
@once
def co_submitter_add(request: HttpRequest, pk: int) -> HttpResponse:
    submission = own(request, pk)
    if request.method == "POST":
        access.require(request, "recommendations.change_submission", submission)
        chosen = request.POST.get("organisation", "")
        whom = access.fetch(request, Organisation.objects.all(), pk=int(chosen) if chosen.isdecimal() else 0)
        return _done(request, pk, lambda: actions.name_co_submitter(submission, by=request.user, organisation=whom))
    return to("submission_joint", pk)


@signed_in
@once
def co_submitters_ask(request: HttpRequest, pk: int) -> HttpResponse:
    submission = own(request, pk)
    if request.method == "POST":
        access.require(request, "recommendations.change_submission", submission)
        if not within_limit(request, "joining", key=str(pk)):
            return respond_429(request)
        return _done(request, pk, lambda: _asked(actions.ask_co_submitters(submission, by=request.user)))
    return to("submission_joint", pk)


def _asked(count: int) -> str:
    sentence = ngettext("%(count)d organisation is asked by mail.", "%(count)d organisations are asked by mail.", count)
    return sentence % {"count": count}


@signed_in
@once
def co_submitter_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.fetch(request, CoSubmitter.objects.select_related("submission"), pk=pk)
    submission = own(request, found.submission_id)
    if request.method == "POST":
        access.require(request, "recommendations.change_submission", submission)
        return _done(request, submission.pk, lambda: actions.remove_co_submitter(found, by=request.user))
    return to("submission_joint", submission.pk)


def _done(request: HttpRequest, pk: int, deed: Any) -> HttpResponse:
    try:
        said = deed()
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, said if isinstance(said, str) else _("Saved."))
    return to("submission_joint", pk)


@signed_in
@once
def co_submission_answer(request: HttpRequest, pk: int) -> HttpResponse:
    mine = CoSubmitter.objects.filter(organisation__in=standing_of(request.user).organisations)
    related = ("organisation", "submission__consultation", "submission__section", "submission__theme")
    found = access.fetch(request, mine.select_related(*related), pk=pk)
    submission = found.submission
    may_answer = request.user.has_perm("recommendations.answer_co_submission", found)
    first = {"attribution": found.attribution, "version": submission.version, **kept_initial(request)}
    form = JoinForm(request.POST or None, organisations=[found.organisation], initial=first)
    if request.method == "POST":
        access.require(request, "recommendations.answer_co_submission", found)
        if request.POST.get("answer") != "agree" or form.is_valid():
            try:
                _answered(request, found, form)
            except Refusal as refusal:
                form = JoinForm(organisations=[found.organisation], initial=first)
                messages.error(request, str(refusal.reason))
            else:
                return to("submission_list")
    context = {"found": found, "submission": submission, "form": form, "may_answer": may_answer}
    return render(request, "recommendations/co_submission_answer.html", {**context, "nav_current": "desk"})


def _answered(request: HttpRequest, found: CoSubmitter, form: JoinForm) -> None:
    """Do what the button says. Raises Refusal."""
    answer = request.POST.get("answer")
    if answer == "agree":
        actions.agree_co_submission(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your organisation agrees to these words. You see here when it is sent in."))
    elif answer == "decline":
        actions.decline_co_submission(found, by=request.user)
        messages.success(request, _("Your organisation stays out of it."))
    elif answer == "leave":
        actions.leave_co_submission(found, by=request.user)
        messages.success(request, _("Your organisation is taken off it. The convenors are told to look at it again."))
    else:
        raise Refusal(_("Choose one."))

"""Corrections of what was sent in, and a draft that becomes two."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal import differences
from portal.access import signed_in
from portal.forms import kept_initial
from portal.once import once
from portal.saving import refuse
from portal.states import Conflict, Refusal
from recommendations import actions
from recommendations.forms.handing_in import CorrectionForm, SplitForm
from recommendations.models import Submission
from recommendations.views.answers import clash
from recommendations.views.submissions import own

SENTENCE = re.compile(r"(?<=[.;!?。។။；])\s+|(?<=[。។။；])")


@signed_in
@once
def submission_correct(request: HttpRequest, pk: int) -> HttpResponse:
    submission = own(request, pk)
    if request.method == "GET" and not request.user.has_perm("recommendations.correct_submission", submission):
        return redirect(submission)
    form = CorrectionForm(request.POST or None, instance=submission, initial=kept_initial(request))
    context = {"submission": submission, "consultation": submission.consultation, "form": form, "nav_current": "desk"}
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            actions.correct_submission(submission, by=request.user, version=version, **form.words)
        except Conflict as conflict:
            return clash(request, "recommendations/submission_correct.html", conflict, context)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Corrected. The convenors see both the earlier and the new words."))
            return redirect(submission)
    return render(request, "recommendations/submission_correct.html", context)


@signed_in
@once
def submission_split(request: HttpRequest, pk: int) -> HttpResponse:
    submission = own(request, pk)
    if not request.user.has_perm("recommendations.change_submission", submission) and request.method == "GET":
        return redirect(submission)
    first, second = halves(submission.text)
    initial = {"first": first, "second": second, "version": submission.version, **kept_initial(request)}
    form = SplitForm(request.POST or None, initial=initial)
    context = {"submission": submission, "consultation": submission.consultation, "form": form, "nav_current": "desk"}
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.split_submission(submission, by=request.user, **form.cleaned_data)
        except Conflict as conflict:
            context["conflict"] = _moved_on(form, conflict.current)
            return render(request, "recommendations/submission_split.html", context, status=409)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            words = {"first": pk, "second": made.pk}
            messages.success(request, _("Two drafts: number %(first)s and number %(second)s.") % words)
            return redirect(submission)
    return render(request, "recommendations/submission_split.html", context)


def halves(words: str) -> tuple[str, str]:
    """Return a first guess: the first paragraph or sentence, and the rest; the whole twice where there is one only."""
    for parts in (words.split("\n\n", 1), words.split("\n", 1), SENTENCE.split(words, maxsplit=1)):
        if len(parts) > 1 and all(part.strip() for part in parts):
            return parts[0].strip(), parts[1].strip()
    return words, words


def _moved_on(form: SplitForm, current: Submission) -> list[dict[str, Any]]:
    """Return the draft as a colleague left it, to be compared; the form goes on from there."""
    form.data = form.data.copy()
    form.data["version"] = str(current.version)
    mine = "\n".join((form.cleaned_data["first"], form.cleaned_data["second"]))
    marked = differences.marked(current.text, mine)
    return [{"label": _("The draft"), "mine": mine, "theirs": current.text, "difference": marked}]
